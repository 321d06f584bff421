// What does a piece of Slack's mrkdwn look like?
//
// Text in, node descriptions out. Only what stands between `<` and `>` and the few formatting marks mean anything;
// `&amp;`, `&lt;` and `&gt;` become the characters they stand for at the very end, so that escaped text stays literal.

import { h } from "./dom.js";
import { withEmoji } from "./emoji.js";
import { writeDate } from "./time.js";

/**
 * What the text may refer to: names by id, the reader's language and zone.
 * @typedef {object} Reader
 * @property {(id: string) => string | null} userName
 * @property {(id: string) => string | null} channelName
 * @property {string} me
 * @property {string} zone
 * @property {string} locale
 * @property {number} now
 * @property {Record<string, any>} words
 */

const unescape = (text) => text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
const SAFE_LINK = /^(https?:\/\/|mailto:|tel:|\/)/i;

/**
 * @param {string} text
 * @param {Reader} reader
 * @returns {any[]}
 */
export function mrkdwn(text, reader) {
  const pieces = (text ?? "").split(/```([\s\S]+?)```/);
  return pieces.flatMap((piece, index) => {
    if (index % 2 === 1) return [h("pre", { class: "code-block" }, unescape(piece.replace(/^\n|\n$/g, "")))];
    const trimmed = (index > 0 ? piece.replace(/^\n/, "") : piece).replace(
      index < pieces.length - 1 ? /\n$/ : /$^/,
      "",
    );
    return paragraphs(trimmed, reader);
  });
}

/** The text without its marks: what somebody would read aloud. */
export function inWords(text, reader) {
  const read = (node) => {
    if (typeof node === "string") return node;
    if (Array.isArray(node)) return node.map(read).join("");
    if (node?.tag === "br") return "\n";
    return node ? read(node.children) : "";
  };
  return read(mrkdwn(text, reader)).trim();
}

/** Lines; those that begin with `>` together make a quote. */
function paragraphs(text, reader) {
  const nodes = [];
  let quote = [];
  let fresh = true;
  const endQuote = () => {
    if (quote.length) nodes.push(h("blockquote", null, lines(quote, reader)));
    fresh = fresh || quote.length > 0;
    quote = [];
  };
  for (const line of text.split("\n")) {
    const quoted = line.match(/^(?:&gt;|>)\s?(.*)$/);
    if (quoted) {
      quote.push(quoted[1]);
      continue;
    }
    endQuote();
    if (!fresh) nodes.push(h("br"));
    nodes.push(...inline(line, reader));
    fresh = false;
  }
  endQuote();
  return nodes;
}

const lines = (list, reader) => list.flatMap((line, index) => [index > 0 && h("br"), ...inline(line, reader)]);

// One alternative per mark: <…>, `code`, *bold*, _italic_, ~struck~, and a bare address.
const MARK = new RegExp(
  [
    /<([^<>\n]+)>/.source,
    /`([^`\n]+)`/.source,
    /(?<![\p{L}\p{N}*])\*(?!\s)([^*\n]*[^*\s])\*(?![\p{L}\p{N}*])/.source,
    /(?<![\p{L}\p{N}_])_(?!\s)([^\n]*?[^_\s])_(?![\p{L}\p{N}_])/.source,
    /(?<![\p{L}\p{N}~])~(?!\s)([^~\n]*[^~\s])~(?![\p{L}\p{N}~])/.source,
    /\b(https?:\/\/[^\s<>|]+[^\s<>|.,;:!?)\]'"])/.source,
  ].join("|"),
  "gu",
);

function inline(text, reader) {
  const nodes = [];
  let at = 0;
  for (const match of text.matchAll(MARK)) {
    if (match.index > at) nodes.push(words(text.slice(at, match.index)));
    const [whole, angle, code, bold, italic, struck, bare] = match;
    if (angle !== undefined) nodes.push(reference(angle, reader));
    else if (code !== undefined) nodes.push(h("code", null, unescape(code)));
    else if (bold !== undefined) nodes.push(h("strong", null, inline(bold, reader)));
    else if (italic !== undefined) nodes.push(h("em", null, inline(italic, reader)));
    else if (struck !== undefined) nodes.push(h("s", null, inline(struck, reader)));
    else nodes.push(link(unescape(bare), unescape(bare)));
    at = match.index + whole.length;
  }
  if (at < text.length) nodes.push(words(text.slice(at)));
  return nodes;
}

/** Text without marks. */
export const words = (text) => unescape(withEmoji(text));

/** What stands between angle brackets: a mention, a date or a link. */
function reference(inside, reader) {
  const bar = inside.indexOf("|");
  const target = bar < 0 ? inside : inside.slice(0, bar);
  const label = bar < 0 ? null : words(inside.slice(bar + 1));
  if (target.startsWith("@")) return mention(target.slice(1), label, reader);
  if (target.startsWith("#")) {
    return h("span", { class: "mention" }, `#${reader.channelName(target.slice(1)) ?? label ?? target.slice(1)}`);
  }
  if (target.startsWith("!date^")) return date(target, label, reader);
  if (/^!(here|channel|everyone)$/.test(target)) return h("span", { class: "mention loud" }, `@${target.slice(1)}`);
  if (target.startsWith("!subteam^")) return h("span", { class: "mention" }, label ?? "@group");
  if (target.startsWith("!")) return label ?? `<${words(target)}>`;
  const address = unescape(target);
  return SAFE_LINK.test(address)
    ? link(address, label ?? address.replace(/^(mailto|tel):/, ""))
    : words(`&lt;${inside}&gt;`);
}

export function mention(id, label, reader) {
  const name = reader.userName(id) ?? label ?? id;
  return h("span", { class: id === reader.me ? "mention loud" : "mention" }, `@${name}`);
}

function date(target, fallback, reader) {
  const [, seconds, format, address] = target.split("^");
  if (!/^\d+$/.test(seconds ?? "") || !format) return fallback ?? "";
  const shown = h("time", { title: fallback ?? "" }, writeDate(unescape(format), seconds, reader));
  return address && SAFE_LINK.test(address) ? link(unescape(address), shown) : shown;
}

/** A link that leaves the page in a tab of its own; only its text where the address could run something. */
export function link(address, content) {
  if (!SAFE_LINK.test(address)) return h("span", null, content);
  return h("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, content);
}
