/**
 * SipHash-2-4 (Aumasson and Bernstein, 2012) over 32-bit words: the keyed function that initial sequence numbers
 * (RFC 6528 §3) and ephemeral ports (RFC 6056 §3.3.3) need. 64-bit lanes are pairs of 32-bit halves.
 */
export class SipHash {
  readonly #k0: number;
  readonly #k1: number;
  readonly #k2: number;
  readonly #k3: number;

  /** @param key four 32-bit words; the first is the lowest */
  constructor(key: Uint32Array) {
    const [k0 = 0, k1 = 0, k2 = 0, k3 = 0] = Int32Array.from(key);
    this.#k0 = k0;
    this.#k1 = k1;
    this.#k2 = k2;
    this.#k3 = k3;
  }

  /** The low 32 bits of the hash of the words, each taken as four little-endian bytes. */
  hash(...words: number[]): number {
    const count = words.length;
    const even = count & ~1;
    // v0 … v3, the low half and the high half of each
    let a = this.#k0 ^ 0x70736575;
    let aHigh = this.#k1 ^ 0x736f6d65;
    let b = this.#k2 ^ 0x6e646f6d;
    let bHigh = this.#k3 ^ 0x646f7261;
    let c = this.#k0 ^ 0x6e657261;
    let cHigh = this.#k1 ^ 0x6c796765;
    let d = this.#k2 ^ 0x79746573;
    let dHigh = this.#k3 ^ 0x74656462;
    for (let at = 0; at <= even + 2; at += 2) {
      let low = at < count ? (words[at] as number) | 0 : 0;
      let high = at < even ? (words[at + 1] as number) | 0 : count << 26; // the last block ends with the length in bytes
      if (at > even) {
        low = high = 0;
        c ^= 0xff;
      }
      d ^= low;
      dHigh ^= high;
      for (let round = at > even ? 4 : 2; round > 0; round--) {
        // v0 += v1; v1 = (v1 <<< 13) ^ v0; v0 <<<= 32
        let sum = (a >>> 0) + (b >>> 0);
        let sumHigh = (aHigh + bHigh + (sum > 0xffffffff ? 1 : 0)) | 0;
        let turned = ((b << 13) | (bHigh >>> 19)) ^ sum;
        bHigh = ((bHigh << 13) | (b >>> 19)) ^ sumHigh;
        b = turned;
        aHigh = sum | 0;
        a = sumHigh;
        // v2 += v3; v3 = (v3 <<< 16) ^ v2
        sum = (c >>> 0) + (d >>> 0);
        cHigh = (cHigh + dHigh + (sum > 0xffffffff ? 1 : 0)) | 0;
        c = sum | 0;
        turned = ((d << 16) | (dHigh >>> 16)) ^ c;
        dHigh = ((dHigh << 16) | (d >>> 16)) ^ cHigh;
        d = turned;
        // v0 += v3; v3 = (v3 <<< 21) ^ v0
        sum = (a >>> 0) + (d >>> 0);
        aHigh = (aHigh + dHigh + (sum > 0xffffffff ? 1 : 0)) | 0;
        a = sum | 0;
        turned = ((d << 21) | (dHigh >>> 11)) ^ a;
        dHigh = ((dHigh << 21) | (d >>> 11)) ^ aHigh;
        d = turned;
        // v2 += v1; v1 = (v1 <<< 17) ^ v2; v2 <<<= 32
        sum = (c >>> 0) + (b >>> 0);
        sumHigh = (cHigh + bHigh + (sum > 0xffffffff ? 1 : 0)) | 0;
        turned = ((b << 17) | (bHigh >>> 15)) ^ sum;
        bHigh = ((bHigh << 17) | (b >>> 15)) ^ sumHigh;
        b = turned;
        cHigh = sum | 0;
        c = sumHigh;
      }
      a ^= low;
      aHigh ^= high;
    }
    return (a ^ b ^ c ^ d) >>> 0;
  }
}
