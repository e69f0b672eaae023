import { merkleDamgard } from "./merkle-damgard.ts";

/** The first 32 bits of the fractional parts of the square roots of the first primes (FIPS 180-4 §5.3.3). */
const INITIAL = [
  ...[0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a],
  ...[0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19],
];

/** The same of the cube roots of the first 64 (§4.2.2). */
const ROUNDS = Int32Array.from([
  ...[0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5],
  ...[0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174],
  ...[0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da],
  ...[0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967],
  ...[0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85],
  ...[0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070],
  ...[0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3],
  ...[0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2],
]);

/** SHA-256 (FIPS 180-4 §6.2). For what is secret by itself, such as a session's name; passwords need a slow hash. */
export function sha256(message: Uint8Array): Uint8Array<ArrayBuffer> {
  return merkleDamgard(INITIAL, message, compress);
}

const rotate = (word: number, by: number): number => (word >>> by) | (word << (32 - by));

const words = new Int32Array(64);

function compress(state: Int32Array, block: DataView): void {
  for (let at = 0; at < 16; at++) words[at] = block.getInt32(at * 4);
  for (let at = 16; at < 64; at++) {
    const before = words[at - 15] as number;
    const last = words[at - 2] as number;
    const small0 = rotate(before, 7) ^ rotate(before, 18) ^ (before >>> 3);
    const small1 = rotate(last, 17) ^ rotate(last, 19) ^ (last >>> 10);
    words[at] = ((words[at - 16] as number) + small0 + (words[at - 7] as number) + small1) | 0;
  }
  let [a, b, c, d, e, f, g, h] = state as unknown as [
    ...[number, number, number, number, number, number, number, number],
  ];
  for (let round = 0; round < 64; round++) {
    const big1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
    const first = (h + big1 + ((e & f) ^ (~e & g)) + (ROUNDS[round] as number) + (words[round] as number)) | 0;
    const big0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
    const second = (big0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + first) | 0;
    d = c;
    c = b;
    b = a;
    a = (first + second) | 0;
  }
  for (const [at, word] of [a, b, c, d, e, f, g, h].entries()) state[at] = ((state[at] as number) + word) | 0;
}
