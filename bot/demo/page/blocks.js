// What does a list of blocks look like?
//
// One function per kind of block; the interactive parts are drawn by elements.js. Blocks are kept apart by block_id, so
// that a changed list moves as few nodes as possible.

import { h } from "./dom.js";
import { element, label, picture } from "./elements.js";
import { emojiNamed, plain } from "./emoji.js";
import { icon } from "./icons.js";
import { link, mention } from "./mrkdwn.js";
import { writeDateToken } from "./time.js";

const KINDS = {
  section,
  header,
  context,
  divider,
  actions,
  image,
  input,
  rich_text: richText,
  markdown: section,
  video: unknown,
};

/** Draw a surface's blocks. */
export function blocks(app, surface) {
  return surface.blocks.map((block, index) =>
    h(
      "div",
      { class: `block ${block.type}`, key: block.block_id ?? index, "data-block-id": block.block_id ?? null },
      (KINDS[block.type] ?? unknown)(app, surface, block),
    ),
  );
}

function unknown(app, surface, block) {
  return h("span", { class: "unknown" }, block.type);
}

function section(app, surface, block) {
  const { accessory } = block;
  const text = typeof block.text === "string" ? { type: "mrkdwn", text: block.text } : block.text;
  const textId = surface.id(block, null, "text");
  const isPicture = accessory?.type === "image";
  return [
    h(
      "div",
      { class: "section-body" },
      text && h("div", { class: "section-text", id: textId }, label(app, text)),
      block.fields &&
        h(
          "div",
          { class: "fields" },
          block.fields.map((field, index) => h("div", { class: "field", key: index }, label(app, field))),
        ),
    ),
    accessory &&
      h(
        "div",
        { class: `accessory ${isPicture ? "thumbnail" : ""}`, key: `${accessory.type} ${accessory.action_id}` },
        element(app, surface, block, accessory, {
          labelId: text ? textId : null,
          attributes:
            text && /(_select|picker)$/.test(accessory.type) ? { "aria-label": null, "aria-labelledby": textId } : {},
        }),
      ),
  ];
}

function header(app, surface, block) {
  return h("h3", { class: "header-text" }, plain(block.text));
}

function context(app, surface, block) {
  return block.elements.map((each, index) =>
    each.type === "image"
      ? h("span", { class: "context-picture", key: index }, picture(app, surface, block, each))
      : h("span", { class: "context-text", key: index }, label(app, each)),
  );
}

function divider() {
  return h("hr");
}

function actions(app, surface, block) {
  return block.elements.map((each, index) =>
    h("div", { class: "action", key: each.action_id ?? index }, element(app, surface, block, each)),
  );
}

function image(app, surface, block) {
  return h(
    "figure",
    null,
    block.title && h("figcaption", null, plain(block.title)),
    picture(app, surface, block, block),
  );
}

const GROUPS = new Set(["checkboxes", "radio_buttons"]);

/** A labelled field, with its hint and its error. */
function input(app, surface, block) {
  const each = block.element;
  const part = (name) => surface.id(block, each, name);
  const error = surface.form.errors[block.block_id];
  const group = GROUPS.has(each.type);
  const labelId = part("label");
  const described = [error && part("error"), block.hint && part("hint"), block.optional && part("optional")]
    .filter(Boolean)
    .join(" ");
  return h(
    "div",
    { class: `input-field ${error ? "has-error" : ""}` },
    h(
      "div",
      { class: "label-line" },
      h(
        group ? "div" : "label",
        { class: "label", id: labelId, for: group ? null : surface.id(block, each) },
        plain(block.label),
      ),
      block.optional && h("span", { class: "optional", id: part("optional") }, app.words.optional),
    ),
    element(app, surface, block, each, {
      labelled: true,
      labelId,
      invalid: Boolean(error),
      attributes: {
        "aria-describedby": described || null,
        "aria-invalid": error && !group ? "true" : null,
        "aria-required": !block.optional && !group ? "true" : null,
        "data-focus-first": each.focus_on_load || null,
      },
    }),
    error &&
      h(
        "div",
        { class: "field-error", id: part("error"), role: "alert", "data-error-for": block.block_id },
        icon("warning"),
        h("span", null, error),
      ),
    block.hint && h("div", { class: "hint", id: part("hint") }, plain(block.hint)),
  );
}

function richText(app, surface, block) {
  return block.elements.map((part) => richPart(app, part));
}

function richPart(app, part) {
  switch (part.type) {
    case "rich_text_list":
      return h(
        part.style === "ordered" ? "ol" : "ul",
        { class: `indent-${part.indent ?? 0}` },
        part.elements.map((item) => h("li", null, richInline(app, item))),
      );
    case "rich_text_preformatted":
      return h("pre", { class: "code-block" }, richInline(app, part));
    case "rich_text_quote":
      return h("blockquote", null, richInline(app, part));
    default:
      return h("div", { class: "rich-section" }, richInline(app, part));
  }
}

const STYLES = [
  ["code", "code"],
  ["strike", "s"],
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
    case "channel":
      return h("span", { class: "mention" }, `#${app.reader.channelName(each.channel_id) ?? each.channel_id}`);
    case "broadcast":
      return h("span", { class: "mention loud" }, `@${each.range}`);
    case "date":
      return h(
        "time",
        null,
        each.format.replace(/\{(\w+)\}/g, (_, token) => writeDateToken(token, each.timestamp, app.reader)),
      );
    default:
      return each.text ?? "";
  }
}
