import { fromBase64 } from "./base64.ts";
import { CHECKSUM_CODE } from "./checksum-code.ts";

/** Sums that run in WebAssembly with words of 128 bits (checksum.wat), over a memory of their own and nowhere else. */
export interface WideSums {
  readonly memory: ArrayBuffer;
  /** The sum of the memory's bytes `start`–`end` in network order, folded to 16 bits. */
  sum(start: number, end: number): number;
  /** The same, and copies the bytes to `to` on the way; the ranges lie apart. */
  copyAndSum(to: number, start: number, end: number): number;
}

const PAGE = 64 * 1024;

/**
 * Makes a memory of that size, zeroed, with its sums. It takes room as it is touched, and never grows: what points into
 * it stays good.
 * @param size in bytes, whole pages of 64 KiB
 * @returns undefined where there is no WebAssembly, none of 128 bits, no leave to compile any, or no room
 */
export function makeWideSums(size: number): WideSums | undefined {
  const code = fromBase64(CHECKSUM_CODE);
  if (typeof WebAssembly === "undefined" || code === undefined) return undefined;
  try {
    const pages = size / PAGE;
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
    const instance = new WebAssembly.Instance(new WebAssembly.Module(code), { base: { memory } });
    const { sum, copyAndSum } = instance.exports as unknown as Pick<WideSums, "sum" | "copyAndSum">;
    return { memory: memory.buffer, sum, copyAndSum };
  } catch {
    return undefined;
  }
}
