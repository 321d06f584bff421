// What did the app and the workspace say to each other, and what is to go wrong next?
//
// The developer's drawer at the foot of the page: every request with its answer, and faults on demand. It is none of
// Slack's, and in English whoever one acts as. Closed until it is asked for; only then does it ask the workspace.

import { h } from "./dom.js";
import { icon } from "./icons.js";
import { inZone } from "./time.js";

const POLL_MS = 1000;
const MOST_KEPT = 300;

// What a call can fail with: its name, and the request's fields beside method and times.
const FAULTS = {
  error: { name: "error word", fields: (form) => ({ error: form.error }) },
  limited: { name: "429, Retry-After", fields: (form) => ({ status: 429, retry_after: Number(form.wait) }) },
  broken: { name: "HTTP 500", fields: () => ({ status: 500 }) },
  silentBefore: { name: "no answer, nothing happened", fields: () => ({ time_out_before: true }) },
  silentAfter: { name: "no answer, but it happened", fields: () => ({ time_out_after: true }) },
  cutBefore: { name: "reset, nothing happened", fields: () => ({ drop_before: true }) },
  cutAfter: { name: "reset, but it happened", fields: () => ({ drop_after: true }) },
};
const SPEEDS = [0, 0.5, 2, 5];
const AWAY_SECONDS = 60;

export class Drawer {
  constructor(app) {
    this.app = app;
    this.open = false;
    this.exchanges = [];
    this.chosen = null;
    this.conditions = { waiting: [], away: 0, slow: 0, twice: false };
    this.form = { method: "chat.postMessage", kind: "error", error: "internal_error", wait: "10", times: "1" };
    this.trouble = false;
  }

  toggle() {
    this.open = !this.open;
    clearTimeout(this.timer);
    if (this.open) {
      this.back = document.activeElement;
      this.look();
    } else {
      queueMicrotask(() => this.back?.focus?.({ preventScroll: true }));
    }
    this.app.render();
  }

