import type { ContentCoding } from "../../compression.ts";

/** Bytes of a body that is remembered. */
export const BODY_LIMIT = 65_536;
/** Of all that are, both as they were and compressed. */
const ALL_LIMIT = 16 * 2 ** 20;

interface Remembered {
  readonly original: Uint8Array;
  readonly compressed: Uint8Array;
}

/**
 * What small bodies become when they are compressed, by their entity tags, so that a page that does not change is compressed
 * once. What is remembered is compared with what is to be sent: a tag that is used for two bodies mixes nothing up.
 */
export class CompressedBodies {
  readonly #bodies = new Map<string, Remembered>();
  #bytes = 0;

  /** @returns undefined when it is not remembered */
  get(coding: ContentCoding, entityTag: string, original: Uint8Array): Uint8Array | undefined {
    const key = `${coding} ${entityTag}`;
    const body = this.#bodies.get(key);
    if (body === undefined || !areEqual(body.original, original)) return undefined;
    // Used last, forgotten last.
    this.#bodies.delete(key);
    this.#bodies.set(key, body);
    return body.compressed.slice();
  }

  put(coding: ContentCoding, entityTag: string, original: Uint8Array, compressed: Uint8Array): void {
    const size = original.length + compressed.length;
    if (original.length > BODY_LIMIT || size > 2 * BODY_LIMIT) return;
    this.#forget(`${coding} ${entityTag}`);
    this.#bodies.set(`${coding} ${entityTag}`, { original, compressed: compressed.slice() });
    this.#bytes += size;
    for (const key of this.#bodies.keys()) {
      if (this.#bytes <= ALL_LIMIT) return;
      this.#forget(key);
    }
  }

  #forget(key: string): void {
    const body = this.#bodies.get(key);
    if (body === undefined) return;
    this.#bodies.delete(key);
    this.#bytes -= body.original.length + body.compressed.length;
  }
}

function areEqual(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let at = 0; at < a.length; at++) if (a[at] !== b[at]) return false;
  return true;
}
