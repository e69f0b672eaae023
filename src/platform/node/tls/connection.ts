import { ANY, type IpAddress, parseIp } from "../../../address/ip.ts";
import type { Errno } from "../../../base/errno.ts";
import type { Connection, Waking } from "../../../socket/endpoints.ts";
import type { Socket } from "../../../socket/socket.ts";
import { type Duration, seconds } from "../../../time/instant.ts";
import type { State } from "../../../transport/tcp/state.ts";
import { Chunks } from "./chunks.ts";
import type { EngineOutput, TlsEngine } from "./engine.ts";
import { wholeRecords } from "./records.ts";

/** Bytes that wait to be read, beyond which no more are taken from the socket beneath. */
export const RECEIVE_LIMIT = 64 * 1024;
/** Bytes that wait to be ciphered or to be taken by the socket beneath, beyond which a writer waits. */
export const SEND_LIMIT = 64 * 1024;
/** How long a closed connection waits for the peer's end: a close_notify that comes when nobody is there is answered by a reset. */
const LINGER: Duration = seconds(2);
/** How long somebody who closes waits in all, also for the socket beneath to take what is left; then that goes on alone. */
const DRAIN: Duration = seconds(10);

/** What a connection needs besides the socket and the engine. */
export interface ConnectionParts {
  readonly inner: Socket;
  readonly engine: TlsEngine;
  readonly waking: Waking;
  /** As a program's context has it. */
  readonly work: <T>(promise: Promise<T>, name: string) => Promise<T>;
  /**
   * As virtual hosts need it: every exchange is waited for to its very end, so that runs repeat; and since sockets end with
   * their program, a close waits for the peer's.
   */
  readonly patient: boolean;
}

/**
 * A ciphered connection, as an endpoint that never waits: plain bytes on this side, a stream socket beneath. All that goes
 * through the engine goes through `work`, one exchange after the other.
 */
export class TlsConnection implements Connection {
  onReady: (() => void) | undefined;
  /** Called once: with undefined when the handshake is over, else with what was the matter. */
  onHandshake: ((failure: Errno | Error | undefined) => void) | undefined;
  /** Makes of Node's session what the user is given. */
  packSession: (session: Uint8Array) => Uint8Array = (session) => session;
  error: Errno | undefined;
  /** What the engine said of the {@link error}. */
  failure: Error | undefined;
  readonly localAddress: IpAddress;
  readonly localPort: number;
  readonly remoteAddress: IpAddress;
  readonly remotePort: number;
  /** Resolves when a close has handed on all that was left and, if it is to wait for that, the peer has ended too. */
  readonly closed: Promise<void>;

  readonly #parts: ConnectionParts;
  readonly #received = new Chunks();
  /** Ciphered, up to the end of a record, and how much must wait until there is one. */
  readonly #fromPeer = new Chunks();
  #needed = 0;
  readonly #toCipher = new Chunks();
  readonly #toSend = new Chunks();
  /** Bytes that the engine has and has not ciphered. */
  #pending = 0;
  #onSession: ((session: Uint8Array) => void) | undefined;
  /** The last session that came before somebody wanted it. */
  #session: Uint8Array | undefined;
  #secure = false;
  #dead = false;
  #exchanging = false;
  #scheduled = false;
  #late = false;
  /** The peer's close_notify was read, and the socket's own end. */
  #ended = false;
  #innerEnded = false;
  #readShut = false;
  /** Our end was asked for, given to the engine, ciphered, and sent with the socket's own. */
  #writeShut = false;
  #endGiven = false;
  #finished = false;
  #innerShut = false;
  #closing = false;
  #released = false;
  #cancelLinger: (() => void) | undefined;
  #resolveClosed: () => void = () => {};