  async look() {
    const after = this.exchanges.at(-1)?.id ?? 0;
    const [record, conditions] = await Promise.all([
      this.app.request("record", { after }),
      this.app.request("faults"),
    ]);
    if (!this.open) return;
    if (record.ok) this.exchanges = [...this.exchanges, ...record.exchanges].slice(-MOST_KEPT);
    if (conditions.ok) this.conditions = conditions;
    this.app.render();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.look(), POLL_MS);
  }

  async ask(type, fields) {
    const reply = await this.app.request(type, fields);
    this.trouble = !reply.ok;
    if (reply.ok) this.conditions = reply;
    this.app.render();
  }

  fail() {
    const { method, times, kind } = this.form;
    return this.ask("fault", { method, times: Number(times), ...FAULTS[kind].fields(this.form) });
  }

  /** The button that opens it. */
  button() {
    return h(
      "button",
      {
        type: "button",
        class: `icon-button drawer-open ${this.open ? "here" : ""}`,
        "aria-label": "Developer",
        "aria-expanded": this.open ? "true" : "false",
        title: "Developer",
        onclick: () => this.toggle(),
      },
      icon("code"),
    );
  }

  view() {
    if (!this.open) return null;
    return h(
      "section",
      {
        class: "drawer",
        key: "drawer",
        lang: "en",
        "aria-label": "Developer",
        "data-region": "developer",
        mount: (node) => node.querySelector("input")?.focus(),
        onkeydown: (event) => {
          if (event.key !== "Escape") return;
          event.stopPropagation();
          this.toggle();
        },
      },
      h(
        "header",
        { class: "drawer-head" },
        h("h2", null, "Developer"),
        h("p", { role: "status" }, this.summary()),
        h(
          "button",
          { type: "button", class: "icon-button", "aria-label": "Close", onclick: () => this.toggle() },
          icon("close"),
        ),
      ),
      h("div", { class: "drawer-parts" }, this.faults(), this.record()),
    );
  }

  summary() {
    const { waiting, away, slow, twice } = this.conditions;
    const parts = [
      waiting.length && failing(waiting.reduce((sum, each) => sum + each.times, 0)),
      away && `away for ${Math.ceil(away)} s`,
      slow && `everything takes ${slow} s longer`,
      twice && "everything is delivered twice",
    ].filter(Boolean);
    return parts.length ? parts.join(" · ") : "All is well";
  }

  faults() {
    const { form, conditions } = this;
    const field = (label, name, props) =>
      h(
        "label",
        { class: "drawer-field", key: name },
        h("span", null, label),
        h("input", {
          value: form[name],
          ...props,
          oninput: (event) => {
            form[name] = event.target.value;
          },
        }),
      );
    const act = (label, onclick, pressed) =>
      h(
        "button",
        { type: "button", class: "drawer-button", onclick, "aria-pressed": pressed === undefined ? null : pressed },
        label,
      );
    return h(
      "form",
      {
        class: "drawer-faults",
        onsubmit: (event) => {
          event.preventDefault();
          this.fail();
        },
      },
      field("Method", "method", { placeholder: "* for any", spellcheck: "false", autocomplete: "off" }),
      h(
        "label",
        { class: "drawer-field" },
        h("span", null, "Fails with"),
        h(
          "select",
          {
            value: form.kind,
            onchange: (event) => {
              form.kind = event.target.value;
              this.app.render();
            },
          },
          Object.entries(FAULTS).map(([kind, { name }]) =>
            h("option", { key: kind, value: kind }, name),
          ),
        ),
      ),
      form.kind === "error" && field("Error", "error", { spellcheck: "false", autocomplete: "off" }),
      form.kind === "limited" && field("Seconds", "wait", { type: "number", min: "0", max: "3600" }),
      field("Times", "times", { type: "number", min: "1", max: "1000" }),
      h("button", { type: "submit", class: "drawer-button strong" }, "Fail the next calls"),
      this.trouble && h("p", { class: "drawer-trouble", role: "alert" }, "That is not possible."),
      conditions.waiting.length > 0 &&
        h(
          "ul",
          { class: "drawer-waiting", "aria-label": "Waiting" },
          conditions.waiting.map(({ method, what, times }) => h("li", null, `${times} × ${method}: ${what}`)),
        ),
      h(
        "div",
        { class: "drawer-acts" },
        act("Drop sockets", () => this.ask("drop")),
        act("Ask to reconnect", () => this.ask("reconnect", { reason: "refresh_requested" })),
        act("Warn of a disconnect", () => this.ask("reconnect", { reason: "warning" })),
        act(`Away for ${AWAY_SECONDS} s`, () => this.ask("away", { seconds: AWAY_SECONDS })),
        act(
          "Everything twice",
          () => this.ask("twice", { on: !conditions.twice }),
          conditions.twice ? "true" : "false",
        ),
        h(
          "label",
          { class: "drawer-field" },
          h("span", null, "Slower by"),
          h(
            "select",
            {
              value: String(conditions.slow),
              onchange: (event) => this.ask("slow", { seconds: Number(event.target.value) }),
            },
            SPEEDS.map((seconds) => h("option", { key: seconds, value: String(seconds) }, `${seconds} s`)),
          ),
        ),
        act("Clear all", () => this.ask("clear")),
      ),
    );
  }

  record() {
    return h(
      "ol",
      { class: "drawer-record", "aria-label": "Requests, the newest first", tabIndex: 0 },
      this.exchanges.length === 0 && h("li", { class: "drawer-empty" }, "Nothing was said yet."),
      [...this.exchanges].reverse().map((exchange) => this.exchange(exchange)),
    );
  }

  exchange(exchange) {
    const { id, at, towards, name, outcome, ok, milliseconds } = exchange;
    const open = this.chosen === id;
    const error = ok ? null : errorOf(exchange.answer);
    return h(
      "li",
      { key: id, class: `exchange ${ok ? "" : "bad"}`, "data-exchange": name },
      h(
        "button",
        {
          type: "button",
          "aria-expanded": open ? "true" : "false",
          onclick: () => {
            this.chosen = open ? null : id;
            this.app.render();
          },
        },
        h("time", { datetime: at }, inZone(Date.parse(at), this.app.zone).time + at.slice(16, 23)),
        h("span", { class: "towards" }, towards === "app" ? "to the app" : "from the app"),
        h("span", { class: "called" }, name),
        h("span", { class: "outcome" }, error && error !== outcome ? `${outcome} ${error}` : outcome),
        h("span", { class: "took" }, `${milliseconds} ms`),
      ),
      open && [
        h("h4", null, "Request"),
        h("pre", { tabIndex: 0 }, pretty(exchange.request)),
        h("h4", null, "Answer"),
        h("pre", { tabIndex: 0 }, pretty(exchange.answer)),
      ],
    );
  }
}

const failing = (count) => (count === 1 ? "1 call will fail" : `${count} calls will fail`);

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function pretty(text) {
  const value = parsed(text);
  return value === null ? text : JSON.stringify(value, null, 2);
}

function errorOf(answer) {
  return parsed(answer)?.error ?? null;
}
