/**
 * MD5 (RFC 1321). It is broken wherever somebody might choose the message; here it only names what it is computed of, such as a
 * client's way to say hello (JA3).
 */
export function md5(message: Uint8Array): Uint8Array<ArrayBuffer> {
  const state = Int32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476);
  const padded = new Uint8Array((((message.length + 8) >> 6) + 1) << 6);
  padded.set(message);
  padded[message.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 8, message.length * 8, true);
  view.setUint32(padded.length - 4, Math.floor(message.length / 2 ** 29), true);
  for (let at = 0; at < padded.length; at += 64) compress(state, view, at);
  const digest = new Uint8Array(16);
  const out = new DataView(digest.buffer);
  for (const [at, word] of state.entries()) out.setInt32(at * 4, word, true);
  return digest;
}

const SHIFTS = [
  [7, 12, 17, 22],
  [5, 9, 14, 20],
  [4, 11, 16, 23],
  [6, 10, 15, 21],
] as const;

/** The first 32 bits of the fraction of each round's sine (§3.4). Engines may differ in the last bits of a sine, not in these. */
const SINES = Int32Array.from({ length: 64 }, (_, round) => Math.floor(Math.abs(Math.sin(round + 1)) * 2 ** 32));

function compress(state: Int32Array, block: DataView, start: number): void {
  let [a, b, c, d] = state as unknown as [number, number, number, number];
  for (let round = 0; round < 64; round++) {
    const quarter = round >> 4;
    const [mixed, word] = mix(quarter, round, b, c, d);
    const sum = (a + mixed + (SINES[round] as number) + block.getInt32(start + word * 4, true)) | 0;
    const by = SHIFTS[quarter]?.[round & 3] as number;
    a = d;
    d = c;
    c = b;
    b = (b + ((sum << by) | (sum >>> (32 - by)))) | 0;
  }
  for (const [at, word] of [a, b, c, d].entries()) state[at] = ((state[at] as number) + word) | 0;
}

/** The function of a round, and which word of the block it takes. */
function mix(quarter: number, round: number, b: number, c: number, d: number): [mixed: number, word: number] {
  if (quarter === 0) return [(b & c) | (~b & d), round];
  if (quarter === 1) return [(d & b) | (~d & c), (5 * round + 1) & 15];
  if (quarter === 2) return [b ^ c ^ d, (3 * round + 5) & 15];
  return [c ^ (b | ~d), (7 * round) & 15];
}
