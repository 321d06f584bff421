// Where can one go, where is something new, and who is one acting as?

import { h } from "./dom.js";
import { avatar, icon } from "./icons.js";
import { languageName } from "./words.js";

/** The narrow rail at the very left: the workspace and its main places. */
export function rail(app) {
  const { snapshot, words, ui } = app;
  const inApp = ui.place.kind === "app";
  const item = (picture, label, here, onclick, dot) =>
    h(
      "button",
      {
        type: "button",
        class: `rail-item ${here ? "here" : ""}`,
        onclick,
        "aria-current": here ? "page" : null,
      },
      h("span", { class: "rail-icon" }, icon(picture), dot && h("span", { class: "dot" })),
      h("span", { class: "rail-label" }, label),
    );
  return h(
    "div",
    { class: "rail" },
    h("div", { class: "team-tile", "aria-hidden": "true" }, [...snapshot.team.name][0]),
    item("home", words.home, !inApp, () => app.go({ kind: "channel", id: app.lastChannel() })),
    item(
      "chat",
      words.directMessages,
      inApp,
      () => app.go({ kind: "app", tab: "messages" }),
      Boolean(snapshot.dm.unread),
    ),
    h("span", { class: "rail-gap" }),
    h("span", { class: "me" }, avatar(snapshot.me, 36), h("span", { class: "presence" })),
  );
}

/** The list of channels, and the app. */
export function sidebar(app) {
  const { snapshot, words, ui } = app;
  const entry = (key, here, unread, picture, name, where) => {
    const count = typeof unread === "number" ? unread : 0;
    return h(
      "li",
      { key },
      h(
        "button",
        {
          type: "button",
          class: `entry ${here ? "here" : ""} ${unread ? "unread" : ""}`,
          "aria-current": here ? "page" : null,
          "data-place": key,
          "data-unread": unread ? String(unread) : null,
          onclick: () => app.go(where),
        },
        picture,
        h("span", { class: "entry-name" }, name),
        count > 0 && !here && h("span", { class: "count-badge", "aria-label": words.unread(count) }, String(count)),
      ),
    );
  };
  const { place } = ui;
  const bot = app.user(snapshot.app.bot_user_id);
  return h(
    "div",
    { class: `sidebar ${ui.sidebarOpen ? "shown" : ""}` },
    h("div", { class: "team-head" }, h("span", { class: "team-name" }, snapshot.team.name), icon("chevronDown")),
    h(
      "div",
      { class: "sidebar-scroll" },
      h(
        "nav",
        { "aria-label": words.channels, "data-region": "channels" },
        h("h2", { class: "sidebar-title" }, icon("caret"), words.channels),
        h(
          "ul",
          null,
          snapshot.channels.map((channel) =>
            entry(
              channel.id,
              place.kind === "channel" && place.id === channel.id,
              channel.unread,
              icon(channel.is_private ? "lock" : "hash"),
              channel.name,
              { kind: "channel", id: channel.id },
            ),
          ),
        ),
      ),
      h(
        "nav",
        { "aria-label": words.apps, "data-region": "apps" },
        h("h2", { class: "sidebar-title" }, icon("caret"), words.apps),
        h(
          "ul",
          null,
          entry(
            "app",
            place.kind === "app",
            snapshot.dm.unread, // a Home that was published anew is no news: Slack marks messages only
            avatar(bot, 20),
            snapshot.app.name,
            { kind: "app", tab: snapshot.dm.unread ? "messages" : "home" },
          ),
        ),
      ),
    ),
  );
}

/** The bar along the top: who one acts as, and the way to what lies outside, if anything does. */
export function topbar(app) {
  const { snapshot, words, ui } = app;
  const staff = snapshot.users.filter((user) => !user.is_bot && !user.deactivated);
  const news = app.newsOutside();
  return h(
    "header",
    { class: "topbar" },
    h(
      "button",
      {
        type: "button",
        class: "icon-button burger",
        "aria-label": words.openSidebar,
        "aria-expanded": ui.sidebarOpen ? "true" : "false",
        onclick: () => app.toggle("sidebarOpen"),
      },
      icon("menu"),
    ),
    h(
      "div",
      { class: "act-as", role: "group", "aria-label": words.actAs },
      h("span", { class: "act-label" }, words.actAs),
      staff.map((user) => {
        const me = user.id === snapshot.me.id;
        const about = [user.title || (user.is_admin ? words.admin : ""), languageName(user.locale)]
          .filter(Boolean)
          .join(" · ");
        return h(
          "button",
          {
            type: "button",
            key: user.id,
            class: `person ${me ? "here" : ""}`,
            "aria-pressed": me ? "true" : "false",
            "data-user-id": user.id,
            title: user.is_admin ? words.admin : null,
            onclick: () => app.actAs(user.id),
          },
          avatar(user, 28),
          h(
            "span",
            { class: "person-texts" },
            h("span", { class: "person-name" }, user.real_name || user.name),
            h("span", { class: "person-about" }, about),
          ),
        );
      }),
    ),
    snapshot.mailbox ? outsideToggle(app, news) : app.drawer.button(),
  );
}

function outsideToggle(app, news) {
  const { words, ui } = app;
  return h(
    "button",
    {
      type: "button",
      class: `outside-toggle ${ui.outsideOpen ? "open" : ""}`,
      "aria-expanded": ui.outsideOpen ? "true" : "false",
      "aria-label": words.showOutside,
      onclick: () => app.toggle("outsideOpen"),
    },
    icon("globe"),
    h("span", { class: "outside-word" }, words.outside),
    news > 0 && h("span", { class: "count-badge" }, String(news)),
  );
}
