import type { AckSample } from "./congestion/congestion-control.ts";
import type { Connection } from "./connection.ts";
import { RackDetection } from "./rack.ts";
import { RateReduction } from "./rate-reduction.ts";
import type { Segment } from "./segment.ts";
import { EVER_RESENT, LOST, SACKED } from "./sent-segments.ts";
import { add, distance, isAfter, isAtOrAfter, isAtOrBefore, isBefore } from "./sequence.ts";
import { TailLoss } from "./tail-loss.ts";
import { Undo } from "./undo.ts";

/** Duplicates in a row that stand for a loss, from a peer without SACK (RFC 5681 §3.2). */
const DUPLICATE_THRESHOLD = 3;

/**
 * `cwr`: the window is being reduced though nothing was lost here (ECN, or a loss that the tail probe made good);
 * `recovery`: losses are made good; `loss`: after a timeout.
 */
export type RecoveryMode = "open" | "cwr" | "recovery" | "loss";

/**
 * What was lost and how the window follows: RACK where the peer reports what it holds (RFC 8985, RFC 2018), else
 * duplicate acknowledgments (RFC 6582); proportional rate reduction while it is made good (RFC 9937); and the way back
 * when nothing was (RFC 5682). A connection makes one when it first meets disorder.
 */
export class Recovery {
  mode: RecoveryMode = "open";
  /** SND.NXT when the mode began; an acknowledgment of it ends it. */
  point: number;
  readonly rack = new RackDetection();
  readonly tail = new TailLoss();
  readonly #reduction = new RateReduction();
  readonly #undo = new Undo();
  /** Duplicate acknowledgments in a row, from a peer without SACK: each stands for a segment that has arrived. */
  #duplicates = 0;
  /** F-RTO: the timeout may have been spurious (RFC 5682 §3.1). */
  #probing = false;
  /** A peer without SACK was asked by new data, and it was lost: one that keeps nothing beyond a gap would lose it each time. */
  #askedInVain = false;
  /** New data goes before what is lost, this once (step 2b). */
  #newDataNext = false;
  // Of the acknowledgment at hand: bytes newly lost, some for the second time; whether something that was sent once and
  // something that was sent again has arrived; whether SACK blocks report more, and one of them a duplicate.
  #newlyLost = 0;
  #lostAgain = false;
  #originalArrived = false;
  #repeatedArrived = false;
  #reported = false;
  #duplicateReported = false;
  /** When the latest sent of what has arrived was sent; −1 when nothing has. */
  latestSentAt = -1;

  constructor(sndUna: number) {
    this.point = add(sndUna, -1);
    this.rack.begin(sndUna);
  }

  /** Whether an acknowledgment of new data needs nothing from here. */
  isQuiet(c: Connection): boolean {
    return this.mode === "open" && this.#duplicates === 0 && this.tail.end === undefined && c.sent.isClean;
  }

