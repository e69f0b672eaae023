import { formatEndpoint } from "../../address/endpoint.ts";
import type { Errno } from "../../base/errno.ts";
import type { Connection } from "../../transport/tcp/connection.ts";
import type { Input } from "../input-log.ts";
import type { PublishedClient } from "./publish.ts";
import { PublishedDoor } from "./published-door.ts";

/** Bytes of one connection that may be in transit in a door each way: between the real socket and the virtual one. */
export const TRANSIT_LIMIT = 128 * 1024;
/** Connections that a door carries at once; the outside resets those beyond. */
export const STREAMS_LIMIT = 4_096;

/** What stands outside of a published port: real connections, by the numbers under which they came in. */
export interface StreamOutside {
  /** The virtual side has taken bytes of the client's. */
  taken(number: number, count: number): void;
  /** Bytes for the client, handed over; the outside says when they have gone ({@link StreamDoor.drained}). */
  data(number: number, bytes: Uint8Array): void;
  /** No more bytes for the client. */
  end(number: number): void;
  /** The virtual side was refused or has been reset: so is the client. */
  reset(number: number): void;
}

/**
 * A TCP port of the real machine joined to one of a virtual host: this is the virtual half. A real client enters at a host
 * of the network, so its packets cross virtual cables. The half is moved by inputs and by the network alone, so a
 * replay, which has no real half, does the same.
 */
export class StreamDoor extends PublishedDoor {
  readonly protocol = "tcp";
  /** The real half; none in a replay. At most {@link TRANSIT_LIMIT} of each client's bytes may be on the way from it. */
  outside: StreamOutside | undefined;
  readonly #streams = new Map<number, Stream>();

  /** A client sends no more. */
  end(number: number): boolean {
    return this.say("end", number);
  }

  /** A client has gone without a word. */
  reset(number: number): boolean {
    return this.say("reset", number);
  }

  /** Bytes have gone to a client. */
  drained(number: number, count: number): boolean {
    return this.say("drained", number, undefined, count);
  }

