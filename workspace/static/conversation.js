// The middle pane: a channel, or the direct conversation with the bot.

import { makeComposer } from "./composer.js";
import { fill, h } from "./dom.js";
import { go, isWide, place } from "./route.js";
import { room, roots, state } from "./store.js";
import { makeStream } from "./stream.js";

/** Make the pane once; `show(id)` fills it with one conversation. */
export function makeConversation() {
  const head = h("header", { class: "head" });
  const stream = makeStream({ label: "Messages", openThread: (ts) => go({ thread: ts }), intro });
  const offers = h("div", { class: "offers", role: "group", "aria-label": "Try one of these" });
  const composer = makeComposer({ target: () => ({ channel: place().room }), label: "Message or command", testid: "composer" });
  const node = h("div", { class: "pane" }, head, stream.node, offers, composer.node);

  function show(id) {
    const one = room(id);
    if (!one) return;
    drawHead(id);
    drawOffers();
    stream.show(id, roots(id), `${state.you}/${id}`);
    const to = one.direct ? state.bot.name : `#${one.name}`;
    composer.show(isWide() ? `Write to ${to}, or type / for a command` : `${to}, or / for a command`);
  }

  function drawHead(id) {
    const one = room(id);
    fill(
      head,
      h("button", { type: "button", class: "back", "aria-label": "Back to the conversations", onclick: () => go({ room: "" }) }, "←"),
      h("div", { class: "head-words" }, h("h2", {}, one.direct ? state.bot.name : `# ${one.name}`), h("p", { class: "quiet" }, about(one))),
    );
  }

  function drawOffers() {
    const hidden = sessionStorage.getItem("offers") === "hidden";
    offers.hidden = hidden || !state.offers.length;
    const close = () => {
      sessionStorage.setItem("offers", "hidden");
      offers.hidden = true;
    };
    fill(
      offers,
      h("span", { class: "quiet" }, "Try:"),
      state.offers.map((one) =>
        h("button", { type: "button", class: "offer", title: one.command, onclick: () => composer.offer(one.command), "data-testid": "offer" }, one.label),
      ),
      h("button", { type: "button", class: "plain", "aria-label": "Hide these suggestions", onclick: close }, "×"),
    );
  }

  return { node, show };
}

function about(one) {
  if (one.archived) return "This channel is archived";
  if (one.direct) return state.bot.connections ? "Only you and the bot see this" : "The bot is not connected";
  return one.bot_inside ? one.purpose : `${one.purpose}. Type /invite @groundcrew to let it in`;
}

/** What stands above the first message of a conversation. */
function intro(id, messages) {
  if (messages.length) return null;
  const one = room(id);
  const title = one.direct ? `This is your conversation with ${state.bot.name}` : `This is the start of #${one.name}`;
  return h("div", { class: "intro" }, h("h3", {}, title), h("p", { class: "quiet" }, `${one.direct ? "What it has to ask or tell you comes here" : one.purpose}.`));
}
