// Rich text: https://docs.slack.dev/reference/block-kit/blocks/rich-text-block.

import { h } from "./dom.js";
import { emoji } from "./emoji.js";
import { code, link } from "./mrkdwn.js";
import { channelName, groupName, mention } from "./names.js";

/** Render the elements of a rich_text block, or of a table cell that holds one. */
export const richText = (block) => (block.elements ?? []).map(part);

function part(element) {
  switch (element.type) {
    case "rich_text_list": {
      const tag = element.style === "ordered" ? "ol" : "ul";
      const items = element.elements.map((item) => h("li", {}, runs(item.elements)));
      const list = h(tag, { start: element.offset ? element.offset + 1 : null }, items);
      list.style.marginInlineStart = `${(element.indent ?? 0) * 1.4}em`;
      return list;
    }
    case "rich_text_preformatted":
      return code(element.elements.map((run) => run.text ?? run.url ?? "").join(""));
    case "rich_text_quote":
      return h("blockquote", {}, runs(element.elements));
    default:
      return h("div", { class: "rich" }, runs(element.elements ?? []));
  }
}

const runs = (elements) => elements.map((run) => styled(content(run), run.style ?? {}));

function content(run) {
  switch (run.type) {
    case "link":
      return link(run.url, ...(run.text ? [run.text] : []));
    case "user":
      return mention(run.user_id);
    case "channel":
      return h("a", { class: "mention", href: `#room=${run.channel_id}`, "data-room": run.channel_id }, `#${channelName(run.channel_id)}`);
    case "usergroup":
      return h("span", { class: "mention" }, `@${groupName(run.usergroup_id)}`);
    case "broadcast":
      return h("span", { class: "mention mine" }, `@${run.range}`);
    case "emoji":
      return emoji(run.name) ?? `:${run.name}:`;
    case "date":
      return h("time", {}, run.fallback ?? new Date(run.timestamp * 1000).toLocaleString("en-GB"));
    default:
      return run.text ?? "";
  }
}

function styled(inner, style) {
  let node = inner;
  for (const [name, tag] of [["code", "code"], ["bold", "strong"], ["italic", "em"], ["strike", "s"]]) {
    if (style[name]) node = h(tag, {}, node);
  }
  return typeof node === "string" && node.includes("\n") ? h("span", { class: "lines" }, node) : node;
}
