// How does one say something, or run a command?
//
// A text field with a few formatting helps, the menu of slash commands as one types `/`, and the app's shortcuts
// behind the plus sign. A thread has a field of its own, in which Slack runs no commands.

import { commandMenu, firstHint, matching } from "./commands.js";
import { h } from "./dom.js";
import { plain } from "./emoji.js";
import { avatar, icon } from "./icons.js";
import { menuButton } from "./menu.js";
import { listKeys } from "./popup.js";

const MARKS = [
  ["bold", "*"],
  ["italic", "_"],
  ["strike", "~"],
  ["code", "`"],
];
const LINES = [
  ["quote", "> "],
  ["list", "• "],
];

/** The id of the field in which one writes to a place, or in a thread. */
export const fieldId = (threadTs) => (threadTs ? "composer-thread" : "composer");

/**
 * @param {any} app
 * @param {{id: string}} place
 * @param {string} name what one writes to: "#general", the name of the app
 * @param {string | null} [threadTs] the message whose thread one writes in
 */
export function composer(app, place, name, threadTs = null) {
  const writing = new Writing(app, place, threadTs);
  const text = writing.text();
  const menu = threadTs ? null : commandMenu(app, text, writing.boxId, (command) => writing.put(`${command} `));
  if (menu) app.raise(menu);
  const hint = threadTs ? app.words.replyHere : app.words.messageTo(name);
  return h(
    "div",
    { class: "composer", key: `composer ${writing.draft}` },
    !threadTs && firstHint(app, text),
    h(
      "div",
      { class: "composer-box", id: writing.boxId, "data-anchor": "" },
      h(
        "div",
        { class: "composer-tools", role: "toolbar", "aria-label": app.words.formatting },
        MARKS.map(([kind, mark]) => tool(kind, app.words[kind], () => writing.wrap(mark))),
        h("span", { class: "tool-gap" }),
        LINES.map(([kind, start]) => tool(kind, app.words[kind], () => writing.begin(start))),
      ),
      h("textarea", {
        id: writing.id,
        class: "composer-text",
        rows: 1,
        "aria-label": hint,
        placeholder: hint,
        autocomplete: "off",
        value: text,
        "aria-autocomplete": threadTs ? null : "list",
        "aria-controls": menu ? "slash-list" : null,
        "aria-activedescendant": menu && writing.matches().length ? `slash-${app.ui.slash.active}` : null,
        oninput: (event) => writing.type(event.target.value),
        onkeydown: (event) => writing.key(event),
      }),
      h(
        "div",
        { class: "composer-foot" },
        !threadTs && shortcuts(app, place),
        !threadTs && tool("slash", app.words.runCommand, () => writing.startCommand()),
        h("span", { class: "tool-gap wide" }),
        h(
          "button",
          {
            type: "button",
            class: `send ${text.trim() ? "ready" : ""}`,
            "aria-label": app.words.send,
            title: app.words.send,
            disabled: !text.trim(),
            onclick: () => writing.send(),
          },
          icon("send"),
        ),
      ),
    ),
  );
}

function tool(picture, label, onclick) {
  return h(
    "button",
    {
      type: "button",
      class: "icon-button",
      "aria-label": label,
      title: label,
      onpointerdown: (event) => event.preventDefault(),
      onclick,
    },
    icon(picture),
  );
}

/** The app's global shortcuts, behind the plus sign. */
function shortcuts(app, place) {
  const list = app.snapshot.app.shortcuts ?? [];
  const bot = app.user(app.snapshot.app.bot_user_id);
  const run = async (shortcut) => {
    const reply = await app.request("shortcut", { callback_id: shortcut.callback_id });
    if (!reply.ok) app.notice(place.id, app.words.commandFailed(shortcut.name, reply.error));
  };
  return menuButton(
    app,
    {
      id: "composer-plus",
      label: app.words.shortcuts,
      button: { class: "icon-button round", title: app.words.shortcuts },
      heading: list.length ? app.words.shortcutsOf(app.snapshot.app.name) : app.words.noShortcuts,
      popup: { class: "menu short-menu shortcut-menu", side: "above", align: "start" },
      items: list.map((each) => ({
        key: each.callback_id,
        picture: avatar(bot, 36),
        text: h("strong", null, plain({ text: each.name })),
        description: each.description,
        pick: () => run(each),
      })),
    },
    icon("plus"),
  );
}

