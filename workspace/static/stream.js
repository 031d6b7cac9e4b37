// A list of messages that changes in place: only messages that differ are drawn again, and the end stays in sight.

import { h } from "./dom.js";
import { drawMessage } from "./message.js";
import { dayOf } from "./names.js";

const TOGETHER = 300; // seconds: messages of one author within this time stand under one name
const NEAR = 120; // pixels from the end within which the list follows new messages

/** Make a list; `show(room, messages, key)` brings it up to date, where `key` names the list shown. `intro` makes what stands above the first message. */
export function makeStream({ label, openThread, intro }) {
  const list = h("div", { class: "stream", role: "log", "aria-label": label, "aria-live": "polite", tabindex: "0" });
  let drawn = new Map(); // key -> { stamp, node }
  let shown = "";

  function show(room, messages, key) {
    const fresh = shown !== key;
    const atEnd = fresh || list.scrollHeight - list.scrollTop - list.clientHeight < NEAR;
    const focused = list.contains(document.activeElement) ? document.activeElement.dataset.key : undefined;
    if (fresh) drawn = new Map();
    shown = key;
    const next = new Map();
    const above = intro?.(room, messages);
    const nodes = above ? [above] : [];
    let before;
    for (const one of messages) {
      if (!before || dayOf(before.ts) !== dayOf(one.ts)) {
        nodes.push(reuse(next, `day-${dayOf(one.ts)}`, "", () => h("div", { class: "day" }, h("span", {}, dayOf(one.ts)))));
      }
      const compact = continues(before, one);
      const stamp = JSON.stringify([one, compact]);
      nodes.push(reuse(next, one.ts, stamp, () => drawMessage(room, one, { openThread, compact })));
      before = one;
    }
    place(nodes);
    drawn = next;
    if (focused) list.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
    if (atEnd) list.scrollTop = list.scrollHeight;
  }

  function reuse(next, key, stamp, make) {
    const known = drawn.get(key);
    const entry = known && known.stamp === stamp ? known : { stamp, node: make() };
    next.set(key, entry);
    return entry.node;
  }

  /** Put `nodes` in order, touching only what is not in its place, so that what people type and open stays. */
  function place(nodes) {
    const wanted = new Set(nodes);
    for (const child of [...list.children]) if (!wanted.has(child)) child.remove();
    nodes.forEach((node, index) => {
      if (list.children[index] !== node) list.insertBefore(node, list.children[index] ?? null);
    });
  }

  return { node: list, show };
}

function continues(before, one) {
  return Boolean(
    before &&
      before.user === one.user &&
      !one.is_ephemeral === !before.is_ephemeral &&
      !one.blocks?.length &&
      !before.reply_count &&
      Number(one.ts) - Number(before.ts) < TOGETHER &&
      dayOf(before.ts) === dayOf(one.ts),
  );
}
