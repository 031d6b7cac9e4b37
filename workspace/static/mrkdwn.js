// Slack's mrkdwn, as nodes: https://docs.slack.dev/messaging/formatting-message-text.

import { copy, h } from "./dom.js";
import { emoji } from "./emoji.js";
import { channelName, dayOf, groupName, mention, timeOf } from "./names.js";

const INSIDE = "(?:<[^<>]*>|[^X\\n])*?";
const marked = (sign) => {
  const inside = INSIDE.replace("X", sign);
  return `(?<![\\w${sign}])\\${sign}(?=\\S)(${inside}(?<=\\S))\\${sign}(?![\\w${sign}])`;
};
const TOKEN = new RegExp(
  ["<([^<>\\n]+)>", "`([^`\\n]+)`", marked("*"), marked("_"), marked("~"), ":([a-z0-9_+-]+):"].join("|"),
  "g",
);

/** Render a whole mrkdwn text: fenced code, quotes and lines. */
export function mrkdwn(text) {
  return text.split(/```\n?([\s\S]*?)\n?```\n?/).flatMap((part, index) => {
    if (index % 2) return [code(entities(part))];
    return part ? lines(part) : [];
  });
}

/** Render text that is shown as it stands, but for its emoji. */
export const plain = (text) => text.split(/(:[a-z0-9_+-]+:)/).map((part) => emoji(part.slice(1, -1)) ?? part);

/** A block of code with a button that copies it. */
export function code(text) {
  return h(
    "div",
    { class: "code" },
    h("pre", { tabindex: "0" }, text),
    h("button", { type: "button", class: "copy", onclick: () => copy(text) }, "Copy"),
  );
}

/** A link that opens elsewhere; anything but http, https and mailto stays text. */
export function link(address, ...label) {
  const shown = label.length ? label : [address.replace(/^mailto:/, "")];
  if (!/^(https?:\/\/|mailto:)/i.test(address)) return h("span", {}, ...shown);
  const here = address.startsWith(`${location.origin}/archives/`);
  return h("a", { href: address, rel: "noreferrer noopener", target: here ? null : "_blank" }, ...shown);
}

function lines(text) {
  const found = [];
  let quote = null;
  text.replace(/\n$/, "").split("\n").forEach((line) => {
    const quoted = /^(?:&gt;|>) ?(.*)$/.exec(line);
    if (!quoted) {
      if (found.length && !quote) found.push(h("br"));
      quote = null;
      found.push(...inline(line));
      return;
    }
    if (quote) quote.append(h("br"));
    else found.push((quote = h("blockquote")));
    quote.append(...inline(quoted[1]));
  });
  return found;
}

function inline(text) {
  const nodes = [];
  let at = 0;
  for (const match of text.matchAll(TOKEN)) {
    if (match.index > at) nodes.push(entities(text.slice(at, match.index)));
    nodes.push(token(match));
    at = match.index + match[0].length;
  }
  if (at < text.length) nodes.push(entities(text.slice(at)));
  return nodes;
}

function token([whole, angle, mono, bold, italic, strike, shortcode]) {
  if (angle) return angled(angle);
  if (mono) return h("code", {}, entities(mono));
  if (bold) return h("strong", {}, inline(bold));
  if (italic) return h("em", {}, inline(italic));
  if (strike) return h("s", {}, inline(strike));
  return emoji(shortcode) ?? whole;
}

function angled(text) {
  const cut = text.indexOf("|");
  const target = cut < 0 ? text : text.slice(0, cut);
  const label = cut < 0 ? "" : entities(text.slice(cut + 1));
  if (target.startsWith("@")) return mention(target.slice(1));
  if (target.startsWith("#")) {
    const id = target.slice(1);
    return h("a", { class: "mention", href: `#room=${id}`, "data-room": id }, `#${label || channelName(id)}`);
  }
  if (target.startsWith("!subteam^")) return h("span", { class: "mention" }, `@${groupName(target.split("^")[1])}`);
  if (target.startsWith("!date^")) return date(target.split("^"), label);
  if (target.startsWith("!")) return h("span", { class: "mention mine" }, `@${target.slice(1)}`);
  if (!/^(https?:\/\/|mailto:)/i.test(target)) return entities(`<${text}>`);
  return link(entities(target), ...(label ? plain(label) : []));
}

function date([, seconds, format, address], fallback) {
  const when = new Date(Number(seconds) * 1000);
  if (Number.isNaN(when.getTime())) return fallback;
  const shown = format.replace(/\{(\w+)\}/g, (whole, name) => {
    if (name.startsWith("time")) return timeOf(seconds);
    if (name === "ago") return `${Math.round((Date.now() - when) / 60_000)} minutes ago`;
    if (name.endsWith("pretty")) return dayOf(seconds);
    return name.startsWith("date") ? when.toLocaleDateString("en-GB", { dateStyle: "medium" }) : whole;
  });
  const time = h("time", { datetime: when.toISOString(), title: fallback }, shown);
  return address ? link(address, time) : time;
}

function entities(text) {
  return text.replace(/&(amp|lt|gt);/g, (_, name) => ({ amp: "&", lt: "<", gt: ">" })[name]);
}
