// Draws Block Kit blocks: https://docs.slack.dev/reference/block-kit/blocks.

import { h } from "./dom.js";
import { element as drawElement } from "./elements.js";
import { field } from "./fields.js";
import { markdown } from "./markdown.js";
import { mrkdwn, plain } from "./mrkdwn.js";
import { richText } from "./richtext.js";

/** Draw a text object, or a plain string. */
export function text(object) {
  if (!object) return [];
  if (typeof object === "string") return plain(object);
  return object.type === "mrkdwn" ? mrkdwn(object.text) : plain(object.text);
}

/**
 * Draw `blocks`. `form` is where inputs register themselves and what is told about clicks: see form.js.
 */
export const drawBlocks = (blocks, form) =>
  blocks.map((block) => {
    const drawn = (DRAW[block.type] ?? unknown)(block, form);
    drawn.classList.add("block");
    drawn.dataset.blockId = block.block_id ?? "";
    return drawn;
  });

const DRAW = {
  section: (block, form) =>
    h(
      "div",
      { class: "section" },
      h(
        "div",
        { class: "section-words" },
        block.text && h("div", { class: "words" }, text(block.text)),
        block.fields && h("div", { class: "fields" }, block.fields.map((one) => h("div", { class: "words" }, text(one)))),
      ),
      block.accessory && h("div", { class: "accessory" }, drawElement(block, block.accessory, form)),
    ),
  header: (block) => h("h3", { class: "header" }, text(block.text)),
  divider: () => h("hr"),
  context: (block) =>
    h(
      "div",
      { class: "context" },
      block.elements.map((one) => (one.type === "image" ? picture(one, "small") : h("span", { class: "words" }, text(one)))),
    ),
  actions: (block, form) =>
    h("div", { class: "actions", role: "group" }, block.elements.map((one) => drawElement(block, one, form))),
  image: (block) => h("div", {}, block.title && h("p", { class: "quiet" }, text(block.title)), picture(block, "")),
  rich_text: (block) => h("div", { class: "words" }, richText(block)),
  markdown: (block) => h("div", { class: "words markdown" }, markdown(block.text)),
  table: (block) => table(block),
  data_table: (block) => table(block),
  input: (block, form) => field(block, form),
};

/** Pictures of other sites are not fetched: this page talks to nothing but its own process. */
function picture(image, size) {
  return h("span", { class: `picture ${size}`, role: "img", "aria-label": image.alt_text, title: image.image_url }, `🖼 ${image.alt_text}`);
}

function table(block) {
  const columns = block.column_settings ?? [];
  const cell = (tag) => (one, index) => {
    const drawn = h(tag, { scope: tag === "th" ? "col" : null }, one.type === "rich_text" ? richText(one) : plain(String(one.text ?? one.value ?? "")));
    const settings = columns[index] ?? {};
    if (settings.align) drawn.style.textAlign = settings.align;
    if (settings.is_wrapped === false) drawn.style.whiteSpace = "nowrap";
    return drawn;
  };
  const [head, ...body] = block.rows;
  return h(
    "div",
    { class: "table", tabindex: "0", role: "region", "aria-label": "Table" },
    h(
      "table",
      {},
      h("thead", {}, h("tr", {}, head.map(cell("th")))),
      h("tbody", {}, body.map((row) => h("tr", {}, row.map(cell("td"))))),
    ),
  );
}

/** A block this page has no drawing for: its words, so that nothing is lost. */
function unknown(block) {
  const words = [];
  const walk = (thing) => {
    if (thing && typeof thing === "object") {
      if (typeof thing.text === "string") words.push(thing.text);
      Object.values(thing).forEach(walk);
    }
  };
  walk(block);
  return h("div", { class: "quiet" }, `[${block.type}] ${words.join(" · ")}`);
}
