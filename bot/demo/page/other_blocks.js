// What do the blocks look like that only show something: tables, cards, alerts, plans, videos, files?
//
// From the block reference on docs.slack.dev. Nothing is loaded from elsewhere: a video is a link with its title.

import { h } from "./dom.js";
import { element, label, picture } from "./elements.js";
import { plain } from "./emoji.js";
import { icon } from "./icons.js";
import { link } from "./mrkdwn.js";
import { richText } from "./richtext.js";

const ALIGNED = new Set(["left", "center", "right"]);

function cell(app, each) {
  if (each?.type === "rich_text") return richText(app, each);
  if (each?.type === "raw_number") return new Intl.NumberFormat(app.locale).format(each.value ?? each.text);
  return each?.text ?? "";
}

/** `table` and `data_table`: the first row is its head. */
function table(app, surface, block) {
  const settings = block.column_settings ?? [];
  const [head, ...rows] = block.rows ?? [];
  const row = (cells, tag) =>
    h(
      "tr",
      null,
      cells.map((each, column) => {
        const { align, is_wrapped: wrapped } = settings[column] ?? {};
        const classes = [ALIGNED.has(align) && align, wrapped && "wrapped"].filter(Boolean).join(" ");
        return h(tag, { class: classes || null, scope: tag === "th" ? "col" : null }, cell(app, each));
      }),
    );
  return h(
    "div",
    { class: "table-scroll", tabIndex: 0, role: "group", "aria-label": block.caption ?? app.words.table },
    h(
      "table",
      { class: "table" },
      block.caption && h("caption", null, block.caption),
      head && h("thead", null, row(head, "th")),
      h(
        "tbody",
        null,
        rows.map((cells) => row(cells, "td")),
      ),
    ),
  );
}

function video(app, surface, block) {
  return h(
    "div",
    { class: "tile" },
    h("div", { class: "tile-head" }, [block.provider_name, block.author_name].filter(Boolean).join(" · ")),
    link(block.title_url ?? block.video_url, h("strong", null, plain(block.title))),
    block.description && h("div", { class: "tile-more" }, plain(block.description)),
    h("div", { class: "tile-more" }, link(block.video_url, [icon("play"), block.alt_text])),
  );
}

function file(app, surface, block) {
  return h("div", { class: "tile" }, h("div", { class: "tile-head" }, icon("file"), block.external_id));
}

const ALERT_ICONS = { warning: "warning", error: "warning", success: "check" };

function alert(app, surface, block) {
  const level = /^(info|warning|error|success)$/.test(block.level) ? block.level : "default";
  return h(
    "div",
    { class: `notice ${level}`, role: "note" },
    icon(ALERT_ICONS[level] ?? "info"),
    h("div", null, label(app, block.text)),
  );
}

function card(app, surface, block) {
  return h(
    "div",
    { class: "tile" },
    block.hero_image && picture(app, surface, block, block.hero_image),
    h(
      "div",
      { class: "tile-head" },
      block.icon && h("span", { class: "context-picture" }, picture(app, surface, block, block.icon)),
      h(
        "div",
        { class: "tile-titles" },
        block.title && h("strong", null, label(app, block.title)),
        block.subtitle && h("div", { class: "tile-more" }, label(app, block.subtitle)),
      ),
    ),
    block.body && h("div", { class: "section-text" }, label(app, block.body)),
    block.actions?.length > 0 &&
      h(
        "div",
        { class: "block actions" },
        block.actions.map((each, index) => h("div", { key: index }, element(app, surface, block, each))),
      ),
  );
}

function carousel(app, surface, block) {
  return h(
    "div",
    { class: "tiles", role: "group", "aria-label": app.words.cards, tabIndex: 0 },
    block.elements.map((each, index) => h("div", { key: index }, card(app, surface, each))),
  );
}

const TASK_ICONS = { complete: "check", error: "warning", in_progress: "clock" };

function task(app, surface, block) {
  return h(
    "div",
    { class: `tile task ${block.status === "error" ? "failed" : ""}` },
    h("div", { class: "tile-head" }, icon(TASK_ICONS[block.status] ?? "circle"), !block.hide_title && h("strong", null, block.title)),
    block.details && richText(app, block.details),
    block.output && richText(app, block.output),
    block.sources?.length > 0 &&
      h(
        "ul",
        null,
        block.sources.map((each) => h("li", null, link(each.url, each.text ?? each.url))),
      ),
  );
}

function plan(app, surface, block) {
  return [
    h("strong", null, block.title),
    (block.tasks ?? []).map((each, index) => h("div", { key: index }, task(app, surface, each))),
  ];
}

/** The functions by the type of block. */
export const OTHER_BLOCKS = {
  table,
  data_table: table,
  video,
  file,
  alert,
  card,
  carousel,
  task_card: task,
  plan,
};
