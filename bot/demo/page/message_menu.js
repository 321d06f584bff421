// What can one do with a message? The app's shortcuts, behind the three dots that appear beside it.

import { h } from "./dom.js";
import { plain } from "./emoji.js";
import { icon } from "./icons.js";
import { listKeys, popup } from "./popup.js";

/** The button of a message's menu; nothing where the app has no shortcut for messages, or the message has no menu. */
export function messageMenu(app, place, message) {
  const list = app.snapshot.app.message_shortcuts ?? [];
  if (!list.length || message.ephemeral || !message.user) return null;
  const id = `message-menu ${message.ts}`;
  const open = app.popup(id);
  const run = async (shortcut) => {
    app.closePopup();
    const reply = await app.request("message_shortcut", {
      channel: place.id,
      ts: message.ts,
      callback_id: shortcut.callback_id,
    });
    if (!reply.ok) app.notice(place.id, app.words.commandFailed(shortcut.name, reply.error));
  };
  if (open) app.raise(menu(app, id, list, open, run));
  return h(
    "div",
    { class: `message-menu ${open ? "open" : ""}` },
    h(
      "button",
      {
        id,
        type: "button",
        class: "icon-button",
        "aria-label": app.words.moreActions,
        title: app.words.moreActions,
        "aria-haspopup": "menu",
        "aria-expanded": open ? "true" : "false",
        onclick: (event) => {
          event.currentTarget.focus();
          if (open) app.closePopup();
          else app.openPopup(id, { active: 0 });
        },
        onblur: () => app.popup(id) && app.closePopup(),
        onkeydown: (event) =>
          open &&
          listKeys(event, {
            count: list.length,
            active: open.active,
            close: () => app.closePopup(),
            choose: (at) => run(list[at]),
            move: (to) => {
              open.active = to;
              app.render();
            },
          }),
      },
      icon("more"),
    ),
  );
}

function menu(app, id, list, open, run) {
  return popup(
    app,
    id,
    { class: "menu shortcut-menu", width: "own", align: "end" },
    h("div", { class: "menu-label" }, app.words.shortcutsOf(app.snapshot.app.name)),
    h(
      "div",
      { role: "menu", "aria-label": app.words.moreActions },
      list.map((each, index) =>
        h(
          "div",
          {
            class: `option ${index === open.active ? "active" : ""}`,
            role: "menuitem",
            key: each.callback_id,
            onclick: () => run(each),
          },
          h("span", { class: "option-text" }, plain({ text: each.name })),
          each.description && h("span", { class: "option-description" }, plain({ text: each.description })),
        ),
      ),
    ),
  );
}