  /** Bytes in the network (RFC 6675 §4, pipe). */
  inFlight(c: Connection): number {
    if (this.#duplicates === 0) return c.sent.inFlight;
    // Each duplicate lets a new segment out, before recovery too (RFC 3042 §2).
    const arrived = Math.min(this.#duplicates * c.segmentSize, Math.max(c.sent.outstanding - c.segmentSize, 0));
    return Math.max(c.sent.inFlight - arrived, 0);
  }

  /** Whether new data goes before what is lost. */
  get prefersNewData(): boolean {
    return this.#newDataNext;
  }

  /** Something is out of order, for the first time since nothing was. */
  begin(c: Connection): void {
    this.rack.begin(c.sndUna);
    if (this.mode === "open") this.point = add(c.sndUna, -1);
  }

  /**
   * Takes in an acknowledgment, before SND.UNA moves; {@link conclude} follows when it has. Fills in what was delivered.
   * @param duplicate it acknowledges nothing new (RFC 5681 §2)
   */
  acknowledged(c: Connection, s: Segment, duplicate: boolean, sample: AckSample): void {
    const { sent } = c;
    this.#newlyLost = 0;
    this.#lostAgain = this.#originalArrived = this.#repeatedArrived = this.#reported = this.#duplicateReported = false;
    this.#newDataNext = false;
    this.latestSentAt = -1;
    const before = sent.outstanding - sent.sacked;
    this.#takeDelivered(c, s, sample);
    if (c.sackPermitted && s.options.sackCount > 0) this.#takeSacks(c, s, sample);
    sent.acknowledge(s.ack);
    sample.delivered = before - (sent.outstanding - sent.sacked);
    if (!c.sackPermitted) this.#countDuplicates(c, duplicate, sample);
  }

  /** Goes on once SND.UNA has moved: what is lost, and whether recovery begins or ends. @param echo the peer echoes ECN */
  conclude(c: Connection, s: Segment, sample: AckSample, duplicate: boolean, echo: boolean): void {
    const advanced = sample.acknowledged > 0;
    if (this.tail.end !== undefined) this.#judgeTail(c, s, duplicate);
    if (echo && this.mode === "open") this.#reduce(c, "cwr");
    if (this.mode === "loss") this.#lossGoesOn(c, s, advanced, duplicate);
    else if (this.mode !== "open" && isAtOrAfter(c.sndUna, this.point)) this.#leave(c, s);
    else if (this.mode === "recovery" && advanced && c.sent.resent === 0 && this.#undo.wasDelayed(c, s)) {
      this.#undoReduction(c, true);
    } else if (this.#undo.allDuplicates) this.#undoReduction(c, false);
    if (c.sent.count > 0) this.#findLosses(c, advanced);
    else c.timers.stop("reorder");
    this.#enterIfLost(c);
    sample.lost = this.#newlyLost;
    sample.recovering = this.mode === "recovery" || this.mode === "cwr";
    if (sample.recovering && !c.congestion.ownsRecovery) {
      this.#allow(c, sample.delivered, advanced && this.#newlyLost === 0);
    }
  }

  /** The reorder timer expired (RFC 8985 §6.3). */
  reorderExpired(c: Connection): void {
    this.#newlyLost = 0;
    this.#findLosses(c, false);
    this.#enterIfLost(c);
    if (this.#newlyLost > 0 && this.mode === "recovery" && !c.congestion.ownsRecovery) this.#allow(c, 0, false);
  }

  /** The retransmission timer expired (RFC 6298 (5.4), RFC 8985 §6.3). @param repeated with no progress since the last time */
  timeout(c: Connection, repeated: boolean): void {
    const { sent, congestion } = c;
    const flight = flightSize(c);
    // As Linux, no second reduction for one window, unless the retransmissions were the ones lost.
    const first = this.mode === "open" || isAtOrAfter(c.sndUna, this.point) || (this.mode === "loss" && !repeated);
    if (sent.count > 0 && sent.has(0, SACKED)) {
      sent.forgetSacks(); // RFC 2018 §8: the peer has forgotten
      this.rack.forget(c.sndUna);
    }
    const patience = this.rack.patience(c, true);
    for (let index = 0; index < sent.count; index++) {
      const recent = index > 0 && c.sackPermitted && sent.sentAt(index) + patience > c.now;
      if (!recent && !sent.has(index, SACKED)) c.markLost(index);
    }
    congestion.timedOut(flight, c.now, first);
    if (first) this.#undo.begin(c);
    this.#duplicates = 0;
    congestion.window = sent.inFlight + c.segmentSize;
    this.#probing = (repeated || this.mode === "open" || this.mode === "cwr") && !this.#askedInVain;
    this.#newDataNext = false;
    this.mode = "loss";
    this.point = c.sndNxt;
    this.tail.end = undefined;
    c.timers.stop("reorder");
  }

  /** A segment went out in a mode that counts them. @param again it was sent before */
  sent(bytes: number, again: boolean, now: number): void {
    this.#reduction.sent(bytes);
    if (again) this.#undo.resent(bytes, now);
  }

  /** Counts what {@link Connection.markLost} marks. */
  lost(bytes: number, again: boolean): void {
    this.#newlyLost += bytes;
    if (again) this.#lostAgain = true;
  }

  /** The lowest block first, or those that stand in one segment would look reordered. */
  #takeSacks(c: Connection, s: Segment, sample: AckSample): void {
    const { sackCount, sackEdges } = s.options;
    let first = 0;
    if (isDuplicateReport(s)) {
      this.#takeDuplicate(c, sackEdges[0] as number, sackEdges[1] as number);
      first = 1;
    }
    let done = c.sndUna;
    for (let taken = first; taken < sackCount; taken++) {
      let lowest = -1;
      for (let block = first; block < sackCount; block++) {
        const left = sackEdges[block * 2] as number;
        const lower = lowest < 0 || isBefore(left, sackEdges[lowest * 2] as number);
        if (lower && isAtOrAfter(left, done) && isBefore(left, sackEdges[block * 2 + 1] as number)) lowest = block;
      }
      if (lowest < 0) return;
      const right = sackEdges[lowest * 2 + 1] as number;
      if (isAfter(right, c.sndNxt)) return; // what was never sent
      this.#takeBlock(c, s, sackEdges[lowest * 2] as number, right, sample);
      done = right;
    }
  }

  /** D-SACK (RFC 2883 §4). */
  #takeDuplicate(c: Connection, left: number, right: number): void {
    if (distance(right, left) > c.maxSndWnd || isAfter(right, c.sndNxt)) return; // older than any window: not of ours
    this.#duplicateReported = true;
    this.rack.duplicateReported(c.now);
    this.#undo.duplicateReported(left, right);
  }

  #takeBlock(c: Connection, s: Segment, left: number, right: number, sample: AckSample): void {
    const { sent } = c;
    let index = sent.find(left);
    if (index < sent.count && isBefore(sent.start(index), left) && !sent.has(index, SACKED)) {
      if (!this.#split(c, index, left)) return;
      index++;
    }
    for (; index < sent.count && isBefore(sent.start(index), right); index++) {
      if (sent.has(index, SACKED)) continue;
      if (isAfter(sent.end(index), right) && !this.#split(c, index, right)) return;
      this.#delivered(c, s, index);
      // Not what may have been reported before in an acknowledgment that was lost, and that a later repetition has called for.
      if (sent.sentAt(index) > c.resentAt) sample.roundTrip = Math.max(c.now - sent.sentAt(index), 1);
      this.#reported = true;
      sent.markSacked(index);
    }
  }

  #split(c: Connection, index: number, at: number): boolean {
    const end = c.sent.end(index);
    const again = c.sent.has(index, EVER_RESENT);
    if (!c.sent.split(index, at)) return false;
    if (again) this.rack.split(at, end);
    return true;
  }

  /** What the acknowledgment covers has arrived; the latest gives the round trip if all were sent once (MUST-18). */
  #takeDelivered(c: Connection, s: Segment, sample: AckSample): void {
    const { sent } = c;
    for (let index = 0; index < sent.count && isAtOrBefore(sent.end(index), s.ack); index++) {
      if (sent.has(index, SACKED)) continue;
      this.#delivered(c, s, index);
      sample.roundTrip = Math.max(c.now - sent.sentAt(index), 1);
    }
    if (this.#repeatedArrived) sample.roundTrip = 0; // what filled the gap, not what waited behind it, is answered
  }

  #delivered(c: Connection, s: Segment, index: number): void {
    const { sent } = c;
    const again = sent.has(index, EVER_RESENT);
    const { timestamps, timestampEcho } = s.options;
    this.latestSentAt = Math.max(this.latestSentAt, sent.sentAt(index));
    const echoed = again && c.timestamps && timestamps && timestampEcho !== 0;
    this.rack.delivered(c, index, echoed && isBefore(timestampEcho, c.timestampAt(sent.sentAt(index))));
    if (again) this.#repeatedArrived = true;
    else if (isAtOrBefore(sent.end(index), this.point)) this.#originalArrived = true;
  }

  /** Without SACK a duplicate stands for a segment that arrived beyond the gap (RFC 5681 §3.2, RFC 9937 §5). */
  #countDuplicates(c: Connection, duplicate: boolean, sample: AckSample): void {
    if (duplicate) {
      this.#duplicates++;
      sample.delivered = c.segmentSize;
    } else if (sample.acknowledged > 0) {
      sample.delivered = Math.max(sample.acknowledged - this.#duplicates * c.segmentSize, 0);
      const arrived = Math.max(Math.ceil(sample.acknowledged / c.segmentSize) - 1, 0);
      this.#duplicates = this.mode === "open" ? 0 : Math.max(this.#duplicates - arrived, 0);
    }
  }

  #findLosses(c: Connection, advanced: boolean): void {
    if (c.sackPermitted) {
      this.rack.detect(c, this.mode === "recovery" || this.mode === "loss");
      return;
    }
    // RFC 6582 §3.2 step 1: not for duplicates of what went out before the last recovery or timeout.
    const third = this.mode === "open" && this.#duplicates >= DUPLICATE_THRESHOLD && isAfter(c.sndUna, this.point);
    const partial = this.mode === "recovery" && advanced; // step 3
    if ((third || partial) && !c.sent.has(0, LOST)) c.markLost(0);
  }

