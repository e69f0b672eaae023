import type { Random } from "../../base/random.ts";
import type { Clock } from "../../socket/clock.ts";
import type { Socket } from "../../socket/socket.ts";
import { type Duration, type Instant, seconds } from "../../time/instant.ts";
import { perSecond, TokenBucket } from "../../time/token-bucket.ts";
import { Outbox } from "../outbox.ts";
import { finish, tryOption } from "../stream.ts";
import { CLOSE_CODES, isProgramsOwn } from "./close-code.ts";
import { FlushTurn } from "./flush-turn.ts";
import { type FrameOptions, writeClose, writeFrame, writeText } from "./frame-writer.ts";
import { Inbox } from "./inbox.ts";
import { DEFAULT_LIMITS, type WebSocketLimits } from "./limits.ts";
import { type MessageEvents, MessageReader, type Role } from "./message-reader.ts";
import { BINARY, CONTROL_BYTES, PING, PONG } from "./opcode.ts";

/** A close that was said waits so long for the peer's. */
export const CLOSE_TIME: Duration = seconds(5);
/** `send` tells who sends to wait from here on. */
const HIGH_WATER = 65_536;
const LOW_WATER = 16_384;

/** Bytes of a reason that fit into a close frame (RFC 6455 §5.5). */
const REASON_BYTES = CONTROL_BYTES - 2;

/** Shared by all: it is full only from a read to the end of its handling. */
const received = new Uint8Array(65_536);

/** How a connection ended. */
export interface CloseFacts {
  /** 1005 when the peer gave no code, 1006 when there was no close frame at all. */
  readonly code: number;
  readonly reason: string;
  /** Whether both ends said close. */
  readonly wasClean: boolean;
}

/** When the peer is asked whether it is there. */
export interface Heartbeat {
  /** A ping goes out after so much silence. */
  readonly interval: Duration;
  /** A peer of which nothing comes for so long after a ping is gone: 1006. */
  readonly timeout: Duration;
}

export interface WebSocketOptions {
  readonly role: Role;
  readonly clock: Clock;
  /** Of the masks: a client needs it (RFC 6455 §10.3). */
  readonly random?: Random | undefined;
  readonly url: string;
  /** The subprotocol that was agreed on; empty for none. */
  readonly protocol: string;
  readonly limits?: Partial<WebSocketLimits> | undefined;
  /** None unless given. */
  readonly heartbeat?: Heartbeat | undefined;
  /** Shared by connections that are written to together. */
  readonly turn?: FlushTurn | undefined;
  /** What came together with the handshake. */
  readonly first?: Uint8Array | undefined;
}

/**
 * One end of an open WebSocket connection, over any stream socket (RFC 6455). It has the face of the WHATWG's WebSocket where
 * that fits: `send`, `close`, `readyState`, `bufferedAmount`, `protocol`, `onmessage`, `onclose`. Beside it: messages by
 * `for await`, which holds the peer back while nobody takes them; {@link drained}; pings; {@link closed} as a promise. Binary
 * messages are Uint8Arrays. No extension is offered or taken.
 */
export class WebSocket implements AsyncIterable<string | Uint8Array> {
  static readonly CONNECTING = 0;
  static readonly OPEN = 1;
  static readonly CLOSING = 2;
  static readonly CLOSED = 3;

