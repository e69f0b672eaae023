import { ACK, FIN, PSH, RST, SYN } from "../../wire/tcp.ts";
import { Notes } from "./frame-table.ts";

/** Segments of one direction that wait for an acknowledgment; the oldest are forgotten. */
export const UNACKNOWLEDGED_LIMIT = 1_000;

/** Nanoseconds: so soon after an ACK a repetition is a fast one; and out of order when no round trip is known. */
const FAST_WITHIN = 20_000_000;
const OUT_OF_ORDER_WITHIN = 3_000_000;

/** What is known of one way of a connection. Sequence numbers are signed 32-bit integers. */
export class TcpFlow {
  /** The number that relative ones begin at, for a frame. */
  baseAt(frame: number): number {
    return this.renumbered.find((change) => frame < change.frame)?.base ?? this.base;
  }

  seen = false;
  /** The number that relative ones begin at. */
  base = 0;
  /** The frames with which it changed, each with what it was before. */
  readonly renumbered: { readonly frame: number; readonly base: number }[] = [];
  next = 0;
  nextFrame = 0;
  nextTime = 0;
  /** Whether anything was acknowledged by this end, and what. */
  acknowledged = false;
  ack = 0;
  ackTime = 0;
  /** How far what it has sent may be acknowledged. */
  reach = 0;
  reached = false;
  window = 0;
  shift = -1;
  duplicates = 0;
  duplicateOf = 0;
  lastNotes = 0;
  firstAck = true;
  pushed = 0;
  pushedUntil = 0;
  fin = false;
  /** Segments that are not acknowledged as far as was seen, in the order of their coming. */
  readonly waiting: Waiting[] = [];
  /** Octets from the first segment that waits to the end of the last. */
  span = 0;
  /** Whether what is in flight can be told: not from a gap on until the peer is heard of. */
  counted = true;
  /** Octets that it last said to have beyond its acknowledgment (RFC 2018), or to have got twice. */
  selective = 0;
}

interface Waiting {
  readonly frame: number;
  /** Moves on when a part of it is acknowledged. */
  sequence: number;
  readonly next: number;
  /** {@link next} without SYN. */
  readonly end: number;
  readonly time: number;
}

export interface Segment {
  frame: number;
  time: number;
  sequence: number;
  ack: number;
  flags: number;
  window: number;
  length: number;
  /** Edges of its selective acknowledgments in turn, and how many blocks. */
  readonly edges: Int32Array;
  blocks: number;
}

/** What an analysis says of one segment. */
export interface Finding {
  notes: number;
  acksFrame: number;
  /** Octets; −1 for none that could be told of, 0 where it was not asked. */
  inFlight: number;
  pushed: number;
  rto: number;
  rtoFrame: number;
  duplicateNumber: number;
  duplicateFrame: number;
}

const below = (one: number, other: number): boolean => ((one - other) | 0) < 0;

/**
 * What Wireshark's analysis of sequence numbers says of segments, seen at one place: its User's Guide, "TCP Analysis",
 * describes each finding.
 */
export class TcpAnalysis {
  readonly flows = [new TcpFlow(), new TcpFlow()] as const;
  /** Nanoseconds from the SYN to the ACK of its answer; −1 until known. */
  initialRtt = -1;
  #synTime = 0;
  #synFrame = 0;
  #completeness = 0;
  #firstFrame = 0;
  #firstBits = 0;

  /** Takes the next segment. @param into filled in @param shift of its window-scale option, −1 for none */
  add(direction: 0 | 1, segment: Segment, shift: number, reused: boolean, into: Finding): void {
    const flow = this.flows[direction];
    const peer = this.flows[direction === 0 ? 1 : 0];
    const renumbered = this.#begin(flow, peer, segment);
    this.#handshake(segment);
    this.#complete(segment);
    if ((segment.flags & SYN) !== 0) {
      if (shift >= 0) flow.shift = shift;
      else if (flow.shift === -1) flow.shift = -2;
    }
    this.#judge(flow, peer, segment, into);
    if (renumbered) into.notes |= Notes.reusedPorts;
    if (reused) into.notes |= Notes.reusedPorts;
    this.#follow(flow, peer, segment, into);
  }

  /** The shift of the window that segments of a direction tell: −1 when it is not known, −2 for none. */
  shiftOf(direction: 0 | 1): number {
    const [one, other] = [this.flows[direction].shift, this.flows[direction === 0 ? 1 : 0].shift];
    if (one >= 0 && other >= 0) return one;
    return one === -2 || other === -2 ? -2 : one === -1 && other === -1 ? -1 : one;
  }

  /** Whether a FIN begins the closing, or answers one. */
  closingOf(direction: 0 | 1, _segment: Segment): "active" | "passive" {
    const peer = this.flows[direction === 0 ? 1 : 0];
    const flow = this.flows[direction];
    if (!peer.fin) flow.fin = true;
    return peer.fin ? "passive" : "active";
  }

