import type { Packet } from "./packet.ts";

/** Packets in a row, linked through their `next`: nothing is allocated to queue one. */
export class PacketQueue {
  head: Packet | null = null;
  #tail: Packet | null = null;
  /** How many packets. */
  count = 0;
  /** The sum of their lengths when they were put in. */
  bytes = 0;

  push(packet: Packet): void {
    packet.next = null;
    if (this.#tail === null) this.head = packet;
    else this.#tail.next = packet;
    this.#tail = packet;
    this.count++;
    this.bytes += packet.end - packet.start;
  }

  shift(): Packet | null {
    const packet = this.head;
    if (packet === null) return null;
    this.head = packet.next;
    if (this.head === null) this.#tail = null;
    packet.next = null;
    this.count--;
    this.bytes -= packet.end - packet.start;
    return packet;
  }
}
