import { Random } from "../../src/base/random.ts";
import { size } from "../size.ts";
import { Mutator } from "./mutator.ts";

/** Mutated inputs for each decoder. */
export const INPUTS = size(20_000, 1_000_000);
const SEED = 1;

/** The same inputs in every run, made of samples, for the decoder of that name. */
export const mutatorOf = (name: string, samples: readonly Uint8Array[]): Mutator =>
  new Mutator(samples, new Random(SEED, name));

/** Feeds mutated samples one by one. An error names the input that raised it. */
export function fuzz(
  name: string,
  samples: readonly Uint8Array[],
  feed: (input: Uint8Array) => void,
  inputs = INPUTS,
): void {
  const mutator = mutatorOf(name, samples);
  for (let n = 0; n < inputs; n++) {
    const input = mutator.next();
    try {
      feed(input);
    } catch (error) {
      throw new Error(`${name}: input ${n}, ${Buffer.from(input).toString("hex")}`, { cause: error });
    }
  }
}
