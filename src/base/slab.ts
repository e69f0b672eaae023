import { assert } from "./assert.ts";
import { makeWideSums, type WideSums } from "./wide-sums.ts";

/** What all slabs of a process together may take of the memory that is summed fast; those beyond have one of their own. */
export const SHARED_MEMORY = 64 * 2 ** 20;

/** A piece of memory: `length` bytes from `start` on. Around it lie others', which are not to be touched. */
export interface Slab {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The same memory, for fields of more than a byte. */
  readonly view: DataView<ArrayBuffer>;
  readonly start: number;
  readonly length: number;
}

interface SharedMemory {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly view: DataView<ArrayBuffer>;
  readonly sums: WideSums;
}

/** A free range of the shared memory. */
interface Gap {
  start: number;
  length: number;
}

/** Made when the first slab is; null where there is no WebAssembly. */
let shared: SharedMemory | null | undefined;
/** By place, apart from each other. */
const gaps: Gap[] = [];
/** From here on nobody has had the shared memory: it is zero, and takes no room yet. */
let untouched = 0;

/** The view of the memory whose ranges the functions below sum; that of no slab while there is none. */
export let sharedView: DataView | undefined;
export let sumShared: WideSums["sum"] = () => 0;
export let copyAndSumShared: WideSums["copyAndSum"] = () => 0;

/** Slabs that their owner lost without giving them back, as when a whole network is dropped. */
const lost = new FinalizationRegistry<Gap>((gap) => free(gap));

/** Takes a zeroed slab: of the shared memory while there is room, else of a memory of its own. */
export function takeSlab(length: number): Slab {
  if (shared === undefined) shared = makeShared();
  const start = shared === null ? -1 : occupy(length);
  if (shared === null || start < 0) {
    const buffer = new ArrayBuffer(length);
    return { bytes: new Uint8Array(buffer), view: new DataView(buffer), start: 0, length };
  }
  const { bytes, view } = shared;
  bytes.fill(0, start, Math.min(start + length, untouched));
  untouched = Math.max(untouched, start + length);
  const slab = { bytes, view, start, length };
  lost.register(slab, { start, length }, slab);
  return slab;
}

/** Gives a slab back: nobody points into it any more. One that is merely forgotten comes back as well, some time. */
export function giveSlab(slab: Slab): void {
  if (lost.unregister(slab)) free({ start: slab.start, length: slab.length });
}

function makeShared(): SharedMemory | null {
  const sums = makeWideSums(SHARED_MEMORY);
  if (sums === undefined) return null;
  gaps.push({ start: 0, length: SHARED_MEMORY });
  const view = new DataView(sums.memory);
  sharedView = view;
  sumShared = sums.sum;
  copyAndSumShared = sums.copyAndSum;
  return { bytes: new Uint8Array(sums.memory), view, sums };
}

/** Takes the front of the first gap that is large enough. @returns −1 when there is none */
function occupy(length: number): number {
  const index = gaps.findIndex((gap) => gap.length >= length);
  const gap = gaps[index];
  if (gap === undefined) return -1;
  const { start } = gap;
  gap.start += length;
  gap.length -= length;
  if (gap.length === 0) gaps.splice(index, 1);
  return start;
}

function free({ start, length }: Gap): void {
  const next = gaps.findIndex((gap) => gap.start > start);
  const index = next < 0 ? gaps.length : next;
  const before = gaps[index - 1];
  const after = gaps[index];
  assert(before === undefined || before.start + before.length <= start, "a slab is given back once");
  const touchesBefore = before !== undefined && before.start + before.length === start;
  const touchesAfter = after !== undefined && start + length === after.start;
  if (touchesBefore) {
    before.length += length + (touchesAfter ? after.length : 0);
    if (touchesAfter) gaps.splice(index, 1);
  } else if (touchesAfter) {
    after.start = start;
    after.length += length;
  } else gaps.splice(index, 0, { start, length });
}
