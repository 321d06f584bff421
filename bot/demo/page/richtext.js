// What does rich text look like: sections, lists, quotes and code, with styled pieces in them?
//
// The `rich_text` block of docs.slack.dev, and wherever else it stands: table cells, tasks.

import { h } from "./dom.js";
import { emojiNamed } from "./emoji.js";
import { link, mention } from "./mrkdwn.js";
import { writeDate } from "./time.js";

const SAFE_COLOUR = /^#[0-9a-f]{6}$/i;

/** Draw a rich_text object. */
export function richText(app, rich) {
  return (rich?.elements ?? []).map((part) => richPart(app, part));
}

/** Its text alone. */
export const richToText = (rich) =>
  (rich?.elements ?? [])
    .flatMap((part) => part.elements ?? [])
    .map((part) => part.text ?? "")
    .join("");

/** A text as the simplest rich_text there is; null for none. */
export const textToRich = (text) =>
  text === ""
    ? null
    : { type: "rich_text", elements: [{ type: "rich_text_section", elements: [{ type: "text", text }] }] };

function richPart(app, part) {
  switch (part.type) {
    case "rich_text_list":
      return h(
        part.style === "ordered" ? "ol" : "ul",
        { class: `indent-${part.indent ?? 0}`, start: part.offset ? part.offset + 1 : null },
        part.elements.map((item) => h("li", null, richInline(app, item))),
      );
    case "rich_text_preformatted":
      return h("pre", { class: "code-block" }, richInline(app, part));
    case "rich_text_quote":
      return h("blockquote", null, richInline(app, part));
    case "rich_text_section":
      return h("div", { class: "rich-section" }, richInline(app, part));
    default:
      return h("span", { class: "unknown" }, part.type);
  }
}

const STYLES = [
  ["code", "code"],
  ["strike", "s"],
  ["underline", "u"],
  ["highlight", "mark"],
  ["client_highlight", "mark"],
  ["italic", "em"],
  ["bold", "strong"],
];

function richInline(app, part) {
  return (part.elements ?? []).map((each) => {
    let node = richLeaf(app, each);
    for (const [style, tag] of STYLES) if (each.style?.[style]) node = h(tag, null, node);
    return node;
  });
}

function richLeaf(app, each) {
  switch (each.type) {
    case "text":
      return each.text.split("\n").flatMap((line, index) => [index > 0 && h("br"), line]);
    case "link":
      return link(each.url, each.text ?? each.url);
    case "emoji":
      return emojiNamed(each.name) ?? `:${each.name}:`;
    case "user":
      return mention(each.user_id, null, app.reader);
    case "usergroup":
      return h("span", { class: "mention" }, `@${each.usergroup_id}`);
    case "team":
      return h("span", { class: "mention" }, app.snapshot.team.name);
    case "channel":
      return h("span", { class: "mention" }, `#${app.reader.channelName(each.channel_id) ?? each.channel_id}`);
    case "broadcast":
      return h("span", { class: "mention loud" }, `@${each.range}`);
    case "color":
      return h("code", null, colourSpot(each.value), each.value);
    case "date": {
      const reader = each.timezone ? { ...app.reader, zone: each.timezone } : app.reader;
      const shown = h("time", { title: each.fallback ?? "" }, writtenDate(each, reader));
      return each.url ? link(each.url, shown) : shown;
    }
    default:
      return each.text ?? h("span", { class: "unknown" }, each.type);
  }
}

const colourSpot = (value) =>
  SAFE_COLOUR.test(value) && h("span", { class: "colour-spot", style: { "background-color": value } });

function writtenDate(each, reader) {
  try {
    return writeDate(each.format, each.timestamp, reader);
  } catch {
    return each.fallback ?? ""; // a zone that nobody knows
  }
}
