// How does one pick a date?
//
// The field shows the date in words and takes an ISO date when one types; the month hangs below it. The keyboard stays
// in the field: arrows move by days and weeks, Page Up and Page Down by months, Enter picks. Today is the person's own, by the workspace's clock.

import { h } from "./dom.js";
import { plain } from "./emoji.js";
import { dateError } from "./forms.js";
import { icon } from "./icons.js";
import { popup } from "./popup.js";
import { addDays, addMonths, isDay, weekBegins, weekday, writeDay } from "./time.js";

const WEEKS_SHOWN = 6;
const STEPS = {
  ArrowLeft: (day) => addDays(day, -1),
  ArrowRight: (day) => addDays(day, 1),
  ArrowUp: (day) => addDays(day, -7),
  ArrowDown: (day) => addDays(day, 7),
  PageUp: (day) => addMonths(day, -1),
  PageDown: (day) => addMonths(day, 1),
};

/** Draw a datepicker. */
export function datepicker(app, surface, block, element, place) {
  const value = surface.form.value(block, element);
  const open = app.popup(place.id);
  const picking = new Picking(app, surface, block, element, place, value);
  if (open) app.raise(picking.month(open));
  return h(
    "div",
    { class: `select datepicker ${open ? "open" : ""} ${place.invalid ? "invalid" : ""}`, "data-anchor": "" },
    icon("calendar", "lead"),
    h("input", {
      ...place.attributes,
      id: place.id,
      class: "select-input",
      type: "text",
      role: "combobox",
      autocomplete: "off",
      spellcheck: "false",
      "aria-expanded": open ? "true" : "false",
      "aria-haspopup": "dialog",
      "aria-controls": open ? `${place.id}-calendar` : null,
      "data-value": value ?? "",
      disabled: place.disabled,
      value: open?.draft ?? surface.form.draft(block, element) ?? (value ? writeDay(value, app.locale, { dateStyle: "long" }) : ""),
      placeholder: plain(element.placeholder) || app.words.chooseDate,
      onfocus: (event) => event.target.select(),
      onclick: () => picking.open(),
      oninput: (event) => picking.type(event.target.value),
      onkeydown: (event) => picking.key(event),
      onblur: () => picking.leave(),
    }),
    h("span", { class: "select-caret", onpointerdown: (event) => picking.fromCaret(event) }, icon("caret")),
  );
}

class Picking {
  constructor(app, surface, block, element, place, value) {
    Object.assign(this, { app, surface, block, element, place, value });
  }

  open(draft = this.surface.form.draft(this.block, this.element)) {
    if (this.app.popup(this.place.id)) return;
    const day = isDay(draft) ? draft : (this.value ?? this.app.today());
    this.app.openPopup(this.place.id, { draft, day, shown: day.slice(0, 7) });
  }

  type(text) {
    if (!this.app.popup(this.place.id)) this.open(text);
    const state = this.app.popup(this.place.id);
    state.draft = text;
    this.forget();
    const wanted = text.trim();
    if (isDay(wanted)) {
      this.look(state, wanted);
      this.commit(wanted);
    } else if (!wanted && this.value !== null) {
      this.commit(null);
    }
    this.app.render();
  }

  /** What stood in the field as no date is gone, and what was said about it. */
  forget() {
    this.surface.form.forgetDraft(this.block, this.element);
  }

  commit(day) {
    if (day !== this.surface.form.value(this.block, this.element)) this.surface.keep(this.block, this.element, day);
  }

  pick(day) {
    this.forget();
    this.app.closePopup();
    this.commit(day);
  }

  look(state, day) {
    Object.assign(state, { day, shown: day.slice(0, 7) });
  }

  turn(state, months) {
    this.look(state, addMonths(`${state.shown}-${state.day.slice(8) > "28" ? "28" : state.day.slice(8)}`, months));
    this.app.render();
  }

