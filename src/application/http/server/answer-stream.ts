import { type BodyPieces, piecesOf } from "../body.ts";
import { makeFields } from "../headers.ts";
import type { Fields } from "../message/fields.ts";
import { CHUNK_END, formatChunkSize, formatLastChunk } from "../message/serialiser.ts";
import type { Answer } from "./answer.ts";
import type { Output } from "./output.ts";

/** Turns that a head waits for the first of its body, so that both go out in one write. */
const PATIENCE = 4;

/** Who is told how an answer gets on. */
export interface AnswerListener {
  /** Something was written that is to be sent. */
  progress(): void;
  ended(): void;
  /** @param begun whether some of the answer was written */
  failed(error: unknown, begun: boolean): void;
}

/** Writes an answer whose body comes piece by piece, no faster than the client takes it. */
export class AnswerStream {
  readonly #output: Output;
  readonly #head: Uint8Array;
  readonly #answer: Answer;
  readonly #listener: AnswerListener;
  #iterator: AsyncIterator<Uint8Array> | undefined = undefined;
  #headWritten = false;
  #left = false;

  constructor(output: Output, head: Uint8Array, answer: Answer, listener: AnswerListener) {
    this.#output = output;
    this.#head = head;
    this.#answer = answer;
    this.#listener = listener;
    void this.#run();
  }

  /** Nobody listens any more: whoever makes the body is told. */
  leave(): void {
    if (this.#left) return;
    this.#left = true;
    this.#iterator?.return?.().catch(() => {});
  }

  async #run(): Promise<void> {
    try {
      await this.#write();
    } catch (error) {
      if (this.#left) return;
      this.leave();
      this.#listener.failed(error, this.#headWritten);
      return;
    }
    if (this.#left) return;
    this.#left = true;
    this.#listener.ended();
  }

  async #write(): Promise<void> {
    const { framing, length } = this.#answer;
    const pieces = piecesOf(this.#answer.content);
    const iterator = pieces[Symbol.asyncIterator]();
    this.#iterator = iterator;
    let rest = length;
    let next = iterator.next();
    await this.#waitALittle(next);
    for (;;) {
      const { done, value } = await next;
      if (this.#left) return;
      if (!done && !(value instanceof Uint8Array)) throw new TypeError("the pieces of a body are bytes");
      this.#writeHead();
      if (done) break;
      if (value.length > 0) {
        if (framing === "length") {
          rest -= value.length;
          if (rest < 0) throw new TypeError("a body longer than its Content-Length");
          this.#output.bytes(value);
        } else this.#writePiece(value, framing === "chunked");
        this.#listener.progress();
        if (this.#output.blocked) await this.#output.drained();
        if (this.#left) return;
      }
      next = iterator.next();
    }
    if (framing === "chunked") this.#output.latin1(formatLastChunk(trailersOf(pieces)));
    if (framing === "length" && rest > 0) throw new TypeError("a body shorter than its Content-Length");
  }

  async #waitALittle(first: Promise<unknown>): Promise<void> {
    let here = false;
    const come = (): void => {
      here = true;
    };
    first.then(come, come);
    for (let turn = 0; turn < PATIENCE && !here; turn++) await undefined;
    if (here || this.#left) return;
    this.#writeHead();
    this.#listener.progress();
  }

  #writeHead(): void {
    if (this.#headWritten) return;
    this.#headWritten = true;
    this.#output.bytes(this.#head);
  }

  #writePiece(bytes: Uint8Array, chunked: boolean): void {
    if (chunked) this.#output.latin1(formatChunkSize(bytes.length));
    this.#output.bytes(bytes);
    if (chunked) this.#output.latin1(CHUNK_END);
  }
}

function trailersOf({ trailers }: BodyPieces): Fields | undefined {
  return trailers === undefined ? undefined : makeFields(trailers);
}