  protected clients(): PublishedClient[] {
    return [...this.#streams.values()].map((stream) => stream.snapshot());
  }

  protected leave(): void {
    for (const [number, stream] of [...this.#streams]) {
      stream.leave();
      this.outside?.reset(number);
    }
  }

  protected input({ kind, number, bytes, count }: Input): void {
    // One that the virtual side has ended meanwhile is no more.
    const stream = this.#streams.get(number);
    if (stream === undefined) return;
    if (kind === "data") stream.take(bytes);
    else if (kind === "end") stream.end();
    else if (kind === "drained") stream.drained(count);
    else if (kind === "reset") stream.leave();
  }

  protected come(number: number, real: string): void {
    const { host, to, log } = this.options;
    const refuse = (errno: Errno) => {
      log?.("refused", { real, errno });
      this.outside?.reset(number);
    };
    if (this.#streams.size >= STREAMS_LIMIT) {
      refuse("ENOBUFS");
      return;
    }
    // The real client has waited for company already, if it wanted to.
    const connection = host.tcp.connect(undefined, to.address, to.port, { noDelay: true });
    if (typeof connection === "string") {
      refuse(connection);
      return;
    }
    const stream = new Stream(this, number, real, connection, () => this.#streams.delete(number));
    this.#streams.set(number, stream);
    log?.("opened", { real, virtual: stream.virtual, to: formatEndpoint(to.address, to.port) });
  }
}

/** Where bytes are read before they are handed over: at most so many at once. */
const scratch = new Uint8Array(64 * 1024);

/** One connection through the door. */
class Stream {
  readonly #door: StreamDoor;
  readonly #number: number;
  readonly #real: string;
  readonly #connection: Connection;
  readonly #forget: () => void;
  readonly virtual: string;
  /** Bytes of the client's that the connection has not taken yet. */
  #waiting: Uint8Array[] = [];
  #clientEnded = false;
  #shut = false;
  /** The network's end has gone out to the client. */
  #ended = false;
  /** Bytes that went out and have not drained. */
  #inTransit = 0;
  #established = false;
  #gone = false;
  #pumping = false;
  #in = 0;
  #out = 0;

  constructor(door: StreamDoor, number: number, real: string, connection: Connection, forget: () => void) {
    this.#door = door;
    this.#number = number;
    this.#real = real;
    this.#connection = connection;
    this.#forget = forget;
    this.virtual = formatEndpoint(connection.localAddress, connection.localPort);
    connection.onReady = () => this.#pump();
  }

  take(bytes: Uint8Array): void {
    if (this.#clientEnded) return;
    this.#waiting.push(bytes);
    this.#pump();
  }

  end(): void {
    this.#clientEnded = true;
    this.#pump();
  }

  drained(count: number): void {
    this.#inTransit = Math.max(0, this.#inTransit - count);
    this.#pump();
  }

  leave(): void {
    const lost = this.#drop();
    this.#door.options.log?.("left", { real: this.#real, virtual: this.virtual, lost });
    this.#connection.abort();
  }

  snapshot(): PublishedClient {
    return { number: this.#number, real: this.#real, virtual: this.virtual, in: this.#in, out: this.#out };
  }

  /** Carries on what can be carried on. */
  #pump(): void {
    // A call on the connection may bring its own edge.
    if (this.#pumping || this.#gone) return;
    this.#pumping = true;
    if (this.#connection.established) this.#established = true;
    const errno = this.#carryOut() ?? this.#carryIn();
    this.#pumping = false;
    if (errno !== undefined) this.#fail(errno);
    else if (this.#ended && this.#shut) this.#close();
  }

  /** From the network to the client. @returns what ended the connection */
  #carryOut(): Errno | undefined {
    const outside = this.#door.outside;
    while (!this.#ended) {
      const room = TRANSIT_LIMIT - this.#inTransit;
      if (room <= 0) return undefined;
      const count = this.#connection.read(room < scratch.length ? scratch.subarray(0, room) : scratch);
      if (count === "EAGAIN") return undefined;
      if (typeof count === "string") return count;
      if (count === 0) {
        this.#ended = true;
        outside?.end(this.#number);
      } else {
        this.#inTransit += count;
        this.#out += count;
        outside?.data(this.#number, scratch.slice(0, count));
      }
    }
    return undefined;
  }

  /** From the client to the network. @returns what ended the connection */
  #carryIn(): Errno | undefined {
    let taken = 0;
    let errno: Errno | undefined;
    for (let first = this.#waiting[0]; first !== undefined; first = this.#waiting[0]) {
      const count = this.#connection.write(first);
      if (typeof count === "string") {
        if (count !== "EAGAIN") errno = count;
        break;
      }
      taken += count;
      if (count < first.length) this.#waiting[0] = first.subarray(count);
      else this.#waiting.shift();
    }
    if (taken > 0) {
      this.#in += taken;
      this.#door.outside?.taken(this.#number, taken);
    }
    if (errno === undefined && this.#clientEnded && !this.#shut && this.#waiting.length === 0 && this.#established) {
      this.#shut = true;
      this.#connection.shutdownWrite();
    }
    return errno;
  }

  #fail(errno: Errno): void {
    const lost = this.#drop();
    this.#connection.abort();
    this.#door.options.log?.(this.#established ? "reset" : "refused", { real: this.#real, errno, lost });
    this.#door.outside?.reset(this.#number);
  }

  /** Both ways have ended; what is left of the connection is the stack's. */
  #close(): void {
    this.#drop();
    this.#connection.close();
    this.#door.options.log?.("closed", { real: this.#real, in: this.#in, out: this.#out });
  }

  /** @returns how many bytes of the client's had not gone into the network */
  #drop(): number {
    const lost = this.#waiting.reduce((sum, { length }) => sum + length, 0);
    this.#gone = true;
    this.#connection.onReady = undefined;
    this.#waiting = [];
    this.#forget();
    return lost;
  }
}
