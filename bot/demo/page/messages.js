// What has been said in a channel, with the app, or in a thread?
//
// Messages from the oldest down, days divided, a person's messages in a row put together. The list stays at its end
// while one reads there, and where it is while one has scrolled up. Arrows go from message to message.

import { h } from "./dom.js";
import { icon } from "./icons.js";
import { messageRow } from "./message.js";
import { byThread, everything, moment } from "./said.js";
import { inZone, writeDayHeading } from "./time.js";

const TOGETHER_MS = 5 * 60 * 1000;
const AT_END_PX = 40;

/**
 * A place's own messages: replies stand in their thread, but for those that are shown in the place too. A message that
 * is gone but has replies leaves a mark in its place.
 */
function inPlace(all) {
  const there = new Set(all.map((message) => message.ts));
  const gone = new Set(all.map((message) => message.thread_ts).filter((ts) => ts && !there.has(ts)));
  const marks = [...gone].map((ts) => ({ ts, user: null, gone: true }));
  return [...all.filter((message) => !message.thread_ts || message.broadcast), ...marks].sort(
    (one, other) => Number(one.ts) - Number(other.ts),
  );
}

/**
 * @param {any} app
 * @param {{id: string, messages: object[]}} place a channel or the conversation with the app
 * @param {any} beginning what stands above the first message
 */
export function messages(app, place, beginning) {
  const newFrom = app.ui.newFrom[place.id];
  const all = everything(app, place);
  return list(app, place, inPlace(all), {
    key: place.id,
    threads: byThread(all),
    label: app.words.messages,
    newFrom,
    before: [h("div", { class: "beginning", key: "beginning" }, beginning)],
  });
}

/** The messages of a thread: the first, how many replied, and the replies. */
export function threadMessages(app, place, parent, replies) {
  return list(app, place, replies, {
    key: `${place.id} ${parent.ts}`,
    label: app.words.thread,
    inThread: true,
    before: [
      (active) => messageRow(app, place, parent, { inThread: true, active: active === parent.ts, together: false, replies: [] }),
      h(
        "div",
        { class: "thread-count", key: "count", role: "separator" },
        h("span", null, app.words.replies(replies.filter((reply) => !reply.ephemeral).length)),
      ),
    ],
  });
}

function list(app, place, shown, { key, label, newFrom, before, threads = new Map(), inThread = false }) {
  const rows = [];
  const reached = app.ui.active[key];
  const active =
    shown.some((message) => message.ts === reached) || (inThread && reached === app.ui.thread?.ts)
      ? reached
      : (shown.at(-1)?.ts ?? app.ui.thread?.ts);
  let day = null;
  let previous = null;
  let marked = false;
  for (const message of shown) {
    const date = inZone(moment(message), app.zone).date;
    const fresh = Boolean(newFrom) && !marked && Number(message.ts) >= Number(newFrom);
    marked ||= fresh;
    const newDay = date !== day && !inThread;
    if (newDay || fresh) rows.push(divider(app, newDay ? date : null, fresh, message.ts));
    const together =
      previous &&
      date === day &&
      !fresh &&
      !message.gone &&
      !message.broadcast &&
      previous.user === message.user &&
      previous.username === message.username &&
      !previous.ephemeral &&
      !message.ephemeral &&
      moment(message) - moment(previous) < TOGETHER_MS;
    rows.push(messageRow(app, place, message, {
        together,
        inThread,
        active: message.ts === active,
        replies: threads.get(message.ts) ?? [],
      }));
    day = date;
    previous = message;
  }
  return h(
    "div",
    {
      class: "messages",
      key: `messages ${key}`,
      role: "log",
      "aria-label": label,
      tabIndex: shown.length ? null : 0,
      "data-scroll": "",
      "data-list": key,
      onkeydown: (event) => walk(event),
      ...atItsEnd(app, key),
    },
    h(
      "div",
      { class: "messages-inner" },
      before.map((each) => (typeof each === "function" ? each(active) : each)),
      rows,
    ),
  );
}

/** Stay at the end while one reads there, whatever grows or shrinks: new messages, pictures that come or do not. */
function atItsEnd(app, key) {
  const look = (node) => {
    const isAtEnd = node.scrollHeight - node.scrollTop - node.clientHeight < AT_END_PX;
    const wentUp = node.scrollTop < (node.scrolledTo ?? 0); // what grew below nobody scrolled away from
    if (isAtEnd || wentUp) node.atEnd = isAtEnd;
    node.scrolledTo = node.scrollTop;
  };
  const settle = (node) => {
    look(node); // the browser may not have told yet that one has scrolled
    if (node.atEnd) node.scrollTop = node.scrollHeight;
    node.scrolledTo = node.scrollTop;
  };
  return {
    onscroll: ({ target }) => look(target),
    mount: (node) => {
      node.atEnd = true;
      settle(node);
      node.sizes = new ResizeObserver(() => settle(node));
      node.sizes.observe(node);
      node.sizes.observe(node.querySelector(".messages-inner"));
      node.addEventListener("focusin", ({ target }) => {
        const ts = target.closest("[data-ts]")?.dataset.ts;
        if (!ts || app.ui.active[key] === ts) return;
        app.ui.active[key] = ts;
        app.render();
      });
    },
    update: (node) => {
      if (app.ui.toEnd.delete(key)) node.scrollTop = node.scrollHeight;
      settle(node);
    },
    unmount: (node) => node.sizes?.disconnect(),
  };
}

/** Arrows, Home and End from one message to another. */
function walk(event) {
  const row = event.target;
  if (!row.matches?.("[data-ts]")) return;
  const rows = [...event.currentTarget.querySelectorAll("[data-ts]")];
  const at = rows.indexOf(row);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  rows[to]?.focus();
}

function divider(app, date, fresh, ts) {
  return h(
    "div",
    { class: `day-line ${fresh ? "fresh" : ""}`, key: `line ${date ?? "new"} ${ts}`, role: "separator" },
    date && h("span", { class: "day-name" }, writeDayHeading(date, app.reader), icon("caret")),
    fresh && h("span", { class: "new-mark" }, app.words.newMark),
  );
}