  #enterIfLost(c: Connection): void {
    if (this.mode === "recovery" || c.sent.lost === 0) return;
    if (this.mode === "open" && c.mtuProbing?.lostAlone(c)) return;
    if (this.mode === "cwr") {
      this.mode = "recovery"; // the window is being reduced already
      this.point = c.sndNxt;
    } else if (this.mode === "open" || (this.#lostAgain && this.#newlyLost > 0)) this.#reduce(c, "recovery");
  }

  #reduce(c: Connection, mode: "cwr" | "recovery"): void {
    const flight = flightSize(c);
    this.mode = mode;
    this.point = c.sndNxt;
    this.#probing = false;
    this.#reduction.begin(flight);
    if (mode === "recovery") this.#undo.begin(c);
    else c.reducedDue = true;
    c.congestion.congested(flight, c.now);
  }

  /** All that was outstanding when the mode began is acknowledged. */
  #leave(c: Connection, s: Segment): void {
    const { congestion } = c;
    if (this.mode === "recovery") this.rack.recovered();
    const spurious = this.#undo.isSpurious(c, s);
    if (spurious) congestion.undo();
    else if (!congestion.ownsRecovery && Number.isFinite(congestion.slowStartThreshold)) {
      congestion.window = Math.max(congestion.slowStartThreshold, c.segmentSize);
    }
    this.#open(c);
    // Reports of duplicates are a round trip behind the acknowledgment of the first copy (as Linux).
    if (!spurious) this.#undo.mayFollow(c.sndNxt);
  }

  #open(c: Connection): void {
    this.mode = "open";
    this.#duplicates = 0;
    this.#probing = this.#newDataNext = false;
    this.#undo.end();
    this.point = add(c.sndUna, -1);
    c.congestion.recovered(c.now);
  }

  /** The reduction was for nothing (RFC 9438 §4.9). @param nothingLost what was taken for lost is only late */
  #undoReduction(c: Connection, nothingLost: boolean): void {
    if (nothingLost) c.sent.forgetLosses();
    c.congestion.undo();
    this.#open(c);
  }

  /** After a timeout: F-RTO (RFC 5682 §3.1, with SACK), then slow start until all is acknowledged. */
  #lossGoesOn(c: Connection, s: Segment, advanced: boolean, duplicate: boolean): void {
    const original = this.#originalArrived && (c.sackPermitted || !this.#repeatedArrived);
    if (this.#undo.isSpurious(c, s) || (this.#probing && original)) {
      this.#undoReduction(c, true); // Step 3b: what was never sent again has arrived, so the timeout was spurious
      return;
    }
    if (this.#probing) {
      if (isAfter(c.sndNxt, this.point)) {
        if (this.#reported || duplicate) {
          this.#probing = false; // Step 3a: it was real
          this.#askedInVain = !c.sackPermitted;
        }
      } else if (advanced && isBefore(c.sndUna, this.point)) {
        this.point = c.sndNxt; // Step 2b: two new segments tell
        this.#probing = this.#newDataNext = c.hasNewData;
      }
    }
    if (isAtOrAfter(c.sndUna, this.point)) this.#open(c); // step 2a
  }

  /** RFC 9937 §6. */
  #allow(c: Connection, delivered: number, safe: boolean): void {
    const pipe = this.inFlight(c);
    const threshold = c.congestion.slowStartThreshold;
    const more = this.#reduction.allow(threshold, pipe, delivered, safe, c.segmentSize);
    // Without SACK each partial acknowledgment brings the next lost segment at once (RFC 6582 §3.2 step 3).
    c.congestion.window = pipe + (c.sackPermitted || this.#newlyLost === 0 ? more : Math.max(more, c.segmentSize));
  }

  /** What the tail probe's acknowledgment says (RFC 8985 §7.4). */
  #judgeTail(c: Connection, s: Segment, duplicate: boolean): void {
    const repaired = this.tail.judge(s.ack, duplicate && !this.#reported, this.#duplicateReported);
    if (!repaired || this.mode !== "open") return;
    c.congestion.congested(flightSize(c), c.now);
    if (!c.congestion.ownsRecovery) c.congestion.window = c.congestion.slowStartThreshold;
  }
}

/** RFC 2883 §4: the first block lies below what is acknowledged, or within the second block. */
function isDuplicateReport(s: Segment): boolean {
  const { sackCount, sackEdges } = s.options;
  const [left, right] = [sackEdges[0] as number, sackEdges[1] as number];
  if (!isBefore(left, right)) return false;
  if (isAtOrBefore(right, s.ack)) return true;
  return sackCount > 1 && isAtOrAfter(left, sackEdges[2] as number) && isAtOrBefore(right, sackEdges[3] as number);
}

/** FlightSize (RFC 5681 §2): sent and not acknowledged, but no more than the window, which recovery may have shrunk. */
function flightSize(c: Connection): number {
  return Math.min(c.sent.outstanding, c.congestion.window);
}
