// What stands below a message in the older form, beside a coloured bar?
//
// From the page on secondary attachments on docs.slack.dev: which parts there are, that a text is formatted where
// `mrkdwn_in` names it, folds from 700 characters or 5 line breaks on, and that fields may stand side by side. The
// colours of the three names are what Slack's own client shows (reported: no page has them). The buttons and menus of
// the legacy guide to interactive messages are shown and cannot be used, which is said beside them: what Slack sends of
// them (`interactive_message`) is not spoken here.

import { blocks } from "./blocks.js";
import { h } from "./dom.js";
import { picture } from "./elements.js";
import { icon } from "./icons.js";
import { link, mrkdwn, words } from "./mrkdwn.js";
import { writeDate } from "./time.js";

const COLOURS = { good: "#2eb886", warning: "#daa038", danger: "#a30200" };
const COLOUR = /^#?([0-9A-Fa-f]{3}|[0-9A-Fa-f]{6})$/;
const LONG = 700;
const MANY_LINES = 5;

/**
 * @param {any} app
 * @param {any} surface the message's, if anything in it has blocks
 * @param {string} id the message's node
 * @param {object[]} [list]
 */
export function attachments(app, surface, id, list = []) {
  return list.map((each, index) => attachment(app, surface, `${id}-a${index}`, each));
}

function attachment(app, surface, id, each) {
  const { color } = each;
  const digits = color?.match(COLOUR)?.[1];
  const bar = COLOURS[color] ?? (digits ? `#${digits}` : null);
  const withBlocks = each.blocks?.length > 0;
  return h(
    "div",
    { class: "attachment", key: id, "data-attachment": each.id },
    each.pretext && h("div", { class: "text" }, said(app, each, "pretext", each.pretext)),
    h(
      "div",
      { class: "attached", style: bar ? { "--bar": bar } : {} },
      withBlocks ? h("div", { class: "blocks" }, blocks(app, surface, each.blocks)) : older(app, id, each),
    ),
  );
}

function older(app, id, each) {
  const body = [
    each.author_name && author(app, each),
    each.title && h("div", { class: "attached-title" }, linked(each.title_link, words(each.title))),
    each.text && text(app, id, each),
    each.fields?.length > 0 && fields(app, each),
    each.image_url && h("div", { class: "attached-image" }, shown(app, each, each.image_url)),
    (each.footer || each.ts) && footer(app, each),
    each.actions?.length > 0 && actions(app, id, each.actions),
  ];
  const something = body.some(Boolean) || each.thumb_url || each.pretext;
  return [
    h("div", { class: "attached-body" }, something ? body : h("div", { class: "text" }, words(each.fallback ?? ""))),
    each.thumb_url && h("div", { class: "attached-thumb" }, shown(app, each, each.thumb_url)),
  ];
}

/** Formatted where the attachment says so; otherwise as it stands. */
const said = (app, each, name, value) => (each.mrkdwn_in?.includes(name) ? mrkdwn(value, app.reader) : words(value));

const linked = (address, content) => (address ? link(address, content) : content);

const shown = (app, each, address, alt = each.title || each.fallback) =>
  picture(app, null, null, { image_url: address, alt_text: alt || app.words.imageMissing });

function author(app, each) {
  return h(
    "div",
    { class: "attached-author" },
    each.author_icon && h("span", { class: "attached-icon" }, shown(app, each, each.author_icon, each.author_name)),
    linked(each.author_link, words(each.author_name)),
    each.author_subname && h("span", { class: "attached-more" }, words(each.author_subname)),
  );
}

/** A long text is folded until one asks for it. */
function text(app, id, each) {
  const isLong = each.text.length >= LONG || each.text.split("\n").length > MANY_LINES;
  const open = app.ui.unfolded.has(id);
  const toggle = () => {
    if (!app.ui.unfolded.delete(id)) app.ui.unfolded.add(id);
    app.render();
  };
  return [
    h(
      "div",
      { class: `text ${isLong && !open ? "folded" : ""}`, id: `${id}-text` },
      said(app, each, "text", each.text),
    ),
    isLong &&
      h(
        "button",
        {
          type: "button",
          class: "as-link",
          "aria-expanded": open ? "true" : "false",
          "aria-controls": `${id}-text`,
          onclick: toggle,
        },
        open ? app.words.showLess : app.words.showMore,
      ),
  ];
}

function fields(app, each) {
  return h(
    "dl",
    { class: "attached-fields" },
    each.fields.map((field, index) =>
      h(
        "div",
        { class: field.short ? "attached-field short" : "attached-field", key: index },
        field.title && h("dt", null, words(field.title)),
        field.value && h("dd", { class: "text" }, said(app, each, "fields", field.value)),
      ),
    ),
  );
}

function actions(app, id, list) {
  const note = `${id}-actions`;
  return h(
    "div",
    { class: "attached-actions" },
    h(
      "div",
      { class: "block actions" },
      list.map((each, index) =>
        h(
          "button",
          { type: "button", class: `button ${each.style ?? ""}`, disabled: true, "aria-describedby": note, key: index },
          h("span", { class: "button-text" }, words(String(each.text ?? each.name ?? ""))),
          each.type === "select" && icon("chevronDown"),
        ),
      ),
    ),
    h("div", { class: "attached-footer", id: note }, app.words.legacyActions),
  );
}

function footer(app, each) {
  const day = each.ts && writeDate("{date_short_pretty}, {time}", Number(each.ts), app.reader);
  return h(
    "div",
    { class: "attached-footer" },
    each.footer &&
      each.footer_icon &&
      h("span", { class: "attached-icon" }, shown(app, each, each.footer_icon, each.footer)),
    each.footer && h("span", null, words(each.footer)),
    day && h("time", { datetime: new Date(Number(each.ts) * 1000).toISOString() }, day),
  );
}
