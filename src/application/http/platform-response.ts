import { concatenate } from "../../base/concatenate.ts";
import type { BodyPieces } from "./body.ts";
import type { AnyResponse, PlatformResponse } from "./handler.ts";
import { Headers } from "./headers.ts";
import { Response } from "./response.ts";

/** Turns in which a platform's stream gives what it holds already: more than any engine takes. */
const TURNS = 24;
/** Pieces that a body that is there already may have. */
const PIECES = 2;

/**
 * A platform's response as one of ours. A body that is there at once, as a text is, gets its length told; a stream stays one.
 * One without a type is text, as the servers that such handlers are written for have it.
 * @throws RangeError for a status that cannot be sent, TypeError for a field that cannot, or a body that was used
 */
export async function adopt(response: PlatformResponse): Promise<Response> {
  if (typeof response !== "object" || response === null) throw new TypeError("a handler gives a response");
  const { status, statusText, headers: fields, body } = response;
  if ((response as { bodyUsed?: boolean }).bodyUsed) throw new TypeError("the body was used already");
  const headers = new Headers(fields);
  if (body === null) return new Response(null, { status, statusText, headers });
  if (!headers.has("content-type")) headers.set("Content-Type", "text/plain; charset=UTF-8");
  const content = headers.has("content-length") ? pieces(body.getReader(), [], undefined) : await peek(body);
  return new Response(content, { status, statusText, headers });
}

/** Calls back with a response that is not here yet, or is a platform's, as soon as it is one of ours; then once more. */
export function whenOurs(
  response: PlatformResponse | Promise<AnyResponse>,
  answer: (response: Response) => void,
  fail: (error: unknown) => void,
  then: () => void,
): void {
  const failed = (error: unknown): void => {
    fail(error);
    then();
  };
  const take = (each: AnyResponse): void => {
    if (!(each instanceof Response)) {
      adopt(each).then(take, failed);
      return;
    }
    answer(each);
    then();
  };
  // What a handler gives may be anything, whatever its type says.
  if (typeof response === "object" && response !== null && "then" in response) response.then(take, failed);
  else take(response);
}

type Reader = ReadableStreamDefaultReader<Uint8Array>;
type Next = ReturnType<Reader["read"]>;

/** All of a body, where it ends soon. */
async function peek(body: ReadableStream<Uint8Array>): Promise<Uint8Array | BodyPieces> {
  const reader = body.getReader();
  const first: Uint8Array[] = [];
  let next = reader.read();
  for (;;) {
    const soon = await settled(next);
    if (soon === undefined) break;
    if (soon.done) return concatenate(first);
    first.push(soon.value);
    next = reader.read();
    if (first.length > PIECES) break;
  }
  return pieces(reader, first, next);
}

/** What a promise gives within some turns, without waiting for anything from outside. */
async function settled<T>(promise: Promise<T>): Promise<T | undefined> {
  let here = false;
  const come = (): void => {
    here = true;
  };
  promise.then(come, come);
  for (let turn = 0; turn < TURNS && !here; turn++) await undefined;
  return here ? promise : undefined;
}

/** The pieces that were read already, and all that follow. */
function pieces(reader: Reader, first: Uint8Array[], begun: Next | undefined): BodyPieces {
  let next = begun;
  return {
    [Symbol.asyncIterator]: () => ({
      async next() {
        const piece = first.shift();
        if (piece !== undefined) return { done: false, value: piece };
        const { done, value } = await (next ?? reader.read());
        next = undefined;
        if (done) return { done: true, value: undefined };
        if (!(value instanceof Uint8Array)) throw new TypeError("a body's stream gives bytes");
        return { done: false, value };
      },
      async return() {
        await reader.cancel();
        return { done: true, value: undefined };
      },
    }),
  };
}
