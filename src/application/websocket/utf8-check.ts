/**
 * Tells whether bytes are UTF-8 as they come in pieces (RFC 3629 §4): a message that no longer can be is refused at the first
 * wrong byte, not at its end (RFC 6455 §8.1).
 */
export class Utf8Check {
  /** Continuation bytes that are still to come. */
  #left = 0;
  /** What the next continuation byte may be. */
  #lowest = 0x80;
  #highest = 0xbf;

  /** Whether a character is complete: a message may end here. */
  get complete(): boolean {
    return this.#left === 0;
  }

  reset(): void {
    this.#left = 0;
    this.#lowest = 0x80;
    this.#highest = 0xbf;
  }

  /** Takes more bytes. @returns false when they can be no UTF-8, however they go on */
  push(bytes: Uint8Array, start = 0, end = bytes.length): boolean {
    for (let at = start; at < end; at++) {
      const byte = bytes[at] as number;
      if (this.#left === 0) {
        if (byte >= 0x80 && !this.#begin(byte)) return false;
      } else {
        if (byte < this.#lowest || byte > this.#highest) return false;
        this.#lowest = 0x80;
        this.#highest = 0xbf;
        this.#left--;
      }
    }
    return true;
  }

  /** The first byte of a character of several. */
  #begin(byte: number): boolean {
    if (byte < 0xc2 || byte > 0xf4) return false; // a continuation byte, an overlong form, or past U+10FFFF
    this.#left = byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
    if (byte === 0xe0)
      this.#lowest = 0xa0; // not what two bytes can say
    else if (byte === 0xed)
      this.#highest = 0x9f; // no half of a surrogate pair
    else if (byte === 0xf0)
      this.#lowest = 0x90; // not what three bytes can say
    else if (byte === 0xf4) this.#highest = 0x8f; // up to U+10FFFF
    return true;
  }
}
