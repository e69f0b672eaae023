import type { Packet } from "../../packet/packet.ts";
import type { ByteStore } from "./byte-store.ts";

/** Below the Nic in {@link Packet.seenWhere}: the frame left it. */
const LEFT = 1;
/** Octets at the beginning that are compared where a device sends on what it received: all headers with their sums. */
const COMPARED = 64;

/**
 * Where the bytes of packets lie that were seen not long ago, so that a frame that is seen again unchanged is kept once:
 *
 * - It arrives as it left the other end of the cable, unless a bit was turned, which the packet says.
 * - A hub or a switch sends on what it received, as it was, and copies of it.
 * - Another device may. Whoever changes a packet changes a header, or a sum in one, so these are compared.
 * - It dies at the Nic that has just shown it.
 *
 * Each packet bears where its own bytes lie: it is at hand when the packet is.
 */
export class LastSeen {
  readonly #store: ByteStore;
  /** How many pieces of the store back bytes may lie that are referred to, so that the ring can let go of old ones. */
  readonly #reach: number;
  /** Of the frame that {@link diedAt} has found. */
  wasOutward = false;

  /** @param reach in pieces of the store */
  constructor(store: ByteStore, reach: number) {
    this.#store = store;
    this.#reach = reach;
  }

  /** The first piece of the store that is referred to from now on. */
  get firstPiece(): number {
    return this.#store.piece - this.#reach;
  }

  /** A frame comes in from a cable. @returns whether the packet bears where its bytes lie; else they are to be {@link stored} */
  arrived(packet: Packet, nic: number): boolean {
    const same = !packet.corrupted && (packet.seenWhere & LEFT) === LEFT && this.#isNear(packet);
    packet.seenWhere = 4 * nic;
    return same;
  }

  /** A frame leaves. @param relayed by a port of a hub or a switch */
  leaves(packet: Packet, nic: number, relayed: boolean): boolean {
    const same = !packet.corrupted && this.#isNear(packet) && (relayed || this.#isSame(packet));
    packet.seenWhere = 4 * nic + LEFT;
    return same;
  }

  /** A packet dies, maybe without its headers. @returns whether it bears where the frame lies that this Nic showed last of it */
  diedAt(packet: Packet, nic: number): boolean {
    const left = (packet.seenWhere & LEFT) === LEFT;
    if (packet.seenWhere >> 2 !== nic || !this.#isKept(packet)) return false;
    if (packet.corrupted && left) return false; // it was changed on the cable after it was seen
    this.wasOutward = left;
    return true;
  }

  /** The frame was put at the end of the store. */
  stored(packet: Packet): void {
    const { piece, last } = this.#store;
    packet.seenBy = this;
    packet.seenPiece = piece;
    packet.seenAt = last;
    packet.seenLength = packet.end - packet.start;
  }

  #isNear(packet: Packet): boolean {
    return packet.end - packet.start === packet.seenLength && this.#isKept(packet);
  }

  #isKept(packet: Packet): boolean {
    const { piece, first } = this.#store;
    return packet.seenBy === this && packet.seenPiece >= piece - this.#reach && packet.seenPiece >= first;
  }

  #isSame(packet: Packet): boolean {
    const { view, start, end } = packet;
    return this.#store.begins(packet.seenPiece, packet.seenAt, view, start, Math.min(COMPARED, end - start));
  }
}
