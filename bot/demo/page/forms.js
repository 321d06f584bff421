// What has been typed and chosen, and what does Slack call it?
//
// Every surface with blocks (a modal, the Home tab, a message) has a form: values by block_id and action_id. A value
// lives as long as its block_id and action_id are there; after that the new element starts from its own initial value.

/** The one property in which an element keeps its value, and what stands there when it is empty. */
const KEPT_IN = {
  plain_text_input: ["value", "initial_value"],
  email_text_input: ["value", "initial_value"],
  url_text_input: ["value", "initial_value"],
  number_input: ["value", "initial_value"],
  rich_text_input: ["rich_text_value", "initial_value"],
  static_select: ["selected_option", "initial_option"],
  external_select: ["selected_option", "initial_option"],
  users_select: ["selected_user", "initial_user"],
  conversations_select: ["selected_conversation", "initial_conversation"],
  channels_select: ["selected_channel", "initial_channel"],
  multi_static_select: ["selected_options", "initial_options"],
  multi_external_select: ["selected_options", "initial_options"],
  multi_users_select: ["selected_users", "initial_users"],
  multi_conversations_select: ["selected_conversations", "initial_conversations"],
  multi_channels_select: ["selected_channels", "initial_channels"],
  checkboxes: ["selected_options", "initial_options"],
  radio_buttons: ["selected_option", "initial_option"],
  datepicker: ["selected_date", "initial_date"],
  timepicker: ["selected_time", "initial_time"],
  datetimepicker: ["selected_date_time", "initial_date_time"],
  file_input: ["files", "initial_files"],
};

const isMany = (property) => /^(selected_\w+s|files)$/.test(property);

/** Does this element keep a value? */
export const isStateful = (element) => element.type in KEPT_IN;

/** Every element that keeps a value, with its block, from the top down. */
export function statefulElements(blocks) {
  return (blocks ?? []).flatMap((block) => {
    if (block.type === "container") return statefulElements(block.child_blocks);
    const elements =
      block.type === "input" ? [block.element] : block.type === "actions" ? block.elements : [block.accessory];
    return elements.filter((element) => element && isStateful(element)).map((element) => ({ block, element }));
  });
}

function initially(element) {
  const [property, initial] = KEPT_IN[element.type];
  const value = element[initial];
  if (value === undefined || value === null || value === "") return isMany(property) ? [] : null;
  return property === "value" ? String(value) : value;
}

const nameOf = (block, element) => `${block.block_id}\u0000${element.action_id}`;

export class Form {
  constructor() {
    /** @type {Map<string, {type: string, value: any}>} */
    this.values = new Map();
    /** What stands in a field without being a value, such as half a date: [element's type, text]. */
    this.drafts = new Map();
    /** Error texts by block_id. */
    this.errors = {};
    /** Is a submission on its way? */
    this.busy = false;
    /** Did the last request get no proper answer? */
    this.trouble = false;
    /** Buttons whose press has not been answered: "block_id\0action_id\0value". */
    this.pending = new Set();
    this.hash = null;
  }

  /** The value as the element keeps it: a text, an option, a list, a date; null or [] when empty. */
  value(block, element) {
    const kept = this.values.get(nameOf(block, element));
    return kept && kept.type === element.type ? kept.value : initially(element);
  }

  /** The text that stands in the field in the place of a value, or null. */
  draft(block, element) {
    return this.drafts.get(nameOf(block, element))?.[1] ?? null;
  }

  /** Leave this text in the field, and say what is wrong with it. */
  keepDraft(block, element, text, error) {
    this.drafts.set(nameOf(block, element), [element.type, text]);
    this.errors[block.block_id] = error;
  }

  forgetDraft(block, element) {
    if (this.drafts.delete(nameOf(block, element))) delete this.errors[block.block_id];
  }

  keep(block, element, value) {
    this.drafts.delete(nameOf(block, element));
    this.values.set(nameOf(block, element), { type: element.type, value });
    delete this.errors[block.block_id];
    this.trouble = false;
  }

  /** The element's value in Slack's shape, with its type. */
  inSlackShape(block, element) {
    const [property] = KEPT_IN[element.type];
    const value = this.value(block, element);
    return { type: element.type, [property]: property === "value" && value === "" ? null : value };
  }

  /** Slack's `view.state.values`. */
  state(blocks) {
    const values = {};
    for (const { block, element } of statefulElements(blocks)) {
      values[block.block_id] ??= {};
      values[block.block_id][element.action_id] = this.inSlackShape(block, element);
    }
    return values;
  }

  /** The surface as it is now: forget what belonged to elements that are gone. */
  follow(surface) {
    if (this.hash === null) this.takeUp(surface);
    const there = new Map(
      statefulElements(surface.blocks).map(({ block, element }) => [nameOf(block, element), element.type]),
    );
    for (const [name, { type }] of this.values) if (there.get(name) !== type) this.values.delete(name);
    for (const [name, [type]] of this.drafts) if (there.get(name) !== type) this.drafts.delete(name);
    if (this.hash !== null && this.hash !== surface.hash) {
      const blocks = new Set(surface.blocks.map((block) => block.block_id));
      for (const id of Object.keys(this.errors)) if (!blocks.has(id)) delete this.errors[id];
      this.trouble = false;
    }
    this.hash = surface.hash ?? "";
  }

  /** First sight of a surface, after a reload for instance: begin with what the workspace has kept. */
  takeUp(surface) {
    const kept = surface.state?.values ?? {};
    for (const { block, element } of statefulElements(surface.blocks)) {
      const [property] = KEPT_IN[element.type];
      const each = kept[block.block_id]?.[element.action_id];
      if (each?.type === element.type && property in each) {
        this.values.set(nameOf(block, element), { type: element.type, value: each[property] });
      }
    }
  }
}

/** What is wrong with a text in a date's field. */
export const dateError = (text, words) => (/^\d{4}-\d{2}-\d{2}$/.test(text.trim()) ? words.noSuchDay : words.notADate);

const isEmpty = (value) => value === null || value === "" || (Array.isArray(value) && value.length === 0);

/** What Slack itself refuses before the app hears of it: {block_id: text}. */
export function refusals(form, blocks, words) {
  const errors = {};
  for (const { block, element } of statefulElements(blocks)) {
    if (block.type !== "input") continue;
    if (form.draft(block, element) !== null) {
      errors[block.block_id] = dateError(form.draft(block, element), words);
      continue;
    }
    const value = form.value(block, element);
    const text = isEmpty(value) ? (block.optional ? null : words.required) : refusal(element, value, words);
    if (text) errors[block.block_id] = text;
  }
  return errors;
}

function refusal(element, value, words) {
  switch (element.type) {
    case "plain_text_input":
      if (element.min_length && value.length < element.min_length) return words.atLeast(element.min_length);
      if (element.max_length && value.length > element.max_length) return words.atMostChars(element.max_length);
      return null;
    case "number_input": {
      const number = value.trim().replace(",", ".");
      if (!/^[-+]?\d+(\.\d+)?$/.test(number)) return words.notANumber;
      if (!element.is_decimal_allowed && number.includes(".")) return words.wholeNumber;
      if (element.min_value !== undefined && Number(number) < Number(element.min_value))
        return words.tooSmall(element.min_value);
      if (element.max_value !== undefined && Number(number) > Number(element.max_value))
        return words.tooBig(element.max_value);
      return null;
    }
    case "email_text_input":
      return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value.trim()) ? null : words.notAnEmail;
    case "url_text_input":
      return /^https?:\/\/[^\s/]+/.test(value.trim()) ? null : words.notAUrl;
    default:
      return null;
  }
}
