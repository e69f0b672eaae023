import { type Name, parentOf, ROOT } from "./name.ts";

/** What a pointer can lead to (RFC 1035 §4.1.4). */
const POINTER_LIMIT = 0x4000;

/** Writes a message, names compressed, into bytes that it is given. What does not fit is noted, and taken back by {@link rewind}. */
export class WireWriter {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #places = new Map<Name, number>();
  at = 0;
  /** Something did not fit. */
  overflow = false;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  /** A copy of what has been written. */
  copy(): Uint8Array {
    return this.#bytes.slice(0, this.at);
  }

  /** Takes back all that was written from a place on. */
  rewind(at: number): void {
    this.at = at;
    this.overflow = false;
    for (const [name, place] of this.#places) if (place >= at) this.#places.delete(name);
  }

  uint8(value: number): void {
    if (this.#room(1)) this.#view.setUint8(this.at++, value);
  }

  uint16(value: number): void {
    if (!this.#room(2)) return;
    this.#view.setUint16(this.at, value);
    this.at += 2;
  }

  uint32(value: number): void {
    if (!this.#room(4)) return;
    this.#view.setUint32(this.at, value);
    this.at += 4;
  }

  /** Overwrites what stands at a place. */
  patch16(at: number, value: number): void {
    if (at + 2 <= this.at) this.#view.setUint16(at, value);
  }

  raw(bytes: Uint8Array): void {
    if (!this.#room(bytes.length)) return;
    this.#bytes.set(bytes, this.at);
    this.at += bytes.length;
  }

  /** Bytes that are given as characters. */
  characters(text: string): void {
    if (!this.#room(text.length)) return;
    for (let at = 0; at < text.length; at++) this.#bytes[this.at++] = text.charCodeAt(at);
  }

  /**
   * A name, and where its end stands already, a pointer to there. The case of letters is kept, so only what is written alike is
   * the same. @param compress false where a peer may not know that there is a name (RFC 3597 §4)
   */
  name(name: Name, compress = true): void {
    for (let rest = name; rest !== ROOT; rest = parentOf(rest)) {
      const place = this.#places.get(rest);
      if (place !== undefined && compress) {
        this.uint16(0xc000 | place);
        return;
      }
      if (place === undefined && this.at < POINTER_LIMIT) this.#places.set(rest, this.at);
      this.characters(rest.slice(0, 1 + rest.charCodeAt(0)));
    }
    this.uint8(0);
  }

  #room(count: number): boolean {
    if (this.at + count > this.#bytes.length) this.overflow = true;
    return !this.overflow;
  }
}
