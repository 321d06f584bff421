// What is on the page right now, and who draws it?
//
// Holds the last snapshot and the little that belongs to this tab alone (where one is, drafts, the open pop-up), and
// draws everything again whenever one of them changes.

import { h, patch } from "./dom.js";
import { composer } from "./composer.js";
import { Drawer } from "./drawer.js";
import { appPage } from "./home.js";
import { avatar, icon } from "./icons.js";
import { messages } from "./messages.js";
import { confirmation, modal } from "./modal.js";
import { outside } from "./outside.js";
import { watchPopups } from "./popup.js";
import { rail, sidebar, topbar } from "./sidebar.js";
import { Surfaces } from "./surfaces.js";
import { inZone } from "./time.js";
import { Wire } from "./wire.js";
import { dateLocale, wordsFor } from "./words.js";

const TICK_MS = 5000;
const SLACKBOT = { id: "USLACKBOT", name: "slackbot", real_name: "Slackbot", is_bot: true, color: "4a154b" };

class App {
  constructor(root) {
    this.root = root;
    this.snapshot = null;
    this.surfaces = new Surfaces(this);
    this.drawer = new Drawer(this);
    this.ui = {
      place: null,
      popup: null,
      confirm: null,
      drafts: {},
      notices: {},
      newFrom: {},
      slash: { active: 0, dismissed: false },
      mail: { open: null, tab: "html", seen: new Set() },
      atEnd: true,
      sidebarOpen: false,
      outsideOpen: false,
      up: true,
    };
    this.wire = new Wire({
      onSnapshot: (snapshot) => this.take(snapshot),
      onLine: (up) => {
        this.ui.up = up;
        if (!up && !this.snapshot) this.wire.user = null; // perhaps the person in the address is unknown here
        this.render();
      },
    });
  }

  start() {
    watchPopups(this);
    document.addEventListener("visibilitychange", () => this.render());
    document.addEventListener("focusin", (event) => {
      this.lastAction = event.target.closest?.("[data-action-id]")?.dataset.actionId ?? null;
    });
    addEventListener("pagehide", () => this.surfaces.handOver());
    setInterval(() => this.render(), TICK_MS);
    this.wire.connect(new URL(location.href).searchParams.get("user"));
    this.render();
  }

  take(snapshot) {
    const before = this.snapshot;
    this.snapshot = snapshot;
    this.thereBefore ??= new Set([...(snapshot.mailbox ?? []), ...(snapshot.phone ?? [])].map(({ id }) => id));
    this.takenAt = performance.now();
    const changedPerson = before?.me.id !== snapshot.me.id;
    this.words = wordsFor(snapshot.me.locale);
    this.locale = dateLocale(snapshot.me.locale);
    this.zone = snapshot.clock.zone;
    document.documentElement.lang = this.locale.slice(0, 2);
    if (changedPerson) this.settle(before);
    this.surfaces.prune(snapshot);
    if (before?.modals.length && !snapshot.modals.length) this.focusComposer = true;
    this.render();
  }

  /** A person has come: find their place. */
  settle(before) {
    const url = new URL(location.href);
    url.searchParams.set("user", this.snapshot.me.id);
    history.replaceState(null, "", url);
    if (before) this.surfaces.known.clear();
    if (before) Object.assign(this.ui, { drafts: {}, notices: {}, newFrom: {}, popup: null });
    const wanted = this.ui.place ?? placeFrom(location.hash);
    const there = wanted?.kind === "app" || this.snapshot.channels.some((channel) => channel.id === wanted?.id);
    this.go(there ? wanted : { kind: "channel", id: this.snapshot.channels[0]?.id });
  }

