// The question that a button may ask before it does anything.

import { h } from "./dom.js";

/** Ask a confirm object; true when the person agrees, or when there is nothing to ask. */
export function confirmed(question) {
  if (!question) return Promise.resolve(true);
  const text = (object, otherwise) => object?.text ?? otherwise;
  return new Promise((resolve) => {
    let answer = false;
    const choose = (value) => () => {
      answer = value;
      dialog.close();
    };
    const dialog = h(
      "dialog",
      { class: "confirm", "aria-label": text(question.title, "Are you sure?"), "data-testid": "confirm" },
      h("h2", {}, text(question.title, "Are you sure?")),
      h("p", {}, text(question.text, "")),
      h(
        "div",
        { class: "foot" },
        h("button", { type: "button", onclick: choose(false) }, text(question.deny, "Cancel")),
        h("button", { type: "button", class: question.style ?? "primary", onclick: choose(true) }, text(question.confirm, "Yes")),
      ),
    );
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(answer);
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}
