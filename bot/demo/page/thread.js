// What is said in a thread?
//
// A pane at the right of the channel: the message, its replies, and a field to reply in.

import { composer } from "./composer.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { threadMessages } from "./messages.js";
import { repliesTo } from "./said.js";

/** The pane, or nothing. */
export function threadPane(app, place, name) {
  const open = app.ui.thread;
  if (!open || open.place !== place?.id) return null;
  const { words } = app;
  const replies = repliesTo(app, place, open.ts);
  const parent =
    place.messages.find((message) => message.ts === open.ts) ?? (replies.length ? { ts: open.ts, gone: true } : null);
  if (!parent) return null;
  return h(
    "section",
    {
      class: "thread",
      key: `thread ${open.ts}`,
      "aria-label": words.thread,
      "data-region": "thread",
      "data-thread": open.ts,
      inert: app.snapshot.modals.length > 0 || null,
      onkeydown: (event) => {
        if (event.key !== "Escape" || event.defaultPrevented) return;
        event.stopPropagation();
        app.closeThread();
      },
    },
    h(
      "header",
      { class: "place-head" },
      h("div", { class: "place-title" }, h("h2", null, words.thread), h("span", { class: "topic" }, name)),
      h(
        "button",
        { type: "button", class: "icon-button", "aria-label": words.closeThread, onclick: () => app.closeThread() },
        icon("close"),
      ),
    ),
    threadMessages(app, place, parent, replies),
    composer(app, place, name, open.ts),
  );
}
