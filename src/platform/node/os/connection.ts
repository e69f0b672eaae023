import type { OnReadOpts, Socket } from "node:net";
import { ANY, type IpAddress, parseIp } from "../../../address/ip.ts";
import type { Errno } from "../../../base/errno.ts";
import type { Connection } from "../../../socket/endpoints.ts";
import { seconds } from "../../../time/instant.ts";
import type { ConnectionOptions } from "../../../transport/tcp/connection-options.ts";
import { DEFAULT_SETTINGS } from "../../../transport/tcp/settings.ts";
import type { State } from "../../../transport/tcp/state.ts";
import { afterWall } from "../wall-timer.ts";
import { errnoOf } from "./errno.ts";
import { HandleWriter } from "./tcp-handle.ts";

/** Bytes that may be held for us each way, beside the operating system's own buffers. */
export const HIGH_WATER_MARK = 64 * 1024;
/** How long a closed connection may have bytes that the other side does not take. */
const CLOSE_TIME = seconds(60);
/** What is written is copied into pieces of slabs of this size, because Node keeps what it cannot send at once. */
const SLAB = 4 * HIGH_WATER_MARK;

let slab = Buffer.allocUnsafeSlow(SLAB);
/** Where the slab is free: behind all that Node may still hold. */
let free = 0;

/** Writes up to this size have a slab of their own, with a view for each length: to make one costs more than the copy. */
const SHORT = 2_048;
let short = Buffer.allocUnsafeSlow(SHORT);
let views: (Buffer | undefined)[] = new Array(SHORT + 1);

/** Where all connections' bytes arrive, unless there are many: a connection that does not read them at once copies them. */
const shared = Buffer.allocUnsafeSlow(HIGH_WATER_MARK);
const sharedViews: (Buffer | undefined)[] = new Array(SHORT + 1);
/** So many bytes at once are not copied: the next arrive in memory of their own, which is handed on. */
const BULK = HIGH_WATER_MARK / 2;

/** One of the operating system's connections, as an endpoint that never waits. */
export class OsConnection implements Connection {
  onReady: (() => void) | undefined;
  error: Errno | undefined;
  localAddress: IpAddress = ANY;
  localPort = 0;
  remoteAddress: IpAddress = ANY;
  remotePort = 0;
  readonly #socket: Socket;
  /** Past the stream, where there is such a way. */
  #writer: HandleWriter | undefined = undefined;
  #state: State;
  /** What has arrived and was not read: most often one piece, which needs no list. */
  #first: Buffer | undefined = undefined;
  readonly #others: Buffer[] = [];
  /** Bytes that were not read, and how many of the first piece were. */
  #length = 0;
  #read = 0;
  /** Where the next bytes arrive. */
  #arriving = shared;
  /** More waits in the system until this was read. */
  #paused = false;
  /** The peer has sent its end. */
  #ended = false;
  #readShut = false;
  #writeShut = false;
  #closed = false;
  /** Takes back the time in which what was sent before the close must go. */
  #giveUp: (() => void) | undefined = undefined;
  /** What was asked for, to be told to the system again when the connection is there: before, Node keeps only some. */
  #asked: Partial<ConnectionOptions> = {};

