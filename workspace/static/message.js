// Draws one message.

import { drawBlocks } from "./blocks.js";
import { h } from "./dom.js";
import { makeForm } from "./form.js";
import { mrkdwn } from "./mrkdwn.js";
import { avatar, dayOf, personName, timeOf } from "./names.js";
import { state } from "./store.js";

/**
 * Draw `one`, a message of `room`. `openThread(ts)` opens its thread, and is left out inside a thread;
 * `compact` leaves out who wrote it, because the message above it says so.
 */
export function drawMessage(room, one, { openThread, compact }) {
  const isBot = one.user === state.bot.user;
  const form = makeForm({ channel: room, ts: one.ts });
  const name = personName(one.user);
  const body = one.blocks?.length ? drawBlocks(one.blocks, form) : [h("div", { class: "words" }, mrkdwn(one.text))];
  return h(
    "article",
    {
      class: ["message", compact && "compact", one.is_ephemeral && "private", one.subtype].filter(Boolean).join(" "),
      "data-testid": "message",
      "data-ts": one.ts,
      "aria-label": `${name}, ${timeOf(one.ts)}`,
    },
    compact ? h("span", { class: "gutter quiet" }, timeOf(one.ts)) : avatar(one.user),
    h(
      "div",
      { class: "body" },
      one.is_ephemeral && h("p", { class: "only" }, "Only visible to you"),
      !compact &&
        h(
          "p",
          { class: "who" },
          h("strong", {}, name),
          isBot && h("span", { class: "badge" }, "APP"),
          h("time", { class: "quiet", title: `${dayOf(one.ts)} ${timeOf(one.ts)}` }, timeOf(one.ts)),
        ),
      body,
      one.edited && h("span", { class: "quiet edited" }, "(edited)"),
      openThread && one.reply_count && summary(one, openThread),
    ),
    openThread && !one.is_ephemeral && reply(one, openThread),
  );
}

function summary(one, openThread) {
  const many = one.reply_count === 1 ? "1 reply" : `${one.reply_count} replies`;
  const last = `${dayOf(one.latest_reply)} ${timeOf(one.latest_reply)}`;
  return h(
    "button",
    { type: "button", class: "replies", onclick: () => openThread(one.ts), "data-testid": "open-thread", "data-key": `thread-${one.ts}` },
    one.reply_users.slice(0, 3).map((id) => avatar(id, "tiny")),
    h("span", {}, many),
    h("span", { class: "quiet" }, last),
  );
}

function reply(one, openThread) {
  return h(
    "button",
    { type: "button", class: "reply", onclick: () => openThread(one.ts), "data-testid": "reply", "data-key": `reply-${one.ts}`, title: "Reply in thread" },
    "Reply",
  );
}
