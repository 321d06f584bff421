// What does a list of blocks look like?
//
// One function per kind of block; the interactive parts are drawn by elements.js. Blocks are kept apart by block_id, so
// that a changed list moves as few nodes as possible.

import { h } from "./dom.js";
import { element, label, picture } from "./elements.js";
import { plain } from "./emoji.js";
import { icon } from "./icons.js";
import { markdown } from "./markdown.js";
import { OTHER_BLOCKS } from "./other_blocks.js";
import { richText } from "./richtext.js";

const KINDS = {
  ...OTHER_BLOCKS,
  section,
  header,
  context,
  divider,
  actions,
  context_actions: actions,
  image,
  input,
  rich_text: (app, surface, block) => richText(app, block),
  markdown: (app, surface, block) => h("div", { class: "markdown" }, markdown(block.text)),
  container,
};

/** Draw a surface's blocks, or some of them. */
export function blocks(app, surface, list = surface.blocks) {
  return list.map((block, index) =>
    h(
      "div",
      { class: `block ${block.type}`, key: block.block_id ?? index, "data-block-id": block.block_id ?? null },
      (KINDS[block.type] ?? unknown)(app, surface, block),
    ),
  );
}

/** Blocks put together under a title, which may fold them away. */
function container(app, surface, block) {
  const title = [
    block.icon && h("span", { class: "context-picture" }, picture(app, surface, block, block.icon)),
    h("strong", null, block.rich_text_title ? richText(app, block.rich_text_title) : label(app, block.title)),
    block.subtitle && h("span", { class: "tile-more" }, label(app, block.subtitle)),
  ];
  const inside = blocks(app, surface, block.child_blocks ?? []);
  return block.is_collapsible
    ? h(
        "details",
        { class: "tile", mount: (node) => (node.open = !block.default_collapsed) },
        h("summary", { class: "tile-head" }, icon("caret", "fold"), title),
        inside,
      )
    : h("div", { class: "tile" }, h("div", { class: `tile-head ${block.has_header_divider ? "divided" : ""}` }, title), inside);
}

function unknown(app, surface, block) {
  return h("span", { class: "unknown" }, block.type);
}

function section(app, surface, block) {
  const { accessory } = block;
  const { text } = block;
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
  return h("h3", { class: "header-text", "aria-level": block.level ?? null }, plain(block.text));
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
