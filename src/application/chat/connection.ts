import type { SocketAddress } from "../../address/endpoint.ts";
import type { Errno } from "../../base/errno.ts";
import type { Clock } from "../../socket/clock.ts";
import type { Socket } from "../../socket/socket.ts";
import { type Duration, milliseconds, seconds } from "../../time/instant.ts";
import { perSecond, TokenBucket } from "../../time/token-bucket.ts";
import { Outbox } from "../outbox.ts";
import { tryOption } from "../stream.ts";
import { removeControls } from "../text.ts";
import { answerToForeign } from "./foreign.ts";
import { type ChatInput, type Line, LineInput } from "./line-input.ts";
import { isMessage, type Lines } from "./lines.ts";
import type { Member } from "./room.ts";
import type { Spoken } from "./spoken.ts";
import { REFUSE_TIMING_MARK } from "./telnet.ts";

/** On a connection that has never sent a line end, text followed by so much silence is a message. */
export const SILENCE = milliseconds(100);
/**
 * A new connection is only read for so long, so that a program that speaks first and is no chat client, such as a browser,
 * gets an answer in its own protocol and nothing else.
 */
export const LISTENING_TIME = milliseconds(250);
/**
 * Who has not spoken is greeted when there is something to hear from others, and after so long at the latest. A program that
 * sends and then receives once gets the greeting together with its own message, not instead of it.
 */
export const GREETING_DELAY = seconds(1);
/** Once a goodbye is said, the client has so long to take what is left for it and to close. */
export const GOODBYE_TIME = seconds(2);
/** A client that takes nothing for so long while something waits for it is gone. */
export const STALL_TIME = seconds(30);
/** A client is thrown out for so many messages that came too fast, since it last paused. */
export const FLOOD_LIMIT = 100;

/** Who sends too fast hears of it so often at most. */
const EXCUSE_TIME = seconds(1);

/** Seconds of idleness before a client is asked for a sign of life by TCP, between the questions, and how many of them. */
const KEEPALIVE = { idle: 15, interval: 5, count: 3 } as const;
/** The same in milliseconds for what is sent and not acknowledged. */
const USER_TIMEOUT = 30_000;
/** Little of what waits for a slow reader should hide in the stack, outside its own limited queue. */
const SEND_BUFFER = 32_768;

type TimerName = "greeting" | "silence" | "stall" | "goodbye" | "idle" | "excuse";

/** Shared by all: it is full only from a read to the end of its handling. */
const received = new Uint8Array(16_384);

export interface ConnectionLimits {
  /** Bytes that may wait for a client that reads slowly. */
  readonly queueBytes: number;
  /** Bytes of a message. */
  readonly lineBytes: number;
  /** Messages a second, on average. */
  readonly rate: number;
  /** Messages at once. */
  readonly burst: number;
  /** Where TCP does not find out that a client has vanished: asked for a sign of life after so much silence. */
  readonly idle: Duration;
}

/** What a connection needs of the server that it belongs to. */
export interface ConnectionHost {
  readonly clock: Clock;
  readonly room: Lines;
  readonly limits: ConnectionLimits;
  /** Something waits to be sent: call {@link Connection.flush} soon, once for all that is said until then. */
  dirty(connection: Connection): void;
  said(connection: Connection, text: string): void;
  renamed(connection: Connection, before: string): void;
  /** The client has left the room, or never came in. */
  left(connection: Connection, why: string): void;
  /** The socket is closed. */
  closed(connection: Connection): void;
}

/**
 * One client of the chat server: its socket's readiness moves bytes between the room and the wire, and nobody waits for it.
 * It is new until it was greeted, then open; leaving, it is sent what is left for it, until it is closed.
 */
export class Connection {
  readonly member: Member;
  readonly peer: SocketAddress;
  readonly #host: ConnectionHost;
  readonly #socket: Socket;
  readonly #input: LineInput;
  readonly #outbox: Outbox;
  readonly #bucket: TokenBucket;
  #state: "new" | "open" | "leaving" | "closed" = "new";
  /** {@link LISTENING_TIME} is not over. */
  #onlyListens = true;
  #linesHeard = 0;
  #overflow = false;
  /** The client has sent all it will. */
  #inputEnded = false;
  #shut = false;
  #wroteSomething = false;
  #refused = 0;
  readonly #timers = new Map<TimerName, () => void>();

