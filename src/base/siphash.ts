/**
 * SipHash-2-4 (Aumasson and Bernstein, 2012) over 32-bit words: the keyed function that initial sequence numbers
 * (RFC 6528 §3) and ephemeral ports (RFC 6056 §3.3.3) need. 64-bit lanes are pairs of 32-bit halves.
 */
export class SipHash {
  readonly #key: Uint32Array;
  readonly #v = new Int32Array(8); // v0 low, v0 high, v1 low, …

  /** @param key four 32-bit words; the first is the lowest */
  constructor(key: Uint32Array) {
    this.#key = key;
  }

  /** The low 32 bits of the hash of the words, each taken as four little-endian bytes. */
  hash(...words: number[]): number {
    const v = this.#v;
    const [k0 = 0, k1 = 0, k2 = 0, k3 = 0] = this.#key;
    v[0] = k0 ^ 0x70736575;
    v[1] = k1 ^ 0x736f6d65;
    v[2] = k2 ^ 0x6e646f6d;
    v[3] = k3 ^ 0x646f7261;
    v[4] = k0 ^ 0x6e657261;
    v[5] = k1 ^ 0x6c796765;
    v[6] = k2 ^ 0x79746573;
    v[7] = k3 ^ 0x74656462;
    const even = words.length & ~1;
    for (let at = 0; at < even; at += 2) this.#compress(words[at] ?? 0, words[at + 1] ?? 0);
    const rest = words.length & 1 ? (words[even] ?? 0) : 0;
    this.#compress(rest, ((words.length * 4) & 0xff) << 24);
    v[4] = (v[4] ?? 0) ^ 0xff;
    for (let turn = 0; turn < 4; turn++) this.#round();
    return ((v[0] ?? 0) ^ (v[2] ?? 0) ^ (v[4] ?? 0) ^ (v[6] ?? 0)) >>> 0;
  }

  #compress(low: number, high: number): void {
    const v = this.#v;
    v[6] = (v[6] ?? 0) ^ low;
    v[7] = (v[7] ?? 0) ^ high;
    this.#round();
    this.#round();
    v[0] = (v[0] ?? 0) ^ low;
    v[1] = (v[1] ?? 0) ^ high;
  }

  #round(): void {
    this.#mix(0, 2, 13, true);
    this.#mix(4, 6, 16, false);
    this.#mix(0, 6, 21, false);
    this.#mix(4, 2, 17, true);
  }

  /** a += b; b = (b <<< count) ^ a; then, if told so, a <<<= 32. */
  #mix(a: number, b: number, count: number, exchange: boolean): void {
    const v = this.#v;
    const bLow = v[b] ?? 0;
    const bHigh = v[b + 1] ?? 0;
    const low = ((v[a] ?? 0) >>> 0) + (bLow >>> 0);
    const sumLow = low | 0;
    const sumHigh = ((v[a + 1] ?? 0) + bHigh + (low > 0xffffffff ? 1 : 0)) | 0;
    v[b] = ((bLow << count) | (bHigh >>> (32 - count))) ^ sumLow;
    v[b + 1] = ((bHigh << count) | (bLow >>> (32 - count))) ^ sumHigh;
    v[a] = exchange ? sumHigh : sumLow;
    v[a + 1] = exchange ? sumLow : sumHigh;
  }
}
