import type { Random } from "../../src/base/random.ts";

/** Bytes at which decoders stumble: limits of signs and lengths, ends of lines, and what opens and closes. */
const AWKWARD = [0x00, 0x01, 0x7f, 0x80, 0xff, 0x0a, 0x0d, 0x20, 0x22, 0x2d, 0x3a, 0x5b, 0x7b, 0x45, 0x4f, 0x60, 0xc3];
const MUTATIONS_LIMIT = 8;
const GROWTH_LIMIT = 64;

/** Makes inputs that are almost right out of ones that are right: the same ones for the same seed. */
export class Mutator {
  readonly #samples: readonly Uint8Array[];
  readonly #random: Random;

  constructor(samples: readonly Uint8Array[], random: Random) {
    this.#samples = samples;
    this.#random = random;
  }

  /**
   * A sample with one to eight changes, few more often than many.
   * @param kept bytes at the beginning that stay as they are
   */
  next(kept = 0): Uint8Array {
    const sample = this.#pick();
    let bytes = sample.slice(kept);
    const random = this.#random;
    for (let left = 1 + random.below(1 + random.below(MUTATIONS_LIMIT)); left > 0; left--) bytes = this.#mutate(bytes);
    return kept === 0 ? bytes : join(sample.subarray(0, kept), bytes);
  }

  #pick(): Uint8Array {
    return this.#samples[this.#random.below(this.#samples.length)] as Uint8Array;
  }

  #mutate(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
    const random = this.#random;
    if (bytes.length === 0) return this.#pick().slice();
    const at = random.below(bytes.length);
    const end = at + 1 + random.below(Math.min(GROWTH_LIMIT, bytes.length - at));
    switch (random.below(9)) {
      case 0:
      case 1:
        bytes[at] = (bytes[at] as number) ^ (1 << random.below(8));
        return bytes;
      case 2:
        bytes[at] = random.uint32();
        return bytes;
      case 3:
        bytes[at] = AWKWARD[random.below(AWKWARD.length)] as number;
        return bytes;
      case 4: // a little more or less: lengths and counts
        bytes[at] = (bytes[at] as number) + random.below(9) - 4;
        return bytes;
      case 5:
        return bytes.slice(0, at);
      case 6:
        return join(bytes.subarray(0, at), bytes.subarray(end));
      case 7:
        return join(bytes.subarray(0, end), bytes.subarray(at));
      default: {
        const other = this.#pick();
        return join(bytes.subarray(0, at), other.subarray(random.below(other.length + 1)));
      }
    }
  }
}

function join(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(a.length + b.length);
  joined.set(a);
  joined.set(b, a.length);
  return joined;
}
