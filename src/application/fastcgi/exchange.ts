import { concatenate } from "../../base/concatenate.ts";
import type { Clock } from "../../socket/clock.ts";
import { type Socket, SocketError } from "../../socket/socket.ts";
import { writeAll } from "../../socket/tcp.ts";
import type { Duration } from "../../time/instant.ts";
import { ConnectionGone, ScriptError, ScriptTimeout } from "../cgi/errors.ts";
import { type ScriptHead, ScriptHeadReader } from "../cgi/head.ts";
import { ScriptLines } from "../cgi/lines.ts";
import {
  decodeEnd,
  encodeBegin,
  encodePairs,
  encodeRecords,
  PROTOCOL_STATUS,
  RECORD_LIMIT,
  REQUEST_ID,
  RecordReader,
  RecordType,
} from "./record.ts";

/** Bytes that one receive asks for. */
const CHUNK = 65_536;

/** What is sent to a responder, and what it may take. */
export interface ExchangeOptions {
  readonly variables: Iterable<readonly [name: string, value: string]>;
  readonly body: AsyncIterable<Uint8Array> | null;
  readonly clock: Clock;
  /** How long the responder may neither send nor take anything. */
  readonly idle: Duration;
  /** Whether the connection is to stay open after it. */
  readonly keep: boolean;
  /**
   * The responder is ours: it passes over what is left of the input when the next request comes, heeds an abort, and a status
   * other than 0 says that its answer is not whole.
   */
  readonly own: boolean;
  /** A line of its error stream. */
  readonly said: (line: string) => void;
  readonly signal?: AbortSignal | undefined;
}

/** One request on a connection to a responder (FastCGI 1.0 §6.2): its input goes out while its answer comes in. */
export class Exchange implements AsyncIterableIterator<Uint8Array> {
  readonly #socket: Socket;
  readonly #options: ExchangeOptions;
  readonly #reader = new RecordReader();
  readonly #lines: ScriptLines;
  readonly #queue: Uint8Array[] = [];
  readonly #done: (reusable: boolean) => void;
  #end: number[] = [];
  #atEnd = false;
  /** Something came after the end. */
  #isOdd = false;
  #receiving: Promise<void> | undefined;
  #heard = false;
  /** How it ended; a failure is told to who reads next. */
  #state: "open" | "complete" | "failed" | "released" = "open";
  #failure: unknown;
  #inputSent = false;
  #writing: Promise<void> = Promise.resolve();
  #progress: number;

  /** @param done called once, when nothing more is read or written, with whether the connection is good for another request */
  constructor(socket: Socket, options: ExchangeOptions, done: (reusable: boolean) => void) {
    this.#socket = socket;
    this.#options = options;
    this.#done = done;
    this.#lines = new ScriptLines(options.said);
    this.#progress = options.clock.now();
    options.signal?.addEventListener("abort", this.#aborted, { once: true });
    if (options.signal?.aborted) this.#aborted();
  }

  /**
   * Sends the request and waits for the head of the answer; the body is to be read from this then, or given up by `return`.
   * @throws ScriptError when there is no answer, ScriptTimeout when it does not come in time
   */
  async head(): Promise<ScriptHead> {
    const { variables, body, keep } = this.#options;
    const params = encodePairs(variables);
    const start = [encodeBegin(keep), encodeRecords(RecordType.params, params)];
    if (params.length > 0) start.push(encodeRecords(RecordType.params, new Uint8Array(0)));
    if (body === null) start.push(encodeRecords(RecordType.stdin, new Uint8Array(0)));
    // A failed write is told by the answer: a responder may answer and close without reading all.
    void this.#write(concatenate(start)).then(
      () => (body === null ? this.#wroteInput() : this.#sendInput(body)),
      () => {},
    );
    const reader = new ScriptHeadReader();
    try {
      for (;;) {
        const piece = await this.#piece();
        if (piece === undefined) throw new ScriptError("it ended without an answer");
        const found = reader.read(piece);
        if (found === undefined) continue;
        if (found.body < piece.length) this.#queue.unshift(piece.subarray(found.body));
        return found.head;
      }
    } catch (error) {
      this.#fail(error);
      throw error;
    }
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** The next piece of the body. @throws ScriptError when the answer ends before it is whole */
  async next(): Promise<IteratorResult<Uint8Array, undefined>> {
    const piece = await this.#piece();
    return piece === undefined ? { done: true, value: undefined } : { done: false, value: piece };
  }

  /** Nobody wants the rest of the answer. */
  return(): Promise<IteratorResult<Uint8Array, undefined>> {
    this.#abandon();
    return Promise.resolve({ done: true, value: undefined });
  }

  /** The next of what it writes; undefined at its end. */
  async #piece(): Promise<Uint8Array | undefined> {
    for (;;) {
      const piece = this.#queue.shift();
      if (piece !== undefined) return piece;
      if (this.#state === "complete" || this.#state === "released") return this.#release();
      if (this.#state === "failed") throw this.#failure;
      try {
        await this.#receive();
      } catch (error) {
        // What follows the end is nothing of this answer, and the connection of no use for another.
        if (this.#atEnd) this.#isOdd = true;
        this.#fail(error);
      }
    }
  }

  /** Reads once, whoever asks: the consumer, or the rest of an answer that nobody wants. */
  #receive(): Promise<void> {
    this.#receiving ??= this.#receiveOnce().finally(() => {
      this.#receiving = undefined;
    });
    return this.#receiving;
  }

  async #receiveOnce(): Promise<void> {
    const { clock, idle } = this.#options;
    const waited = clock.now() - this.#progress;
    if (waited >= idle) throw new ScriptTimeout("it did nothing for too long");
    let bytes: Uint8Array;
    try {
      bytes = await this.#socket.recv(CHUNK, { timeout: Math.max(1, idle - waited) as Duration });
    } catch (error) {
      if (!(error instanceof SocketError)) throw error;
      // It may have taken input meanwhile: then it is waited for again.
      if (error.code === "EAGAIN") return;
      throw this.#lost(error.message);
    }
    if (bytes.length === 0) throw this.#lost("it closed the connection");
    this.#progress = clock.now();
    this.#heard = true;
    for (const { type, id, content, last } of this.#reader.read(bytes)) {
      if (this.#atEnd) this.#isOdd = true;
      if (id !== REQUEST_ID) continue;
      if (type === RecordType.stdout) this.#take(content);
      else if (type === RecordType.stderr) this.#lines.take(content);
      else if (type === RecordType.endRequest) this.#ended(content, last);
    }
  }

  #take(content: Uint8Array): void {
    if (this.#state === "open" && content.length > 0) this.#queue.push(content);
  }

  #lost(why: string): ScriptError {
    return this.#heard
      ? new ScriptError(`${why} in the middle of its answer`)
      : new ConnectionGone(`${why} without an answer`);
  }