  readonly url: string;
  readonly protocol: string;
  readonly extensions = "";
  /** How it ended, once it has. Never rejects. */
  readonly closed: Promise<CloseFacts>;
  /** Resolves when the stream below is closed too. */
  readonly ended: Promise<void>;
  /** Called with each message; then there is no back-pressure but this function's own time. */
  onmessage: ((event: { readonly data: string | Uint8Array }) => void) | undefined;
  onclose: ((event: CloseFacts) => void) | undefined;
  onpong: ((payload: Uint8Array) => void) | undefined;
  /** Of the {@link FlushTurn}. */
  inTurn = false;
  readonly #role: Role;
  readonly #clock: Clock;
  readonly #random: Random | undefined;
  readonly #heartbeat: Heartbeat | undefined;
  readonly #turn: FlushTurn;
  readonly #socket: Socket;
  readonly #reader: MessageReader;
  readonly #outbox: Outbox;
  readonly #inbox = new Inbox(() => this.#readSoon());
  readonly #messages: TokenBucket | undefined;
  readonly #controls: TokenBucket;
  readonly #key = new Uint8Array(4);
  #first: Uint8Array;
  #state: 1 | 2 | 3 = WebSocket.OPEN;
  #closeSent = false;
  /** What the peer's close frame said, or what we failed it with. */
  #facts: CloseFacts | undefined;
  #heard: Instant;
  #cancelTimer: () => void = () => {};
  #drains: (() => void)[] = [];
  #resolveClosed: (facts: CloseFacts) => void = () => {};
  #resolveEnded: () => void = () => {};

  /** @param socket a connected stream on which the opening handshake is done; it belongs to this from now on */
  constructor(socket: Socket, options: WebSocketOptions) {
    const {
      role,
      clock,
      random,
      url,
      protocol,
      limits,
      heartbeat,
      turn = new FlushTurn(),
      first = new Uint8Array(0),
    } = options;
    const all = { ...DEFAULT_LIMITS, ...limits };
    this.url = url;
    this.protocol = protocol;
    this.#role = role;
    this.#clock = clock;
    this.#random = random;
    this.#heartbeat = heartbeat;
    this.#turn = turn;
    this.#first = first;
    this.#socket = socket;
    this.#outbox = new Outbox(socket, all.queueBytes);
    this.#reader = new MessageReader(role, all, this.#events());
    this.#heard = clock.now();
    this.#messages = bucket(all.messageRate, all.messageBurst, this.#heard);
    this.#controls = bucket(all.controlRate, all.controlBurst, this.#heard) as TokenBucket;
    this.closed = new Promise((resolve) => {
      this.#resolveClosed = resolve;
    });
    this.ended = new Promise((resolve) => {
      this.#resolveEnded = resolve;
    });
    tryOption(socket, "TCP_NODELAY", true);
    socket.onReady = () => this.#ready();
    this.#watch();
    this.#readSoon(); // what came together with the handshake, when the program has had its turn to listen
  }

  get readyState(): 1 | 2 | 3 {
    return this.#state;
  }

  /** Bytes that wait to be sent, frames' heads included. */
  get bufferedAmount(): number {
    return this.#outbox.bytes;
  }

