// What does one see of the app itself: its Home tab, and the conversation with it?

import { h } from "./dom.js";
import { blocks } from "./blocks.js";
import { composer } from "./composer.js";
import { avatar, icon } from "./icons.js";
import { messages } from "./messages.js";

/** The app's page with its two tabs. */
export function appPage(app) {
  const { snapshot, words } = app;
  const { tab } = app.ui.place;
  const bot = app.user(snapshot.app.bot_user_id);
  const one = (name, label, dot) =>
    h(
      "button",
      {
        type: "button",
        role: "tab",
        id: `tab-${name}`,
        class: "tab",
        "aria-selected": tab === name ? "true" : "false",
        "aria-controls": "app-panel",
        tabIndex: tab === name ? 0 : -1,
        onclick: () => app.go({ kind: "app", tab: name }),
        onkeydown: (event) => {
          if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
          const other = name === "home" ? "messages" : "home";
          app.go({ kind: "app", tab: other });
          document.getElementById(`tab-${other}`)?.focus();
        },
      },
      label,
      dot && h("span", { class: "dot" }),
    );
  return [
    h(
      "header",
      { class: "place-head app-head", key: "head app" },
      h(
        "div",
        { class: "place-title" },
        avatar(bot, 28),
        h("h1", null, snapshot.app.name),
        h("span", { class: "badge" }, words.app),
      ),
      h(
        "div",
        { class: "tabs", role: "tablist", "aria-label": snapshot.app.name },
        one("home", words.home, false),
        one("messages", words.messages, tab !== "messages" && Boolean(snapshot.dm.unread)),
      ),
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
