// What does one message look like, and what can one do with it?
//
// Who said it and when, its text or blocks, its files, the way to its thread; and a small bar that comes up as one
// points at it or reaches it with the keyboard: reply in thread, and the app's message shortcuts.

import { attachments } from "./attachments.js";
import { blocks } from "./blocks.js";
import { h } from "./dom.js";
import { plain } from "./emoji.js";
import { fileCards } from "./files.js";
import { avatar, icon } from "./icons.js";
import { menuButton } from "./menu.js";
import { inWords, mrkdwn } from "./mrkdwn.js";
import { moment } from "./said.js";
import { writeDate, writeMoment, writeTime } from "./time.js";

const FACES = 3;
const SHORT = 80;

/**
 * @param {any} app
 * @param {{id: string, messages: object[]}} place
 * @param {object} message
 * @param {{together: boolean, inThread: boolean, active: boolean, replies: object[]}} where `active`: the list's one
 *   stop for the Tab key
 */
export function messageRow(app, place, message, { together, inThread, active, replies }) {
  const id = `${inThread ? "t" : "m"}-${place.id}-${message.ts}`;
  if (message.gone) return gone(app, place, message, { id, active, replies });
  const user = app.user(message.user);
  const hasBlocks = [message, ...(message.attachments ?? [])].some((each) => each.blocks?.length);
  const surface = hasBlocks ? app.surfaces.forMessage(place.id, message, inThread) : null;
  const name = message.username || user?.real_name || user?.name || message.user;
  const edited = message.edited && h("span", { class: "edited" }, ` ${app.words.edited}`);
  return h(
    "div",
    {
      class: `message ${together ? "together" : ""} ${message.ephemeral ? "ephemeral" : ""}`,
      key: message.ts,
      role: "article",
      tabIndex: active ? 0 : -1,
      "aria-labelledby": `${together ? "" : `${id}-who `}${id}-said`,
      "data-ts": message.ts,
      "data-user": message.user,
      "data-ephemeral": message.ephemeral ? "true" : null,
      "data-thread-ts": message.thread_ts ?? null,
      onkeydown: (event) => {
        if (event.target !== event.currentTarget || inThread || message.ephemeral) return;
        if (event.key === "ArrowRight" || event.key === "t") {
          event.preventDefault();
          app.openThread(place, message.thread_ts ?? message.ts);
        }
      },
    },
    message.ephemeral && !together && h("div", { class: "only-you" }, icon("eye"), app.words.onlyYou),
    message.broadcast && !inThread && repliedTo(app, place, message),
    h("div", { class: "gutter" }, together ? stamp(app, message, true) : avatar(user ?? { real_name: name }, 36)),
    h(
      "div",
      { class: "said" },
      !together &&
        h(
          "div",
          { class: "who", id: `${id}-who` },
          h("span", { class: "name" }, name),
          user?.is_bot && user.id !== "USLACKBOT" && h("span", { class: "badge" }, app.words.app),
          stamp(app, message, false),
        ),
      h(
        "div",
        { id: `${id}-said` },
        message.blocks?.length
          ? h("div", { class: "blocks" }, blocks(app, surface, message.blocks), edited)
          : message.text && h("div", { class: "text" }, mrkdwn(message.text, app.reader), edited),
        attachments(app, surface, id, message.attachments),
        fileCards(app, message.files),
      ),
      surface?.form.trouble &&
        h("div", { class: "message-trouble", role: "alert" }, icon("warning"), app.words.trouble),
      replyBar(app, place, message, replies),
    ),
    !message.ephemeral && tools(app, place, message, { id, active, inThread }),
  );
}

function stamp(app, message, short) {
  const at = moment(message);
  const time = writeTime(at, app.zone, app.locale);
  return h(
    "time",
    {
      class: "stamp",
      datetime: new Date(at).toISOString(),
      title: writeMoment(at, app.zone, app.locale, { dateStyle: "full", timeStyle: "short" }),
    },
    short ? time.replace(/\s?[AP]M$/i, "") : time,
  );
}

