// The connection to the chat: a WebSocket, or where there is none server-sent events and POST. It comes back by itself, asks for
// what was missed, and sends again what was not acknowledged, under the same id.
const PENDING = "chat-pending";
const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 15_000;
/** WebSockets that never opened before events are tried. */
const TRIES = 2;
const SESSION_ENDED = 4001;
/** After so much silence the server is asked for something, and when nothing comes for so long it is gone. */
const ASK_AFTER = 25_000;
const GONE_AFTER = 10_000;

export class Connection {
  #options;
  #socket;
  #stream;
  #closed = false;
  #pause = FIRST_PAUSE;
  #timer;
  #neverOpened = 0;
  #watch;
  #ready = false;
  /** Messages that have no acknowledgement yet, in order. They outlive a reload. */
  #pending = new Map(JSON.parse(sessionStorage.getItem(PENDING) ?? "[]"));

  /** @param options {{ room(), heard(room), event(message), state(name), begin() }} */
  constructor(options) {
    this.#options = options;
    addEventListener("online", this.#now);
  }

  open() {
    if (this.#closed) return;
    this.#options.state("connecting");
    if (this.#neverOpened < TRIES) this.#openSocket();
    else this.#openStream();
  }

  close() {
    this.#closed = true;
    clearTimeout(this.#timer);
    clearTimeout(this.#watch);
    removeEventListener("online", this.#now);
    this.#socket?.close();
    this.#stream?.close();
  }

  /** Goes to the room that is wanted now, or catches up there. */
  join() {
    const room = this.#options.room();
    if (this.#stream !== undefined) {
      this.#stream.close();
      this.#openStream();
    } else this.#send({ type: "join", room, after: this.#options.heard(room) });
  }

  /** Says something, now or when there is a connection again. */
  say(message) {
    this.#pending.set(message.id, message);
    this.#keep();
    if (this.#ready) this.ask(message);
  }

  ask(message) {
    if (this.#stream !== undefined) void this.#post(message);
    else this.#send(message);
  }

  acknowledged(id) {
    this.#pending.delete(id);
    this.#keep();
  }

  /** The server was too busy for it: once more, after a while. */
  later(id) {
    setTimeout(() => {
      const message = this.#pending.get(id);
      if (message !== undefined && this.#ready) this.ask(message);
    }, 1500);
  }

  #keep() {
    sessionStorage.setItem(PENDING, JSON.stringify([...this.#pending]));
  }

  #send(message) {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }

  #openSocket() {
    const url = new URL("/socket", location.href);
    url.protocol = url.protocol.replace("http", "ws");
    const socket = new WebSocket(url);
    this.#socket = socket;
    let opened = false;
    socket.onopen = () => {
      opened = true;
      this.#neverOpened = 0;
      this.#pause = FIRST_PAUSE;
      this.join();
    };
    socket.onmessage = ({ data }) => this.#heard(JSON.parse(data));
    socket.onclose = ({ code }) => {
      if (socket !== this.#socket) return;
      if (!opened) this.#neverOpened++;
      this.#lost(code === SESSION_ENDED || !opened);
    };
  }

  #openStream() {
    const room = this.#options.room();
    const query = new URLSearchParams({ room, after: this.#options.heard(room) ?? 0 });
    const stream = new EventSource(`/events?${query}`);
    this.#stream = stream;
    stream.onmessage = ({ data }) => this.#heard(JSON.parse(data));
    stream.onerror = () => {
      if (stream !== this.#stream) return;
      stream.close();
      this.#stream = undefined;
      this.#neverOpened = 0;
      this.#lost(true);
    };
  }

  #heard(message) {
    this.#listen();
    this.#options.event(message);
    if (message.type !== "room") return;
    if (message.missing && this.#stream === undefined) {
      this.join();
      return;
    }
    this.#ready = true;
    this.#options.state("online");
    for (const each of this.#pending.values()) this.ask(each);
  }

  /** A connection whose other end has vanished says nothing of it, after a sleep for instance. */
  #listen() {
    clearTimeout(this.#watch);
    const socket = this.#socket;
    if (this.#stream !== undefined || socket === undefined) return;
    this.#watch = setTimeout(() => {
      this.ask({ type: "rooms" });
      this.#watch = setTimeout(() => {
        if (socket !== this.#socket) return;
        this.#socket = undefined;
        socket.close();
        this.#lost(false);
      }, GONE_AFTER);
    }, ASK_AFTER);
  }

  async #post(message) {
    try {
      const headers = { "Content-Type": "application/json" };
      const response = await fetch("/ask", { method: "POST", headers, body: JSON.stringify(message) });
      this.#options.event(await response.json());
    } catch {
      // What was not acknowledged is sent again once there is a connection.
    }
  }

  async #lost(mayNeedSession) {
    this.#ready = false;
    clearTimeout(this.#watch);
    if (this.#closed) return;
    this.#options.state("offline");
    if (mayNeedSession) await this.#options.begin();
    if (this.#closed) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.open(), this.#pause * (0.5 + Math.random() / 2));
    this.#pause = Math.min(2 * this.#pause, LONGEST_PAUSE);
  }

  #now = () => {
    if (this.#ready || this.#closed) return;
    clearTimeout(this.#timer);
    this.#pause = FIRST_PAUSE;
    this.open();
  };
}
