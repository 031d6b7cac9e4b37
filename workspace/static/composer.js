// The box at the foot of a conversation: messages, slash commands, and names after @ and #.

import { h, toast } from "./dom.js";
import { act } from "./server.js";
import { state } from "./store.js";
import { makeSuggestions } from "./suggestions.js";

/**
 * Make a box. `target()` gives `{channel, thread}`; `label` names the box for people who cannot see it.
 * Drafts are kept for each conversation while the page is open.
 */
export function makeComposer({ target, label, testid }) {
  const drafts = new Map();
  const box = h("textarea", {
    rows: "1",
    "aria-label": label,
    "data-testid": testid,
    "data-key": testid,
    oninput: () => grow(),
    onkeydown: (event) => {
      if (suggestions.key(event)) return;
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        send();
      }
    },
  });
  const suggestions = makeSuggestions(box);
  const node = h(
    "form",
    {
      class: "composer",
      onsubmit: (event) => {
        event.preventDefault();
        send();
      },
    },
    suggestions.node,
    h("div", { class: "box" }, box, h("button", { type: "submit", class: "send", "aria-label": "Send", "data-testid": `${testid}-send` }, "➤")),
  );
  let shown = "";

  function grow() {
    box.style.height = "auto";
    box.style.height = `${Math.min(box.scrollHeight, 220)}px`;
  }

  async function send() {
    const text = box.value.trim();
    if (!text) return;
    const { channel, thread } = target();
    set("");
    try {
      await act(text.startsWith("/") ? "command" : "message", { person: state.you, channel, thread, text });
    } catch (error) {
      toast(String(error.message));
      if (!box.value) set(text);
    }
  }

  function set(text) {
    box.value = text;
    suggestions.hide();
    grow();
  }

  return {
    node,
    /** Show the draft of the conversation it now stands in, with `placeholder`. */
    show(placeholder) {
      const { channel, thread } = target();
      const key = `${state.you} ${channel} ${thread ?? ""}`;
      box.placeholder = placeholder;
      if (key === shown) return;
      drafts.set(shown, box.value);
      shown = key;
      set(drafts.get(key) ?? "");
    },
    /** Put `text` into the box, ready to be sent. */
    offer(text) {
      set(text);
      box.focus();
    },
    focus: () => box.focus(),
  };
}