  constructor(parts: ConnectionParts) {
    this.#parts = parts;
    const { inner, engine } = parts;
    const [local, remote] = [inner.getsockname(), inner.getpeername()];
    this.localAddress = parseIp(local.address) ?? ANY;
    this.localPort = local.port;
    this.remoteAddress = parseIp(remote.address) ?? ANY;
    this.remotePort = remote.port;
    this.closed = new Promise((resolve) => {
      this.#resolveClosed = () => {
        parts.waking.wake();
        resolve();
      };
    });
    inner.onReady = () => {
      this.#step();
      this.#tell();
    };
    engine.onLate = () => this.#cameLate();
  }

  /** Often it is only that the engine has room again. */
  #cameLate(): void {
    if (this.#parts.engine.hasNews) {
      this.#late = true;
      this.#schedule();
      return;
    }
    const wasFull = this.#room <= 0;
    this.#pending = this.#parts.engine.pending;
    if (wasFull && this.#room > 0) this.#tell();
  }

  /** Begins the handshake. */
  start(): void {
    this.#late = true; // the client's first flight is there already
    this.#schedule();
  }

  get state(): State {
    return this.#dead || this.#released ? "CLOSED" : "ESTABLISHED";
  }

  get readable(): boolean {
    return this.#received.length > 0 || this.#ended || this.#readShut || this.#dead;
  }

  get writable(): boolean {
    return this.#writeShut || this.#dead || this.#room > 0;
  }

  get hangup(): boolean {
    return this.#dead || (this.#ended && this.#writeShut);
  }

  get #room(): number {
    return SEND_LIMIT - this.#toCipher.length - this.#pending - this.#toSend.length;
  }

  get onSession(): ((session: Uint8Array) => void) | undefined {
    return this.#onSession;
  }

  set onSession(told: ((session: Uint8Array) => void) | undefined) {
    this.#onSession = told;
    if (this.#session === undefined || told === undefined) return;
    told(this.packSession(this.#session));
    this.#session = undefined;
  }

  takeError(): Errno | undefined {
    const { error } = this;
    this.error = undefined;
    return error;
  }

  read(into: Uint8Array): number | Errno {
    if (this.#received.length > 0 && !this.#readShut) {
      const count = this.#received.read(into);
      this.#schedule();
      return count;
    }
    const error = this.takeError();
    if (error !== undefined) return error;
    return this.#ended || this.#readShut || this.#dead ? 0 : "EAGAIN";
  }

  write(from: Uint8Array): number | Errno {
    const error = this.takeError();
    if (error !== undefined) return error;
    if (this.#writeShut || this.#dead) return "EPIPE";
    const count = Math.min(this.#room, from.length);
    if (count <= 0) return "EAGAIN";
    this.#toCipher.push(from.slice(0, count));
    this.#schedule();
    return count;
  }

  shutdownRead(): void {
    this.#readShut = true;
    this.#received.clear();
    this.#schedule();
  }

  shutdownWrite(): void {
    this.#writeShut = true;
    this.#schedule();
  }

  /** Sends what is left and close_notify, in the background. */
  close(): void {
    if (this.#received.length > 0) this.abort(); // as TCP does with what nobody will read (RFC 2525 §2.17)
    this.#closing = this.#writeShut = true;
    void this.closed.then(this.#parts.waking.after(DRAIN, this.#resolveClosed));
    this.#schedule();
  }

  abort(): void {
    if (this.#released) return;
    try {
      this.#parts.inner.setsockopt("SO_LINGER", 0);
    } catch {
      // It is closed already, with the program that it belonged to.
    }
    this.#release();
  }

  /** Options are the inner socket's. */
  set(): void {}

  /** Goes on once whoever calls is done, so that small writes make one record. */
  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#parts.waking.wake();
    void Promise.resolve().then(() => {
      this.#scheduled = false;
      this.#step();
    });
  }

  #step(): void {
    if (this.#released || this.#exchanging) return;
    this.#flush();
    const cipher = this.#takeFromInner();
    const plain = this.#secure && !this.#dead && this.#toCipher.length > 0 ? this.#toCipher.take() : undefined;
    const end = this.#writeShut && this.#secure && !this.#endGiven && !this.#dead;
    const last = this.#innerEnded && !this.#ended && !this.#dead;
    if (cipher !== undefined || plain !== undefined || end || last || this.#late) {
      this.#late = false;
      this.#endGiven ||= end;
      this.#exchanging = true;
      const { engine, work, patient } = this.#parts;
      const input = { cipher, plain, end };
      // The end is judged by all that came before it.
      if (!patient && !last) this.#go(engine.exchangeNow(input), false);
      else void work(engine.exchange(input), "TLS").then((output) => this.#go(output, last));
    } else {
      this.#closeIfDone();
    }
  }

  /** Goes on with what came of an exchange. */
  #go(output: EngineOutput, last: boolean): void {
    this.#came(output);
    // An end without close_notify may be an attacker's (RFC 8446 §6.1).
    if (last && !this.#ended) this.#fail("ECONNRESET");
    this.#step();
    this.#tell();
  }

  /** The records that the socket beneath has, whole ones, or at its end all: one by one they would cost much time. */
  #takeFromInner(): Uint8Array | undefined {
    if (this.#innerEnded || this.#dead || this.#received.length >= RECEIVE_LIMIT) return undefined;
    const waiting = this.#fromPeer;
    while (waiting.length < RECEIVE_LIMIT) {
      const count = this.#parts.inner.read(scratch);
      if (count === "EAGAIN") break;
      if (typeof count === "string") {
        this.#fail(count);
        return undefined;
      }
      if (count === 0) {
        this.#innerEnded = true;
        return waiting.length > 0 ? waiting.take() : undefined;
      }
      if (!this.#ended) waiting.push(scratch.slice(0, count)); // after close_notify nothing counts
    }
    if (waiting.length < this.#needed) return undefined;
    const { length, needed } = wholeRecords(waiting.peek());
    this.#needed = needed - length;
    return length === 0 ? undefined : waiting.takeFirst(length);
  }

  #came(output: EngineOutput): void {
    this.#exchanging = false;
    if (this.#released) return;
    this.#toSend.push(output.cipher);
    this.#pending = output.pending;
    this.#finished = output.finished;
    if (this.#closing && output.plain.length > 0) this.abort();
    else if (!this.#readShut) this.#received.push(output.plain);
    this.#ended ||= output.ended;
    for (const session of output.sessions) {
      if (this.#onSession === undefined) this.#session = session;
      else this.#onSession(this.packSession(session));
    }
    this.#flush();
    if (output.error !== undefined && !this.#released) {
      this.failure = output.error;
      this.#fail("EPROTO", output.error);
    } else if (output.secure) {
      this.#secure = true;
      this.#handshaken(undefined);
    }
  }

  #handshaken(failure: Errno | Error | undefined): void {
    const told = this.onHandshake;
    this.onHandshake = undefined;
    told?.(failure);
  }

  #flush(): void {
    const { inner } = this.#parts;
    while (this.#toSend.length > 0) {
      const count = inner.write(this.#toSend.peek());
      if (count === "EAGAIN") return;
      if (typeof count === "string") {
        this.#toSend.clear();
        this.#fail(count);
        return;
      }
      this.#toSend.skip(count);
    }
    if (this.#finished && !this.#innerShut) {
      this.#innerShut = true;
      inner.shutdown("write").catch(() => {});
    }
  }

  #fail(errno: Errno, cause: Errno | Error = errno): void {
    if (this.#dead) return;
    this.#dead = true;
    this.error ??= errno;
    this.#toCipher.clear();
    this.#handshaken(cause);
    this.#tell();
  }

  #tell(): void {
    this.onReady?.();
  }

  /** After a close: goes when all is sent and the peer has ended too, or does not for some time. */
  #closeIfDone(): void {
    if (!this.#closing) return;
    if (this.#dead || !this.#secure) this.#release();
    else if (this.#innerShut && this.#innerEnded) this.#release();
    else if (this.#innerShut) this.#linger();
  }

  #linger(): void {
    const { waking, patient } = this.#parts;
    this.#cancelLinger ??= waking.after(LINGER, () => this.#release());
    if (!patient) this.#resolveClosed();
  }

  #release(): void {
    if (this.#released) return;
    this.#released = true;
    this.#cancelLinger?.();
    const { inner, engine, waking } = this.#parts;
    inner.onReady = undefined;
    engine.destroy();
    waking.wake(); // a timer may have led here
    void inner.close().finally(this.#resolveClosed);
  }
}

/** Where bytes are read before they are cut to length; nothing else runs meanwhile. */
const scratch = new Uint8Array(RECEIVE_LIMIT);
