/** Protocols of a frame as bits: what a filter can tell without dissecting. Those of messages follow from {@link FIRST_MESSAGE} on. */
export const Protocols = {
  arp: 1,
  ip: 2,
  icmp: 4,
  udp: 8,
  tcp: 16,
  /** An IP datagram that this frame has only a part of. */
  fragment: 32,
  /** Bytes that no dissector knows. */
  data: 64,
} as const;

/** The first of the bits for protocols of messages, in the order in which their dissectors were given; all others share the last. */
export const FIRST_MESSAGE = 8;
export const LAST_MESSAGE = 30;

/** What the first pass found out of TCP, as bits. */
export const Notes = {
  retransmission: 1,
  fastRetransmission: 2,
  spuriousRetransmission: 4,
  outOfOrder: 8,
  lostSegment: 16,
  ackLostSegment: 32,
  duplicateAck: 64,
  keepAlive: 128,
  keepAliveAck: 256,
  zeroWindow: 512,
  zeroWindowProbe: 1024,
  zeroWindowProbeAck: 2048,
  windowFull: 4096,
  windowUpdate: 8192,
  reusedPorts: 16384,
} as const;

/** Data that no dissector is given again; of these the first alone is said to be a retransmission's. */
export const REPETITIONS = Notes.retransmission | Notes.spuriousRetransmission | Notes.outOfOrder;

/** Whether a frame with these notes brings data that no dissector is given again. */
export const isRepetition = (notes: number): boolean =>
  (notes & REPETITIONS) !== 0 && (notes & Notes.fastRetransmission) === 0;

/** What the first pass keeps of every frame, in typed arrays: no object a frame. */
export class FrameTable {
  /** Bits of {@link Protocols}. */
  protocols = new Uint32Array(0);
  /** `tcp.stream` or `udp.stream` as an index of all conversations, and −1. */
  conversation = new Int32Array(0);
  /** The frame before it in its conversation; 0 for none. */
  previous = new Int32Array(0);
  /** Bits of {@link Notes}. */
  notes = new Uint16Array(0);
  /** The frame whose segment a TCP segment acknowledges; 0 for none. */
  acknowledges = new Int32Array(0);
  /** Octets; −1 for none that could be told of, 0 where it was not asked. */
  inFlight = new Int32Array(0);
  /** Octets; 0 for none. */
  pushed = new Int32Array(0);
  /** The shift of the window in force, −1 when it is not known, −2 for none. */
  shift = new Int8Array(0);
  #room = 0;

  /** Makes room for a frame. */
  reserve(number: number): void {
    if (number < this.#room) return;
    this.#room = Math.max(1024, this.#room * 2, number + 1);
    this.protocols = grown(new Uint32Array(this.#room), this.protocols);
    this.conversation = grown(new Int32Array(this.#room), this.conversation);
    this.previous = grown(new Int32Array(this.#room), this.previous);
    this.notes = grown(new Uint16Array(this.#room), this.notes);
    this.acknowledges = grown(new Int32Array(this.#room), this.acknowledges);
    this.inFlight = grown(new Int32Array(this.#room), this.inFlight);
    this.pushed = grown(new Int32Array(this.#room), this.pushed);
    this.shift = grown(new Int8Array(this.#room), this.shift);
  }
}

function grown<T extends Uint32Array | Int32Array | Uint16Array | Int8Array>(into: T, from: T): T {
  into.set(from);
  return into;
}
