import { ANY } from "../address/ip.ts";
import { assert } from "../base/assert.ts";
import { type Slab, takeSlab } from "../base/slab.ts";
import { HEADROOM, Packet } from "./packet.ts";

/** A frame of MTU 1500 with headroom. */
export const SMALL_PACKET = 2048;
/** The largest datagram (65,535) and its link header with headroom. */
export const LARGE_PACKET = 66 * 1024;
/** Packets made at once when a pool runs dry. */
const PACKETS_PER_SLAB = 256;
const LARGE_PACKETS_PER_SLAB = 8;
/** More packets alive than this is a leak or a queue without a limit. */
export const PACKETS_LIMIT = 1_000_000;

/** The packets of one network: slabs in two sizes, cut into packets that are used again and again. */
export class PacketPool {
  readonly #small: Packet[] = [];
  readonly #large: Packet[] = [];
  /** Kept for as long as the packets may be used. */
  readonly #slabs: Slab[] = [];
  #made = 0;
  #lastId = 0;
  /** The packet now being handled; packets made meanwhile have it as their cause. 0 outside an arrival. */
  cause = 0;

  /** Packets out of the pool. */
  get inUse(): number {
    return this.#made - this.#small.length - this.#large.length;
  }

  /**
   * An empty packet whose `start` and `end` stand behind the headroom.
   * @param room bytes that will be appended, at most 65,535
   */
  allocate(room: number): Packet {
    const large = room > SMALL_PACKET - HEADROOM;
    const free = large ? this.#large : this.#small;
    if (free.length === 0) this.#grow(large);
    const packet = free.pop() as Packet;
    packet.start = packet.end = packet.base + HEADROOM;
    packet.id = ++this.#lastId;
    packet.cause = this.cause;
    packet.free = false;
    return packet;
  }

  /** A packet that holds a copy of the bytes. @param bytes at most 65,535 and a link header */
  from(bytes: Uint8Array): Packet {
    const packet = this.allocate(bytes.length);
    packet.bytes.set(bytes, packet.start);
    packet.end = packet.start + bytes.length;
    return packet;
  }

  copy(packet: Packet): Packet {
    const copy = this.allocate(packet.end - packet.start);
    copy.start = Math.max(copy.base + (packet.start - packet.base), copy.base);
    if (copy.start + packet.length > copy.limit) copy.start = copy.base + HEADROOM;
    copy.end = copy.start + packet.length;
    if (copy.bytes === packet.bytes) copy.bytes.copyWithin(copy.start, packet.start, packet.end);
    else copy.bytes.set(packet.data(), copy.start);
    const shift = copy.start - packet.start;
    copy.original = packet.original || packet.id;
    copy.cause = packet.cause;
    copy.checksumAt = packet.checksumAt === 0 ? 0 : packet.checksumAt + shift;
    copy.checksumFrom = packet.checksumAt === 0 ? 0 : packet.checksumFrom + shift;
    copy.segmentSize = packet.segmentSize;
    copy.corrupted = packet.corrupted;
    copy.fcsError = packet.fcsError;
    if (packet.link === packet.start) {
      copy.link = copy.start;
      copy.seenBy = packet.seenBy;
      copy.seenPiece = packet.seenPiece;
      copy.seenAt = packet.seenAt;
      copy.seenLength = packet.seenLength;
      copy.seenWhere = packet.seenWhere;
    } else copy.link = 0; // what stands before `start` is not copied
    copy.network = packet.network >= packet.start ? packet.network + shift : 0;
    copy.source = packet.source;
    copy.destination = packet.destination;
    copy.group = packet.group;
    copy.trafficClass = packet.trafficClass;
    copy.hopLimit = packet.hopLimit;
    return copy;
  }

  release(packet: Packet): void {
    assert(!packet.free, "a packet is released once");
    packet.free = true;
    packet.original = 0;
    packet.checksumAt = 0;
    packet.checksumFrom = 0;
    packet.segmentSize = 0;
    packet.corrupted = false;
    packet.fcsError = false;
    packet.seenBy = null;
    packet.link = 0;
    packet.network = 0;
    packet.source = ANY;
    packet.destination = ANY;
    packet.group = false;
    packet.next = null;
    (packet.limit - packet.base > SMALL_PACKET ? this.#large : this.#small).push(packet);
  }

  #grow(large: boolean): void {
    const size = large ? LARGE_PACKET : SMALL_PACKET;
    const count = large ? LARGE_PACKETS_PER_SLAB : PACKETS_PER_SLAB;
    this.#made += count;
    assert(this.#made <= PACKETS_LIMIT, "a packet is missing its release, or a queue its limit");
    const slab = takeSlab(size * count);
    this.#slabs.push(slab);
    const free = large ? this.#large : this.#small;
    for (let base = slab.start + slab.length - size; base >= slab.start; base -= size) {
      free.push(new Packet(this, slab.bytes, slab.view, base, base + size));
    }
  }
}