  constructor(host: ConnectionHost, socket: Socket, peer: SocketAddress) {
    const { limits, clock, room } = host;
    this.#host = host;
    this.#socket = socket;
    this.peer = peer;
    this.#input = new LineInput(limits.lineBytes);
    this.#outbox = new Outbox(socket, limits.queueBytes);
    this.#bucket = new TokenBucket(perSecond(limits.rate), limits.burst, clock.now());
    this.member = room.enter((line) => this.#hear(line));
  }

  /** Begins to listen to the client. */
  start(): void {
    if (!this.#keepAlive()) this.#watchIdleness();
    this.#timer("greeting", LISTENING_TIME, () => this.#beginToSpeak());
    this.#socket.onReady = () => this.#ready();
    this.#ready();
  }

  /** Sends what waits, as far as the socket takes it. */
  flush(): void {
    if (this.#state === "new" && !this.#onlyListens) this.#greet();
    if (this.#state === "closed" || this.#state === "new") return;
    if (this.#overflow) {
      this.#vanish("too slow");
      return;
    }
    const before = this.#outbox.bytes;
    const refusal = this.#outbox.flush();
    if (refusal === undefined) {
      this.#cancel("stall");
      if (this.#state === "leaving") this.#endOutput();
    } else if (refusal === "EAGAIN") {
      if (this.#outbox.bytes < before) this.#cancel("stall");
      if (!this.#timers.has("stall")) this.#timer("stall", STALL_TIME, () => this.#vanish("too slow"));
    } else {
      this.#lose(refusal);
    }
  }

  /** Says goodbye: the client leaves the room, is sent what is left for it, and the connection is closed. */
  leave(why: string): void {
    if (this.#state === "leaving" || this.#state === "closed") return;
    this.#state = "leaving";
    this.#host.room.leave(this.member, why === "" ? undefined : why);
    this.#host.left(this, why);
    this.#cancelAll();
    this.#timer("goodbye", GOODBYE_TIME, () => (this.#outbox.bytes > 0 ? this.#reset() : this.#close()));
    this.#host.dirty(this);
  }

  #hear(line: Spoken): void {
    this.#linesHeard++;
    this.#send(line.bytes);
  }

  #send(bytes: Uint8Array): void {
    if (this.#state === "closed" || this.#overflow) return;
    this.#overflow = !this.#outbox.push(bytes);
    this.#host.dirty(this);
  }

  #ready(): void {
    if (this.#outbox.bytes > 0 && this.#timers.has("stall")) this.flush();
    while (this.#state !== "closed" && !this.#inputEnded) {
      const count = this.#socket.read(received);
      if (count === "EAGAIN") return;
      if (typeof count === "string") this.#lose(count);
      else if (count === 0) this.#end();
      else if (this.#state !== "leaving") this.#take(received.subarray(0, count));
    }
  }

  #take(bytes: Uint8Array): void {
    this.#cancel("silence");
    if (this.#timers.has("idle")) this.#watchIdleness();
    for (const input of this.#input.push(bytes)) this.#hearFrom(input);
    if (this.#input.awaitsSilence && !this.#isOver) {
      this.#timer("silence", SILENCE, () => {
        const line = this.#input.silence();
        if (line !== undefined) this.#say(line, true);
      });
    }
  }

  get #isOver(): boolean {
    return this.#state === "leaving" || this.#state === "closed";
  }

  #hearFrom(input: ChatInput): void {
    if (this.#isOver) return;
    if (input === "timing mark") this.#send(REFUSE_TIMING_MARK);
    else this.#say(input, false);
  }

  /** @param answer somebody waits for one, even if there is nothing to say */
  #say(line: Line, answer: boolean): void {
    const { room, limits } = this.#host;
    const text = removeControls(line.text).trim();
    if (!this.#wroteSomething && line.text !== "") {
      this.#wroteSomething = true;
      const reply = answerToForeign(line.text);
      if (reply !== undefined) {
        this.#sendAway(reply);
        return;
      }
    }
    if (text === "" && !answer) return;
    this.#greet(true);
    if (!this.#allows()) return;
    if (text === "") {
      room.tell(this.member, "There was nothing to read in that.");
      return;
    }
    const { name } = this.member;
    const stays = room.say(this.member, text);
    if (isMessage(text)) this.#host.said(this, text);
    if (this.member.name !== name) this.#host.renamed(this, name);
    if (line.cut) room.tell(this.member, `That was too long: only its first ${limits.lineBytes} bytes were sent.`);
    if (!stays) this.leave("quit");
  }

  #beginToSpeak(): void {
    this.#onlyListens = false;
    if (this.#linesHeard > 1)
      this.#greet(); // the first is the greeting
    else this.#timer("greeting", (GREETING_DELAY - LISTENING_TIME) as Duration, () => this.#greet());
  }

  /** The greeting waits no longer, and with it all that was said since. */
  #greet(spoke = false): void {
    if (this.#state !== "new" || (!spoke && this.#input.awaitsSilence)) return;
    this.#cancel("greeting");
    this.#state = "open";
    this.#host.room.announce(this.member);
    this.#host.dirty(this);
  }

  /** Whether a message may be sent now. A client that must wait is told at once, and again once it need not. */
  #allows(): boolean {
    const { clock, room } = this.#host;
    const now = clock.now();
    if (this.#bucket.isFull(now)) this.#refused = 0;
    if (this.#bucket.take(now)) return true;
    if (++this.#refused > FLOOD_LIMIT) {
      room.tell(this.member, "You send too much. Goodbye!");
      this.leave("flooding");
    } else if (!this.#timers.has("excuse")) {
      room.tell(this.member, "Too fast: what you send now is lost. Wait a moment.");
      const before = this.#refused;
      this.#timer("excuse", EXCUSE_TIME, () => {
        const more = this.#refused - before;
        if (more > 0) room.tell(this.member, `${more} more of your messages were lost. Go on slowly.`);
      });
    }
    return false;
  }

  /** Somebody who does not want to chat gets a last answer, and the room never knew of them. */
  #sendAway(reply: Uint8Array): void {
    if (this.#state === "new") this.#outbox.clear();
    this.#send(reply);
    this.leave("no chat client");
  }

  /** The client will send no more: what it has sent counts, and it is sent what is left. */
  #end(): void {
    this.#inputEnded = true;
    this.#cancel("silence");
    const line = this.#isOver ? undefined : this.#input.silence();
    if (line !== undefined) this.#say(line, false);
    if (this.#state === "leaving") this.flush();
    else this.leave("");
  }

  /** Everything is sent. */
  #endOutput(): void {
    if (this.#inputEnded) {
      this.#close();
    } else if (!this.#shut) {
      this.#shut = true;
      this.#socket.shutdown("write").catch(() => this.#close());
    }
  }

  #lose(errno: Errno): void {
    // A TCP that gives up says why the last of its packets came back, if it knows (RFC 9293 §3.9.2.2).
    const silent = errno === "ETIMEDOUT" || errno === "EHOSTUNREACH" || errno === "ENETUNREACH";
    this.leave(silent ? "vanished" : "connection lost");
    this.#close();
  }

  #vanish(why: string): void {
    this.leave(why);
    this.#reset();
  }

  #reset(): void {
    if (this.#state === "closed") return;
    tryOption(this.#socket, "SO_LINGER", 0);
    this.#close();
  }

  #close(): void {
    if (this.#state === "closed") return;
    this.#state = "closed";
    this.#cancelAll();
    this.#outbox.clear();
    this.#socket.onReady = undefined;
    void this.#socket.close().catch(() => undefined);
    this.#host.closed(this);
  }

  /** Lets TCP find out when a client has vanished. @returns whether it can */
  #keepAlive(): boolean {
    const socket = this.#socket;
    tryOption(socket, "TCP_NODELAY", true);
    tryOption(socket, "SO_SNDBUF", SEND_BUFFER);
    tryOption(socket, "TCP_USER_TIMEOUT", USER_TIMEOUT);
    tryOption(socket, "TCP_KEEPIDLE", KEEPALIVE.idle);
    tryOption(socket, "TCP_KEEPINTVL", KEEPALIVE.interval);
    tryOption(socket, "TCP_KEEPCNT", KEEPALIVE.count);
    return tryOption(socket, "SO_KEEPALIVE", true);
  }

  #watchIdleness(): void {
    const { limits, room } = this.#host;
    this.#timer("idle", limits.idle, () => {
      room.tell(this.member, "Are you there? Write something, or you will be taken for gone.");
      this.#timer("idle", limits.idle, () => this.#vanish("vanished"));
    });
  }

  #timer(name: TimerName, duration: Duration, callback: () => void): void {
    this.#cancel(name);
    const cancel = this.#host.clock.after(duration, () => {
      this.#timers.delete(name);
      callback();
    });
    this.#timers.set(name, cancel);
  }

  #cancel(name: TimerName): void {
    this.#timers.get(name)?.();
    this.#timers.delete(name);
  }

  #cancelAll(): void {
    for (const cancel of this.#timers.values()) cancel();
    this.#timers.clear();
  }
}
