/** Decompression of DEFLATE (RFC 1951), bare or as gzip (RFC 1952) and zlib (RFC 1950) wrap it: whole pieces, at once. */

/** Octets that come out at most: a few octets can ask for any number. */
export const INFLATED_LIMIT = 4 * 1024 * 1024;
const LONGEST_CODE = 15;
const END_OF_BLOCK = 256;

/** @returns undefined when it is not that, ends too early, or becomes more than {@link INFLATED_LIMIT} */
export function gunzip(bytes: Uint8Array): Uint8Array | undefined {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b || bytes[2] !== 8) return undefined;
  const flags = bytes[3] ?? 0;
  let at = 10;
  if (flags & 4) at += 2 + ((bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8));
  for (const named of [8, 16]) {
    if ((flags & named) === 0) continue;
    const end = bytes.indexOf(0, at);
    if (end < 0) return undefined;
    at = end + 1;
  }
  if (flags & 2) at += 2;
  return inflate(bytes.subarray(at));
}

/** HTTP's `deflate`: zlib's wrapping, or none, as some send it (RFC 9110 §8.4.1.2). @returns as {@link gunzip} */
export function unwrapDeflate(bytes: Uint8Array): Uint8Array | undefined {
  const [method = 0, flags = 0] = bytes;
  const wrapped = (method & 15) === 8 && (method * 256 + flags) % 31 === 0;
  return inflate(wrapped ? bytes.subarray(2) : bytes);
}

/** Decompresses bare blocks. @returns as {@link gunzip} */
export function inflate(bytes: Uint8Array): Uint8Array | undefined {
  const bits = new Bits(bytes);
  const out = new Output();
  for (let last = 0; last === 0; ) {
    last = bits.take(1);
    const kind = bits.take(2);
    if (bits.short || kind === 3) return undefined;
    const done = kind === 0 ? stored(bits, out) : compressed(bits, out, kind === 1 ? fixed() : dynamic(bits));
    if (!done) return undefined;
  }
  return out.whole;
}

class Bits {
  readonly bytes: Uint8Array;
  at = 0;
  short = false;
  #held = 0;
  #count = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  /** At most 16 bits, the lowest first. */
  take(count: number): number {
    while (this.#count < count) {
      const byte = this.bytes[this.at++];
      if (byte === undefined) {
        this.short = true;
        return 0;
      }
      this.#held |= byte << this.#count;
      this.#count += 8;
    }
    const value = this.#held & ((1 << count) - 1);
    this.#held >>>= count;
    this.#count -= count;
    return value;
  }

  /** Goes on at the next whole octet. */
  align(): void {
    this.at -= this.#count >> 3;
    this.#held = 0;
    this.#count = 0;
  }
}

class Output {
  #bytes = new Uint8Array(4_096);
  length = 0;

  get whole(): Uint8Array {
    return this.#bytes.slice(0, this.length);
  }