  #ended(content: Uint8Array, last: boolean): void {
    if (this.#atEnd) return;
    this.#end.push(...content.subarray(0, 8));
    if (!last) return;
    this.#atEnd = true;
    const end = decodeEnd(new Uint8Array(this.#end));
    if (end === undefined) throw new ScriptError("an end of the request that is too short");
    this.#lines.end();
    if (this.#state !== "open") return;
    if (end.protocolStatus !== 0) {
      throw new ScriptError(`it refused the request: ${PROTOCOL_STATUS[end.protocolStatus] ?? end.protocolStatus}`);
    }
    if (this.#options.own && end.applicationStatus !== 0) {
      this.#failure = new ScriptError("it failed in the middle of its answer");
      this.#state = "failed";
      this.#letGo(true);
      return;
    }
    this.#state = "complete";
  }

  #write(bytes: Uint8Array): Promise<void> {
    const written = this.#writing.then(async () => {
      await writeAll(this.#socket, bytes);
      this.#progress = this.#options.clock.now();
    });
    this.#writing = written.catch(() => {});
    return written;
  }

  async #sendInput(body: AsyncIterable<Uint8Array>): Promise<void> {
    try {
      for await (const piece of body) {
        for (let at = 0; at < piece.length && this.#state === "open"; at += RECORD_LIMIT) {
          await this.#write(encodeRecords(RecordType.stdin, piece.subarray(at, at + RECORD_LIMIT)));
        }
        if (this.#state !== "open") return;
      }
      if (this.#state !== "open") return;
      await this.#write(encodeRecords(RecordType.stdin, new Uint8Array(0)));
      this.#wroteInput();
    } catch (error) {
      // The client's part has broken: the responder must not take what came for the whole.
      if (!(error instanceof SocketError && error.syscall === "send")) this.#abandon(error);
    }
  }

  #wroteInput(): void {
    this.#inputSent = true;
  }

  readonly #aborted = (): void => this.#abandon(this.#options.signal?.reason);

  #fail(error: unknown): void {
    if (this.#state !== "open") return;
    this.#failure = error;
    this.#state = "failed";
    this.#letGo(false);
  }

  /** Our own responder is told, and heard to its end, so that it can serve again; any other sees its connection close. */
  #abandon(reason: unknown = new ScriptError("the answer was given up")): void {
    if (this.#state === "complete") this.#release();
    if (this.#state !== "open") return;
    this.#failure = reason;
    this.#state = "failed";
    this.#queue.length = 0;
    if (this.#options.own) void this.#drain();
    else this.#letGo(false);
  }

  async #drain(): Promise<void> {
    void this.#write(encodeRecords(RecordType.abortRequest, new Uint8Array(0))).catch(() => {});
    try {
      while (!this.#atEnd) await this.#receive();
      this.#letGo(true);
    } catch {
      this.#letGo(false);
    }
  }

  /** The end was read. */
  #release(): undefined {
    if (this.#state !== "complete") return;
    this.#state = "released";
    this.#letGo(this.#options.keep && !this.#isOdd && (this.#inputSent || this.#options.own));
  }

  #letGo(reusable: boolean): void {
    this.#options.signal?.removeEventListener("abort", this.#aborted);
    if (reusable) void this.#writing.then(() => this.#done(true));
    else this.#done(false);
  }
}
