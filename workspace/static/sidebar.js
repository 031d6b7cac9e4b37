// The left pane: who one acts as, the channels, and the bot.

import { fill, h } from "./dom.js";
import { avatar } from "./names.js";
import { go } from "./route.js";
import { me, state } from "./store.js";

/** Draw the pane; `here` is the id of the open conversation, or "home". */
export function drawSidebar(root, here) {
  const you = me();
  const channels = state.rooms.filter((one) => !one.direct);
  const direct = state.rooms.find((one) => one.direct);
  fill(
    root,
    h("h1", {}, h("img", { src: "/static/icon.svg", alt: "" }), state.team),
    h(
      "section",
      { class: "acting", "aria-label": "Act as" },
      h("p", { class: "overline" }, "You act as"),
      h("div", { class: "faces", role: "radiogroup", "aria-label": "Person" }, state.people.map(face)),
      h("p", { class: "you" }, h("strong", {}, you.real_name), h("span", {}, you.title)),
    ),
    h(
      "section",
      { "aria-label": "Channels" },
      h("p", { class: "overline" }, "Channels"),
      h("ul", {}, channels.map((one) => item(one.id, `# ${one.name}`, one.name, one.unread, here, one.archived))),
    ),
    h(
      "section",
      { "aria-label": state.bot.name },
      h("p", { class: "overline" }, state.bot.name),
      h(
        "ul",
        {},
        item(direct.id, "Messages", "bot", direct.unread, here),
        item("home", "Home", "home", undefined, here),
      ),
    ),
    h(
      "p",
      { class: state.bot.connections ? "bot-state on" : "bot-state", "data-testid": "bot-state" },
      state.bot.connections ? `${state.bot.name} is connected` : `${state.bot.name} is not connected`,
    ),
  );
}

function face(person) {
  const mine = person.id === state.you;
  const waiting = mine ? 0 : person.attention;
  return h(
    "button",
    {
      type: "button",
      role: "radio",
      class: person.deactivated ? "face off" : "face",
      "aria-checked": String(mine),
      "aria-label": `${person.real_name}, ${person.title}${waiting ? `, ${waiting} waiting` : ""}`,
      title: `${person.real_name} · ${person.title}`,
      "data-testid": `person-${person.name}`,
      "data-key": `person-${person.name}`,
      onclick: () => go({ person: person.name }),
    },
    avatar(person.id),
    waiting ? h("span", { class: "count", "aria-hidden": "true" }, String(waiting)) : null,
  );
}

function item(id, label, name, unread, here, archived) {
  const open = here === id;
  const news = unread?.messages && !open;
  return h(
    "li",
    {},
    h(
      "button",
      {
        type: "button",
        class: news ? "room news" : "room",
        "aria-current": open ? "page" : null,
        "data-testid": `room-${name}`,
        "data-key": `room-${name}`,
        onclick: () => go({ room: id }),
      },
      h("span", {}, label, archived && h("span", { class: "quiet" }, " (archived)")),
      news && unread.mentions ? h("span", { class: "count", "aria-label": `${unread.mentions} waiting` }, String(unread.mentions)) : null,
    ),
  );
}
