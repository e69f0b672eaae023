import type { IpAddress } from "../../address/ip.ts";
import { type MacAddress, ZERO_MAC } from "../../address/mac.ts";
import type { Packet } from "../../packet/packet.ts";
import { PacketQueue } from "../../packet/packet-queue.ts";
import { type Instant, NEVER, START } from "../../time/instant.ts";
import type { Timer } from "../../time/timer.ts";
import { ETHERNET_HEADER_LENGTH } from "../../wire/ethernet.ts";

/**
 * What is known of a neighbour, in Linux's and RFC 4861 §7.3.2's words. RFC 1122 §2.3.2.1 leaves the way of ageing
 * free; ours is its (2), a unicast poll of an entry that has aged and is used.
 */
export type NeighborState =
  /** Entered, not asked for yet. */
  | "NONE"
  /** Asked for, never heard of; packets are parked. */
  | "INCOMPLETE"
  /** Heard of lately. */
  | "REACHABLE"
  /** Heard of some time ago, or unasked; it is used, and the first use begins the delay. */
  | "STALE"
  /** Used since it went stale; a hint from above may still save the probe. */
  | "DELAY"
  /** Asked again by unicast. */
  | "PROBE"
  /** Did not answer. */
  | "FAILED"
  /** Known by its kind: broadcast, multicast, loopback, the other end of a line. */
  | "PERMANENT";

/** One next hop on one link, with its link header ready to be put in front of packets. */
export class Neighbor {
  readonly address: IpAddress;
  readonly timer: Timer | undefined;
  /** Packets that wait for the answer, each from its network header on. */
  parked = new PacketQueue();
  state: NeighborState = "NONE";
  mac: MacAddress = ZERO_MAC;
  /** Until then packets go out without a look at the state. */
  usableUntil: Instant = START;
  /** When it was last used, and when its MAC address last changed. */
  usedAt: Instant = START;
  updatedAt: Instant = START;
  /** Questions asked since the last answer. */
  probes = 0;
  /** No longer in its table: whoever keeps it has to find the neighbour again. */
  detached = false;
  // Destination and source of the link header as three words.
  #first = 0;
  #second = 0;
  #third = 0;
  #etherType = 0;

  constructor(address: IpAddress, timer?: Timer) {
    this.address = address;
    this.timer = timer;
  }

  /** Makes the link header ready. */
  setHeader(destination: MacAddress, source: MacAddress, etherType: number): void {
    this.mac = destination;
    this.#first = Math.floor(destination / 0x10000) | 0;
    this.#second = ((destination % 0x10000) << 16) | Math.floor(source / 0x100000000);
    this.#third = source | 0;
    this.#etherType = etherType;
  }

  /** Puts the link header in front of a packet. */
  push(packet: Packet): void {
    const at = packet.push(ETHERNET_HEADER_LENGTH);
    const view = packet.view;
    view.setInt32(at, this.#first);
    view.setInt32(at + 4, this.#second);
    view.setInt32(at + 8, this.#third);
    view.setUint16(at + 12, this.#etherType);
  }
}

/** A neighbour that needs no question: the link's group, the loopback, the other end of a line. */
export function permanentNeighbor(
  address: IpAddress,
  destination: MacAddress,
  source: MacAddress,
  etherType: number,
): Neighbor {
  const neighbor = new Neighbor(address);
  neighbor.setHeader(destination, source, etherType);
  neighbor.state = "PERMANENT";
  neighbor.usableUntil = NEVER;
  return neighbor;
}

/** Stands in a route whose next hop has not been looked for yet. */
export function unknownNeighbor(address: IpAddress): Neighbor {
  const neighbor = new Neighbor(address);
  neighbor.detached = true;
  neighbor.usableUntil = -1 as Instant;
  return neighbor;
}