class Writing {
  constructor(app, place, threadTs) {
    this.app = app;
    this.place = place;
    this.threadTs = threadTs;
    this.draft = threadTs ? `${place.id} ${threadTs}` : place.id;
    this.id = fieldId(threadTs);
    this.boxId = `${this.id}-box`;
  }

  text() {
    return this.app.ui.drafts[this.draft] ?? "";
  }

  type(text) {
    this.app.ui.drafts[this.draft] = text;
    if (!this.threadTs) this.app.ui.slash = { active: 0, dismissed: false };
    this.app.render();
  }

  /** Put this into the field, with the caret at its end. */
  put(text) {
    this.type(text);
    const field = document.getElementById(this.id);
    field.value = text;
    field.focus();
    field.setSelectionRange(text.length, text.length);
  }

  wrap(mark) {
    const field = document.getElementById(this.id);
    const { selectionStart: from, selectionEnd: to, value } = field;
    this.type(value.slice(0, from) + mark + value.slice(from, to) + mark + value.slice(to));
    field.value = this.text();
    field.focus();
    field.setSelectionRange(from + 1, to + 1);
  }

  begin(start) {
    const field = document.getElementById(this.id);
    const at = field.value.lastIndexOf("\n", field.selectionStart - 1) + 1;
    this.put(field.value.slice(0, at) + start + field.value.slice(at));
  }

  startCommand() {
    this.put("/");
  }

  matches() {
    return this.threadTs ? [] : matching(this.app, this.text());
  }

  key(event) {
    if (event.isComposing) return;
    const { app } = this;
    const list = this.matches();
    if (list.length) {
      const whole = event.key === "Enter" && this.text() === list[app.ui.slash.active]?.command;
      const key = event.key === "Tab" && !event.shiftKey ? { key: "Enter" } : event;
      const inText = event.key === "Home" || event.key === "End";
      if (!whole && !inText && !event.shiftKey) {
        const used = listKeys(
          {
            key: key.key,
            preventDefault: () => event.preventDefault(),
            stopPropagation: () => event.stopPropagation(),
          },
          {
            count: list.length,
            active: app.ui.slash.active,
            move: (to) => {
              app.ui.slash.active = to;
              app.render();
            },
            choose: (at) => this.put(`${list[at].command} `),
            close: () => {
              app.ui.slash.dismissed = true;
              app.render();
            },
          },
        );
        if (used) return;
      }
    }
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.send();
    }
  }

  async send() {
    const { app, place, threadTs } = this;
    const text = this.text().trim();
    if (!text) return;
    this.type("");
    document.getElementById(this.id).focus();
    app.ui.toEnd.add(this.draft);
    const [command] = text.split(/\s/, 1);
    if (!text.startsWith("/")) {
      const reply = await app.request("say", { channel: place.id, text, ...(threadTs && { thread_ts: threadTs }) });
      if (!reply.ok) this.failed(text, app.words.sayFailed);
      return;
    }
    if (threadTs) return this.failed(text, app.words.noCommandInThread(command));
    app.ui.commanded = true;
    const reply = await app.request("command", { channel: place.id, text });
    if (reply.ok) return;
    if (reply.error === "unknown_command") this.failed(text, app.words.unknownCommand(command));
    else
      app.notice(
        place.id,
        app.words.commandFailed(command, reply.error === "not_connected" ? "dispatch_failed" : reply.error),
      );
  }

  failed(text, notice) {
    if (!this.text() && document.getElementById(this.id)) this.put(text);
    this.app.notice(this.place.id, notice, this.threadTs);
  }
}