  /**
   * @param given a socket that may be half open, is connected or connecting, and has neither listeners nor read; or what makes
   *   one that reads in the given way, which costs less
   */
  constructor(given: Socket | ((onread: OnReadOpts) => Socket)) {
    const onread: OnReadOpts = {
      buffer: () => this.#arriving,
      callback: (length, buffer) => this.#arrived(length, buffer as Buffer),
    };
    const socket = typeof given === "function" ? given(onread) : given;
    this.#socket = socket;
    this.#state = socket.connecting ? "SYN-SENT" : "ESTABLISHED";
    if (this.#state === "ESTABLISHED") this.#begin();
    socket.on("connect", () => this.#connected());
    socket.on("data", (piece) => this.#data(piece as Buffer));
    socket.on("drain", () => this.onReady?.());
    socket.on("end", () => this.#end());
    socket.on("error", (error) => this.#fail(errnoOf(error)));
    socket.on("close", () => this.#gone());
    socket.resume();
  }

  get state(): State {
    return this.#state;
  }

  get readable(): boolean {
    if (this.#state === "SYN-SENT") return false;
    return this.#length > 0 || this.#isAtEnd() || this.error !== undefined;
  }

  get writable(): boolean {
    if (this.#state === "SYN-SENT") return false;
    return !this.#canSend() || this.#room() > 0 || this.error !== undefined;
  }

  get hangup(): boolean {
    return this.#state === "CLOSED" || (this.#isAtEnd() && this.#writeShut);
  }

  #isAtEnd(): boolean {
    return this.#length === 0 && (this.#ended || this.#readShut || this.#state === "CLOSED");
  }

  #canSend(): boolean {
    return !this.#writeShut && this.#state === "ESTABLISHED";
  }

  #room(): number {
    if (this.#writer === undefined) return this.#socket.writableHighWaterMark - this.#socket.writableLength;
    return this.#writer.waiting > 0 ? 0 : HIGH_WATER_MARK;
  }

  takeError(): Errno | undefined {
    const { error } = this;
    this.error = undefined;
    return error;
  }

  read(into: Uint8Array): number | Errno {
    if (this.#length > 0) return this.#take(into);
    const error = this.takeError();
    if (error !== undefined) return error;
    return this.#isAtEnd() ? 0 : "EAGAIN";
  }

  /** A piece has memory of its own, but for one that is in the shared memory. */
  takePiece(size: number): Uint8Array | undefined {
    const piece = this.#first;
    if (piece === undefined || this.#read > 0 || piece.length > size) return undefined;
    this.#first = this.#others.length > 0 ? this.#others.shift() : undefined;
    this.#length -= piece.length;
    this.#goOn();
    if (piece.buffer === shared.buffer) return new Uint8Array(piece);
    return new Uint8Array(piece.buffer, piece.byteOffset, piece.length); // no Buffer, whose slice is no copy
  }

  /** Copies what has arrived, as much as there is room for. */
  #take(into: Uint8Array): number {
    let count = 0;
    while (count < into.length && this.#first !== undefined) {
      const piece = this.#first;
      const left = piece.length - this.#read;
      const part = Math.min(left, into.length - count);
      into.set(part === piece.length ? piece : piece.subarray(this.#read, this.#read + part), count);
      count += part;
      this.#length -= part;
      this.#read += part;
      if (part === left) {
        this.#first = this.#others.length > 0 ? this.#others.shift() : undefined;
        this.#read = 0;
      }
    }
    this.#goOn();
    return count;
  }

  /** Lets more arrive when there is room again. */
  #goOn(): void {
    if (!this.#paused || this.#length >= HIGH_WATER_MARK) return;
    this.#paused = false;
    this.#socket.resume();
  }

  write(from: Uint8Array): number | Errno {
    if (this.error !== undefined) return this.takeError() as Errno;
    if (!this.#canSend()) return "EPIPE";
    let count = this.#writeSome(from);
    if (count === 0 && from.length > 0) return "EAGAIN";
    // Who wrote less than all may wait for the edge, so there must be no room left.
    while (count < from.length && this.#room() > 0 && this.error === undefined)
      count += this.#writeSome(from.subarray(count));
    return count;
  }

  /** @returns how many of the bytes there was room for */
  #writeSome(from: Uint8Array): number {
    const count = Math.min(this.#room(), from.length);
    if (count <= 0) return 0;
    if (count <= SHORT) {
      views[count] ??= short.subarray(0, count);
      short.set(count === from.length ? from : from.subarray(0, count));
      if (this.#isKept(views[count] as Buffer)) {
        short = Buffer.allocUnsafeSlow(SHORT);
        views = new Array(SHORT + 1);
      }
      return count;
    }
    if (count > SLAB - free) {
      slab = Buffer.allocUnsafeSlow(SLAB);
      free = 0;
    }
    slab.set(count === from.length ? from : from.subarray(0, count), free);
    // What the system took at once Node has forgotten, and the place is free again.
    if (this.#isKept(slab.subarray(free, free + count))) free += count;
    return count;
  }

  /** Writes. @returns whether Node keeps the bytes for later, or others before them */
  #isKept(bytes: Buffer): boolean {
    if (this.#writer !== undefined) return this.#writer.write(bytes);
    this.#socket.write(bytes);
    return this.#socket.writableLength > 0;
  }

  shutdownRead(): void {
    this.#readShut = true;
    this.#drop();
  }

  shutdownWrite(): void {
    if (this.#writeShut) return;
    this.#writeShut = true;
    this.#socket.end();
  }

  close(): void {
    if (this.#closed) return;
    // What nobody will read resets the connection, as the system does when the data still lies in its own buffer.
    if (this.#state === "SYN-SENT") this.#socket.destroy();
    else if (this.#length > 0) this.abort();
    else {
      this.#socket.destroySoon();
      // A peer that takes nothing would keep it for ever.
      if ((this.#writer?.waiting ?? this.#socket.writableLength) > 0)
        this.#giveUp = afterWall(CLOSE_TIME, () => this.#socket.destroy());
    }
    this.#closed = true;
  }

  abort(): void {
    this.#closed = true;
    if (this.#state === "SYN-SENT") this.#socket.destroy();
    else if (this.#state !== "CLOSED") this.#socket.resetAndDestroy();
  }

  set(options: Partial<ConnectionOptions>): void {
    const before = this.#asked;
    this.#asked = { ...before, ...options };
    if (this.#state !== "SYN-SENT") this.#tell(this.#asked, before);
  }

  #tell(asked: Partial<ConnectionOptions>, before: Partial<ConnectionOptions>): void {
    const { noDelay, trafficClass } = asked;
    if (noDelay !== before.noDelay) this.#socket.setNoDelay(noDelay);
    if (trafficClass !== undefined && trafficClass !== before.trafficClass) this.#socket.setTypeOfService(trafficClass);
    const { keepAlive, keepAliveIdle, keepAliveInterval, keepAliveProbes } = { ...DEFAULT_SETTINGS, ...asked };
    if (!keepAlive && !before.keepAlive) return;
    this.#socket.setKeepAlive(keepAlive, keepAliveIdle / 1e6, keepAliveInterval / 1e6, keepAliveProbes);
  }

  #connected(): void {
    this.#state = "ESTABLISHED";
    this.#begin();
    this.#tell(this.#asked, {});
    this.onReady?.();
  }

  #begin(): void {
    this.#writer = HandleWriter.on(this.#socket, () => this.onReady?.());
    const { localAddress = "", localPort = 0, remoteAddress = "", remotePort = 0 } = this.#socket;
    this.localAddress = parseIp(localAddress) ?? ANY;
    this.localPort = localPort;
    this.remoteAddress = parseIp(remoteAddress) ?? ANY;
    this.remotePort = remotePort;
  }

  /** Bytes have arrived where we said. @returns that more may come: {@link #data} pauses otherwise */
  #arrived(length: number, buffer: Buffer): boolean {
    this.#arriving = length < BULK ? shared : Buffer.allocUnsafeSlow(HIGH_WATER_MARK);
    if (length >= BULK && buffer !== shared) this.#data(buffer.subarray(0, length));
    else this.#lend(length, buffer);
    return true;
  }

  /** Shows bytes in memory that will be written to again, and copies what nobody has read by then. */
  #lend(length: number, buffer: Buffer): void {
    if (buffer !== shared) buffer.copy(shared, 0, 0, length);
    let piece = sharedViews[length];
    if (piece === undefined) {
      piece = shared.subarray(0, length);
      if (length <= SHORT) sharedViews[length] = piece;
    }
    if (this.#first !== undefined) {
      this.#data(Buffer.from(new Uint8Array(piece).buffer));
      return;
    }
    try {
      this.#data(piece);
    } finally {
      if (this.#first === piece) this.#first = Buffer.from(new Uint8Array(piece).buffer);
    }
  }

  #data(piece: Buffer): void {
    if (this.#readShut || this.#closed) return;
    if (this.#first === undefined) this.#first = piece;
    else this.#others.push(piece);
    this.#length += piece.length;
    if (this.#length >= HIGH_WATER_MARK) {
      this.#paused = true;
      this.#socket.pause();
    }
    this.onReady?.();
  }

  /** Forgets what has arrived, and lets come what will. */
  #drop(): void {
    this.#first = undefined;
    this.#others.length = 0;
    this.#length = 0;
    this.#read = 0;
    this.#paused = false;
    this.#socket.resume();
  }

  #end(): void {
    this.#ended = true;
    this.onReady?.();
  }

  #fail(errno: Errno): void {
    if (this.#closed) return;
    this.error ??= errno;
    this.#state = "CLOSED";
    this.onReady?.();
  }

  #gone(): void {
    this.#giveUp?.();
    this.#state = "CLOSED";
    this.onReady?.();
  }
}