  /** Learns where numbers begin. @returns whether a SYN with an ACK says so otherwise than was known */
  #begin(flow: TcpFlow, peer: TcpFlow, { frame, flags, sequence, ack }: Segment): boolean {
    const renumbered = flow.seen && (flags & (SYN | ACK)) === (SYN | ACK) && flow.base !== sequence;
    if (renumbered) {
      flow.renumbered.push({ frame, base: flow.base });
      flow.base = sequence;
    }
    if (!flow.seen) {
      flow.seen = true;
      // A conversation that is met midway begins at 1, as if its SYN had been seen.
      flow.base = (flags & SYN) !== 0 ? sequence : (sequence - 1) | 0;
    }
    if (!peer.seen && (flags & ACK) !== 0 && !peer.reached) {
      peer.base = (ack - 1) | 0;
      peer.seen = true;
    }
    return renumbered;
  }

  #handshake({ frame, flags, time }: Segment): void {
    if (this.initialRtt >= 0) return;
    if ((flags & (SYN | ACK)) === SYN) {
      this.#synTime = time;
      this.#synFrame = frame;
    } else if (this.#synFrame > 0 && (flags & (SYN | ACK)) === ACK) {
      this.initialRtt = time - this.#synTime;
    }
  }

  /** What a segment adds to {@link completeness}. The first does so only for those that come after it, if it is no SYN. */
  #complete({ frame, flags, length }: Segment): void {
    let bits = 0;
    if ((flags & (SYN | ACK)) === SYN) bits |= 1;
    else if ((flags & (SYN | ACK)) === (SYN | ACK)) bits |= 2;
    if (length > 0) bits |= 8;
    else if ((flags & (SYN | ACK)) === ACK) bits |= 4;
    if ((flags & FIN) !== 0) bits |= 16;
    if ((flags & RST) !== 0) bits |= 32;
    if (this.#firstFrame === 0) {
      this.#firstFrame = frame;
      if ((bits & 1) === 0) {
        this.#firstBits = bits;
        return;
      }
    }
    this.#completeness |= bits;
  }

  /**
   * Bits of how whole the conversation is, as a frame of it shows them: SYN 1, SYN-ACK 2, ACK 4, data 8, FIN 16, RST 32.
   */
  completenessAt(frame: number): number {
    return this.#completeness | (frame > this.#firstFrame ? this.#firstBits : 0);
  }

  /** Compares a segment with what was sent and acknowledged before it. */
  #judge(flow: TcpFlow, peer: TcpFlow, segment: Segment, into: Finding): void {
    const { sequence, ack, flags, window, length } = segment;
    const control = (flags & (SYN | FIN | RST)) !== 0;
    const atNext = flow.next !== 0 && sequence === flow.next;
    let notes = 0;
    let isProbe = false;
    if (length === 1 && atNext && peer.window === 0 && peer.acknowledged) {
      notes |= Notes.zeroWindowProbe;
      isProbe = true;
    }
    if (window === 0 && !control) notes |= Notes.zeroWindow;
    if (!isProbe) {
      if (flow.next !== 0 && below(flow.next, sequence) && (flags & RST) === 0) {
        notes |= Notes.lostSegment;
      }
      if (length <= 1 && !control && flow.next !== 0 && sequence === ((flow.next - 1) | 0)) notes |= Notes.keepAlive;
      notes |= this.#judgeWindow(flow, peer, segment, atNext);
      notes |= this.#judgeAcknowledgment(flow, peer, segment, atNext, into);
    }
    if ((flags & ACK) !== 0 && peer.reached && below(peer.reach, ack)) {
      notes |= Notes.ackLostSegment;
      peer.reach = ack;
    }
    if ((length > 0 || (flags & (SYN | FIN)) !== 0) && (notes & Notes.keepAlive) === 0) {
      notes |= this.#judgeRepetition(flow, peer, segment, into);
    }
    into.notes = notes;
  }

  #judgeWindow(
    flow: TcpFlow,
    peer: TcpFlow,
    { sequence, ack, flags, window, length }: Segment,
    atNext: boolean,
  ): number {
    const control = (flags & (SYN | FIN | RST)) !== 0;
    if (control) return 0;
    const known = peer.shift !== -1;
    const room = peer.shift > 0 ? peer.window * 2 ** peer.shift : peer.window;
    const ends = (sequence + length) | 0;
    if (length > 0 && known && peer.acknowledged && !peer.firstAck && ends === ((peer.ack + room) | 0)) {
      return Notes.windowFull;
    }
    const same = length === 0 && atNext && flow.acknowledged && ack === flow.ack;
    return same && window !== 0 && window !== flow.window ? Notes.windowUpdate : 0;
  }

  /** An acknowledgment that says nothing new. */
  #judgeAcknowledgment(flow: TcpFlow, peer: TcpFlow, segment: Segment, atNext: boolean, into: Finding): number {
    const { ack, flags, window, length, frame } = segment;
    const control = (flags & (SYN | FIN | RST)) !== 0;
    const same = length === 0 && !control && atNext && flow.acknowledged && ack === flow.ack && window === flow.window;
    if (same && window !== 0 && (peer.lastNotes & Notes.keepAlive) !== 0) return Notes.keepAliveAck;
    if (same && window === 0 && (peer.lastNotes & Notes.zeroWindowProbe) !== 0) return Notes.zeroWindowProbeAck;
    if (same && window !== 0) {
      flow.duplicates++;
      into.duplicateNumber = flow.duplicates;
      into.duplicateFrame = flow.duplicateOf;
      return Notes.duplicateAck;
    }
    if (!(flow.acknowledged && ack === flow.ack)) {
      flow.duplicates = 0;
      flow.duplicateOf = frame;
    }
    return 0;
  }

  /** Bytes that were there before: sent again, or come late. */
  #judgeRepetition(flow: TcpFlow, peer: TcpFlow, segment: Segment, into: Finding): number {
    const { sequence, flags, length, time } = segment;
    const ends = endOf(segment);
    if (length > 0 && peer.acknowledged && !below(peer.ack, (sequence + length) | 0)) {
      return Notes.spuriousRetransmission | Notes.retransmission;
    }
    if (flow.next === 0 || !below(sequence, flow.next)) return 0;
    const sinceAck = time - peer.ackTime;
    if (peer.duplicates >= 2 && peer.ack === sequence && sinceAck < FAST_WITHIN) {
      return Notes.fastRetransmission | Notes.retransmission;
    }
    const threshold = this.initialRtt >= 0 ? this.initialRtt : OUT_OF_ORDER_WITHIN;
    if (time - flow.nextTime < threshold && flow.next !== ends && (flags & SYN) === 0) return Notes.outOfOrder;
    const [first] = flow.waiting;
    into.rto = time - (first?.time ?? flow.nextTime);
    into.rtoFrame = into.rto === 0 ? 0 : (first?.frame ?? flow.nextFrame);
    return Notes.retransmission;
  }

  /** Moves on what is known by what the segment says. */
  #follow(flow: TcpFlow, peer: TcpFlow, segment: Segment, into: Finding): void {
    const { sequence, ack, flags, window, length, frame, time } = segment;
    const ends = endOf(segment);
    if (flow.next === 0 || below(flow.next, ends)) {
      if ((into.notes & Notes.zeroWindowProbe) === 0) {
        flow.next = ends;
        flow.nextFrame = frame;
        flow.nextTime = time;
      }
    }
    if (!flow.reached || below(flow.reach, ends)) flow.reach = ends;
    flow.reached = true;
    if (length > 0 || (flags & (SYN | FIN)) !== 0) {
      const fin = (flags & FIN) !== 0 ? 1 : 0;
      remember(flow, { frame, sequence, next: ends, end: (sequence + length + fin) | 0, time }, fin);
    }
    if ((into.notes & Notes.lostSegment) !== 0) flow.counted = false;
    // Also what a segment without ACK has there is taken for an acknowledgment: 0, which is as good as none.
    acknowledge(peer, ack, into);
    if ((flags & ACK) !== 0) peer.counted = true;
    flow.firstAck = !flow.acknowledged;
    flow.acknowledged = ack !== 0;
    flow.ack = ack;
    flow.ackTime = time;
    flow.selective = selectiveOf(segment);
    flow.window = window;
    flow.lastNotes = into.notes;
    if (length > 0) {
      if (flow.counted) {
        const span = flow.span - peer.selective;
        into.inFlight = span > 0 ? span : -1;
        push(flow, segment, into);
      }
    }
  }
}

