// What does one see of the app itself: its Home tab, and the conversation with it?

import { h } from "./dom.js";
import { blocks } from "./blocks.js";
import { composer } from "./composer.js";
import { avatar, icon } from "./icons.js";
import { messages } from "./messages.js";
import { tabs } from "./tabs.js";

/** The app's page with its two tabs. */
export function appPage(app) {
  const { snapshot, words } = app;
  const { tab } = app.ui.place;
  const bot = app.user(snapshot.app.bot_user_id);
  return [
    h(
      "header",
      { class: "place-head tabbed", key: "head app" },
      h(
        "div",
        { class: "place-title" },
        avatar(bot, 28),
        h("h1", null, snapshot.app.name),
        h("span", { class: "badge" }, words.app),
      ),
      tabs(app, {
        label: snapshot.app.name,
        panel: "app-panel",
        here: tab,
        list: [
          ["home", words.home],
          ["messages", words.messages, tab !== "messages" && Boolean(snapshot.dm.unread)],
        ],
        go: (name) => app.go({ kind: "app", tab: name }),
      }),
    ),
    h(
      "div",
      {
        class: `app-panel ${tab}`,
        key: `panel ${tab}`,
        id: "app-panel",
        role: "tabpanel",
        "aria-labelledby": `tab-${tab}`,
      },
      tab === "home" ? home(app) : conversation(app, bot),
    ),
  ];
}

function home(app) {
  const { snapshot, words } = app;
  const { view } = snapshot.home;
  if (!view) {
    return h(
      "div",
      { class: "home-empty", key: "empty" },
      icon("home"),
      h("h2", null, app.ui.homeAsked ? words.homeLoading : words.homeEmpty),
      h("p", null, words.homeEmptyWhy(snapshot.app.name)),
    );
  }
  const surface = app.surfaces.forView(view, "home");
  return h(
    "div",
    { class: "home-scroll", key: "home", "data-scroll": "" },
    surface.form.trouble && h("div", { class: "trouble", role: "alert" }, icon("warning"), words.trouble),
    h("div", { class: "home-blocks", "data-view-id": view.id }, blocks(app, surface)),
  );
}

function conversation(app, bot) {
  const { snapshot, words } = app;
  return [
    messages(app, snapshot.dm, [
      avatar(bot, 72),
      h("h2", null, snapshot.app.name),
      h("p", null, words.dmStart(snapshot.app.name)),
    ]),
    snapshot.app.read_only
      ? h("p", { class: "composer-off", key: "composer-off" }, words.readOnly)
      : composer(app, snapshot.dm, snapshot.app.name),
  ];
}
