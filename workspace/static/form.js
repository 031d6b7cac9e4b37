// What stands around the elements of one message or view: their contents, and where clicks go.

import { act } from "./server.js";
import { state } from "./store.js";
import { toast } from "./dom.js";

/**
 * Make the form of a message (`place` is `{channel, ts}`) or of a view (`{view}`).
 * `kept` is what was put in before the view was drawn again, by block id and action id.
 */
export function makeForm(place, kept = {}) {
  const readers = [];
  return {
    kept,
    /** Register an input: `read` gives its content. */
    add: (blockId, actionId, read) => readers.push({ blockId, actionId, read }),
    /** Everything that was put in, by block id and action id. */
    values() {
      const found = {};
      for (const { blockId, actionId, read } of readers) (found[blockId] ??= {})[actionId] = read();
      return found;
    },
    /** What was put into one element before, or undefined. */
    before: (blockId, actionId) => kept[blockId]?.[actionId],
    /** Tell the bot that an element was used; `near` shows what went wrong. */
    async used(block, element, choice, near) {
      near.setAttribute("aria-busy", "true");
      let trouble;
      try {
        const ids = { block_id: block.block_id, action_id: element.action_id };
        const answer = await act("click", { person: state.you, ...place, ...ids, choice, values: this.values() });
        trouble = answer.trouble;
      } catch (error) {
        trouble = String(error.message);
      }
      near.removeAttribute("aria-busy");
      if (trouble) toast(trouble);
    },
  };
}
