import { lstatSync, rmSync } from "node:fs";
import { createServer, connect as netConnect, type Server, type Socket } from "node:net";
import type { SocketAddress } from "../../address/endpoint.ts";
import { FRAME_LIMIT, type FrameDoor, type FrameOutside } from "../../network/doors/frame-door.ts";
import { lengthWithoutPadding } from "../../network/doors/padding.ts";
import { FrameSplitter, LENGTH_SIZE } from "./frame-splitter.ts";
import { type Intake, takeIn } from "./intake.ts";

/** Bytes of frames that may wait for a peer that reads slowly; what comes beyond is dropped as "queue-full". */
const QUEUE_LIMIT = 4 * 1024 * 1024;
/** Frames are gathered up to this before they are written. */
const BATCH = 64 * 1024;
const RECONNECT_AFTER = 1000;

// Taken when the module is loaded, so that a test with false timers does not stop the stream.
const { setImmediate, setTimeout, clearTimeout } = globalThis;

/** Where a stream is: a UNIX socket's path, or an address and port. */
export type StreamAddress = { readonly path: string } | SocketAddress;

export interface FrameStreamOptions {
  readonly door: FrameDoor;
  readonly address: StreamAddress;
  /**
   * Told when a peer came, went (with why, when it was not by its will), or a try to connect failed for another reason than
   * the one before.
   */
  readonly onState?: (state: "open" | "closed" | "failed", error?: Error) => void;
  /** Wall milliseconds from a connection that failed to the next try; 1000 unless told. */
  readonly reconnectAfter?: number;
}

/**
 * Ethernet frames over a stream socket, each behind its length in four bytes, big-endian: as QEMU (`-netdev stream`), passt
 * and another Netarium speak it. There is one peer at a time; while there is none, frames that leave are dropped.
 */
export class FrameStream implements FrameOutside {
  #door: FrameDoor;
  readonly #address: StreamAddress;
  readonly #onState: NonNullable<FrameStreamOptions["onState"]>;
  readonly #reconnectAfter: number;
  readonly #splitter: FrameSplitter;
  #server: Server | undefined;
  #socket: Socket | undefined;
  #intake: Intake | undefined;
  #retry: NodeJS.Timeout | undefined;
  /** Why the last try to connect failed. */
  #failure: string | undefined;
  #batch = Buffer.allocUnsafe(BATCH);
  #batched = 0;
  #closed = false;

  private constructor(options: FrameStreamOptions) {
    this.#door = options.door;
    this.#address = options.address;
    this.#onState = options.onState ?? (() => {});
    this.#reconnectAfter = options.reconnectAfter ?? RECONNECT_AFTER;
    this.#splitter = new FrameSplitter((frame) => this.#door.enter(frame));
  }