/** In the place of a message that was deleted but has replies. */
function gone(app, place, message, { id, active, replies }) {
  return h(
    "div",
    {
      class: "message gone",
      key: message.ts,
      role: "article",
      tabIndex: active ? 0 : -1,
      "aria-labelledby": `${id}-said`,
      "data-ts": message.ts,
    },
    h("div", { class: "gutter" }, icon("trash")),
    h("div", { class: "said" }, h("div", { id: `${id}-said` }, app.words.deleted), replyBar(app, place, message, replies)),
  );
}

/** A reply that is shown in the channel too. */
function repliedTo(app, place, message) {
  const parent = place.messages.find((each) => each.ts === message.thread_ts);
  return h(
    "div",
    { class: "replied-to" },
    `${app.words.repliedTo} `,
    h(
      "button",
      { type: "button", class: "as-link", onclick: () => app.openThread(place, message.thread_ts) },
      inWords(parent?.text, app.reader).replace(/\s+/g, " ").slice(0, SHORT) || app.words.thread,
    ),
  );
}

/** How many replied, who, and when last; opens the thread. */
function replyBar(app, place, message, replies) {
  if (!replies.length) return null;
  const writers = [...new Set(replies.map((reply) => reply.user))].slice(0, FACES);
  const last = replies.at(-1);
  const day = writeDate("\u200b{date_pretty}", Number(last.ts), app.reader);
  const newFrom = app.ui.newFrom[place.id];
  const fresh = newFrom && Number(last.ts) >= Number(newFrom);
  return h(
    "button",
    {
      type: "button",
      class: `reply-bar ${fresh ? "fresh" : ""}`,
      "data-replies": String(replies.length),
      onclick: () => app.openThread(place, message.ts),
    },
    h(
      "span",
      { class: "reply-faces", "aria-hidden": "true" },
      writers.map((id) => avatar(app.user(id), 24)),
    ),
    h("span", { class: "reply-count" }, app.words.replies(replies.length)),
    h("span", { class: "reply-last" }, app.words.lastReply(day, writeTime(moment(last), app.zone, app.locale))),
  );
}

function tools(app, place, message, { id, active, inThread }) {
  const menu = `${id}-menu`;
  const { words, snapshot } = app;
  const shortcuts = snapshot.app.message_shortcuts ?? [];
  const bot = app.user(snapshot.app.bot_user_id);
  const notice = (text) => app.notice(place.id, text, inThread ? (message.thread_ts ?? message.ts) : null);
  const run = async (shortcut) => {
    const reply = await app.request("message_shortcut", {
      channel: place.id,
      ts: message.ts,
      callback_id: shortcut.callback_id,
    });
    if (!reply.ok) notice(words.commandFailed(shortcut.name, reply.error));
  };
  const copy = () =>
    navigator.clipboard
      .writeText(inWords(message.text, app.reader))
      .catch(() => notice(words.copyFailed));
  const tabIndex = active ? 0 : -1;
  const items = [
    ...(inThread
      ? []
      : [
          {
            key: "reply",
            text: words.replyInThread,
            pick: () => app.openThread(place, message.thread_ts ?? message.ts),
          },
        ]),
    { key: "copy", text: words.copyText, pick: copy },
    ...shortcuts.map((each) => ({
      key: each.callback_id,
      picture: avatar(bot, 24),
      text: plain({ text: each.name }),
      description: snapshot.app.name,
      pick: () => run(each),
    })),
  ];
  return h(
    "div",
    { class: `message-tools ${app.popup(menu) ? "open" : ""}`, role: "group", "aria-label": words.messageActions },
    !inThread &&
      h(
        "button",
        {
          type: "button",
          class: "icon-button",
          "aria-label": words.replyInThread,
          title: words.replyInThread,
          tabIndex,
          onclick: () => app.openThread(place, message.thread_ts ?? message.ts),
        },
        icon("reply"),
      ),
    menuButton(
      app,
      { id: menu, label: words.moreActions, items, button: { class: "icon-button", title: words.moreActions, tabIndex } },
      icon("more"),
    ),
  );
}
