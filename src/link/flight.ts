import type { Packet } from "../packet/packet.ts";

/**
 * Packets on their way, sorted by arrival (`time`, then `order`) and linked through their `next`. One that arrives after
 * all others, as on a cable that keeps the order, costs no search and no allocation.
 */
export class Flight {
  /** The next to arrive. */
  head: Packet | null = null;
  #tail: Packet | null = null;

  /** @param packet its `time` is set, and its `order` is the highest drawn so far */
  insert(packet: Packet): void {
    const tail = this.#tail;
    if (tail === null) {
      packet.next = null;
      this.head = this.#tail = packet;
    } else if (packet.time >= tail.time) {
      packet.next = null;
      tail.next = packet;
      this.#tail = packet;
    } else {
      this.#insertBefore(packet);
    }
  }

  /** Takes out the next to arrive. */
  shift(): Packet | null {
    const packet = this.head;
    if (packet === null) return null;
    this.head = packet.next;
    if (packet.next === null) this.#tail = null;
    packet.next = null;
    return packet;
  }

  /** The packet of an id. */
  find(id: number): Packet | undefined {
    for (let packet = this.head; packet !== null; packet = packet.next) if (packet.id === id) return packet;
    return undefined;
  }

  /** Takes out one that is among them. */
  remove(packet: Packet): void {
    if (this.head === packet) {
      this.shift();
      return;
    }
    let before = this.head;
    while (before !== null && before.next !== packet) before = before.next;
    if (before === null) return;
    before.next = packet.next;
    if (packet.next === null) this.#tail = before;
    packet.next = null;
  }

  #insertBefore(packet: Packet): void {
    let before: Packet | null = null;
    let after = this.head;
    while (after !== null && after.time <= packet.time) {
      before = after;
      after = after.next;
    }
    packet.next = after;
    if (before === null) this.head = packet;
    else before.next = packet;
  }
}
