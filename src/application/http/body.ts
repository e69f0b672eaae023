import { gather } from "../gather.ts";
import { parseForm } from "./form.ts";
import type { HeadersInit } from "./headers.ts";

/** What a message's body is made from. Bytes are not copied. The last is the fast form of a stream. */
export type BodyInit =
  | string
  | Uint8Array
  | ArrayBuffer
  | URLSearchParams
  | ReadableStream<Uint8Array>
  | AsyncIterable<Uint8Array>;

/** A body piece by piece. Each piece belongs to who asked for it. */
export interface BodyPieces extends AsyncIterable<Uint8Array> {
  /** The trailer fields, if any: known when the body has ended (RFC 9110 §6.5). */
  readonly trailers?: HeadersInit | undefined;
}

/** A body as it is kept: all of it, or what it will come from. */
export type Content = string | Uint8Array | ReadableStream<Uint8Array> | BodyPieces | null;

/** Takes the body out of a message, whose body counts as used then. @throws TypeError when it was used already */
export let takeContent: (message: Body) => Content;

/**
 * What a request and a response have in common: the Fetch standard's Body mixin. The stream is made only when it is asked for.
 */
export abstract class Body {
  #content: Content;
  #stream: ReadableStream<Uint8Array> | undefined = undefined;
  #used = false;

  static {
    takeContent = (message) => message.#take();
  }

  constructor(content: Content) {
    this.#content = content;
  }

  /** What Content-Type says, for those who read the body by its kind. */
  protected abstract contentType(): string;

  /** Null where there is no body. */
  get body(): ReadableStream<Uint8Array> | null {
    const content = this.#content;
    if (content === null) return null;
    if (isStream(content)) return content;
    this.#stream ??= toStream(content, () => {
      this.#used = true;
    });
    return this.#stream;
  }

  /** Whether reading the body has begun. Of a stream given from outside it can tell only whether that is locked. */
  get bodyUsed(): boolean {
    return this.#used || (isStream(this.#content) && this.#content.locked);
  }

  async text(): Promise<string> {
    return decoder.decode(await allOf(this.#take()));
  }

  /** @throws SyntaxError where it is no JSON */
  async json(): Promise<unknown> {
    return JSON.parse(await this.text());
  }

  /** All of it, for the caller to keep. */
  async bytes(): Promise<Uint8Array<ArrayBuffer>> {
    const content = this.#take();
    const bytes = await allOf(content);
    return bytes === content || !fillsItsBuffer(bytes) ? new Uint8Array(bytes) : bytes;
  }

  async arrayBuffer(): Promise<ArrayBuffer> {
    return (await this.bytes()).buffer;
  }

  async blob(): Promise<Blob> {
    return new Blob([new Uint8Array(await allOf(this.#take()))], { type: this.contentType() });
  }

  /** The fields of a form, urlencoded or multipart, held in memory. @throws TypeError for another type or a broken body */
  async formData(): Promise<FormData> {
    return parseForm(this.contentType(), await allOf(this.#take()));
  }

  /** The body piece by piece, without the cost of a ReadableStream. The body counts as used then. */
  pieces(): BodyPieces {
    return piecesOf(this.#take());
  }

  /** Another content with the same bytes, for a copy of this message. */
  protected split(): Content {
    this.#refuseUsed();
    const content = this.#content;
    if (content === null || typeof content === "string" || content instanceof Uint8Array) return content;
    const [mine, other] = (isStream(content) ? content : toStream(content, () => {})).tee();
    this.#content = mine;
    this.#stream = undefined;
    return other;
  }

  #take(): Content {
    const content = this.#content;
    if (content === null) return null;
    this.#refuseUsed();
    this.#used = true;
    return content;
  }

  #refuseUsed(): void {
    if (this.bodyUsed || this.#stream?.locked) throw new TypeError("the body was used already");
  }
}

/** The type of a body that is a string. */
export const TEXT_TYPE = "text/plain;charset=UTF-8";

const NOTHING = new Uint8Array(0);
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** What a body is kept as, and the Content-Type that comes with it (Fetch standard, "extract a body"). */
export function extract(init: BodyInit | null | undefined): { content: Content; type: string | undefined } {
  if (init === null || init === undefined) return { content: null, type: undefined };
  if (typeof init === "string") return { content: init, type: TEXT_TYPE };
  if (init instanceof Uint8Array) return { content: init, type: undefined };
  if (init instanceof ArrayBuffer) return { content: new Uint8Array(init), type: undefined };
  if (init instanceof URLSearchParams) {
    return { content: init.toString(), type: "application/x-www-form-urlencoded;charset=UTF-8" };
  }
  if (isStream(init)) {
    if (init.locked) throw new TypeError("the body is a stream that is read by someone else");
    return { content: init, type: undefined };
  }
  if (typeof init === "object" && Symbol.asyncIterator in init) return { content: init, type: undefined };
  return { content: `${init as unknown}`, type: TEXT_TYPE };
}

/** Any content piece by piece. */
export function piecesOf(content: Content): BodyPieces {
  if (content === null || typeof content === "string" || content instanceof Uint8Array) return once(content);
  return isStream(content) ? new StreamPieces(content) : content;
}

export function isStream(content: Content | BodyInit): content is ReadableStream<Uint8Array> {
  return typeof content === "object" && content !== null && "getReader" in content;
}

async function* once(content: string | Uint8Array | null): AsyncGenerator<Uint8Array, void, void> {
  if (content === null || content.length === 0) return;
  yield typeof content === "string" ? encoder.encode(content) : content;
}

/** A stream piece by piece. Unlike a generator it can be left while it waits for a piece. */
class StreamPieces implements BodyPieces, AsyncIterator<Uint8Array, undefined> {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;

  constructor(stream: ReadableStream<Uint8Array>) {
    this.#reader = stream.getReader();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<Uint8Array, undefined>> {
    const { done, value } = await this.#reader.read();
    if (done) return { done, value: undefined };
    if (value instanceof Uint8Array) return { done, value };
    await this.return();
    throw new TypeError("the stream of a body gives bytes");
  }

  async return(): Promise<IteratorResult<Uint8Array, undefined>> {
    await this.#reader.cancel();
    return { done: true, value: undefined };
  }
}

/** @param begin called when the first piece is asked for, or the stream is cancelled */
function toStream(content: Content, begin: () => void): ReadableStream<Uint8Array> {
  let iterator: AsyncIterator<Uint8Array> | undefined;
  const begun = (): AsyncIterator<Uint8Array> => {
    begin();
    iterator ??= piecesOf(content)[Symbol.asyncIterator]();
    return iterator;
  };
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        for (;;) {
          const next = await begun().next();
          if (next.done) return controller.close();
          if (next.value.length > 0) return controller.enqueue(next.value);
        }
      },
      async cancel() {
        await begun().return?.();
      },
    },
    { highWaterMark: 0 },
  );
}

/** All of a content; where it is there already, or comes in one piece, without a copy. */
async function allOf(content: Content): Promise<Uint8Array> {
  if (content === null) return NOTHING;
  if (typeof content === "string") return encoder.encode(content);
  if (content instanceof Uint8Array) return content;
  return gather(piecesOf(content));
}

function fillsItsBuffer(bytes: Uint8Array): bytes is Uint8Array<ArrayBuffer> {
  return bytes.buffer instanceof ArrayBuffer && bytes.byteLength === bytes.buffer.byteLength;
}
