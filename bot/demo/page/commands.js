// Which slash commands fit what is being typed, and how is one used?
//
// The menu above the message field as one types `/`, the usage of a command while its words are typed, and a first
// hint for whoever has never typed one.

import { h } from "./dom.js";
import { withEmoji } from "./emoji.js";
import { avatar } from "./icons.js";
import { inSight, popup } from "./popup.js";

/** The commands that fit a text; none once a command stands there whole and its words follow. */
export function matching(app, text) {
  if (!/^\/\S*$/.test(text) || app.ui.slash.dismissed) return [];
  return app.snapshot.app.commands.filter(({ command }) => command.startsWith(text.toLowerCase()));
}

/**
 * The menu, or null when there is nothing to offer.
 * @param {any} app
 * @param {string} text what is typed
 * @param {string} boxId the node to stand above
 * @param {(command: string) => void} choose
 */
export function commandMenu(app, text, boxId, choose) {
  const list = matching(app, text);
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
        onclick: () => !typing && choose(each.command),
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
    boxId,
    { class: "menu slash-menu", side: "above" },
    h("div", { class: "menu-label" }, app.words.commandsMatching(typing ? typing.command : text)),
    h(
      "div",
      { id: "slash-list", role: typing ? "note" : "listbox", "aria-label": app.words.runCommand },
      (typing ? [typing] : list).map(row),
    ),
  );
}

/** For whoever is here for the first time. */
export function firstHint(app, text) {
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
  const word = (first.usage_hint ?? "").match(/^[\p{L}-]+/u)?.[0]; // not what stands in brackets for something else
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
