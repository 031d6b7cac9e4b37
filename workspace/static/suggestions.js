// What may stand next in the box: commands after /, people after @, channels after #.

import { h } from "./dom.js";
import { state } from "./store.js";

let lists = 0;

/** Make the list for one textarea; it behaves as a combobox. */
export function makeSuggestions(box) {
  const id = `suggestions-${(lists += 1)}`;
  const node = h("ul", { class: "suggestions", role: "listbox", id, "aria-label": "Suggestions", hidden: true });
  let found = [];
  let chosen = 0;
  box.setAttribute("role", "combobox");
  box.setAttribute("aria-autocomplete", "list");
  box.setAttribute("aria-controls", id);
  box.addEventListener("input", look);
  box.addEventListener("blur", () => setTimeout(hide, 150));

  function look() {
    const before = box.value.slice(0, box.selectionStart);
    found = match(before);
    chosen = 0;
    draw();
  }

  function draw() {
    node.hidden = !found.length;
    box.setAttribute("aria-expanded", String(!node.hidden));
    node.replaceChildren(
      ...found.map((one, index) =>
        h(
          "li",
          {
            role: "option",
            id: `${id}-${index}`,
            "aria-selected": String(index === chosen),
            onmousedown: (event) => {
              event.preventDefault();
              take(one);
            },
          },
          h("strong", {}, one.label),
          one.usage && h("span", { class: "usage" }, one.usage),
          h("span", { class: "quiet" }, one.about),
        ),
      ),
    );
    if (found.length) {
      box.setAttribute("aria-activedescendant", `${id}-${chosen}`);
      node.children[chosen].scrollIntoView({ block: "nearest" });
    } else box.removeAttribute("aria-activedescendant");
  }

  function take(one) {
    const end = box.selectionStart;
    box.setRangeText(`${one.insert} `, end - one.typed.length, end, "end");
    hide();
    box.dispatchEvent(new Event("input"));
    hide();
  }

  function hide() {
    found = [];
    draw();
  }

  /** Handle a key; true when the list took it. */
  function key(event) {
    if (!found.length) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) chosen = (chosen + step + found.length) % found.length;
    else if (event.key === "Escape") hide();
    else if (event.key === "Tab" || (event.key === "Enter" && found[chosen].typed !== found[chosen].insert)) take(found[chosen]);
    else return false;
    event.preventDefault();
    if (step) draw();
    return true;
  }

  return { node, key, hide };
}

function match(before) {
  if (/^\/[\w-]*$/.test(before)) return commands(before);
  const named = /(?:^|[\s(])([@#][\w-]*)$/.exec(before);
  if (!named) return [];
  return (named[1][0] === "@" ? people : channels)(named[1]).slice(0, 8);
}

const commands = (typed) =>
  state.commands
    .filter((one) => one.command.startsWith(typed))
    .map((one) => ({ label: one.command, usage: one.usage?.replace(`${one.command} `, ""), about: one.description ?? "", insert: one.command, typed }));

function people(typed) {
  const wanted = typed.slice(1).toLowerCase();
  const all = [
    ...state.people.map((one) => ({ name: one.name, about: one.real_name })),
    { name: "groundcrew", about: state.bot.name },
    ...state.groups.map((one) => ({ name: one.handle, about: "Everybody in this group" })),
  ];
  return all
    .filter((one) => one.name.startsWith(wanted) || one.about.toLowerCase().startsWith(wanted))
    .map((one) => ({ label: `@${one.name}`, about: one.about, insert: `@${one.name}`, typed }));
}

const channels = (typed) =>
  state.rooms
    .filter((one) => !one.direct && one.name.startsWith(typed.slice(1).toLowerCase()))
    .map((one) => ({ label: `#${one.name}`, about: one.purpose, insert: `#${one.name}`, typed }));