  key(event) {
    const state = this.app.popup(this.place.id);
    const used = () => {
      event.preventDefault();
      event.stopPropagation();
    };
    if (!state) {
      if (event.key === "ArrowDown" || event.key === "Enter") {
        used();
        this.open();
      }
      return;
    }
    const sideways = event.key === "ArrowLeft" || event.key === "ArrowRight";
    if (STEPS[event.key] && !(sideways && state.draft !== null)) {
      used();
      this.look(state, STEPS[event.key](state.day));
      state.draft = null;
      this.app.render();
    } else if (event.key === "Enter") {
      used();
      if (state.draft === null || isDay(state.draft.trim())) this.pick(state.draft?.trim() ?? state.day);
      else this.leave();
    } else if (event.key === "Escape") {
      used();
      this.app.closePopup();
    }
  }

  /** Away from the field: what was typed and is no date stays there, and is said to be none. */
  leave() {
    const state = this.app.popup(this.place.id);
    if (!state) return;
    const typed = state.draft?.trim();
    if (typed && !isDay(typed))
      this.surface.form.keepDraft(this.block, this.element, state.draft, dateError(typed, this.app.words));
    this.app.closePopup();
  }

  fromCaret(event) {
    event.preventDefault();
    const input = document.getElementById(this.place.id);
    if (this.app.popup(this.place.id)) this.app.closePopup();
    else if (!input.disabled) {
      input.focus();
      this.open();
    }
  }

  month(state) {
    const { app, place } = this;
    const { words, locale } = app;
    const first = `${state.shown}-01`;
    const begin = addDays(first, -((weekday(first) - weekBegins(locale) + 7) % 7));
    const today = app.today();
    const cell = (day) =>
      h(
        "td",
        { key: day, role: "gridcell", "aria-selected": day === this.value ? "true" : "false" },
        h(
          "button",
          {
            type: "button",
            tabIndex: -1,
            "data-day": day,
            "aria-label": writeDay(day, locale, { dateStyle: "full" }),
            "aria-current": day === today ? "date" : null,
            class: [
              "day",
              day === this.value && "chosen",
              day === today && "today",
              day === state.day && "cursor",
              day.slice(0, 7) !== state.shown && "other",
            ]
              .filter(Boolean)
              .join(" "),
            onclick: () => this.pick(day),
          },
          String(Number(day.slice(8))),
        ),
      );
    const title = writeDay(first, locale, { month: "long", year: "numeric" });
    const arrow = (name, label, months) =>
      h(
        "button",
        {
          type: "button",
          class: "icon-button",
          tabIndex: -1,
          "aria-label": label,
          onclick: () => this.turn(state, months),
        },
        icon(name),
      );
    return popup(
      app,
      place.id,
      { class: "calendar", width: "own" },
      h(
        "div",
        { id: `${place.id}-calendar`, role: "dialog", "aria-label": words.calendar },
        h(
          "div",
          { class: "calendar-head" },
          arrow("chevronLeft", words.previousMonth, -1),
          h("div", { class: "calendar-title", "aria-live": "polite" }, title.charAt(0).toUpperCase() + title.slice(1)),
          arrow("chevronRight", words.nextMonth, 1),
        ),
        h(
          "table",
          { role: "grid", "aria-label": title },
          h(
            "thead",
            null,
            h(
              "tr",
              null,
              Array.from({ length: 7 }, (_, index) => {
                const day = addDays(begin, index);
                return h(
                  "th",
                  { scope: "col", abbr: writeDay(day, locale, { weekday: "long" }) },
                  writeDay(day, locale, { weekday: "short" }).slice(0, 2),
                );
              }),
            ),
          ),
          h(
            "tbody",
            null,
            Array.from({ length: WEEKS_SHOWN }, (_, week) =>
              h(
                "tr",
                { key: week },
                Array.from({ length: 7 }, (_, index) => cell(addDays(begin, week * 7 + index))),
              ),
            ),
          ),
        ),
      ),
    );
  }
}
