const BLOCK = 64;

/**
 * What SHA-1 and SHA-256 have in common (FIPS 180-4 §5.1.1, §6): the message is padded to blocks of 64 bytes, each of which
 * changes the state; the state, big-endian, is the digest.
 */
export function merkleDamgard(
  initial: readonly number[],
  message: Uint8Array,
  compress: (state: Int32Array, block: DataView) => void,
): Uint8Array<ArrayBuffer> {
  const state = Int32Array.from(initial);
  const whole = message.length - (message.length % BLOCK);
  for (let at = 0; at < whole; at += BLOCK) {
    compress(state, new DataView(message.buffer, message.byteOffset + at, BLOCK));
  }
  const rest = message.length - whole;
  const tail = new Uint8Array(rest + 9 <= BLOCK ? BLOCK : 2 * BLOCK);
  tail.set(message.subarray(whole));
  tail[rest] = 0x80;
  const view = new DataView(tail.buffer);
  view.setUint32(tail.length - 8, Math.floor((message.length * 8) / 2 ** 32));
  view.setUint32(tail.length - 4, message.length * 8);
  for (let at = 0; at < tail.length; at += BLOCK) compress(state, new DataView(tail.buffer, at, BLOCK));
  const digest = new Uint8Array(state.length * 4);
  const out = new DataView(digest.buffer);
  for (const [at, word] of state.entries()) out.setInt32(at * 4, word);
  return digest;
}
