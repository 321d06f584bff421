// What does each interactive element look like, and what does it do when it is used?
//
// One function per kind. Each gets its `place`: the node's id, and what labels and describes it.

import { h } from "./dom.js";
import { datepicker } from "./calendar.js";
import { plain } from "./emoji.js";
import { fileInput } from "./fileinput.js";
import { icon } from "./icons.js";
import { menuButton } from "./menu.js";
import { mrkdwn } from "./mrkdwn.js";
import { richToText, textToRich } from "./richtext.js";
import { select } from "./select.js";
import { inZone } from "./time.js";

/**
 * @typedef {object} Place
 * @property {string} id
 * @property {boolean} [invalid]
 * @property {boolean} [disabled]
 * @property {string} [labelId] the label of a group of choices
 * @property {Record<string, any>} attributes what describes the node: aria-…, data-…
 */

const KINDS = {
  button,
  overflow,
  datepicker,
  timepicker: select,
  datetimepicker,
  plain_text_input: textInput,
  email_text_input: textInput,
  url_text_input: textInput,
  number_input: textInput,
  rich_text_input: textInput,
  checkboxes: choices,
  radio_buttons: choices,
  file_input: fileInput,
  icon_button: iconButton,
  feedback_buttons: feedbackButtons,
  image: picture,
  workflow_button: button,
};

/** Draw an element of a block. */
export function element(app, surface, block, each, given = {}) {
  const kind = KINDS[each.type] ?? (each.type.endsWith("_select") ? select : null);
  if (!kind) return h("span", { class: "unknown" }, each.type);
  if (each.visible_to_user_ids && !each.visible_to_user_ids.includes(app.snapshot.me.id)) return null;
  const place = {
    id: surface.id(block, each),
    disabled: surface.form.busy,
    ...given,
    attributes: {
      "data-action-id": each.action_id,
      "data-block-id": block.block_id,
      "aria-label": given.labelled ? null : plain(each.placeholder) || nameOfKind(each.type, app.words),
      ...given.attributes,
    },
  };
  return kind(app, surface, block, each, place);
}

/** What an element without a label is called to somebody who does not see it. */
function nameOfKind(type, words) {
  if (/^multi_/.test(type)) return words.chooseMany;
  if (type.startsWith("date")) return words.chooseDate;
  if (type === "timepicker") return words.chooseTime;
  return words.choose;
}

function button(app, surface, block, each, place) {
  const waiting = surface.form.pending.has(`${block.block_id}\u0000${each.action_id}`);
  const action = { type: each.type, text: each.text, ...(each.value !== undefined && { value: each.value }) };
  return h(
    "button",
    {
      ...place.attributes,
      "aria-label": each.accessibility_label ?? null,
      id: place.id,
      type: "button",
      class: `button ${each.style ?? ""} ${waiting ? "waiting" : ""}`,
      disabled: place.disabled,
      "aria-busy": waiting || null,
      "data-value": each.value ?? null,
      onclick: () => surface.press(block, each, action),
    },
    h("span", { class: "button-text" }, plain(each.text)),
    waiting && h("span", { class: "spinner small" }),
  );
}

function overflow(app, surface, block, each, place) {
  const pick = (option) =>
    surface.press(block, { ...each, url: option.url }, { type: each.type, selected_option: option });
  return menuButton(
    app,
    {
      id: place.id,
      label: app.words.moreActions,
      button: { ...place.attributes, class: "button overflow", disabled: place.disabled },
      items: each.options.map((option, index) => ({
        key: index,
        text: plain(option.text),
        description: option.description && plain(option.description),
        value: option.value,
        pick: () => pick(option),
      })),
    },
    icon("more"),
  );
}

const ICON_BUTTONS = { trash: "trash" };

/** A small button with a picture, in `context_actions`. */
function iconButton(app, surface, block, each, place) {
  return h(
    "button",
    {
      ...place.attributes,
      id: place.id,
      type: "button",
      class: "icon-button",
      "aria-label": each.accessibility_label ?? plain(each.text),
      title: plain(each.text),
      disabled: place.disabled,
      onclick: () => surface.press(block, each, { type: each.type, value: each.value }),
    },
    icon(ICON_BUTTONS[each.icon] ?? "circle"),
  );
}

/** Thumbs up and down, in `context_actions`. */
function feedbackButtons(app, surface, block, each, place) {
  const one = (choice, picture) =>
    h(
      "button",
      {
        type: "button",
        class: "icon-button",
        "aria-label": choice.accessibility_label ?? plain(choice.text),
        title: plain(choice.text),
        disabled: place.disabled,
        "data-value": choice.value,
        onclick: () => surface.press(block, each, { type: each.type, value: choice.value }),
      },
      icon(picture),
    );
  return h(
    "span",
    { ...place.attributes, id: place.id, role: "group", "aria-label": app.words.feedback },
    one(each.positive_button, "thumbUp"),
    one(each.negative_button, "thumbDown"),
  );
}

/** The counter is seen when this share of the length is left. */
const COUNT_FROM = 0.2;

const INPUT_MODES = { number_input: "decimal", email_text_input: "email", url_text_input: "url" };

