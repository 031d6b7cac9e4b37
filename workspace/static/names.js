// How ids are shown: names of people, channels and groups, avatars and times.

import { h } from "./dom.js";
import { state } from "./store.js";

const TINTS = 6; // colours of avatars, see .avatar in messages.css

/** The name of the person, the bot or Slack itself behind an id. */
export function personName(id) {
  if (id === state.bot.user) return state.bot.name;
  if (id === "USLACKBOT") return "Workspace";
  return state.people.find((one) => one.id === id)?.real_name ?? id;
}

/** The name of a channel, without its sign; ids of channels that are not visible stay ids. */
export const channelName = (id) => state.rooms.find((one) => one.id === id)?.name ?? id;
export const groupName = (id) => state.groups.find((one) => one.id === id)?.handle ?? id;

/** A mention of a person, as the name to show with its `@`. */
export function mention(id) {
  const mine = id === state.you;
  const handle = state.people.find((one) => one.id === id)?.name ?? personName(id);
  return h("span", { class: mine ? "mention mine" : "mention", title: personName(id) }, `@${handle}`);
}

/** The round or square picture that stands for somebody. */
export function avatar(id, size = "") {
  const isPerson = state.people.some((one) => one.id === id);
  if (!isPerson) {
    return h("span", { class: `avatar bot ${size}`, "aria-hidden": "true" }, h("img", { src: "/static/icon.svg", alt: "" }));
  }
  const tint = state.people.findIndex((one) => one.id === id) % TINTS;
  const initials = personName(id).split(" ").map((word) => word[0]).join("").slice(0, 2);
  return h("span", { class: `avatar tint-${tint} ${size}`, "aria-hidden": "true" }, initials);
}

const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const longDay = new Intl.DateTimeFormat("en-GB", { weekday: "long", day: "numeric", month: "long" });

/** The time of day of a ts or of Unix seconds. */
export const timeOf = (ts) => clock.format(new Date(Number(ts) * 1000));

/** The day of a ts, as Today, Yesterday or a date. */
export function dayOf(ts) {
  const day = new Date(Number(ts) * 1000);
  const ago = Math.round((new Date().setHours(0, 0, 0, 0) - new Date(day).setHours(0, 0, 0, 0)) / 86_400_000);
  return ago === 0 ? "Today" : ago === 1 ? "Yesterday" : longDay.format(day);
}
