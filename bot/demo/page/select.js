// How does one choose from options: fixed ones, the app's answers to what is typed, people, channels, or hours?
//
// One combobox for every kind of select. Typing narrows the list; the chosen text stands in the field. What differs is
// where the options come from and what the value is, which the sources below tell.

import { h } from "./dom.js";
import { plain } from "./emoji.js";
import { icon } from "./icons.js";
import { inSight, listKeys, popup } from "./popup.js";
import { writeTime } from "./time.js";

const DEFAULT_MIN_QUERY = 3;
const HOUR_STEPS = 48;

const option = (value, text) => ({ value, text: { type: "plain_text", text, emoji: false } });
const isExternal = (element) => element.type.endsWith("external_select");
const isMany = (element) => element.type.startsWith("multi_");
const hasOptionValues = (element) => /static_select|external_select/.test(element.type);

function people(app) {
  return app.snapshot.users
    .filter((user) => !user.deactivated)
    .map((user) => option(user.id, user.real_name || user.name));
}

/** Public channels for channels_select; for conversations_select what its `filter` lets through. */
function conversations(app, element) {
  const { channels, app: installed } = app.snapshot;
  if (/channels_select$/.test(element.type))
    return channels.filter((each) => !each.is_private).map((each) => option(each.id, each.name));
  const {
    include,
    exclude_bot_users: noBots,
    exclude_external_shared_channels: noShared,
  } = element.filter ?? {};
  const wanted = (kind) => !include || include.includes(kind);
  const kindOf = (each) => (each.is_mpim ? "mpim" : each.is_private ? "private" : "public");
  return [
    ...channels
      .filter((each) => wanted(kindOf(each)) && !(noShared && each.is_shared))
      .map((each) => option(each.id, each.name)),
    ...(wanted("im") && !noBots ? [option(installed.dm_channel_id, installed.name)] : []),
  ];
}

function hourText(app, time) {
  return writeTime(Date.parse(`2026-01-01T${time}:00Z`), "UTC", app.locale);
}

function hours(app, query) {
  const list = Array.from({ length: HOUR_STEPS }, (_, step) => {
    const time = `${String(step >> 1).padStart(2, "0")}:${step % 2 ? "30" : "00"}`;
    return option(time, hourText(app, time));
  });
  const typed = query.match(/^([01]?\d|2[0-3])[:.]([0-5]\d)$/);
  if (!typed) return list;
  const time = `${typed[1].padStart(2, "0")}:${typed[2]}`;
  return list.some((each) => each.value === time) ? list : [option(time, hourText(app, time)), ...list];
}

/** Everything that can be chosen now, as groups: [{label, options}]. */
function groups(app, element, state) {
  if (isExternal(element)) return state.groups ?? [];
  const all = element.option_groups
    ? element.option_groups.map(({ label, options }) => ({ label: plain(label), options }))
    : [{ label: null, options: fixedOptions(app, element, state.query) }];
  const wanted = state.query.trim().toLocaleLowerCase();
  if (!wanted) return all;
  const fits = (each) =>
    `${plain(each.text)} ${element.type === "timepicker" ? each.value : ""}`.toLocaleLowerCase().includes(wanted);
  return all
    .map(({ label, options }) => ({ label, options: options.filter(fits) }))
    .filter(({ options }) => options.length);
}

function fixedOptions(app, element, query) {
  if (/users_select$/.test(element.type)) return people(app);
  if (/(conversations|channels)_select$/.test(element.type)) return conversations(app, element);
  if (element.type === "timepicker") return hours(app, query);
  return element.options ?? [];
}

/** The option that a kept value stands for. */
function asOption(app, element, value) {
  if (value === null || value === undefined) return null;
  if (hasOptionValues(element)) return value;
  if (element.type === "timepicker") return option(value, hourText(app, value));
  const known = fixedOptions(app, element, "").find((each) => each.value === value);
  return known ?? option(value, value);
}

const asValue = (element, chosen) => (hasOptionValues(element) ? chosen : chosen.value);

