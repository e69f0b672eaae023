/**
 * Seeded random numbers: sfc32 (Doty-Humphrey's small fast counting generator, 32-bit). One stream per component, made
 * from the run's seed and the component's name, so that a new component does not shift the draws of the others.
 */
export class Random {
  readonly #seed: number;
  readonly #name: string;
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  /** @param seed any safe integer @param name the component, such as `"cable pc1-hub1"` */
  constructor(seed: number, name = "") {
    this.#seed = seed;
    this.#name = name;
    this.#a = seed | 0;
    this.#b = Math.floor(seed / 2 ** 32) | 0;
    this.#c = hash(name);
    for (let round = 0; round < 15; round++) this.uint32();
  }

  /** The stream of a component of this component. */
  stream(name: string): Random {
    return new Random(this.#seed, this.#name === "" ? name : `${this.#name}/${name}`);
  }

  /** A whole number, 0 to 2^32 − 1. */
  uint32(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }

  /** A real number, 0 ≤ x < 1, with 53 random bits. */
  real(): number {
    const high = this.uint32() >>> 5;
    return (high * 2 ** 26 + (this.uint32() >>> 6)) / 2 ** 53;
  }

  /** A whole number, 0 ≤ x < limit ≤ 2^32, without bias. */
  below(limit: number): number {
    const ceiling = 2 ** 32 - (2 ** 32 % limit);
    for (;;) {
      const drawn = this.uint32();
      if (drawn < ceiling) return drawn % limit;
    }
  }

  /** True with the given probability, 0–1. Certain outcomes draw nothing. */
  chance(probability: number): boolean {
    if (probability <= 0) return false;
    return probability >= 1 || this.real() < probability;
  }

  /** Fills bytes. */
  fill(bytes: Uint8Array): Uint8Array {
    for (let at = 0; at < bytes.length; at++) bytes[at] = this.uint32() & 0xff;
    return bytes;
  }
}

/** FNV-1a over the UTF-16 code units of a name. */
function hash(name: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < name.length; at++) value = Math.imul(value ^ name.charCodeAt(at), 0x01000193);
  return value;
}
