// The right pane: one thread.

import { makeComposer } from "./composer.js";
import { fill, h } from "./dom.js";
import { go, place } from "./route.js";
import { act } from "./server.js";
import { keep, message, room, state, thread } from "./store.js";
import { makeStream } from "./stream.js";

/** Make the pane once; `show(roomId, ts)` fills it, and `redraw` is called when an old thread has arrived. */
export function makeThread(redraw) {
  const head = h("header", { class: "head" });
  const stream = makeStream({ label: "Thread" });
  const target = () => ({ channel: place().room, thread: place().thread });
  const composer = makeComposer({ target, label: "Reply", testid: "thread-composer" });
  const node = h("div", { class: "pane" }, head, stream.node, composer.node);
  let asked = "";

  async function fetchOld(roomId, ts) {
    if (asked === `${state.you}/${roomId}/${ts}`) return;
    asked = `${state.you}/${roomId}/${ts}`;
    try {
      const answer = await act("thread", { person: state.you, channel: roomId, ts });
      keep(roomId, answer.messages);
      redraw();
    } catch {
      go({});
    }
  }

  function show(roomId, ts) {
    const one = room(roomId);
    fetchOld(roomId, ts);
    const close = () => go({});
    fill(
      head,
      h("button", { type: "button", class: "back", "aria-label": "Back to the conversation", onclick: close }, "←"),
      h("div", { class: "head-words" }, h("h2", {}, "Thread"), h("p", { class: "quiet" }, one.direct ? state.bot.name : `# ${one.name}`)),
      h("button", { type: "button", class: "plain close", "aria-label": "Close the thread", onclick: close, "data-testid": "close-thread" }, "×"),
    );
    stream.show(roomId, message(roomId, ts) ? thread(roomId, ts) : [], `${state.you}/${roomId}/${ts}`);
    composer.show("Reply…");
  }

  return { node, show };
}
