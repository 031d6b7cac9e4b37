// Draws interactive elements: https://docs.slack.dev/reference/block-kit/block-elements.

import { confirmed } from "./confirm.js";
import { h } from "./dom.js";
import { plain } from "./mrkdwn.js";
import { state } from "./store.js";

/** Draw one element that stands in a message, the Home tab, or beside the inputs of a modal. */
export function element(block, one, form) {
  if (one.type === "image") return h("span", { class: "picture", role: "img", "aria-label": one.alt_text }, `🖼 ${one.alt_text}`);
  if (one.type === "button") return button(block, one, form);
  if (one.type === "overflow") return overflow(block, one, form);
  const drawn = chooser(one, form.before(block.block_id, one.action_id), `${block.block_id}-${one.action_id}`);
  if (!drawn) return h("span", { class: "quiet" }, `[${one.type}]`);
  form.add(block.block_id, one.action_id, drawn.read);
  drawn.node.addEventListener("change", async () => {
    if (await confirmed(one.confirm)) form.used(block, one, drawn.read(), drawn.node);
  });
  return drawn.node;
}

function button(block, one, form) {
  const press = async () => {
    if (!(await confirmed(one.confirm))) return;
    if (/^https?:/.test(one.url ?? "")) window.open(one.url, "_blank", "noopener,noreferrer");
    form.used(block, one, undefined, drawn);
  };
  const drawn = h(
    "button",
    {
      type: "button",
      class: `element ${one.style ?? ""}`,
      onclick: press,
      "aria-label": one.accessibility_label,
      "data-action-id": one.action_id,
      "data-key": `${block.block_id}/${one.action_id}`,
    },
    plain(one.text.text),
    one.url && h("span", { "aria-hidden": "true" }, " ↗"),
  );
  return drawn;
}

function overflow(block, one, form) {
  const menu = h(
    "details",
    { class: "overflow" },
    h("summary", { "aria-label": "More actions", "data-action-id": one.action_id }, "⋯"),
    h(
      "div",
      { class: "menu" },
      one.options.map((option) =>
        h(
          "button",
          {
            type: "button",
            onclick: async () => {
              menu.open = false;
              if (await confirmed(one.confirm)) form.used(block, one, option.value, menu);
            },
          },
          plain(option.text.text),
        ),
      ),
    ),
  );
  return menu;
}

/**
 * Draw an element in which something is chosen; `before` is what was chosen until now, undefined at first.
 * Gives `{node, read}`, or undefined for a type it does not know.
 */
export function chooser(one, before, name) {
  const type = one.type.replace(/^multi_/, "");
  const many = one.type.startsWith("multi_");
  const listed = LISTS[type];
  if (type === "static_select" && !many) return select(one, optionsOf(one), before ?? one.initial_option?.value);
  if (type === "radio_buttons") return ticks("radio", one, optionsOf(one), [before ?? one.initial_option?.value], name);
  if (type === "checkboxes" || many) {
    const options = listed ? listed() : optionsOf(one);
    const first = one.initial_options?.map((option) => option.value) ?? one.initial_users ?? [];
    return ticks("checkbox", one, options, before ?? first, name);
  }
  if (type === "datepicker") return dated(one, "date", before ?? one.initial_date);
  if (type === "timepicker") return dated(one, "time", before ?? one.initial_time);
  if (!listed) return undefined;
  return select(one, listed(one), before ?? one.initial_user ?? one.initial_channel ?? one.initial_conversation ?? current(one));
}

const people = () => state.people.map((person) => ({ value: person.id, label: `${person.real_name} (@${person.name})` }));
const channels = () => state.rooms.filter((room) => !room.direct && !room.archived).map((room) => ({ value: room.id, label: `#${room.name}` }));
const LISTS = {
  users_select: people,
  channels_select: channels,
  conversations_select: channels,
};

const current = (one) => (one.default_to_current_conversation ? state.modal.at(-1)?.opened_in : undefined);

function optionsOf(one) {
  const make = (group) => (option) => ({
    value: option.value,
    label: option.text.text,
    description: option.description?.text,
    group,
  });
  return [
    ...(one.options ?? []).map(make(undefined)),
    ...(one.option_groups ?? []).flatMap((group) => group.options.map(make(group.label.text))),
  ];
}

function select(one, options, chosen) {
  const groups = [...new Set(options.map((option) => option.group))];
  const items = (group) =>
    options
      .filter((option) => option.group === group)
      .map((option) => h("option", { value: option.value, selected: option.value === chosen }, plain(option.label)));
  const node = h(
    "select",
    { "data-action-id": one.action_id, "aria-label": one.placeholder?.text },
    h("option", { value: "", selected: !chosen }, one.placeholder?.text ?? "Choose…"),
    groups.map((group) => (group ? h("optgroup", { label: group }, items(group)) : items(group))),
  );
  return { node, read: () => node.value || null };
}

function ticks(kind, one, options, chosen, name) {
  const boxes = options.map((option) => h("input", { type: kind, name, value: option.value, checked: chosen.includes(option.value) }));
  const node = h(
    "div",
    { class: "ticks", role: kind === "radio" ? "radiogroup" : "group", "data-action-id": one.action_id },
    options.map((option, index) =>
      h(
        "label",
        {},
        boxes[index],
        h("span", {}, plain(option.label), option.description && h("small", {}, option.description)),
      ),
    ),
  );
  const ticked = () => boxes.filter((box) => box.checked).map((box) => box.value);
  return { node, read: () => (kind === "radio" ? (ticked()[0] ?? null) : ticked()) };
}

function dated(one, type, value) {
  const node = h("input", { type, value: value ?? "", "data-action-id": one.action_id, "aria-label": one.placeholder?.text });
  return { node, read: () => node.value || null };
}
