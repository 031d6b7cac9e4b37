// The markdown block: ordinary Markdown, as much of it as bots write.

import { h } from "./dom.js";
import { code, link, plain } from "./mrkdwn.js";

const TOKEN = /`([^`\n]+)`|\*\*(.+?)\*\*|__(.+?)__|\*([^*\n]+)\*|_([^_\n]+)_|~~(.+?)~~|\[([^\]]+)\]\(([^)\s]+)\)|(https?:\/\/[^\s<>)]+)/g;

/** Render a Markdown text. */
export function markdown(text) {
  return text.split(/^```\w*\n([\s\S]*?)\n?```$/m).flatMap((part, index) => (index % 2 ? [code(part)] : blocks(part)));
}

function blocks(text) {
  return text
    .split(/\n{2,}/)
    .filter((part) => part.trim())
    .flatMap((part) => pieces(part.trim().split("\n")));
}

/** Cut the lines of one paragraph into headings, lists, tables, quotes and running text. */
function pieces(lines) {
  const found = [];
  while (lines.length) {
    const kind = KINDS.find(({ is }) => is.test(lines[0])) ?? TEXT;
    const taken = [lines.shift()];
    while (kind.many && lines.length && kind === (KINDS.find(({ is }) => is.test(lines[0])) ?? TEXT)) {
      taken.push(lines.shift());
    }
    found.push(kind.make(taken));
  }
  return found;
}

const list = (tag, sign) => (lines) => h(tag, {}, lines.map((line) => h("li", {}, inline(line.replace(sign, "")))));

const KINDS = [
  {
    is: /^#{1,6} /,
    many: false,
    make: ([line]) => h(`h${Math.min(6, line.indexOf(" ") + 2)}`, { class: "md" }, inline(line.replace(/^#+ /, ""))),
  },
  { is: /^\s*[-*+] /, many: true, make: list("ul", /^\s*[-*+] /) },
  { is: /^\s*\d+[.)] /, many: true, make: list("ol", /^\s*\d+[.)] /) },
  {
    is: /^> ?/,
    many: true,
    make: (lines) => h("blockquote", {}, lines.flatMap((line) => [inline(line.replace(/^> ?/, "")), h("br")])),
  },
  { is: /^\|.*\|$/, many: true, make: table },
  { is: /^(-{3,}|\*{3,})$/, many: false, make: () => h("hr") },
];
const TEXT = {
  many: true,
  make: (lines) => h("p", {}, lines.flatMap((line, index) => (index ? [h("br"), inline(line)] : [inline(line)]))),
};

function table(lines) {
  const rows = lines
    .filter((line) => !/^\|[\s:|-]+\|$/.test(line))
    .map((line) => line.slice(1, -1).split("|"));
  const [head, ...body] = rows;
  return h(
    "div",
    { class: "table", tabindex: "0" },
    h(
      "table",
      {},
      h("thead", {}, h("tr", {}, head.map((cell) => h("th", {}, inline(cell.trim()))))),
      h("tbody", {}, body.map((row) => h("tr", {}, row.map((cell) => h("td", {}, inline(cell.trim())))))),
    ),
  );
}

function inline(text) {
  const nodes = [];
  let at = 0;
  for (const match of text.matchAll(TOKEN)) {
    nodes.push(...plain(text.slice(at, match.index)));
    nodes.push(token(match));
    at = match.index + match[0].length;
  }
  return [...nodes, ...plain(text.slice(at))];
}

function token([, mono, bold, bold2, italic, italic2, strike, label, address, bare]) {
  if (mono) return h("code", {}, mono);
  if (bold || bold2) return h("strong", {}, inline(bold ?? bold2));
  if (italic || italic2) return h("em", {}, inline(italic ?? italic2));
  if (strike) return h("s", {}, inline(strike));
  return label ? link(address, label) : link(bare);
}
