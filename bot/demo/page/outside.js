// What lies beyond Slack: the clock, and what reaches the phone?
//
// The panel to the right of the workspace. The mailbox, its third part, has a module of its own.

import { h } from "./dom.js";
import { icon } from "./icons.js";
import { mailbox } from "./mailbox.js";
import { part, withLinks } from "./panel.js";
import { hourStyle, inZone, writeDay, writeMoment, writeTime } from "./time.js";

/** The whole panel. */
export function outside(app) {
  const { words, ui } = app;
  return h(
    "aside",
    { class: `outside ${ui.outsideOpen ? "shown" : ""} ${ui.mail.open ? "reading" : ""}`, "aria-label": words.outside },
    h(
      "header",
      { class: "outside-head" },
      h("div", null, h("h2", null, words.outside), h("p", null, words.outsideWhy)),
      app.drawer.button(),
      h(
        "button",
        {
          type: "button",
          class: "icon-button outside-hide",
          "aria-label": words.hideOutside,
          onclick: () => app.toggle("outsideOpen"),
        },
        icon("close"),
      ),
    ),
    h("div", { class: "outside-scroll", "data-scroll": "" }, clock(app), mailbox(app), phone(app)),
  );
}

function clock(app) {
  const { words, ui, locale, clockZone: zone } = app;
  const { next_send: nextSend } = app.snapshot.clock;
  const now = app.now();
  const { date } = inZone(now, zone);
  const day = writeDay(date, locale, { weekday: "long", day: "numeric", month: "long", year: "numeric" });
  const next =
    nextSend &&
    writeMoment(Date.parse(nextSend), zone, locale, {
      weekday: "short",
      day: "numeric",
      month: "short",
      ...hourStyle(locale),
    });
  const skip = (to, picture, label, more, able) =>
    h(
      "button",
      {
        type: "button",
        class: `skip ${ui.skipping === to ? "waiting" : ""}`,
        disabled: Boolean(ui.skipping) || !able,
        "data-skip": to,
        onclick: () => app.skip(to),
      },
      icon(picture),
      h(
        "span",
        { class: "skip-texts" },
        h("span", { class: "skip-label" }, label),
        more && h("span", { class: "skip-more" }, more),
      ),
      ui.skipping === to && h("span", { class: "spinner small" }),
    );
  return part(
    "clock",
    "clock",
    words.clock,
    0,
    h(
      "time",
      { class: "now", datetime: new Date(now).toISOString(), "data-now": app.snapshot.clock.now },
      h("span", { class: "now-time" }, writeTime(now, zone, locale)),
      h("span", { class: "now-day" }, day.charAt(0).toUpperCase() + day.slice(1)),
      h("span", { class: "now-zone" }, zone.replaceAll("_", " ")),
    ),
    h(
      "div",
      { class: "skips" },
      skip("next_send", "skip", words.skipNext, next ?? words.nothingWaiting, Boolean(nextSend)),
      skip("day", "sun", words.skipDay, null, true),
    ),
  );
}

function phone(app) {
  const { words, clockZone: zone, locale } = app;
  const texts = [...app.snapshot.phone].reverse();
  const numbers = [...new Set(texts.map((text) => text.to))];
  return part(
    "phone",
    "phone",
    words.phone,
    texts.length,
    texts.length === 0
      ? h("p", { class: "part-empty" }, words.phoneEmpty)
      : numbers.map((number) =>
          h(
            "div",
            { class: "handset", key: number, role: "group", "aria-label": number },
            h("div", { class: "handset-number" }, number),
            texts
              .filter((text) => text.to === number)
              .map((text) => {
                const at = Date.parse(text.received_at);
                return h(
                  "div",
                  {
                    class: `sms ${app.hasJustCome(text.id) ? "fresh" : ""}`,
                    key: text.id,
                    role: "article",
                    "data-sms-id": text.id,
                  },
                  h(
                    "div",
                    { class: "sms-meta" },
                    h("strong", null, text.from),
                    " · ",
                    writeMoment(at, zone, locale, {
                      weekday: "short",
                      day: "numeric",
                      month: "short",
                      ...hourStyle(locale),
                    }),
                  ),
                  h("div", { class: "bubble" }, withLinks(text.text)),
                );
              }),
          ),
        ),
  );
}