/** Draw a select. `place` brings the node's id and what labels and describes it. */
export function select(app, surface, block, element, place) {
  const many = isMany(element);
  const kept = surface.form.value(block, element);
  const chosen = (many ? (kept ?? []) : [kept]).map((value) => asOption(app, element, value)).filter(Boolean);
  const open = app.popup(place.id);
  const choose = new Choosing(app, surface, block, element, place, chosen);
  const text = many ? "" : plain(chosen[0]?.text);
  const hint =
    plain(element.placeholder) ||
    (element.type === "timepicker" ? app.words.chooseTime : many ? app.words.chooseMany : app.words.choose);
  if (open) app.raise(choose.menu(open));
  const clearable = !many && chosen.length > 0 && block.type === "input" && block.optional && !place.disabled;
  return h(
    "div",
    {
      class: `select ${many ? "many" : ""} ${open ? "open" : ""} ${place.invalid ? "invalid" : ""}`,
      "data-anchor": "",
    },
    element.type === "timepicker" && icon("clock", "lead"),
    many &&
      chosen.map((each) =>
        h(
          "span",
          { class: "chip", key: each.value },
          h("span", { class: "chip-text" }, plain(each.text)),
          h(
            "button",
            {
              type: "button",
              class: "chip-remove",
              tabIndex: -1,
              "aria-label": app.words.remove(plain(each.text)),
              onclick: () => choose.toggle(each),
            },
            icon("close"),
          ),
        ),
      ),
    h("input", {
      ...place.attributes,
      id: place.id,
      class: "select-input",
      type: "text",
      role: "combobox",
      autocomplete: "off",
      spellcheck: "false",
      "aria-expanded": open ? "true" : "false",
      "aria-autocomplete": "list",
      "aria-haspopup": "listbox",
      "aria-controls": open ? `${place.id}-list` : null,
      "aria-activedescendant": open && open.count ? `${place.id}-${open.active}` : null,
      "data-value": many ? null : (chosen[0]?.value ?? ""),
      disabled: place.disabled,
      value: open ? open.query : text,
      placeholder: open && text ? text : many && chosen.length ? "" : hint,
      onfocus: (event) => event.target.select(),
      onclick: () => choose.open(),
      oninput: (event) => choose.type(event.target.value),
      onkeydown: (event) => choose.key(event),
      onblur: () => app.popup(place.id) && app.closePopup(),
    }),
    clearable
      ? h(
          "button",
          { type: "button", class: "select-clear", "aria-label": app.words.clear, onclick: () => choose.clear() },
          icon("close"),
        )
      : h("span", { class: "select-caret", onpointerdown: (event) => choose.fromCaret(event) }, icon("caret")),
  );
}

/** What the keys and presses on one select do. */
class Choosing {
  constructor(app, surface, block, element, place, chosen) {
    Object.assign(this, { app, surface, block, element, place, chosen });
  }

  open(query = "") {
    if (this.app.popup(this.place.id)) return;
    const state = this.app.openPopup(this.place.id, { query, active: 0, count: 0, groups: null, status: "ready" });
    const at = this.flat(state).findIndex((each) => each.value === this.chosen[0]?.value);
    if (!query && at >= 0) state.active = at;
    this.ask(state);
  }

  type(query) {
    const state = this.app.popup(this.place.id);
    if (!state) return this.open(query);
    Object.assign(state, { query, active: 0, inSight: null });
    this.ask(state);
  }

  /** External options come from the app, once enough is typed. */
  ask(state) {
    if (isExternal(this.element)) {
      const least = this.element.min_query_length ?? DEFAULT_MIN_QUERY;
      if ([...state.query.trim()].length < least) {
        Object.assign(state, { status: "short", groups: null });
      } else {
        Object.assign(state, { status: "loading", groups: null });
        this.surface.suggest(this.block, this.element, state.query, (reply) => this.take(state, reply));
      }
    }
    this.app.render();
  }

  take(state, reply) {
    if (this.app.popup(this.place.id) !== state) return;
    state.status = reply.ok ? "ready" : "failed";
    state.groups = reply.option_groups
      ? reply.option_groups.map(({ label, options }) => ({ label: plain(label), options }))
      : [{ label: null, options: reply.options ?? [] }];
    state.active = 0;
    this.app.render();
  }

