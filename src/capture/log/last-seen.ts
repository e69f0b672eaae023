import type { Packet } from "../../packet/packet.ts";
import type { ByteStore } from "./byte-store.ts";

/** The bytes are not those that were seen last: they are to be kept anew. */
export const FRESH = -1;

/** Packets that are remembered at a time; one that is forgotten too early is only kept twice. */
const SLOTS = 4096;
const MASK = SLOTS - 1;
/** Numbers of a slot: packet id, position, length, and the Nic with the direction. */
const WIDTH = 4;
/** Below the Nic: the frame left it; bits of the frame had been turned. */
const LEFT = 1;
const TURNED = 2;
/** Octets at the beginning that are compared where a device sends on what it received: all headers with their sums. */
const COMPARED = 64;

/**
 * Where the bytes of packets lie that were seen not long ago, so that a frame that is seen again unchanged is kept once:
 *
 * - It arrives as it left the other end of the cable, unless a bit was turned, which the packet says.
 * - A hub or a switch sends on what it received, as it was.
 * - Another device may. Whoever changes a packet changes a header, or a sum in one, so these are compared.
 * - It dies at the Nic that has just shown it.
 */
export class LastSeen {
  readonly #store: ByteStore;
  readonly #reach: number;
  readonly #slots = new Float64Array(SLOTS * WIDTH);
  /** Below this nothing is kept any more; below the other nothing is referred to any more. */
  #lowest = 0;
  #near = 0;
  #slot = 0;
  /** Of the frame that {@link diedAt} has found. */
  length = 0;
  wasOutward = false;

  /** @param reach how far back bytes may lie that are referred to, so that the ring can let go of old ones */
  constructor(store: ByteStore, reach: number) {
    this.#store = store;
    this.#reach = reach;
  }

  /** A frame comes in from a cable. @returns the position of its bytes, or {@link FRESH}: then {@link stored} is called */
  arrived(packet: Packet, nic: number): number {
    const slots = this.#slots;
    const slot = (packet.id & MASK) * WIDTH;
    const left = slots[slot] === packet.id && ((slots[slot + 3] as number) & LEFT) === LEFT && !packet.corrupted;
    if (!left || !this.#isNear(slot, packet)) return this.#note(packet, slot, 4 * nic);
    slots[slot + 3] = 4 * nic;
    return slots[slot + 1] as number;
  }

  /** A frame leaves. @param relayed by a port of a hub or a switch */
  leaves(packet: Packet, nic: number, relayed: boolean): number {
    const slots = this.#slots;
    const { id, original } = packet;
    const slot = (id & MASK) * WIDTH;
    let from = slot;
    // What a copy was made of may have been changed elsewhere, while the copy waited for its line.
    let unchanged = relayed;
    if (slots[slot] !== id) {
      unchanged = false;
      if (original === 0) return this.#note(packet, slot, 4 * nic + LEFT);
      from = (original & MASK) * WIDTH; // a hub's copy of what came in
      // Bits of the one that was received may have been turned on another cable since.
      if (slots[from] !== original || ((slots[from + 3] as number) & TURNED) !== 0)
        return this.#note(packet, slot, 4 * nic + LEFT);
    }
    const position = slots[from + 1] as number;
    const same = !packet.corrupted && this.#isNear(from, packet) && (unchanged || this.#isSame(position, packet));
    if (!same || from !== slot) this.#note(packet, slot, 4 * nic + LEFT);
    if (!same) return FRESH;
    slots[slot + 1] = position;
    slots[slot + 3] = 4 * nic + LEFT;
    return position;
  }

  /** A packet dies, maybe without its headers. @returns the position of the frame that this Nic showed last of it */
  diedAt(packet: Packet, nic: number): number {
    const slots = this.#slots;
    const slot = (packet.id & MASK) * WIDTH;
    const where = slots[slot + 3] as number;
    const position = slots[slot + 1] as number;
    if (slots[slot] !== packet.id || where >> 2 !== nic || position < this.#lowest) return FRESH;
    if (packet.corrupted && (where & LEFT) === LEFT) return FRESH; // it was changed on the cable after it was seen
    this.length = slots[slot + 2] as number;
    this.wasOutward = (where & LEFT) === LEFT;
    return position;
  }

  /** Where the frame was put that was {@link FRESH}. */
  stored(position: number): void {
    this.#slots[this.#slot + 1] = position;
  }

  /** Nothing before a position is kept any more. */
  forget(lowest: number): void {
    this.#lowest = lowest;
    this.#near = Math.max(this.#near, lowest);
  }

  /** There is a piece more in the store. */
  moved(): void {
    this.#near = Math.max(this.#lowest, this.#store.end - this.#reach);
  }

  #isNear(slot: number, packet: Packet): boolean {
    return this.#slots[slot + 2] === packet.end - packet.start && (this.#slots[slot + 1] as number) >= this.#near;
  }

  #isSame(position: number, { view, start, end }: Packet): boolean {
    return this.#store.begins(position, view, start, Math.min(COMPARED, end - start));
  }

  /** Remembers a frame whose bytes are to be kept anew. */
  #note(packet: Packet, slot: number, where: number): typeof FRESH {
    const slots = this.#slots;
    slots[slot] = packet.id;
    slots[slot + 2] = packet.end - packet.start;
    slots[slot + 3] = packet.corrupted ? where | TURNED : where;
    this.#slot = slot;
    return FRESH;
  }
}
