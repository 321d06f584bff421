// What does a piece of Markdown look like?
//
// The `markdown` block (docs.slack.dev, "Markdown block"): headings, lists, tasks, quotes, code, tables, rules; bold,
// italic, struck, code and links within a line. Text in, node descriptions out: markup in the text stays text, and an
// image is a link, as there.

import { h } from "./dom.js";
import { withEmoji } from "./emoji.js";
import { link } from "./mrkdwn.js";

const SAFE_LINK = /^(https?:\/\/|mailto:|tel:)/i;
const FENCE = /^ {0,3}(```+|~~~+)/;
const HEADING = /^ {0,3}(#{1,6})\s+(.*?)\s*#*$/;
const RULE = /^ {0,3}([-*_])(?:\s*\1){2,}\s*$/;
const ITEM = /^(\s*)([-*+]|\d{1,9}[.)])\s+(.*)$/;
const QUOTE = /^ {0,3}>\s?(.*)$/;
const TASK = /^\[([ xX])\]\s+(.*)$/;
const TABLE_RULE = /^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/;

/**
 * @param {string} text
 * @returns {any[]}
 */
export function markdown(text) {
  return chunks((text ?? "").replaceAll("\r\n", "\n").split("\n"));
}

function chunks(lines) {
  const nodes = [];
  let at = 0;
  const takeWhile = (fits) => {
    const taken = [];
    while (at < lines.length && fits(lines[at], taken)) taken.push(lines[at++]);
    return taken;
  };
  while (at < lines.length) {
    const line = lines[at];
    const fence = line.match(FENCE)?.[1];
    const heading = line.match(HEADING);
    if (!line.trim()) {
      at++;
    } else if (fence) {
      at++;
      nodes.push(h("pre", { class: "code-block" }, takeWhile((each) => !each.trim().startsWith(fence)).join("\n")));
      at++;
    } else if (heading) {
      at++;
      nodes.push(h(`h${Math.min(6, heading[1].length + 2)}`, { class: `heading-${heading[1].length}` }, inline(heading[2])));
    } else if (RULE.test(line)) {
      at++;
      nodes.push(h("hr"));
    } else if (QUOTE.test(line)) {
      nodes.push(h("blockquote", null, chunks(takeWhile((each) => QUOTE.test(each)).map((each) => each.match(QUOTE)[1]))));
    } else if (ITEM.test(line)) {
      nodes.push(...lists(takeWhile((each) => ITEM.test(each) || /^\s+\S/.test(each))));
    } else if (line.includes("|") && TABLE_RULE.test(lines[at + 1] ?? "")) {
      const rows = takeWhile((each) => each.includes("|"));
      nodes.push(table(rows));
    } else {
      nodes.push(paragraph(takeWhile((each, taken) => each.trim() && (taken.length === 0 || !begins(each)))));
    }
  }
  return nodes;
}

const begins = (line) => [FENCE, HEADING, RULE, QUOTE, ITEM].some((kind) => kind.test(line));

const paragraph = (lines) =>
  h(
    "p",
    null,
    lines.flatMap((line, index) => [index > 0 && h("br"), ...inline(line.trim())]),
  );

/** Items with the deeper ones inside the one above them; a change from dots to numbers begins a new list. */
function lists(lines) {
  const items = [];
  for (const line of lines) {
    const [, indent, mark, text] = line.match(ITEM) ?? [];
    if (mark === undefined) {
      items.at(-1).more.push(line.trim());
    } else if (items.length && indent.length > items[0].indent) {
      items.at(-1).below.push(line);
    } else {
      items.push({ indent: indent.length, ordered: /\d/.test(mark), start: Number.parseInt(mark, 10), text, more: [], below: [] });
    }
  }
  const made = [];
  for (const item of items) {
    if (made.at(-1)?.ordered !== item.ordered) made.push({ ordered: item.ordered, start: item.start, items: [] });
    made.at(-1).items.push(item);
  }
  return made.map(({ ordered, start, items: own }) =>
    h(
      ordered ? "ol" : "ul",
      { start: ordered && start !== 1 ? start : null },
      own.map((item) => {
        const task = item.text.match(TASK);
        const text = [task ? task[2] : item.text, ...item.more];
        return h(
          "li",
          { class: task ? "task-item" : null },
          task && (task[1] === " " ? "☐ " : "☑ "),
          text.flatMap((each, index) => [index > 0 && h("br"), ...inline(each)]),
          item.below.length > 0 && lists(item.below),
        );
      }),
    ),
  );
}

function table([head, , ...rows]) {
  const cells = (line) =>
    line
      .trim()
      .replace(/^\||\|$/g, "")
      .split(/(?<!\\)\|/)
      .map((each) => inline(each.trim().replaceAll("\\|", "|")));
  const row = (line, tag) =>
    h(
      "tr",
      null,
      cells(line).map((each) => h(tag, null, each)),
    );
  return h(
    "div",
    { class: "table-scroll" },
    h(
      "table",
      { class: "table" },
      h("thead", null, row(head, "th")),
      h(
        "tbody",
        null,
        rows.map((line) => row(line, "td")),
      ),
    ),
  );
}

const MARK = new RegExp(
  [
    /\\([!-/:-@[-`{-~])/.source,
    /`([^`\n]+)`/.source,
    /!?\[([^\]\n]*)\]\(\s*<?([^\s)>]+)>?(?:\s+"[^"]*")?\s*\)/.source,
    /<((?:https?:\/\/|mailto:)[^\s<>]+)>/.source,
    /(\*\*|__)(?=\S)(.+?\S|\S)\6/.source,
    /(?<![\p{L}\p{N}])([*_])(?=\S)(.+?\S|\S)\8(?![\p{L}\p{N}])/.source,
    /~~(?=\S)(.+?\S|\S)~~/.source,
    /\b(https?:\/\/[^\s<>|]+[^\s<>|.,;:!?)\]'"])/.source,
  ].join("|"),
  "gu",
);

function inline(text) {
  const nodes = [];
  let at = 0;
  for (const match of text.matchAll(MARK)) {
    if (match.index > at) nodes.push(withEmoji(text.slice(at, match.index)));
    const [whole, escaped, code, label, address, angle, , bold, , italic, struck, bare] = match;
    if (escaped !== undefined) nodes.push(escaped);
    else if (code !== undefined) nodes.push(h("code", null, code));
    else if (address !== undefined)
      nodes.push(SAFE_LINK.test(address) ? link(address, label ? inline(label) : address) : whole);
    else if (angle !== undefined) nodes.push(link(angle, angle));
    else if (bold !== undefined) nodes.push(h("strong", null, inline(bold)));
    else if (italic !== undefined) nodes.push(h("em", null, inline(italic)));
    else if (struck !== undefined) nodes.push(h("s", null, inline(struck)));
    else nodes.push(link(bare, bare));
    at = match.index + whole.length;
  }
  if (at < text.length) nodes.push(withEmoji(text.slice(at)));
  return nodes;
}
