// How does this tab talk to the workspace?
//
// One WebSocket: snapshots come in, requests go out and are answered by id. A lost line is taken up again by itself.

const RETRY_MS = [300, 700, 1500, 3000];

export class Wire {
  /**
   * @param {{onSnapshot: (snapshot: object) => void, onLine: (up: boolean) => void}} listeners
   */
  constructor(listeners) {
    this.listeners = listeners;
    this.count = 0;
    this.failures = 0;
    /** @type {Map<number, (reply: object) => void>} */
    this.waiting = new Map();
    this.socket = null;
    this.user = null;
  }

  /** Speak as this person from now on. */
  connect(user) {
    this.user = user;
    this.hangUp();
    const here = new URL(location.href);
    const address = new URL("/page/socket", here);
    address.protocol = here.protocol === "https:" ? "wss:" : "ws:";
    address.searchParams.set("key", here.searchParams.get("key") ?? "");
    if (user) address.searchParams.set("user", user);
    const socket = new WebSocket(address);
    this.socket = socket;
    socket.onopen = () => {
      this.failures = 0;
      this.listeners.onLine(true);
    };
    socket.onmessage = (event) => this.receive(JSON.parse(event.data));
    socket.onclose = () => {
      if (this.socket !== socket) return;
      this.hangUp();
      this.listeners.onLine(false);
      const pause = RETRY_MS[Math.min(this.failures++, RETRY_MS.length - 1)];
      this.timer = setTimeout(() => this.connect(this.user), pause);
    };
  }

  hangUp() {
    clearTimeout(this.timer);
    const socket = this.socket;
    this.socket = null;
    socket?.close();
    for (const settle of this.waiting.values()) settle({ ok: false, error: "trouble" });
    this.waiting.clear();
  }

  receive(message) {
    if (message.type === "snapshot") {
      this.listeners.onSnapshot(message.snapshot);
    } else if (message.type === "reply") {
      this.waiting.get(message.id)?.(message);
      this.waiting.delete(message.id);
    }
  }

  /**
   * Ask the workspace for something. Never rejects: without a line the answer is `{ok: false, error: "trouble"}`.
   * @param {string} type
   * @param {object} [fields]
   * @returns {Promise<{ok: boolean, error?: string, [more: string]: any}>}
   */
  request(type, fields = {}) {
    const socket = this.socket;
    if (socket?.readyState !== WebSocket.OPEN) return Promise.resolve({ ok: false, error: "trouble" });
    const id = ++this.count;
    return new Promise((settle) => {
      this.waiting.set(id, settle);
      socket.send(JSON.stringify({ type, id, ...fields }));
    });
  }
}