  flat(state) {
    return groups(this.app, this.element, state).flatMap(({ options }) => options);
  }

  key(event) {
    const state = this.app.popup(this.place.id);
    if (!state) {
      if (["ArrowDown", "ArrowUp", "Enter"].includes(event.key)) {
        event.preventDefault();
        event.stopPropagation();
        this.open();
      } else if (event.key === "Backspace" && isMany(this.element) && !event.target.value && this.chosen.length) {
        this.toggle(this.chosen.at(-1));
      }
      return;
    }
    if ((event.key === "Home" || event.key === "End") && state.query) return;
    const list = this.flat(state);
    listKeys(event, {
      count: list.length,
      active: state.active,
      move: (to) => {
        state.active = to;
        this.app.render();
      },
      choose: (at) => list[at] && this.choose(list[at]),
      close: () => this.app.closePopup(),
    });
  }

  choose(picked) {
    if (isMany(this.element)) {
      const state = this.app.popup(this.place.id);
      if (state) state.query = "";
      this.toggle(picked);
      if (state && isExternal(this.element)) this.ask(state);
      return;
    }
    this.app.closePopup();
    this.commit(asValue(this.element, picked));
  }

  toggle(picked) {
    const without = this.chosen.filter((each) => each.value !== picked.value);
    const most = this.element.max_selected_items ?? Infinity;
    if (without.length === this.chosen.length && without.length >= most) return;
    const next = without.length < this.chosen.length ? without : [...without, picked];
    this.commit(next.map((each) => asValue(this.element, each)));
  }

  clear() {
    this.commit(null);
    document.getElementById(this.place.id)?.focus();
  }

  commit(value) {
    const ready = this.element.confirm ? this.app.ask(this.element.confirm) : Promise.resolve(true);
    ready.then((agreed) => agreed && this.surface.keep(this.block, this.element, value));
  }

  /** The arrow at the end of the field opens and closes. */
  fromCaret(event) {
    event.preventDefault();
    const input = document.getElementById(this.place.id);
    if (this.app.popup(this.place.id)) this.app.closePopup();
    else if (!input.disabled) {
      input.focus();
      this.open();
    }
  }

  menu(state) {
    const { app, place } = this;
    const shown = groups(app, this.element, state);
    state.count = shown.reduce((sum, { options }) => sum + options.length, 0);
    let at = -1;
    const row = (each) => {
      const index = ++at;
      const active = index === state.active;
      const selected = this.chosen.some((one) => one.value === each.value);
      return h(
        "div",
        {
          class: `option ${active ? "active" : ""}`,
          id: `${place.id}-${index}`,
          key: `${index} ${each.value}`,
          role: "option",
          "aria-selected": selected ? "true" : "false",
          "data-value": each.value,
          onmousemove: () => {
            if (state.active === index) return;
            Object.assign(state, { active: index, inSight: index });
            app.render();
          },
          onclick: () => this.choose(each),
          update: active ? inSight(state) : null,
        },
        h("span", { class: "option-text" }, plain(each.text), selected && icon("check", "option-check")),
        each.description && h("span", { class: "option-description" }, plain(each.description)),
      );
    };
    const notice =
      {
        short: app.words.typeMore(this.element.min_query_length ?? DEFAULT_MIN_QUERY),
        loading: app.words.loading,
        failed: app.words.loadTrouble,
      }[state.status] ?? (state.count ? null : app.words.noResults);
    return popup(
      app,
      place.id,
      { class: "menu" },
      notice &&
        h(
          "div",
          { class: `menu-notice ${state.status}`, role: "status" },
          state.status === "loading" && h("span", { class: "spinner small" }),
          notice,
        ),
      h(
        "div",
        {
          id: `${place.id}-list`,
          role: "listbox",
          "aria-label": app.words.options,
          "aria-multiselectable": isMany(this.element) || null,
        },
        shown.map(({ label, options }, index) =>
          label
            ? h(
                "div",
                { role: "group", "aria-label": label, key: `${index} ${label}` },
                h("div", { class: "menu-label" }, label),
                options.map(row),
              )
            : options.map(row),
        ),
      ),
    );
  }
}