function textInput(app, surface, block, each, place) {
  const rich = each.type === "rich_text_input";
  const value = (rich ? richToText(surface.form.value(block, each)) : surface.form.value(block, each)) ?? "";
  const keep = (text, how) => surface.keep(block, each, rich ? textToRich(text) : text === "" ? null : text, how);
  const multiline = each.multiline || rich;
  const describedBy = [place.attributes["aria-describedby"], each.max_length && `${place.id}-left`]
    .filter(Boolean)
    .join(" ");
  const left = each.max_length ? each.max_length - [...value].length : null;
  const field = h(multiline ? "textarea" : "input", {
    ...place.attributes,
    "aria-describedby": describedBy || null,
    id: place.id,
    class: `text-input ${place.invalid ? "invalid" : ""}`,
    type: multiline ? null : "text",
    rows: multiline ? 4 : null,
    inputmode: INPUT_MODES[each.type] ?? null,
    autocomplete: "off",
    disabled: place.disabled,
    placeholder: plain(each.placeholder) || null,
    value,
    oninput: (event) => keep(event.target.value, "typed"),
    onkeydown: (event) => {
      if (event.key !== "Enter" || event.isComposing || event.shiftKey) return;
      const all = event.metaKey || event.ctrlKey;
      if (multiline && !all) return;
      event.preventDefault();
      if (!all && surface.entersAction(block, each)) surface.changed(block, each, "entered");
      else surface.submit();
    },
  });
  if (left === null) return field;
  return h(
    "div",
    { class: "counted" },
    field,
    h(
      "span",
      {
        id: `${place.id}-left`,
        class: `count ${left < 0 ? "over" : left > each.max_length * COUNT_FROM ? "quiet" : ""}`,
        "aria-label": app.words.charactersLeft(left),
      },
      String(left),
    ),
  );
}

function choices(app, surface, block, each, place) {
  const one = each.type === "radio_buttons";
  const kept = surface.form.value(block, each);
  const chosen = one ? [kept].filter(Boolean) : (kept ?? []);
  const toggle = (option) => {
    const on = chosen.some((other) => other.value === option.value);
    const next = one ? option : on ? chosen.filter((other) => other.value !== option.value) : [...chosen, option];
    const ready = each.confirm ? app.ask(each.confirm) : Promise.resolve(true);
    ready.then((agreed) => (agreed ? surface.keep(block, each, next) : app.render()));
  };
  return h(
    "div",
    {
      ...place.attributes,
      id: place.id,
      role: one ? "radiogroup" : "group",
      class: "choices",
      "aria-labelledby": place.labelId ?? null,
      "aria-label": place.labelId ? null : place.attributes["aria-label"],
      "aria-invalid": place.invalid && one ? "true" : null,
    },
    each.options.map((option, index) => {
      const id = `${place.id}-${index}`;
      const described = option.description ? `${id}-more` : null;
      return h(
        "div",
        { class: "choice", key: `${index} ${option.value}` },
        h("input", {
          id,
          type: one ? "radio" : "checkbox",
          name: place.id,
          disabled: place.disabled,
          "data-value": option.value,
          checked: chosen.some((other) => other.value === option.value),
          "aria-describedby": described,
          onchange: () => toggle(option),
        }),
        h(
          "div",
          { class: "choice-texts" },
          h("label", { for: id }, label(app, option.text)),
          option.description &&
            h("div", { id: described, class: "choice-description" }, label(app, option.description)),
        ),
      );
    }),
  );
}

/** A text object of either kind. */
export function label(app, object) {
  return object?.type === "mrkdwn" ? mrkdwn(object.text, app.reader) : plain(object);
}

/** A picture; where it cannot be loaded, its description stands instead. */
export function picture(app, surface, block, each) {
  const address = each.image_url ?? each.slack_file?.url;
  return h("img", {
    src: address ?? null,
    alt: each.alt_text ?? app.words.imageMissing,
    title: each.alt_text ?? null,
    class: "picture",
    onerror: (event) => event.target.classList.add("broken"),
  });
}

/** A date and an hour, in the person's own zone; kept as seconds. */
function datetimepicker(app, surface, block, each, place) {
  const seconds = surface.form.value(block, each);
  const shown = seconds ? inZone(seconds * 1000, app.zone) : null;
  return h("input", {
    ...place.attributes,
    id: place.id,
    class: `text-input ${place.invalid ? "invalid" : ""}`,
    type: "datetime-local",
    disabled: place.disabled,
    value: shown ? `${shown.date}T${shown.time}` : "",
    onchange: (event) => surface.keep(block, each, event.target.value ? momentIn(app.zone, event.target.value) : null),
  });
}

/** The moment that a zone's clocks show this; two rounds settle the offset. */
function momentIn(zone, local) {
  const wanted = Date.parse(`${local}:00Z`);
  let moment = wanted;
  for (let round = 0; round < 2; round++) {
    const { date, time } = inZone(moment, zone);
    moment += wanted - Date.parse(`${date}T${time}:00Z`);
  }
  return moment / 1000;
}