  go(place) {
    const leaving = this.ui.place?.id ?? this.snapshot.dm.id;
    if (this.ui.place && this.ui.place.id !== place.id) delete this.ui.newFrom[leaving];
    Object.assign(this.ui, { place, popup: null, sidebarOpen: false });
    history.replaceState(null, "", `#${place.kind === "app" ? `app/${place.tab}` : place.id}`);
    if (place.kind === "app" && place.tab === "home") {
      this.ui.homeAsked = true;
      this.request("open_app", { tab: "home" }).then(() => {
        this.ui.homeAsked = false;
        this.render();
      });
    } else {
      if (place.kind === "channel") this.ui.lastChannel = place.id;
      this.focusComposer = true;
    }
    this.render();
  }

  lastChannel() {
    const { channels } = this.snapshot;
    return (channels.find((channel) => channel.id === this.ui.lastChannel) ?? channels[0])?.id;
  }

  actAs(user) {
    if (user !== this.snapshot.me.id) this.wire.connect(user);
  }

  request(type, fields) {
    return this.wire.request(type, fields);
  }

  async skip(to) {
    this.ui.skipping = to;
    this.render();
    await this.request("skip", { to });
    this.ui.skipping = null;
    this.render();
  }

  toggle(flag) {
    this.ui[flag] = !this.ui[flag];
    this.render();
  }

  /** Slackbot says something to this person alone. */
  notice(channel, text) {
    const list = (this.ui.notices[channel] ??= []);
    const ts = Math.max(this.now() / 1000, Number(list.at(-1)?.ts ?? 0) + 1e-6).toFixed(6);
    list.push({ ts, user: SLACKBOT.id, text, blocks: null, ephemeral: true });
    this.ui.atEnd = true;
    this.render();
  }

  /** Ask for confirmation; answers true or false. */
  ask(dialog) {
    const back = document.activeElement;
    return new Promise((answer) => {
      this.ui.confirm = {
        dialog,
        settle: (agreed) => {
          this.ui.confirm = null;
          this.render();
          queueMicrotask(() => back?.focus?.({ preventScroll: true }));
          answer(agreed);
        },
      };
      this.closePopup();
    });
  }

  popup(owner) {
    return this.ui.popup?.owner === owner ? this.ui.popup : null;
  }

  openPopup(owner, fields) {
    this.ui.popup = { owner, ...fields };
    this.render();
    return this.ui.popup;
  }

  closePopup() {
    this.ui.popup = null;
    this.render();
  }

  /** Something to draw above everything else, this time. */
  raise(node) {
    this.raised.push(node);
  }

  now() {
    return Date.parse(this.snapshot.clock.now) + performance.now() - this.takenAt;
  }

  today() {
    return inZone(this.now(), this.zone).date;
  }

  user(id) {
    return this.snapshot.users.find((user) => user.id === id) ?? (id === SLACKBOT.id ? SLACKBOT : null);
  }

  /** Did this mail or text message arrive while the page was open? */
  hasJustCome(id) {
    return !this.thereBefore.has(id);
  }

  newsOutside() {
    return (this.snapshot.mailbox ?? []).filter((mail) => !this.ui.mail.seen.has(mail.id)).length;
  }

  /** What mrkdwn may refer to. */
  get reader() {
    const { snapshot } = this;
    return {
      userName: (id) => this.user(id)?.real_name || this.user(id)?.name || null,
      channelName: (id) => snapshot.channels.find((channel) => channel.id === id)?.name ?? null,
      me: snapshot.me.id,
      zone: this.zone,
      locale: this.locale,
      now: this.now(),
      words: this.words,
    };
  }

  /** Where one is has been read, as far as one sees it. */
  readHere() {
    const { place } = this.ui;
    const here =
      place.kind === "channel"
        ? this.snapshot.channels.find((channel) => channel.id === place.id)
        : place.tab === "messages"
          ? this.snapshot.dm
          : null;
    if (!here?.unread || document.visibilityState !== "visible") return;
    const last = here.messages.at(-1)?.ts;
    if (this.readUpTo === `${here.id} ${last}`) return;
    this.readUpTo = `${here.id} ${last}`;
    const fresh =
      this.drawnPlace !== here.id && typeof here.unread === "number" ? here.messages.at(-here.unread)?.ts : null;
    if (fresh) this.ui.newFrom[here.id] = fresh;
    this.request("read", { channel: here.id });
  }

