// What happens when somebody presses, chooses or types something on a surface?
//
// A surface is anything that carries blocks: a modal, the Home tab, a message. It knows its form and how the workspace
// addresses it, and turns what is done on it into requests.

import { Form, isStateful, refusals } from "./forms.js";

const TYPING_PAUSE_MS = 350;
const SUGGEST_PAUSE_MS = 180;
const KEEP_PAUSE_MS = 300;

/** Ids for nodes, short and without anything a person typed in them. */
const NODE_IDS = new Map();
const nodeId = (name) => {
  if (!NODE_IDS.has(name)) NODE_IDS.set(name, `f${NODE_IDS.size + 1}`);
  return NODE_IDS.get(name);
};

export class Surface {
  constructor(app, key, address, kind) {
    this.app = app;
    this.key = key;
    this.address = address;
    /** @type {"modal" | "home" | "message"} */
    this.kind = kind;
    this.form = new Form();
    this.blocks = [];
    this.timers = new Map();
  }

  follow(content) {
    this.content = content;
    this.blocks = [...(content.blocks ?? []), ...(content.attachments ?? []).flatMap((each) => each.blocks ?? [])];
    this.form.follow({ ...content, blocks: this.blocks });
  }

  id(block, element, part = "") {
    return nodeId(`${this.key} ${block.block_id} ${element?.action_id ?? ""} ${part}`);
  }

  /** The state as requests carry it; messages have theirs too. */
  state() {
    return this.form.state(this.blocks);
  }

  /** A value was chosen or typed; tell the app if the app wants to know. `how` is "chosen", "typed" or "entered". */
  keep(block, element, value, how = "chosen") {
    this.form.keep(block, element, value);
    this.app.render();
    if (this.kind === "modal" && !this.timers.has("typed")) this.later("typed", KEEP_PAUSE_MS, () => this.handOver());
    this.changed(block, element, how);
  }

  changed(block, element, how) {
    if (block.type === "input" && !block.dispatch_action) return;
    const send = () => this.act(block, element, this.form.inSlackShape(block, element));
    if (how === "chosen") return send();
    const triggers = element.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
    const name = `typing ${block.block_id} ${element.action_id}`;
    if (how === "typed" && triggers.includes("on_character_entered")) this.later(name, TYPING_PAUSE_MS, send);
    if (how === "entered" && triggers.includes("on_enter_pressed")) {
      this.forgetTimer(name);
      send();
    }
  }

  /** Give the workspace what is being typed, so that a reload of the tab loses nothing. */
  handOver() {
    this.forgetTimer("typed");
    this.request("typed", { state: this.state() });
  }

  /** Does Enter in this field speak to the app? Otherwise it submits. */
  entersAction(block, element) {
    const triggers = element.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
    return block.type !== "input" || (Boolean(block.dispatch_action) && triggers.includes("on_enter_pressed"));
  }

  /** A button was pressed or an overflow option chosen. */
  async press(block, element, action) {
    if (element.confirm && !(await this.app.ask(element.confirm))) return;
    if (element.url) window.open(element.url, "_blank", "noopener");
    await this.act(block, element, action);
  }

  async act(block, element, action) {
    const pressed = `${block.block_id}\u0000${element.action_id}`;
    if (this.form.pending.has(pressed) && !isStateful(element)) return;
    this.form.pending.add(pressed);
    this.form.trouble = false;
    this.app.render();
    const reply = await this.app.request("action", {
      surface: this.address,
      block_id: block.block_id,
      action_id: element.action_id,
      action,
      state: this.state(),
    });
    this.form.pending.delete(pressed);
    if (!reply.ok) this.form.trouble = true;
    this.app.render();
  }

  /** Options for an external select, after a pause in the typing. Calls `settle` unless a later question overtakes it. */
  suggest(block, element, value, settle) {
    const ask = async () => {
      const ticket = (this.ticket = {});
      const reply = await this.app.request("suggest", {
        surface: this.address,
        block_id: block.block_id,
        action_id: element.action_id,
        value,
        state: this.state(),
      });
      if (this.ticket === ticket) settle(reply);
    };
    this.ticket = null;
    this.later("suggest", value === "" ? 0 : SUGGEST_PAUSE_MS, ask);
  }

  async submit() {
    const { form, app } = this;
    if (form.busy || !this.content.submit) return;
    form.trouble = false;
    form.errors = refusals(form, this.blocks, app.words);
    if (Object.keys(form.errors).length) return this.showFirstError();
    for (const name of [...this.timers.keys()]) this.forgetTimer(name);
    form.busy = true;
    app.closePopup();
    app.render();
    const reply = await this.request("submit", { state: this.state() });
    form.busy = false;
    if (reply.errors && Object.keys(reply.errors).length) {
      form.errors = { ...reply.errors };
      return this.showFirstError();
    }
    form.trouble = !reply.ok;
    app.render();
  }

  showFirstError() {
    this.focusError = true;
    this.app.render();
  }

  close(cleared) {
    for (const name of [...this.timers.keys()]) this.forgetTimer(name);
    return this.request("close", { cleared });
  }

  request(type, fields) {
    return this.app.request(type, { view_id: this.address.view_id, ...fields });
  }

  later(name, ms, work) {
    this.forgetTimer(name);
    this.timers.set(
      name,
      setTimeout(() => {
        this.timers.delete(name);
        work();
      }, ms),
    );
  }

  forgetTimer(name) {
    clearTimeout(this.timers.get(name));
    this.timers.delete(name);
  }
}

/** The surfaces that are shown, kept from one drawing to the next. */
export class Surfaces {
  constructor(app) {
    this.app = app;
    this.known = new Map();
  }

  get(key, address, kind, content) {
    if (!this.known.has(key)) this.known.set(key, new Surface(this.app, key, address, kind));
    const surface = this.known.get(key);
    if (surface.content !== content) surface.follow(content);
    return surface;
  }

  forView(view, kind) {
    return this.get(`view ${view.id}`, { view_id: view.id }, kind, view);
  }

  /** The same message may stand in its channel and in the thread pane; each has nodes of its own. */
  forMessage(channel, message, inThread = false) {
    const key = `message ${channel} ${message.ts}${inThread ? " in thread" : ""}`;
    return this.get(key, { channel, ts: message.ts }, "message", message);
  }

  /** The tab is being left: what was typed last goes to the workspace at once. */
  handOver() {
    for (const surface of this.known.values()) if (surface.timers.has("typed")) surface.handOver();
  }

  /** Forget modals that are closed. */
  prune(snapshot) {
    const open = new Set(snapshot.modals.map((view) => `view ${view.id}`));
    for (const [key, surface] of this.known) if (surface.kind === "modal" && !open.has(key)) this.known.delete(key);
  }
}
