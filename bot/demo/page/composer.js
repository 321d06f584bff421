// How does one say something, or run a command?
//
// A text field with a few formatting helps, the menu of slash commands as one types `/`, the usage of a command while
// its words are typed, and the app's shortcuts behind the plus sign.

import { h } from "./dom.js";
import { plain, withEmoji } from "./emoji.js";
import { avatar, icon } from "./icons.js";
import { inSight, listKeys, popup } from "./popup.js";

const BOX = "composer-box";
const PLUS = "composer-plus";
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

/**
 * @param {any} app
 * @param {{id: string}} place
 * @param {string} name what one writes to: "#general", "Reminders"
 */
export function composer(app, place, name) {
  const writing = new Writing(app, place);
  const text = writing.text();
  const menu = writing.menu();
  if (menu) app.raise(menu);
  if (app.popup(PLUS)) app.raise(writing.shortcutMenu(app.popup(PLUS)));
  const tool = (picture, label, onclick, more = {}) =>
    h(
      "button",
      {
        type: "button",
        class: "icon-button",
        "aria-label": label,
        title: label,
        onpointerdown: (event) => event.preventDefault(),
        onclick,
        ...more,
      },
      icon(picture),
    );
  return h(
    "div",
    { class: "composer", key: `composer ${place.id}` },
    firstHint(app, text),
    h(
      "div",
      { class: "composer-box", id: BOX, "data-anchor": "" },
      h(
        "div",
        { class: "composer-tools", role: "toolbar", "aria-label": app.words.formatting },
        MARKS.map(([kind, mark]) => tool(kind, app.words[kind], () => writing.wrap(mark))),
        h("span", { class: "tool-gap" }),
        LINES.map(([kind, start]) => tool(kind, app.words[kind], () => writing.begin(start))),
      ),
      h("textarea", {
        id: "composer",
        class: "composer-text",
        rows: 1,
        "aria-label": app.words.messageTo(name),
        placeholder: app.words.messageTo(name),
        autocomplete: "off",
        value: text,
        "aria-autocomplete": "list",
        "aria-controls": menu ? "slash-list" : null,
        "aria-activedescendant": menu && writing.matches().length ? `slash-${app.ui.slash.active}` : null,
        oninput: (event) => writing.type(event.target.value),
        onkeydown: (event) => writing.key(event),
      }),
      h(
        "div",
        { class: "composer-foot" },
        tool("plus", app.words.shortcuts, () => writing.toggleShortcuts(), {
          id: PLUS,
          class: "icon-button round",
          "aria-haspopup": "menu",
          "aria-expanded": app.popup(PLUS) ? "true" : "false",
          onkeydown: (event) => writing.shortcutKey(event),
        }),
        tool("slash", app.words.runCommand, () => writing.startCommand()),
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

class Writing {
  constructor(app, place) {
    this.app = app;
    this.place = place;
  }

  text() {
    return this.app.ui.drafts[this.place.id] ?? "";
  }

  type(text) {
    this.app.ui.drafts[this.place.id] = text;
    this.app.ui.slash = { active: 0, dismissed: false };
    this.app.render();
  }

  /** Put this into the field, with the caret at its end. */
  put(text) {
    this.type(text);
    const field = document.getElementById("composer");
    field.value = text;
    field.focus();
    field.setSelectionRange(text.length, text.length);
  }

  wrap(mark) {
    const field = document.getElementById("composer");
    const { selectionStart: from, selectionEnd: to, value } = field;
    this.type(value.slice(0, from) + mark + value.slice(from, to) + mark + value.slice(to));
    field.value = this.text();
    field.focus();
    field.setSelectionRange(from + 1, to + 1);
  }

  begin(start) {
    const field = document.getElementById("composer");
    const at = field.value.lastIndexOf("\n", field.selectionStart - 1) + 1;
    this.put(field.value.slice(0, at) + start + field.value.slice(at));
  }

  startCommand() {
    this.put("/");
  }

  /** The commands that fit what is typed; none once a command stands there whole and its words follow. */
  matches() {
    const text = this.text();
    if (!/^\/\S*$/.test(text) || this.app.ui.slash.dismissed) return [];
    return this.app.snapshot.app.commands.filter(({ command }) => command.startsWith(text.toLowerCase()));
  }

  key(event) {
    if (event.isComposing) return;
    const { app } = this;
    const list = this.matches();
    if (list.length) {
      const whole = event.key === "Enter" && this.text() === list[app.ui.slash.active]?.command;
      const key = event.key === "Tab" && !event.shiftKey ? { key: "Enter" } : event;
      if (!whole && !event.shiftKey) {
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
    const { app, place } = this;
    const text = this.text().trim();
    if (!text) return;
    this.type("");
    document.getElementById("composer").focus();
    app.ui.atEnd = true;
    if (!text.startsWith("/")) {
      const reply = await app.request("say", { channel: place.id, text });
      if (!reply.ok) this.failed(text, app.words.sayFailed);
      return;
    }
    const [command] = text.split(/\s/, 1);
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
    if (!this.text()) this.put(text);
    this.app.notice(this.place.id, notice);
  }

  menu() {
    const { app } = this;
    const list = this.matches();
    const text = this.text();
    const typing = list.length ? null : app.snapshot.app.commands.find(({ command }) => text.startsWith(`${command} `));
    if (!list.length && (!typing || app.ui.slash.dismissed || app.snapshot.modals.length)) return null;
    const bot = app.user(app.snapshot.app.bot_user_id);
    const row = (each, index) =>
      h(
        "div",
        {
          class: `option command ${typing ? "hint-only" : index === app.ui.slash.active ? "active" : ""}`,
          key: each.command,
          id: `slash-${index}`,
          role: typing ? null : "option",
          "aria-selected": typing ? null : index === app.ui.slash.active ? "true" : "false",
          "data-command": each.command,
          onclick: () => !typing && this.put(`${each.command} `),
          update: !typing && index === app.ui.slash.active ? inSight(app.ui.slash) : null,
        },
        avatar(bot, 36),
        h(
          "div",
          { class: "command-texts" },
          h(
            "div",
            { class: "command-line" },
            h("strong", null, each.command),
            " ",
            h("span", { class: "usage" }, withEmoji(each.usage_hint ?? "")),
          ),
          h("div", { class: "option-description" }, withEmoji(each.description ?? "")),
        ),
        h("span", { class: "command-app" }, app.snapshot.app.name),
      );
    return popup(
      app,
      BOX,
      { class: "menu slash-menu", side: "above" },
      h("div", { class: "menu-label" }, app.words.commandsMatching(typing ? typing.command : text)),
      h(
        "div",
        { id: "slash-list", role: typing ? "note" : "listbox", "aria-label": app.words.runCommand },
        (typing ? [typing] : list).map(row),
      ),
    );
  }

  toggleShortcuts() {
    if (this.app.popup(PLUS)) this.app.closePopup();
    else {
      this.app.openPopup(PLUS, { active: 0 });
      document.getElementById(PLUS).focus();
    }
  }

  shortcutKey(event) {
    const state = this.app.popup(PLUS);
    const list = this.app.snapshot.app.shortcuts ?? [];
    if (!state) return;
    listKeys(event, {
      count: list.length,
      active: state.active,
      close: () => this.app.closePopup(),
      choose: (at) => list[at] && this.runShortcut(list[at]),
      move: (to) => {
        state.active = to;
        this.app.render();
      },
    });
  }

  async runShortcut(shortcut) {
    this.app.closePopup();
    const reply = await this.app.request("shortcut", { callback_id: shortcut.callback_id });
    if (!reply.ok) this.app.notice(this.place.id, this.app.words.commandFailed(shortcut.name, reply.error));
  }

  shortcutMenu(state) {
    const { app } = this;
    const list = app.snapshot.app.shortcuts ?? [];
    const bot = app.user(app.snapshot.app.bot_user_id);
    return popup(
      app,
      PLUS,
      { class: "menu shortcut-menu", side: "above", width: "own" },
      h(
        "div",
        { class: "menu-label" },
        list.length ? app.words.shortcutsOf(app.snapshot.app.name) : app.words.noShortcuts,
      ),
      h(
        "div",
        { role: "menu", "aria-label": app.words.shortcuts },
        list.map((each, index) =>
          h(
            "div",
            {
              class: `option command ${index === state.active ? "active" : ""}`,
              role: "menuitem",
              key: each.callback_id,
              onclick: () => this.runShortcut(each),
            },
            avatar(bot, 36),
            h(
              "div",
              { class: "command-texts" },
              h("div", { class: "command-line" }, h("strong", null, plain({ text: each.name }))),
              h("div", { class: "option-description" }, each.description ?? ""),
            ),
          ),
        ),
      ),
    );
  }
}

/** For whoever is here for the first time. */
function firstHint(app, text) {
  const { snapshot, ui } = app;
  const spoken = [...snapshot.channels, snapshot.dm].some(({ messages }) =>
    messages.some((message) => message.ephemeral),
  );
  if (
    text ||
    ui.hintClosed ||
    ui.commanded ||
    spoken ||
    snapshot.mailbox?.length ||
    snapshot.phone?.length ||
    snapshot.modals.length
  )
    return null;
  const first = snapshot.app.commands[0];
  if (!first) return null;
  const word = (first.usage_hint ?? "").match(/[\p{L}-]+/u)?.[0];
  return h(
    "div",
    { class: "first-hint", role: "note" },
    h("span", null, app.words.firstHint(word ? `${first.command} ${word}` : first.command)),
    h(
      "button",
      {
        type: "button",
        onclick: () => {
          ui.hintClosed = true;
          app.render();
        },
      },
      app.words.hintClose,
    ),
  );
}
