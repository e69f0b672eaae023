import { merkleDamgard } from "./merkle-damgard.ts";

/**
 * SHA-1 (FIPS 180-4 §6.1). It is broken for signatures; the handshake of WebSocket (RFC 6455 §4.2.2) only asks it for proof
 * that the server knows the protocol.
 */
export function sha1(message: Uint8Array): Uint8Array<ArrayBuffer> {
  return merkleDamgard([0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0], message, compress);
}

const rotate = (word: number, by: number): number => (word << by) | (word >>> (32 - by));

const words = new Int32Array(80);

function compress(state: Int32Array, block: DataView): void {
  for (let at = 0; at < 16; at++) words[at] = block.getInt32(at * 4);
  for (let at = 16; at < 80; at++) {
    words[at] = rotate(
      (words[at - 3] as number) ^ (words[at - 8] as number) ^ (words[at - 14] as number) ^ (words[at - 16] as number),
      1,
    );
  }
  let [a, b, c, d, e] = state as unknown as [number, number, number, number, number];
  for (let round = 0; round < 80; round++) {
    const [f, k] = choose(round, b, c, d);
    const next = (rotate(a, 5) + f + e + k + (words[round] as number)) | 0;
    e = d;
    d = c;
    c = rotate(b, 30);
    b = a;
    a = next;
  }
  for (const [at, word] of [a, b, c, d, e].entries()) state[at] = ((state[at] as number) + word) | 0;
}

/** The function and the constant of a round (§4.1.1, §4.2.1). */
function choose(round: number, b: number, c: number, d: number): [f: number, k: number] {
  if (round < 20) return [(b & c) ^ (~b & d), 0x5a827999];
  if (round < 40) return [b ^ c ^ d, 0x6ed9eba1];
  if (round < 60) return [(b & c) ^ (b & d) ^ (c & d), 0x8f1bbcdc];
  return [b ^ c ^ d, 0xca62c1d6];
}
