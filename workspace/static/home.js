// The App Home of the person one acts as.

import { drawBlocks } from "./blocks.js";
import { fill, h } from "./dom.js";
import { makeForm } from "./form.js";
import { go } from "./route.js";
import { state } from "./store.js";

/** Make the pane once; `show()` fills it. */
export function makeHome() {
  const head = h("header", { class: "head" });
  const body = h("div", { class: "home", "data-testid": "home", tabindex: "0", role: "region", "aria-label": "App Home" });
  const node = h("div", { class: "pane" }, head, body);
  let form = makeForm({});

  function show() {
    fill(
      head,
      h("button", { type: "button", class: "back", "aria-label": "Back to the conversations", onclick: () => go({ room: "" }) }, "←"),
      h("div", { class: "head-words" }, h("h2", {}, state.bot.name), h("p", { class: "quiet" }, "Home")),
    );
    if (!state.home) {
      const why = state.bot.connections ? "The bot has put nothing here yet." : "The bot is not connected, so there is nothing here yet.";
      fill(body, h("p", { class: "quiet" }, why));
      return;
    }
    form = makeForm({ view: state.home.id }, form.values());
    fill(body, drawBlocks(state.home.blocks, form));
  }

  return { node, show };
}
