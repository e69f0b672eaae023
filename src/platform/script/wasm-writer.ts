/** Bytes of a WebAssembly module that grow as they are written. */
export class WasmWriter {
  #bytes = new Uint8Array(1024);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  number(value: number): void {
    this.bytes(leb(value));
  }

  /** Bytes with their length in front, as sections and functions have it. */
  block(body: WasmWriter): void {
    this.number(body.length);
    this.bytes(body.finish());
  }

  bytes(more: Uint8Array | readonly number[]): void {
    const length = this.#length + more.length;
    if (length > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(length, 2 * this.#bytes.length));
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    this.#bytes.set(more, this.#length);
    this.#length = length;
  }

  finish(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#length);
  }
}

/** LEB128, unsigned (§5.2.2). */
export function leb(value: number): number[] {
  const bytes: number[] = [];
  for (; value >= 0x80; value >>>= 7) bytes.push((value & 0x7f) | 0x80);
  bytes.push(value);
  return bytes;
}

/** LEB128, signed, of a number that is not negative. */
export function signedLeb(value: number): number[] {
  const bytes: number[] = [];
  for (; value >= 0x40; value >>>= 7) bytes.push((value & 0x7f) | 0x80);
  bytes.push(value);
  return bytes;
}