  /** Makes room. @returns false when that is too much */
  #grow(count: number): boolean {
    const needed = this.length + count;
    if (needed > INFLATED_LIMIT) return false;
    if (needed > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(needed, 2 * this.#bytes.length));
      grown.set(this.#bytes.subarray(0, this.length));
      this.#bytes = grown;
    }
    return true;
  }

  append(bytes: Uint8Array): boolean {
    if (!this.#grow(bytes.length)) return false;
    this.#bytes.set(bytes, this.length);
    this.length += bytes.length;
    return true;
  }

  byte(value: number): boolean {
    if (!this.#grow(1)) return false;
    this.#bytes[this.length++] = value;
    return true;
  }

  /** Repeats what came before; what is repeated may be what this appends. */
  copy(distance: number, length: number): boolean {
    if (distance > this.length || !this.#grow(length)) return false;
    for (let n = 0; n < length; n++, this.length++) {
      this.#bytes[this.length] = this.#bytes[this.length - distance] as number;
    }
    return true;
  }
}

/** §3.2.4 */
function stored(bits: Bits, out: Output): boolean {
  bits.align();
  const length = bits.take(16);
  const inverse = bits.take(16);
  if (bits.short || (length ^ inverse) !== 0xffff || bits.at + length > bits.bytes.length) return false;
  const piece = bits.bytes.subarray(bits.at, bits.at + length);
  bits.at += length;
  return out.append(piece);
}

/** How many codes there are of each length, and their symbols in order (§3.2.2). */
interface Code {
  readonly counts: Uint16Array;
  readonly symbols: Uint16Array;
}

function codeOf(lengths: Uint8Array): Code {
  const counts = new Uint16Array(LONGEST_CODE + 1);
  for (const length of lengths) counts[length] = (counts[length] as number) + 1;
  counts[0] = 0;
  const offsets = new Uint16Array(LONGEST_CODE + 2);
  for (let n = 1; n <= LONGEST_CODE; n++) offsets[n + 1] = (offsets[n] as number) + (counts[n] as number);
  const symbols = new Uint16Array(lengths.length);
  lengths.forEach((length, symbol) => {
    if (length > 0) symbols[(offsets[length] as number)++] = symbol;
  });
  return { counts, symbols };
}

/** @returns −1 for what is no code */
function symbolOf(bits: Bits, { counts, symbols }: Code): number {
  let code = 0;
  let first = 0;
  let index = 0;
  for (let length = 1; length <= LONGEST_CODE && !bits.short; length++) {
    code |= bits.take(1);
    const count = counts[length] as number;
    if (code - count < first) return symbols[index + (code - first)] as number;
    index += count;
    first = (first + count) << 1;
    code <<= 1;
  }
  return -1;
}

interface Codes {
  readonly literals: Code;
  readonly distances: Code;
}

let fixedCodes: Codes | undefined;

/** §3.2.6 */
function fixed(): Codes {
  if (fixedCodes === undefined) {
    const lengths = Uint8Array.from({ length: 288 }, (_, n) => (n < 144 ? 8 : n < 256 ? 9 : n < 280 ? 7 : 8));
    fixedCodes = { literals: codeOf(lengths), distances: codeOf(new Uint8Array(30).fill(5)) };
  }
  return fixedCodes;
}

const ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/** §3.2.7 */
function dynamic(bits: Bits): Codes | undefined {
  const literals = bits.take(5) + 257;
  const distances = bits.take(5) + 1;
  const count = bits.take(4) + 4;
  const own = new Uint8Array(19);
  for (let n = 0; n < count; n++) own[ORDER[n] as number] = bits.take(3);
  const code = codeOf(own);
  const lengths = new Uint8Array(literals + distances);
  for (let at = 0; at < lengths.length; ) {
    const symbol = symbolOf(bits, code);
    if (symbol < 0 || bits.short) return undefined;
    if (symbol < 16) {
      lengths[at++] = symbol;
      continue;
    }
    const [value, times] =
      symbol === 16 ? [lengths[at - 1], 3 + bits.take(2)] : [0, symbol === 17 ? 3 + bits.take(3) : 11 + bits.take(7)];
    if (value === undefined || at + times > lengths.length) return undefined;
    lengths.fill(value, at, at + times);
    at += times;
  }
  return { literals: codeOf(lengths.subarray(0, literals)), distances: codeOf(lengths.subarray(literals)) };
}

/** Extra bits of the codes of lengths and distances, from which their bases follow (§3.2.5). */
const LENGTH_EXTRA = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
const DISTANCE_EXTRA = Array.from({ length: 30 }, (_, n) => Math.max(0, (n >> 1) - 1));
const LENGTH_BASE = bases(3, LENGTH_EXTRA).with(28, 258);
const DISTANCE_BASE = bases(1, DISTANCE_EXTRA);

function bases(first: number, extra: readonly number[]): number[] {
  const found: number[] = [];
  let base = first;
  for (const bits of extra) {
    found.push(base);
    base += 1 << bits;
  }
  return found;
}

function compressed(bits: Bits, out: Output, codes: Codes | undefined): boolean {
  if (codes === undefined) return false;
  for (;;) {
    const symbol = symbolOf(bits, codes.literals);
    if (symbol < 0 || bits.short) return false;
    if (symbol === END_OF_BLOCK) return true;
    if (symbol < END_OF_BLOCK) {
      if (!out.byte(symbol)) return false;
      continue;
    }
    const kind = symbol - END_OF_BLOCK - 1;
    const extra = LENGTH_EXTRA[kind];
    if (extra === undefined) return false;
    const length = (LENGTH_BASE[kind] as number) + bits.take(extra);
    const far = symbolOf(bits, codes.distances);
    const more = DISTANCE_EXTRA[far];
    if (more === undefined) return false;
    const distance = (DISTANCE_BASE[far] as number) + bits.take(more);
    if (bits.short || !out.copy(distance, length)) return false;
  }
}
