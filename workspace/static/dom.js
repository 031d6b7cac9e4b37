// Makes elements. Text always becomes a text node, so nothing that people or the bot write is read as HTML.

/** Make an element: `h("button", { class: "quiet", onclick: f, "aria-label": "Send" }, "Send")`. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "value" || name === "checked" || name === "selected") element[name] = value;
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** Replace what is inside `parent`, and put the focus back on the element with the same `data-key`. */
export function fill(parent, ...children) {
  const key = parent.contains(document.activeElement) ? document.activeElement.dataset.key : undefined;
  parent.replaceChildren(...children.flat(Infinity).filter(Boolean));
  if (key) parent.querySelector(`[data-key="${CSS.escape(key)}"]`)?.focus();
}

/** Say something short at the foot of the page for a few seconds, above an open dialog too. */
export function toast(words) {
  const line = h("div", { class: "toast", "data-testid": "toast" }, words);
  const list = document.getElementById("toasts");
  list.append(line);
  if (list.matches(":popover-open")) list.hidePopover();
  list.showPopover();
  setTimeout(() => {
    line.remove();
    if (!list.children.length) list.hidePopover();
  }, 6000);
}

/** Copy text; works without the clipboard permission too. */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const field = h("textarea", { value: text, class: "offscreen" });
    (document.querySelector("dialog[open]") ?? document.body).append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
  }
  toast("Copied");
}