  /**
   * Sends a message. Text in which there are half surrogate pairs gets U+FFFD for them.
   * @returns whether there is room for more: a program that sends much waits for {@link drained} when not, or when the
   *   connection is not open any more and nothing is sent
   */
  send(data: string | Uint8Array): boolean {
    if (this.#state !== WebSocket.OPEN) return false;
    return this.#push(
      typeof data === "string" ? writeText(data, this.#mask()) : writeFrame(BINARY, data, this.#mask()),
    );
  }

  /**
   * Sends a frame that was written once for many ({@link writeText}, {@link writeFrame}). A server's only: a client's frames
   * are masked, each with a key of its own.
   * @throws TypeError on a client
   */
  sendFrame(frame: Uint8Array): boolean {
    if (this.#role === "client") throw new TypeError("a client's frames need a mask of their own");
    return this.#state === WebSocket.OPEN && this.#push(frame);
  }

  /** Resolves when little waits to be sent, or nothing can be any more. */
  drained(): Promise<void> {
    if (this.#outbox.bytes <= LOW_WATER || this.#state === WebSocket.CLOSED) return Promise.resolve();
    return new Promise((resolve) => this.#drains.push(resolve));
  }

  /** Asks for a sign of life; {@link onpong} hears it. @param payload at most 125 bytes */
  ping(payload: Uint8Array = new Uint8Array(0)): void {
    if (payload.length > CONTROL_BYTES) throw new RangeError("a ping has at most 125 bytes");
    if (this.#state === WebSocket.OPEN) this.#push(writeFrame(PING, payload, this.#mask()));
  }

  /**
   * Begins to close: what waits is sent, then a close frame; the peer's ends it, or {@link CLOSE_TIME}.
   * @param code 1000 or 3000–4999 @param reason at most 123 bytes of UTF-8
   * @throws RangeError for a code or a reason that cannot be sent
   */
  close(code?: number, reason = ""): void {
    if (code !== undefined && !isProgramsOwn(code)) throw new RangeError(`${code} is not a program's close code`);
    this.#close(code, reason);
  }

  /** A server's own reason to close: it goes away (1001), or restarts (1012), or has too much to do (1013). */
  closeAsServer(code: 1001 | 1011 | 1012 | 1013, reason = ""): void {
    this.#close(code, reason);
  }

  /** Ends the connection at once, with a reset. */
  terminate(): void {
    if (this.#state === WebSocket.CLOSED) return;
    tryOption(this.#socket, "SO_LINGER", 0);
    this.#end();
  }

  /** Messages as they come, until the connection is closed. Leaving the loop closes it. */
  async *[Symbol.asyncIterator](): AsyncGenerator<string | Uint8Array, void, void> {
    try {
      for (;;) {
        const data = await this.#inbox.take();
        if (data === undefined) return;
        yield data;
      }
    } finally {
      this.#inbox.close();
      this.#close(CLOSE_CODES.normal, "");
    }
  }

  /** Sends what waits, as far as the socket takes it. Called by the {@link FlushTurn}. */
  flush(): void {
    if (this.#state === WebSocket.CLOSED) return;
    const refusal = this.#outbox.flush();
    if (refusal !== undefined && refusal !== "EAGAIN") {
      this.#end();
      return;
    }
    if (this.#outbox.bytes <= LOW_WATER) this.#wakeSenders();
    if (refusal === undefined && this.#closeSent && this.#facts !== undefined) this.#endInOrder();
  }

  #events(): MessageEvents {
    return {
      message: (data) => this.#take(data),
      ping: (payload) => {
        if (this.#allows(this.#controls) && !this.#closeSent) this.#push(writeFrame(PONG, payload, this.#mask()));
      },
      pong: (payload) => {
        if (this.#allows(this.#controls)) this.onpong?.(payload);
      },
      close: (code, reason) => this.#closedByPeer(code, reason),
      fail: (code, why) => this.#fail(code, why),
    };
  }

  #take(data: string | Uint8Array): void {
    if (this.#state !== WebSocket.OPEN || !this.#allows(this.#messages)) return;
    if (this.onmessage !== undefined) this.onmessage({ data });
    else this.#inbox.put(data);
  }

  #allows(limit: TokenBucket | undefined): boolean {
    if (this.#facts !== undefined) return false;
    if (limit === undefined || limit.take(this.#clock.now())) return true;
    this.#fail(CLOSE_CODES.policyViolation, "too many messages");
    return false;
  }

  #mask(): FrameOptions | undefined {
    if (this.#random === undefined || this.#role === "server") return undefined;
    const word = this.#random.uint32();
    for (let at = 0; at < 4; at++) this.#key[at] = word >>> (8 * at);
    return { key: this.#key };
  }

  #push(frame: Uint8Array): boolean {
    if (!this.#outbox.push(frame)) {
      this.#facts ??= { code: CLOSE_CODES.abnormal, reason: "too slow", wasClean: false };
      this.terminate();
      return false;
    }
    this.#turn.add(this);
    return this.#outbox.bytes < HIGH_WATER;
  }

  /** Not at once: the bytes of another connection may be in the shared buffer. */
  #readSoon(): void {
    void Promise.resolve().then(() => this.#ready());
  }

  /** Whether the peer is held back, because nobody takes its messages. */
  get #held(): boolean {
    return this.#inbox.full && this.#state === WebSocket.OPEN;
  }

  #ready(): void {
    if (this.#outbox.bytes > 0) this.flush();
    if (this.#first.length > 0) {
      const first = this.#first;
      this.#first = new Uint8Array(0);
      this.#reader.push(first);
    }
    while (this.#state !== WebSocket.CLOSED && !this.#reader.over && !this.#held) {
      const count = this.#socket.read(received);
      if (count === "EAGAIN") return;
      if (typeof count === "string" || count === 0) this.#end();
      else {
        this.#heard = this.#clock.now();
        this.#reader.push(received.subarray(0, count));
      }
    }
  }

  /** The peer has said close: it gets the same back, if it did not have one (RFC 6455 §5.5.1). */
  #closedByPeer(code: number, reason: string): void {
    this.#facts ??= { code, reason, wasClean: true };
    if (this.#state === WebSocket.OPEN) this.#state = WebSocket.CLOSING;
    this.#sayClose(code === CLOSE_CODES.noStatus ? undefined : code, "");
    this.#turn.add(this);
  }

  /** The peer has done what it must not: it is told, and the connection fails (RFC 6455 §7.1.7). */
  #fail(code: number, why: string): void {
    if (this.#facts !== undefined) return;
    this.#facts = { code, reason: why, wasClean: false };
    if (this.#state === WebSocket.OPEN) this.#state = WebSocket.CLOSING;
    this.#sayClose(code, why);
    this.#turn.add(this);
  }

  #close(code: number | undefined, reason: string): void {
    if (this.#state !== WebSocket.OPEN) return;
    if (new TextEncoder().encode(reason).length > REASON_BYTES) throw new RangeError("a reason has at most 123 bytes");
    this.#state = WebSocket.CLOSING;
    this.#sayClose(code ?? (reason === "" ? undefined : CLOSE_CODES.normal), reason);
    this.#inbox.close();
    this.#readSoon();
  }

  #sayClose(code: number | undefined, reason: string): void {
    if (this.#closeSent) return;
    this.#closeSent = true;
    this.#timer(CLOSE_TIME, () => this.terminate());
    this.#push(writeClose(code, reason, this.#mask()));
  }

  /** All is said: the stream ends too. A client lets the server go first (RFC 6455 §7.1.1). */
  #endInOrder(): void {
    if (this.#state === WebSocket.CLOSED) return;
    const isSecond = this.#role === "client" && this.#facts?.wasClean === true;
    this.#settle();
    void finish(this.#socket, this.#clock, { isSecond }).then(this.#resolveEnded);
  }

  #end(): void {
    if (this.#state === WebSocket.CLOSED) return;
    this.#settle();
    void this.#socket
      .close()
      .catch(() => undefined)
      .then(this.#resolveEnded);
  }

  #settle(): void {
    this.#state = WebSocket.CLOSED;
    this.#cancelTimer();
    this.#outbox.clear();
    this.#socket.onReady = undefined;
    this.#facts ??= { code: CLOSE_CODES.abnormal, reason: "", wasClean: false };
    this.#wakeSenders();
    this.#inbox.close();
    this.#resolveClosed(this.#facts);
    this.onclose?.(this.#facts);
  }

  #wakeSenders(): void {
    if (this.#drains.length === 0) return;
    for (const wake of this.#drains.splice(0)) wake();
  }

  /** One timer a connection: it looks how long ago the peer was heard. */
  #watch(): void {
    const heartbeat = this.#heartbeat;
    if (heartbeat === undefined || this.#closeSent) return;
    if (this.#held) this.#heard = this.#clock.now(); // its answers are not read
    const silent = this.#clock.now() - this.#heard;
    if (silent < heartbeat.interval) {
      this.#timer((heartbeat.interval - silent) as Duration, () => this.#watch());
      return;
    }
    this.ping();
    const asked = this.#clock.now();
    this.#timer(heartbeat.timeout, () => (this.#heard < asked ? this.terminate() : this.#watch()));
  }

  #timer(duration: Duration, callback: () => void): void {
    this.#cancelTimer();
    this.#cancelTimer = this.#clock.after(duration, callback);
  }
}

/** @returns undefined for no limit */
const bucket = (rate: number, burst: number, now: Instant): TokenBucket | undefined =>
  Number.isFinite(rate) ? new TokenBucket(perSecond(rate), burst, now) : undefined;