function push(flow: TcpFlow, { flags, length }: Segment, into: Finding): void {
  flow.pushed += length;
  into.pushed = into.inFlight > 0 ? flow.pushed : 0;
  if ((flags & PSH) !== 0) flow.pushed = 0;
}

/** What selective acknowledgments take away from what is in flight. */
function selectiveOf({ edges, blocks }: Segment): number {
  let sum = 0;
  for (let block = 0; block < blocks; block++) {
    sum += ((edges[block * 2 + 1] as number) - (edges[block * 2] as number)) | 0;
  }
  return sum;
}

const endOf = ({ sequence, length, flags }: Segment): number =>
  (sequence + length + ((flags & SYN) !== 0 ? 1 : 0) + ((flags & FIN) !== 0 ? 1 : 0)) | 0;

/** @param fin 1 for a FIN, which is in flight for the segments after it only */
function remember(flow: TcpFlow, waiting: Waiting, fin: number): void {
  let first = waiting.sequence;
  let last = (waiting.end - fin) | 0;
  for (const { sequence, end } of flow.waiting) {
    if (below(sequence, first)) first = sequence;
    if (below(last, end)) last = end;
  }
  flow.span = (last - first) | 0;
  flow.waiting.push(waiting);
  if (flow.waiting.length > UNACKNOWLEDGED_LIMIT) flow.waiting.shift();
}

/** Takes away what is acknowledged. It answers the first that was sent of those whose end it names. */
function acknowledge(flow: TcpFlow, ack: number, into: Finding): void {
  if (flow.waiting.length === 0) return;
  const { waiting } = flow;
  let kept = 0;
  for (const each of waiting) {
    if (each.next === ack && into.acksFrame === 0) into.acksFrame = each.frame;
    if (!below(ack, each.next)) continue;
    if (below(each.sequence, ack)) each.sequence = ack;
    waiting[kept++] = each;
  }
  waiting.length = kept;
}