  /** Draw soon; many changes make one drawing. */
  render() {
    if (this.due) return;
    this.due = true;
    queueMicrotask(() => {
      this.due = false;
      this.draw();
    });
  }

  draw() {
    if (!this.snapshot || !this.ui.place) {
      const words = wordsFor(navigator.language);
      const lost = this.wire.failures > 2;
      patch(this.root, [
        h(
          "div",
          { class: "opening", role: "status" },
          h("span", { class: "spinner" }),
          lost ? words.cannotOpen : words.connecting,
        ),
      ]);
      return;
    }
    this.readHere();
    this.raised = [];
    const { ui, snapshot, words } = this;
    const page = h(
      "div",
      { class: `page ${!snapshot.mailbox ? "alone" : ui.mail.open ? "reading" : ""}` },
      topbar(this),
      h(
        "div",
        { class: "workspace" },
        rail(this),
        sidebar(this),
        h(
          "main",
          { class: "place", inert: snapshot.modals.length > 0 || null },
          !ui.up &&
            h(
              "div",
              { class: "line-notice", role: "status" },
              h("span", { class: "spinner small" }),
              words.reconnecting,
            ),
          ui.up &&
            !snapshot.connected &&
            h("div", { class: "line-notice", role: "status" }, icon("warning"), words.notConnected(snapshot.app.name)),
          ui.place.kind === "app" ? appPage(this) : channelPage(this),
        ),
        modal(this),
      ),
      snapshot.mailbox && outside(this),
      confirmation(this),
      this.drawer.view(),
    );
    this.drawnPlace = ui.place.kind === "channel" ? ui.place.id : ui.place.tab === "messages" ? snapshot.dm.id : null;
    document.title = `${ui.place.kind === "app" ? snapshot.app.name : `#${this.channel()?.name}`} - ${snapshot.team.name} - Slack`;
    if (ui.popup && !this.raised.some(({ props }) => props.key === `popup ${ui.popup.owner}`)) ui.popup = null;
    patch(this.root, [page, h("div", { class: "layer", key: "layer" }, this.raised)]);
    if (this.focusComposer && !snapshot.modals.length)
      document.getElementById("composer")?.focus({ preventScroll: true });
    this.focusComposer = false;
  }

  channel() {
    return this.snapshot.channels.find((channel) => channel.id === this.ui.place.id) ?? this.snapshot.channels[0];
  }
}

function channelPage(app) {
  const channel = app.channel();
  if (!channel) return null;
  const staff = app.snapshot.users.filter((user) => !user.is_bot);
  return [
    h(
      "header",
      { class: "place-head", key: `head ${channel.id}` },
      h(
        "div",
        { class: "place-title" },
        icon("hash"),
        h("h1", null, channel.name),
        channel.topic && h("span", { class: "topic" }, channel.topic),
      ),
      h(
        "div",
        { class: "facepile", "aria-hidden": "true" },
        staff.slice(0, 3).map((user) => avatar(user, 24)),
        h("span", null, String(staff.length)),
      ),
    ),
    messages(app, channel, [
      h("div", { class: "beginning-hash" }, icon("hash")),
      h("h2", null, `# ${channel.name}`),
      h("p", null, app.words.channelStart(channel.name)),
    ]),
    composer(app, channel, `#${channel.name}`),
  ];
}

/** The place that the address names: "#C123", "#app/home". */
function placeFrom(hash) {
  const name = hash.slice(1);
  if (name.startsWith("app/")) return { kind: "app", tab: name.endsWith("messages") ? "messages" : "home" };
  return name ? { kind: "channel", id: name } : null;
}

new App(document.getElementById("root")).start();
