import type { BodyPieces } from "../body.ts";
import type { Fields } from "../message/fields.ts";
import { StatusError } from "../status-error.ts";

/** The other side of a {@link RequestBody}: the connection that its bytes come from. */
export interface BodyOrigin {
  /** Somebody waits for the body. */
  wanted(): void;
  /** There is room for more, or nobody wants the rest. */
  taken(): void;
}

type Next = IteratorResult<Uint8Array, undefined>;

const END: Next = { done: true, value: undefined };
/** Pieces shorter than this are gathered while nobody waits for them: a client may send chunks of one byte. */
const SHORT = 512;
const GATHERED = 2_048;

/** The body of a request as it arrives. It holds what the handler has not asked for yet. */
export class RequestBody implements BodyPieces, AsyncIterator<Uint8Array, undefined> {
  readonly #origin: BodyOrigin;
  readonly #arrived: Uint8Array[] = [];
  /** The last of what arrived, while there is room in it for more short pieces, and how much of it is used. */
  #gathering: Uint8Array | undefined = undefined;
  #gathered = 0;
  #size = 0;
  #ended = false;
  #failure: StatusError | undefined = undefined;
  #waiting: { resolve: (next: Next) => void; reject: (error: StatusError) => void } | undefined = undefined;
  /** Nobody will read it any more. */
  dropped = false;
  /** Fields after the last chunk (RFC 9112 §7.1.2), when the body has ended. */
  trailers: Fields | undefined = undefined;

  constructor(origin: BodyOrigin) {
    this.#origin = origin;
  }

  /** Bytes that wait to be read. */
  get size(): number {
    return this.#size;
  }

  [Symbol.asyncIterator](): this {
    this.#origin.wanted();
    return this;
  }

  next(): Promise<Next> {
    const value = this.#take();
    if (value !== undefined) {
      this.#size -= value.length;
      this.#origin.taken();
      return Promise.resolve({ done: false, value });
    }
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    if (this.#ended) return Promise.resolve(END);
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#origin.taken();
    });
  }

  return(): Promise<Next> {
    this.drop();
    this.#origin.taken();
    return Promise.resolve(END);
  }

  /** What arrives from now on is thrown away. Who still reads must not take what it has for the whole. */
  drop(): void {
    if (this.dropped) return;
    this.dropped = true;
    if (this.#arrived.length > 0) this.#ended = false;
    this.#arrived.length = 0;
    this.#gathering = undefined;
    this.#size = 0;
    this.fail(new StatusError(400, "the rest of the body was not waited for"));
  }

  /** Takes a copy of that part of the bytes. */
  push(bytes: Uint8Array, start: number, end: number): void {
    if (this.dropped) return;
    if (this.#waiting !== undefined) {
      const { resolve } = this.#waiting;
      this.#waiting = undefined;
      resolve({ done: false, value: bytes.slice(start, end) });
      return;
    }
    this.#size += end - start;
    if (end - start < SHORT) this.#gather(bytes, start, end);
    else {
      this.#finishGathering();
      this.#arrived.push(bytes.slice(start, end));
    }
  }

  /** Puts a short piece behind those before it. */
  #gather(bytes: Uint8Array, start: number, end: number): void {
    if (this.#gathering === undefined || this.#gathered + end - start > GATHERED) {
      this.#finishGathering();
      this.#gathering = new Uint8Array(GATHERED);
      this.#gathered = 0;
      this.#arrived.push(this.#gathering);
    }
    for (let at = start; at < end; at++) this.#gathering[this.#gathered++] = bytes[at] as number;
  }

  #finishGathering(): void {
    if (this.#gathering === undefined) return;
    this.#arrived[this.#arrived.length - 1] = this.#gathering.subarray(0, this.#gathered);
    this.#gathering = undefined;
  }

  #take(): Uint8Array | undefined {
    if (this.#arrived.length === 1) this.#finishGathering();
    return this.#arrived.shift();
  }

  end(trailers: Fields): void {
    if (trailers.size > 0) this.trailers = trailers;
    this.#ended = true;
    this.#waiting?.resolve(END);
    this.#waiting = undefined;
  }

  fail(error: StatusError): void {
    if (this.#ended) return;
    this.#failure = error;
    this.#waiting?.reject(error);
    this.#waiting = undefined;
  }
}
