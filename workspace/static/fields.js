// Draws input blocks: a label, what is put in, a hint, and the place where an error shows.

import { copy, h } from "./dom.js";
import { chooser } from "./elements.js";
import { plain } from "./mrkdwn.js";

const TYPES = { url_text_input: "url", email_text_input: "email", number_input: "text" };

let made = 0;

/** Draw one input block; `form` learns how to read it. */
export function field(block, form) {
  const one = block.element;
  const id = `field-${(made += 1)}`;
  const before = form.before(block.block_id, one.action_id);
  const drawn = TYPES[one.type] || one.type === "plain_text_input" ? typed(one, before) : chooser(one, before, id);
  if (!drawn) return h("div", { class: "quiet" }, `[${one.type}]`);
  form.add(block.block_id, one.action_id, drawn.read);
  if (block.dispatch_action) drawn.node.addEventListener("change", () => form.used(block, one, drawn.read(), drawn.node));
  const control = drawn.control ?? drawn.node;
  const group = control.classList.contains("ticks");
  control.id = id;
  control.setAttribute("aria-describedby", `${id}-hint ${id}-error`);
  control.removeAttribute("aria-label");
  if (group) control.setAttribute("aria-labelledby", `${id}-label`);
  return h(
    "div",
    { class: "input" },
    h(
      group ? "span" : "label",
      { for: group ? null : id, id: `${id}-label`, class: "label" },
      plain(block.label.text),
      block.optional && h("span", { class: "quiet" }, " (optional)"),
    ),
    drawn.node,
    h("p", { class: "hint", id: `${id}-hint` }, block.hint ? plain(block.hint.text) : ""),
    h("p", { class: "error", id: `${id}-error`, role: "alert" }),
  );
}

/** Show `errors` by block id beside their fields within `root`, and move to the first of them. */
export function showErrors(root, errors) {
  let first;
  for (const block of root.querySelectorAll(".input.block")) {
    const words = errors[block.dataset.blockId] ?? "";
    block.querySelector(".error").textContent = words;
    const control = block.querySelector("input, textarea, select");
    if (words) control?.setAttribute("aria-invalid", "true");
    else control?.removeAttribute("aria-invalid");
    if (words) first ??= control;
  }
  first?.focus();
}

/** A text field; one that comes filled in over several lines is there to be copied, so it has a button for that. */
function typed(one, before) {
  const value = before ?? one.initial_value ?? "";
  const common = {
    value,
    placeholder: one.placeholder?.text,
    "data-action-id": one.action_id,
    autocomplete: "off",
    spellcheck: one.multiline ? null : "false",
  };
  if (!one.multiline) {
    const inputmode = one.type === "number_input" ? "decimal" : null;
    const node = h("input", { type: TYPES[one.type] ?? "text", inputmode, autofocus: one.focus_on_load, ...common });
    return { node, read: () => node.value };
  }
  const area = h("textarea", { rows: String(Math.min(14, Math.max(4, value.split("\n").length + 1))), autofocus: one.focus_on_load, ...common });
  const read = () => area.value;
  if (!one.initial_value) return { node: area, read };
  const button = h("button", { type: "button", class: "copy", onclick: () => copy(area.value) }, "Copy");
  return { node: h("div", { class: "copied" }, area, button), control: area, read };
}
