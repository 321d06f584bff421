// What has been said in a channel or with the app?
//
// Messages from the oldest down, days divided, a person's messages in a row put together. The list stays at its end
// while one reads there, and where it is while one has scrolled up.

import { h } from "./dom.js";
import { blocks } from "./blocks.js";
import { avatar, icon } from "./icons.js";
import { messageMenu } from "./message_menu.js";
import { mrkdwn } from "./mrkdwn.js";
import { inZone, writeDateToken, writeDayHeading, writeMoment, writeTime } from "./time.js";

const TOGETHER_MS = 5 * 60 * 1000;
const AT_END_PX = 40;

const moment = (message) => Number.parseFloat(message.ts) * 1000;

/**
 * @param {any} app
 * @param {{id: string, messages: object[]}} place a channel or the conversation with the app
 * @param {any} beginning what stands above the first message
 */
export function messages(app, place, beginning) {
  const all = threaded(
    [...place.messages.filter((message) => !message.deleted), ...(app.ui.notices[place.id] ?? [])].sort(
      (one, other) => Number(one.ts) - Number(other.ts),
    ),
  );
  const newFrom = app.ui.newFrom[place.id];
  let day = null;
  let previous = null;
  const rows = [];
  for (const message of all) {
    const date = message.thread_ts ? day : inZone(moment(message), app.zone).date; // a reply stays with its message
    const fresh = message.ts === newFrom;
    if (date !== day || fresh) rows.push(divider(app, date !== day ? date : null, fresh, message.ts));
    const together =
      previous &&
      date === day &&
      !fresh &&
      previous.user === message.user &&
      previous.username === message.username &&
      (previous.thread_ts ?? null) === (message.thread_ts ?? null) &&
      !previous.ephemeral &&
      !message.ephemeral &&
      moment(message) - moment(previous) < TOGETHER_MS;
    rows.push(row(app, place, message, together));
    day = date;
    previous = message;
  }
  return h(
    "div",
    {
      class: "messages",
      key: `messages ${place.id}`,
      role: "log",
      "aria-label": app.words.messages,
      tabIndex: 0,
      "data-scroll": "",
      onscroll: (event) => {
        const { scrollTop, scrollHeight, clientHeight } = event.target;
        app.ui.atEnd = scrollHeight - scrollTop - clientHeight < AT_END_PX;
      },
      mount: (node) => {
        app.ui.atEnd = true;
        node.scrollTop = node.scrollHeight;
      },
      update: (node) => {
        if (app.ui.atEnd) node.scrollTop = node.scrollHeight;
      },
    },
    h("div", { class: "messages-inner" }, h("div", { class: "beginning", key: "beginning" }, beginning), rows),
  );
}

/** Each message with its replies below it; a reply whose message is gone stands by itself. */
function threaded(all) {
  const there = new Set(all.map((message) => message.ts));
  const isReply = (message) => message.thread_ts && there.has(message.thread_ts);
  return all
    .filter((message) => !isReply(message))
    .flatMap((message) => [message, ...all.filter((each) => isReply(each) && each.thread_ts === message.ts)]);
}

function files(app, message) {
  if (!message.files?.length) return null;
  const key = new URL(location.href).searchParams.get("key") ?? "";
  const query = new URLSearchParams({ key, user: app.snapshot.me.id });
  return h(
    "ul",
    { class: "files" },
    message.files.map((file) =>
      h(
        "li",
        { key: file.id },
        h(
          "a",
          {
            href: `/page/files/${file.id}/${encodeURIComponent(file.name)}?${query}`,
            download: file.name,
            "data-file-id": file.id,
          },
          h("strong", null, file.title || file.name),
          h("span", null, `${file.name} · ${new Intl.NumberFormat(app.locale).format(file.size)} B`),
        ),
      ),
    ),
  );
}

function divider(app, date, fresh, ts) {
  const thisYear = date?.slice(0, 4) === app.today().slice(0, 4);
  const near =
    date &&
    writeDateToken("day_divider_pretty", Date.parse(`${date}T12:00:00Z`) / 1000, { ...app.reader, zone: "UTC" });
  return h(
    "div",
    { class: `day-line ${fresh ? "fresh" : ""}`, key: `line ${date ?? "new"} ${ts}`, role: "separator" },
    date && h("span", { class: "day-name" }, near || writeDayHeading(date, app.locale, !thisYear), icon("caret")),
    fresh && h("span", { class: "new-mark" }, app.words.newMark),
  );
}

function row(app, place, message, together) {
  const user = app.user(message.user);
  const surface = message.blocks?.length ? app.surfaces.forMessage(place.id, message) : null;
  const name = message.username || user?.real_name || user?.name || message.user;
  const at = moment(message);
  const time = writeTime(at, app.zone, app.locale);
  const stamp = h(
    "time",
    {
      class: "stamp",
      datetime: new Date(at).toISOString(),
      title: writeMoment(at, app.zone, app.locale, { dateStyle: "full", timeStyle: "short" }),
    },
    together ? time.replace(/\s?[AP]M$/i, "") : time,
  );
  const edited = message.edited && h("span", { class: "edited" }, ` ${app.words.edited}`);
  return h(
    "div",
    {
      class: `message ${together ? "together" : ""} ${message.ephemeral ? "ephemeral" : ""} ${message.thread_ts ? "reply" : ""}`,
      key: message.ts,
      role: "article",
      "data-ts": message.ts,
      "data-user": message.user,
      "data-ephemeral": message.ephemeral ? "true" : null,
      "data-thread-ts": message.thread_ts ?? null,
    },
    message.ephemeral && !together && h("div", { class: "only-you" }, icon("eye"), app.words.onlyYou),
    h("div", { class: "gutter" }, together ? stamp : avatar(user ?? { real_name: name }, 36)),
    h(
      "div",
      { class: "said" },
      !together &&
        h(
          "div",
          { class: "who" },
          h("span", { class: "name" }, name),
          user?.is_bot && user.id !== "USLACKBOT" && h("span", { class: "badge" }, app.words.app),
          stamp,
        ),
      surface
        ? h("div", { class: "blocks" }, blocks(app, surface), edited)
        : message.text && h("div", { class: "text" }, mrkdwn(message.text, app.reader), edited),
      files(app, message),
      surface?.form.trouble &&
        h("div", { class: "message-trouble", role: "alert" }, icon("warning"), app.words.trouble),
    ),
    messageMenu(app, place, message),
  );
}
