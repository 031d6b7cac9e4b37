// Modals: the top one of the views that the bot has opened for this person.

import { drawBlocks } from "./blocks.js";
import { fill, h } from "./dom.js";
import { showErrors } from "./fields.js";
import { makeForm } from "./form.js";
import { plain } from "./mrkdwn.js";
import { act } from "./server.js";
import { state } from "./store.js";

/** Make the dialog once; `show()` brings it up to date. */
export function makeModal() {
  const dialog = h("dialog", { class: "modal", "data-testid": "modal", oncancel: (event) => leave(event) });
  const contents = new Map(); // view id -> what was put in, while it is covered or drawn again
  let form = null;
  let shown = null;
  document.body.append(dialog);

  function show() {
    const view = state.modal.at(-1);
    if (shown && form) contents.set(shown.id, form.values());
    if (!view) {
      shown = null;
      contents.clear();
      if (dialog.open) dialog.close();
      return;
    }
    if (shown?.id === view.id && shown.hash === view.hash) return;
    shown = view;
    form = makeForm({ view: view.id }, contents.get(view.id));
    fill(dialog, draw(view));
    dialog.setAttribute("aria-label", view.title.text);
    if (!dialog.open) dialog.showModal();
    dialog.querySelector("[autofocus], .modal-body input, .modal-body textarea, .modal-body select")?.focus();
  }

  function draw(view) {
    const below = state.modal.length > 1;
    return h(
      "form",
      { onsubmit: submit, novalidate: true },
      h(
        "header",
        { class: "modal-head" },
        h("h2", {}, plain(view.title.text)),
        h("button", { type: "button", class: "plain", "aria-label": "Close", onclick: leave, "data-testid": "modal-x" }, "×"),
      ),
      h("div", { class: "modal-body" }, drawBlocks(view.blocks, form)),
      h("p", { class: "trouble", role: "alert", "data-testid": "modal-trouble" }),
      h(
        "footer",
        { class: "foot" },
        h("button", { type: "button", onclick: leave, "data-testid": "modal-close" }, view.close ? plain(view.close.text) : below ? "Back" : view.submit ? "Cancel" : "Close"),
        view.submit && h("button", { type: "submit", class: "primary", "data-testid": "modal-submit" }, plain(view.submit.text)),
      ),
    );
  }

  async function submit(event) {
    event.preventDefault();
    const view = shown;
    const button = dialog.querySelector("[type=submit]");
    button.disabled = true;
    const outcome = await tried("submit", { view: view.id, values: form.values() });
    button.disabled = false;
    if (shown?.id !== view.id) return;
    showErrors(dialog, outcome.errors ?? {});
    const trouble = dialog.querySelector(".trouble");
    if (trouble) trouble.textContent = outcome.trouble ?? "";
  }

  function leave(event) {
    event.preventDefault();
    if (shown) tried("close", { view: shown.id });
  }

  async function tried(name, body) {
    try {
      return await act(name, { person: state.you, ...body });
    } catch (error) {
      return { trouble: String(error.message) };
    }
  }

  return { show };
}