  /**
   * Waits for peers; a second one is refused while the first is there. A UNIX socket at which nobody listens any more,
   * because who did was killed, is replaced.
   * @returns when it listens. Rejects with the system's error, such as EADDRINUSE
   */
  static async listen(options: FrameStreamOptions): Promise<FrameStream> {
    const stream = new FrameStream(options);
    const server = createServer((socket) => {
      if (stream.#socket === undefined) stream.#adopt(socket);
      else socket.destroy();
    });
    stream.#server = server;
    await listenAt(server, options.address).catch(async (error: NodeJS.ErrnoException) => {
      if (error.code !== "EADDRINUSE" || !(await removeLeft(options.address))) throw error;
      await listenAt(server, options.address);
    });
    server.on("error", (error) => stream.#onState("failed", error));
    return stream;
  }

  /** Connects, and again every second when nobody is there or the peer has gone. */
  static connect(options: FrameStreamOptions): FrameStream {
    const stream = new FrameStream(options);
    stream.#connect();
    return stream;
  }

  /** Where it listens; the port is the one that was chosen when 0 was asked for. */
  get address(): StreamAddress {
    const bound = this.#server?.address();
    return typeof bound === "object" && bound !== null ? { address: bound.address, port: bound.port } : this.#address;
  }

  /** Whether the door has no room for more. */
  get isBusy(): boolean {
    return this.#door.isBusy;
  }

  /** Joins it to the same door of another network, in place of the one before; its peer stays. */
  join(door: FrameDoor): void {
    this.#batched = 0;
    this.#door.close();
    this.#door = door;
    if (this.#socket === undefined) door.close();
    else door.open(this);
  }

  output(frame: Uint8Array): void {
    const length = lengthWithoutPadding(frame);
    const size = LENGTH_SIZE + length;
    const waiting = (this.#socket?.writableLength ?? 0) + this.#batched;
    if (this.#socket === undefined || waiting + size > QUEUE_LIMIT) {
      this.#door.refused(frame);
      return;
    }
    if (this.#batched + size > this.#batch.length) this.#flush();
    if (size > this.#batch.length) this.#batch = Buffer.allocUnsafe(LENGTH_SIZE + FRAME_LIMIT);
    if (this.#batched === 0) setImmediate(() => this.#flush());
    this.#batch.writeUInt32BE(length, this.#batched);
    this.#batch.set(frame.subarray(0, length), this.#batched + LENGTH_SIZE);
    this.#batched += size;
  }

  /** Ends the stream: the peer's connection, and listening or trying. Closing again does nothing. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#retry);
    this.#server?.close();
    this.#flush();
    this.#socket?.end();
    this.#leave();
  }

  #connect(): void {
    const socket = netConnect(optionsOf(this.#address));
    const fail = (error: Error): void => {
      if (this.#closed) return;
      if (error.message !== this.#failure) this.#onState("failed", error);
      this.#failure = error.message;
      this.#reconnect();
    };
    socket.once("error", fail);
    socket.once("connect", () => {
      socket.off("error", fail);
      if (this.#closed) socket.destroy();
      else this.#adopt(socket);
    });
  }

  #reconnect(): void {
    this.#retry = setTimeout(() => this.#connect(), this.#reconnectAfter);
  }

  #adopt(socket: Socket): void {
    this.#socket = socket;
    this.#failure = undefined;
    this.#splitter.reset();
    socket.setNoDelay(true);
    let why: Error | undefined;
    socket.on("error", (error) => {
      why = error;
    });
    socket.on("close", () => {
      if (this.#closed || this.#socket !== socket) return;
      this.#leave();
      this.#onState("closed", why);
      if (this.#server === undefined) this.#reconnect();
    });
    this.#intake = takeIn(socket, this, (chunk) => {
      if (!this.#splitter.write(chunk)) socket.destroy(new Error("the peer sends no frames: a length is out of range"));
    });
    this.#door.open(this);
    this.#onState("open");
  }

  #leave(): void {
    if (this.#socket === undefined) return;
    this.#socket = undefined;
    this.#batched = 0;
    this.#intake?.stop();
    this.#door.close();
  }

  #flush(): void {
    if (this.#batched === 0 || this.#socket === undefined) return;
    const bytes = this.#batch.subarray(0, this.#batched);
    this.#batch = Buffer.allocUnsafe(BATCH);
    this.#batched = 0;
    if (!this.#socket.destroyed) this.#socket.write(bytes);
  }
}

function optionsOf(at: StreamAddress): { path: string } | { host: string; port: number } {
  return "path" in at ? { path: at.path } : { host: at.address, port: at.port };
}

function listenAt(server: Server, address: StreamAddress): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(optionsOf(address), () => {
      server.off("error", reject);
      resolve();
    });
  });
}

/** Removes a UNIX socket at which nobody listens. @returns false when somebody does, or it is something else */
async function removeLeft(address: StreamAddress): Promise<boolean> {
  if (!("path" in address)) return false;
  const { path } = address;
  if (lstatSync(path, { throwIfNoEntry: false })?.isSocket() !== true) return false;
  const refused = await new Promise<boolean>((resolve) => {
    const probe = netConnect({ path });
    probe.once("error", ({ code }: NodeJS.ErrnoException) => resolve(code === "ECONNREFUSED"));
    probe.once("connect", () => {
      probe.destroy();
      resolve(false);
    });
  });
  if (refused) rmSync(path, { force: true });
  return refused;
}
