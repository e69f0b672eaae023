/** Below this many bytes a view of words costs more than it saves. */
const WORTH_WORDS = 64;

const keyBytes = new Uint8Array(4);
const keyWord = new Int32Array(keyBytes.buffer);

/**
 * Masks bytes in place, or unmasks them, which is the same (RFC 6455 §5.3).
 * @param key four bytes
 * @param phase how many bytes of the payload stand before `start`
 */
export function mask(bytes: Uint8Array, start: number, end: number, key: Uint8Array, phase = 0): void {
  let at = start;
  let turn = phase & 3;
  if (end - start >= WORTH_WORDS) {
    while ((bytes.byteOffset + at) & 3) {
      bytes[at] = (bytes[at] as number) ^ (key[turn] as number);
      at++;
      turn = (turn + 1) & 3;
    }
    for (let each = 0; each < 4; each++) keyBytes[each] = key[(turn + each) & 3] as number;
    const word = keyWord[0] as number;
    const count = (end - at) >> 2;
    const words = new Int32Array(bytes.buffer, bytes.byteOffset + at, count);
    for (let each = 0; each < count; each++) words[each] = (words[each] as number) ^ word;
    at += count << 2;
  }
  for (; at < end; at++) {
    bytes[at] = (bytes[at] as number) ^ (key[turn] as number);
    turn = (turn + 1) & 3;
  }
}
