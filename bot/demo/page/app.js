// What is on the page right now, and who draws it?
//
// Holds the last snapshot and the little that belongs to this tab alone (where one is, drafts, the open pop-up), and
// draws everything again whenever one of them changes.

import { channelPage } from "./channel.js";
import { fieldId } from "./composer.js";
import { h, patch } from "./dom.js";
import { Drawer } from "./drawer.js";
import { Focus } from "./focus.js";
import { appPage } from "./home.js";
import { icon } from "./icons.js";
import { confirmation, modal } from "./modal.js";
import { outside } from "./outside.js";
import { watchPopups } from "./popup.js";
import { rail, sidebar, topbar } from "./sidebar.js";
import { Surfaces } from "./surfaces.js";
import { threadPane } from "./thread.js";
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
    this.focus = new Focus();
    this.ui = {
      place: null,
      popup: null,
      confirm: null,
      drafts: {},
      notices: {},
      newFrom: {},
      /** Long texts that somebody asked to see whole. */
      unfolded: new Set(),
      slash: { active: 0, dismissed: false },
      mail: { open: null, tab: "html", seen: new Set() },
      thread: null,
      active: {},
      toEnd: new Set(),
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
    this.focus.watch();
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
    this.zone = snapshot.me.zone; // Slack shows every moment in the reader's own zone
    this.clockZone = snapshot.clock.zone;
    document.documentElement.lang = this.locale.slice(0, 2);
    if (changedPerson) this.settle(before);
    this.surfaces.prune(snapshot);
    if (!before?.modals.length && snapshot.modals.length) this.focus.hold();
    if (before?.modals.length && !snapshot.modals.length) this.modalsAreGone = true;
    this.render();
  }

  /** A person has come: find their place. */
  settle(before) {
    const url = new URL(location.href);
    url.searchParams.set("user", this.snapshot.me.id);
    history.replaceState(null, "", url);
    if (before) this.surfaces.known.clear();
    if (before) Object.assign(this.ui, { drafts: {}, notices: {}, newFrom: {}, popup: null, thread: null });
    const wanted = this.ui.place ?? placeFrom(location.hash);
    const there = wanted?.kind === "app" || this.snapshot.channels.some((channel) => channel.id === wanted?.id);
    this.go(there ? wanted : { kind: "channel", id: this.snapshot.channels[0]?.id });
  }

  go(place) {
    const leaving = this.ui.place?.id ?? this.snapshot.dm.id;
    if (this.ui.place && this.ui.place.id !== place.id) delete this.ui.newFrom[leaving];
    if (this.ui.place?.id !== place.id) this.ui.thread = null;
    Object.assign(this.ui, { place, popup: null, sidebarOpen: false });
    history.replaceState(null, "", `#${[place.kind === "app" ? "app" : place.id, place.tab].filter(Boolean).join("/")}`);
    if (place.kind === "app") {
      this.ui.homeAsked = place.tab === "home";
      this.request("open_app", { tab: place.tab }).then(() => {
        this.ui.homeAsked = false;
        this.render();
      });
    } else {
      this.ui.lastChannel = place.id;
    }
    if (place.tab !== "home" && place.tab !== "files") this.focusField ??= "composer";
    this.render();
  }

  /** Open the thread of a message; the field to reply in gets the focus. */
  openThread(place, ts) {
    this.ui.thread = { place: place.id, ts };
    this.focusField = fieldId(ts);
    this.render();
  }

  /** Close the thread; back to its message. */
  closeThread() {
    const { place, ts } = this.ui.thread;
    this.ui.thread = null;
    this.focus.goTo(place, ts);
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
  notice(channel, text, threadTs = null) {
    const list = (this.ui.notices[channel] ??= []);
    const ts = Math.max(this.now() / 1000, Number(list.at(-1)?.ts ?? 0) + 1e-6).toFixed(6);
    list.push({ ts, user: SLACKBOT.id, text, blocks: null, ephemeral: true, thread_ts: threadTs });
    this.ui.toEnd.add(threadTs ? `${channel} ${threadTs}` : channel);
    this.render();
  }

  /** Ask for confirmation; answers true or false. */
  ask(dialog) {
    const [back, last] = [document.activeElement, this.focus.last];
    return new Promise((answer) => {
      this.ui.confirm = {
        dialog,
        settle: (agreed) => {
          this.ui.confirm = null;
          this.render();
          queueMicrotask(() => {
            back?.focus?.({ preventScroll: true });
            this.focus.last = last;
            this.focus.restore();
          });
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
    const here = this.conversation();
    if (!here?.unread || document.visibilityState !== "visible") return;
    const last = here.messages.at(-1)?.ts;
    if (this.readUpTo === `${here.id} ${last}`) return;
    this.readUpTo = `${here.id} ${last}`;
    const inPlace = here.messages.filter((message) => !message.thread_ts || message.broadcast);
    const fresh =
      this.drawnPlace !== here.id && typeof here.unread === "number" ? inPlace.at(-here.unread)?.ts : null;
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
    const inChannel = ui.place.kind === "channel";
    const thread = threadPane(this, this.conversation(), inChannel ? `#${this.channel()?.name}` : snapshot.app.name);
    const page = h(
      "div",
      { class: `page ${!snapshot.mailbox ? "alone" : ui.mail.open ? "reading" : ""}` },
      topbar(this),
      h(
        "div",
        { class: `workspace ${thread ? "threaded" : ""}` },
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
          ui.place.kind === "app" ? appPage(this) : channelPage(this, this.channel()),
        ),
        thread,
        modal(this),
      ),
      snapshot.mailbox && outside(this),
      confirmation(this),
      this.drawer.view(),
    );
    this.drawnPlace = this.conversation()?.id ?? null;
    document.title = `${ui.place.kind === "app" ? snapshot.app.name : `#${this.channel()?.name}`} - ${snapshot.team.name} - Slack`;
    if (ui.popup && !this.raised.some(({ props }) => props.key === `popup ${ui.popup.owner}`)) ui.popup = null;
    patch(this.root, [page, h("div", { class: "layer", key: "layer" }, this.raised)]);
    this.placeFocus();
  }

  placeFocus() {
    if (this.snapshot.modals.length || this.ui.confirm) this.focusField = null;
    else if (this.modalsAreGone && !this.focus.release()) this.focusField ??= "composer";
    this.modalsAreGone = false;
    if (this.focusField) document.getElementById(this.focusField)?.focus({ preventScroll: true });
    else this.focus.restore();
    this.focusField = null;
  }

  /** The channel or the direct messages that are on the page, if any. */
  conversation() {
    const { place } = this.ui;
    if (place.kind === "channel") return place.tab === "files" ? null : this.channel();
    return place.tab === "messages" ? this.snapshot.dm : null;
  }

  channel() {
    return this.snapshot.channels.find((channel) => channel.id === this.ui.place.id) ?? this.snapshot.channels[0];
  }
}

/** The place that the address names: "#C123", "#app/home". */
function placeFrom(hash) {
  const name = hash.slice(1);
  if (name.startsWith("app/")) return { kind: "app", tab: name.endsWith("messages") ? "messages" : "home" };
  const [id, tab] = name.split("/");
  return id ? { kind: "channel", id, ...(tab === "files" && { tab }) } : null;
}

new App(document.getElementById("root")).start();
