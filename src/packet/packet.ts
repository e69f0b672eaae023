import { ANY, type IpAddress } from "../address/ip.ts";
import { assert } from "../base/assert.ts";
import type { PacketPool } from "./packet-pool.ts";

/** Bytes before the first header of a packet that is built from the top down: Ethernet 14 (+4 for a VLAN tag), IP 60, TCP 60. */
export const HEADROOM = 144;
const NOTHING = new Uint8Array(0);

/**
 * One frame, datagram or segment on its way: a range of a slab with room in front, so that each layer pushes its header
 * on the way down and pulls it on the way up. It has one owner, who passes it on or releases it.
 */
export class Packet {
  /** The slab this packet is a range of; shared with others, so only `start`–`end` may be touched. */
  readonly bytes: Uint8Array;
  /** The same slab, for fields of more than a byte. */
  readonly view: DataView;
  /** The packet's range of the slab: the lowest `start` and the highest `end`. */
  readonly base: number;
  readonly limit: number;
  readonly #pool: PacketPool;

  /** First byte of the packet as it stands: of the header that the layer now at work reads or has just pushed. */
  start = 0;
  /** One past the last byte. */
  end = 0;
  /** Counted per network, never on a wire; survives forwarding. Copies and fragments name their {@link original}. */
  id = 0;
  /** The id of the packet whose arrival made this one; 0 when a timer or a call did. */
  cause = 0;
  /** The id of the packet this is a copy or a fragment of; 0 for none. */
  original = 0;
  /** Offload mark: offset in `bytes` of a checksum field still to be filled in; 0 when nothing is left to do. */
  checksumAt = 0;
  /** Offset in `bytes` of the first byte under that checksum, which is all from here to `end`. */
  checksumFrom = 0;
  /** Offload mark: payload bytes a segment may carry when this one must be cut; 0 when nothing is left to do. */
  segmentSize = 0;
  /** A cable changed a bit of it. Kept for the capture's comment. */
  corrupted = false;
  /** The change is one that the frame check sequence shows to the next Nic. */
  fcsError = false;
  /** Where the link header starts, as the Nic last sent or received it; 0 for a packet that had none yet. Kept when it is
   * pulled, so that a drop further up can still show the whole frame. */
  link = 0;
  /** Where the network layer's header starts; set on the way up, for ICMP errors that quote it. 0 when nobody said. */
  network = 0;
  /** Set by the network layer on the way up, so that transports need not know the family. */
  source: IpAddress = ANY;
  destination: IpAddress = ANY;
  /** The destination is not this host alone: broadcast or multicast, of the link or of the network. */
  group = false;
  /** Traffic class or type of service, ECN bits included. */
  trafficClass = 0;
  hopLimit = 0;
  /** When it reaches the end of its queue, and its place among the events of that instant; the queue's own. */
  time = 0;
  order = 0;
  /** The next packet of the queue that holds this one; the queue's own. */
  next: Packet | null = null;
  /** The capture that has kept its bytes as they were when it was last seen, and null for none. */
  seenBy: object | null = null;
  /** That capture's own: where they lie, how many they are, and at which Nic they were seen. */
  seenPiece = 0;
  seenAt = 0;
  seenLength = 0;
  seenWhere = 0;
  /** Whether it lies in the pool. */
  free = true;
  /** What {@link data} gave last, and of which range. */
  #data: Uint8Array = NOTHING;
  #dataStart = -1;
  #dataEnd = -1;

  constructor(pool: PacketPool, bytes: Uint8Array, view: DataView, base: number, limit: number) {
    this.#pool = pool;
    this.bytes = bytes;
    this.view = view;
    this.base = base;
    this.limit = limit;
  }

  get length(): number {
    return this.end - this.start;
  }

  /** Makes room for a header in front. @returns the offset of its first byte, the new `start` */
  push(length: number): number {
    this.start -= length;
    assert(this.start >= this.base, "a packet has headroom for every header");
    return this.start;
  }

  /** Takes a header off the front. @returns the offset of what follows it, the new `start` */
  pull(length: number): number {
    this.start += length;
    assert(this.start <= this.end, "a header is pulled only after its length was checked");
    return this.start;
  }

  /** The bytes as they stand. A view into the slab, valid until the packet is passed on or released. */
  data(): Uint8Array {
    const { start, end } = this;
    // Packets are used again and again, mostly for frames of one length: the view is there already.
    if (start !== this.#dataStart || end !== this.#dataEnd) {
      this.#data = this.bytes.subarray(start, end);
      this.#dataStart = start;
      this.#dataEnd = end;
    }
    return this.#data;
  }

  /** A packet with the same bytes and marks, and an id of its own. */
  copy(): Packet {
    return this.#pool.copy(this);
  }

  /** Gives the packet back. Nobody may look at it afterwards. */
  release(): void {
    this.#pool.release(this);
  }
}
