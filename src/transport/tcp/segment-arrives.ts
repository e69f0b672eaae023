import type { DropReason } from "../../packet/drop-reason.ts";
import { ACK, CWR, FIN, RST, SYN } from "../../wire/tcp.ts";
import { acknowledge } from "./acknowledgment.ts";
import { mayAnswer } from "./challenge.ts";
import type { Connection } from "./connection.ts";
import { measureArrival } from "./receive-tuning.ts";
import type { Segment } from "./segment.ts";
import { add, distance, isAfter, isAtOrBefore, isBefore } from "./sequence.ts";
import { receives } from "./state.ts";
import { establish } from "./syn-sent.ts";
import { Traffic } from "./traffic.ts";
import { checkUrgent, takeUrgentByte } from "./urgent.ts";

/** Silence after which TS.Recent says nothing: the peer's clock may have wrapped (RFC 7323 §5.5). */
const TIMESTAMP_LIFETIME = 24 * 86_400e9;

/** Why the segment goes no further: a drop, one that a reset answers, or one that did all it was sent for. */
export type Verdict = DropReason | "reset" | "done";

/**
 * SEGMENT ARRIVES in every state but LISTEN and SYN-SENT (RFC 9293 §3.10.7.4), one function per numbered step. Changes
 * the connection and sends nothing.
 */
export function segmentArrives(c: Connection, s: Segment): Verdict | undefined {
  return (
    checkTimestamp(c, s) ??
    checkSequenceNumber(c, s) ??
    checkReset(c, s) ??
    checkSyn(c, s) ??
    checkAck(c, s) ??
    takeTimestamp(c, s) ??
    checkUrgent(c, s) ??
    textArrives(c, s)
  );
}

/** The seventh step and the eighth. A SYN-ACK goes on here as well (RFC 9293 §3.10.7.3, fourth). */
export function textArrives(c: Connection, s: Segment): Verdict | undefined {
  return processText(c, s) ?? checkFin(c);
}

/**
 * A segment that is what the one before it at the same instant was, but for carrying what follows (segment-run.ts): all
 * that comes before the text has been found for that one (V. Jacobson's header prediction).
 */
export function followingArrives(c: Connection, s: Segment): Verdict | undefined {
  if (isBefore(c.sndWl1, s.seq)) c.sndWl1 = s.seq; // one beyond a gap was newer
  return textArrives(c, s);
}

/** PAWS (RFC 7323 §5.3, R1). */
function checkTimestamp(c: Connection, s: Segment): Verdict | undefined {
  if (!c.timestamps || !s.options.timestamps) return undefined;
  if (isOldTimestamp(c, s) && !s.has(RST)) {
    if (s.has(SYN) ? mayChallenge(c) : s.length > 0 || mayAnswer(c, c.now)) c.ackNow = true;
    noteRepeated(c, s);
    return "tcp-old-timestamp";
  }
  return undefined;
}

function isOldTimestamp(c: Connection, s: Segment): boolean {
  if (!isBefore(s.options.timestampValue, c.tsRecent)) return false;
  return c.now - c.tsRecentAt < TIMESTAMP_LIFETIME; // RFC 7323 §5.5
}

/** TS.Recent (RFC 7323 §5.3, R3): only from a segment within the window whose ACK is ours, or a stranger could set it. */
function takeTimestamp(c: Connection, s: Segment): undefined {
  if (!c.timestamps || !s.options.timestamps) return;
  if (isOldTimestamp(c, s) || isAfter(s.seq, c.lastAckSent)) return; // RFC 7323 §4.3
  c.tsRecent = s.options.timestampValue;
  c.tsRecentAt = c.now;
}

/** First: the sequence number. */
function checkSequenceNumber(c: Connection, s: Segment): Verdict | undefined {
  if (isAcceptable(c, s)) return undefined;
  if (s.has(RST)) return "tcp-reset-ignored";
  if (isProbe(c, s)) {
    if (mayAnswer(c, c.now)) c.ackNow = true;
    return "done";
  }
  if (c.state === "SYN-RECEIVED" && s.has(SYN) && s.seq === c.irs) {
    c.synDue = true; // Our SYN-ACK was lost: it goes out again.
  } else if (c.state === "TIME-WAIT" && s.has(FIN)) {
    c.ackNow = true; // The peer's FIN again: 2 MSL start anew.
    c.tcp.ownerless.restartTimeWait(c);
  } else if (s.has(SYN)) {
    if (mayChallenge(c)) c.ackNow = true; // RFC 5961 §4.2: whatever the number
  } else if (s.dataLength > 0 || s.has(FIN) || mayAnswer(c, c.now)) {
    // Data is what a sender repeats when our ACK was lost. A bare ACK could be the answer to ours: not too often.
    c.ackNow = true;
    noteRepeated(c, s);
  }
  return "tcp-unacceptable-sequence";
}

/** What of a segment was acknowledged before is told by SACK (RFC 2883 §4.1). */
function noteRepeated(c: Connection, s: Segment): void {
  if (!c.sackPermitted || !c.established || c.state === "TIME-WAIT") return;
  if (s.has(SYN) || s.length === 0 || !isBefore(s.seq, c.rcvNxt)) return;
  const end = add(s.seq, s.length);
  c.holdReceived().repeated(s.seq, isBefore(end, c.rcvNxt) ? end : c.rcvNxt);
}

/** A keepalive or window probe: it lies just below the window, so that we answer (RFC 9293 §3.8.4, §3.8.6.1). */
function isProbe(c: Connection, s: Segment): boolean {
  return c.established && s.seq === add(c.rcvNxt, -1) && s.length === 0;
}

/** In a simultaneous open the SYN comes a second time, now with the ACK that we wait for (RFC 9293 §3.5, figure 7). */
function isSimultaneousSynAck(c: Connection, s: Segment): boolean {
  return c.state === "SYN-RECEIVED" && c.listener === undefined && s.seq === c.irs && s.has(SYN) && s.has(ACK);
}

/** The four cases of RFC 9293 §3.10.7.4, table 6. */
function isAcceptable(c: Connection, s: Segment): boolean {
  if (isSimultaneousSynAck(c, s)) return true;
  const window = c.rcvWnd;
  // A closed window still takes acknowledgments and resets at its edge; the data is cut off (MUST-66).
  if (window === 0) return s.seq === c.rcvNxt;
  const first = distance(s.seq, c.rcvNxt);
  if (first >= 0 && first < window) return true;
  if (s.length === 0) return false;
  const last = first + s.length - 1;
  return last >= 0 && last < window;
}

/** Second: the RST bit (RFC 5961 §3.2). Data that it brings is not looked at (RFC 9293 §3.5.3, SHLD-2). */
function checkReset(c: Connection, s: Segment): Verdict | undefined {
  if (!s.has(RST)) return undefined;
  if (s.seq !== c.rcvNxt) {
    if (mayChallenge(c)) c.ackNow = true;
    return "tcp-reset-ignored";
  }
  // RFC 1337 §3 would have it ignored; as Linux, it is not unless a setting says so.
  if (c.state === "TIME-WAIT" && c.settings.timeWaitIgnoresResets) return "tcp-reset-ignored";
  if (c.state === "SYN-RECEIVED") {
    // MUST-11: a passive open goes back to LISTEN, an active one is refused.
    c.destroy(c.listener === undefined ? "ECONNREFUSED" : "ECONNRESET");
  } else if (c.state === "CLOSING" || c.state === "LAST-ACK" || c.state === "TIME-WAIT") c.destroy(undefined);
  else c.destroy(c.state === "CLOSE-WAIT" ? "EPIPE" : "ECONNRESET"); // MUST-12
  return undefined;
}

/** Fourth: the SYN bit (RFC 5961 §4.2). */
function checkSyn(c: Connection, s: Segment): Verdict | undefined {
  if (c.state === "CLOSED" || !s.has(SYN)) return undefined;
  if (isSimultaneousSynAck(c, s)) {
    s.seq = add(s.seq, 1); // its data comes after the SYN
    return undefined;
  }
  if (mayChallenge(c)) c.ackNow = true;
  return "tcp-syn-in-window";
}

/** Fifth: the ACK field. */
function checkAck(c: Connection, s: Segment): Verdict | undefined {
  if (c.state === "CLOSED") return undefined;
  if (!s.has(ACK)) return "tcp-no-ack";
  c.lastHeardAt = c.now;
  c.unansweredProbes = 0;
  if (c.traffic !== undefined) c.traffic.segmentsIn++;
  if (c.state === "SYN-RECEIVED") {
    if (!(isAfter(s.ack, c.sndUna) && isAtOrBefore(s.ack, c.sndNxt))) return "reset";
    if (c.listener !== undefined && !c.listener.mayComplete()) return "tcp-backlog-full";
    establish(c, s);
  }
  if (isAfter(s.ack, c.sndNxt) || isBefore(s.ack, add(c.sndUna, -c.maxSndWnd))) {
    if (mayChallenge(c)) c.ackNow = true; // RFC 5961 §5.2 (MAY-12)
    return "tcp-unacceptable-ack";
  }
  c.restartKeepAlive();
  acknowledge(c, s);
  if (c.finQueued && c.sndUna === add(c.finSequence, 1)) finAcknowledged(c);
  return undefined;
}

/** Our FIN has arrived. */
function finAcknowledged(c: Connection): void {
  if (c.state === "FIN-WAIT-1") {
    c.state = "FIN-WAIT-2";
    if (c.detached) c.setTimer("linger", c.now + c.settings.finWait2);
  } else if (c.state === "CLOSING") c.enterTimeWait();
  else if (c.state === "LAST-ACK") c.destroy(undefined);
}

/** Seventh: the segment text. */
function processText(c: Connection, s: Segment): Verdict | undefined {
  if (c.state === "CLOSED") return undefined;
  if (s.has(FIN) && c.peerFin === undefined) noteFin(c, s);
  if (s.dataLength === 0) {
    if (s.has(FIN) && s.seq !== c.rcvNxt) c.ackNow = true; // beyond a gap (RFC 5681 §4.2)
    return undefined;
  }
  if (!receives(c.state)) return "tcp-closed-for-receive";
  if (c.detached && isAfter(add(s.seq, s.dataLength), c.rcvNxt)) {
    c.destroy(undefined); // Nobody will read it: the peer must know (RFC 9293 §3.6.1, SHLD-3, MAY-1; RFC 1122 §4.2.2.13).
    return "reset";
  }
  if (c.ecnCapable) noteCongestion(c, s);
  trim(c, s);
  if (s.dataLength === 0) {
    c.ackNow = true;
    return undefined;
  }
  if (c.urgent !== undefined) takeUrgentByte(c, s, c.urgent);
  const hadGap = c.receiveBuffer.hasGap;
  const moved = takeIn(c, s);
  c.rcvNxt = add(c.rcvNxt, moved); // by all that waited, before anything is acknowledged (MUST-59)
  c.unacknowledged += s.dataLength;
  c.traffic ??= new Traffic();
  c.traffic.received(moved, c.now);
  if (moved > 0) {
    measureArrival(c, s);
    c.edge();
  }
  const due = c.unacknowledged > c.segmentSize || acknowledgesAtOnce(c); // every second segment (SHLD-19)
  // At once for what is out of order or fills a gap (RFC 5681 §4.2, MAY-13), else a little later (SHLD-18, MUST-58).
  if (hadGap || c.receiveBuffer.hasGap || due) c.ackNow = true;
  else if (c.timers.delayedAck === Number.POSITIVE_INFINITY) c.setTimer("delayedAck", c.now + c.settings.delayedAck);
  return undefined;
}

const acknowledgesAtOnce = (c: Connection): boolean => c.options.quickAck || c.settings.delayedAck === 0;

/** RFC 3168 §6.1.3: a mark is told until the sender says that it has slowed down. */
function noteCongestion(c: Connection, s: Segment): void {
  if (s.has(CWR)) c.ecnEcho = false;
  if (!s.congestionExperienced) return;
  c.ecnEcho = true;
  c.ackNow = true;
}

/** Cuts off what was received before and what lies beyond the window. */
function trim(c: Connection, s: Segment): void {
  const old = distance(c.rcvNxt, s.seq);
  if (old > 0) {
    noteRepeated(c, s);
    c.ackNow = true; // a part was sent again, so the sender waits to hear
    s.start = Math.min(s.start + old, s.end);
    s.seq = c.rcvNxt;
  }
  const room = Math.max(distance(c.rcvAdv, s.seq), 0);
  if (s.dataLength > room) s.end = s.start + room;
}

/** Puts the data where it belongs. @returns by how much RCV.NXT moves */
function takeIn(c: Connection, s: Segment): number {
  if (!c.readShut) return c.holdReceived().accept(c.rcvNxt, s.seq, s.bytes, s.start, s.end);
  if (s.seq === c.rcvNxt) return s.dataLength;
  c.ackNow = true; // beyond a gap, whose end would have to be kept
  return 0;
}

/** Remembers where the peer's data ends, if that lies within the window. */
function noteFin(c: Connection, s: Segment): void {
  const sequence = add(s.seq, s.dataLength);
  if (distance(sequence, c.rcvNxt) < 0 || isAfter(sequence, c.rcvAdv)) return;
  if (receives(c.state)) c.peerFin = sequence;
}

/** Eighth: the FIN bit, once all data before it is here. */
function checkFin(c: Connection): Verdict | undefined {
  if (c.state === "CLOSED" || c.peerFin === undefined || c.peerFin !== c.rcvNxt || !receives(c.state)) return undefined;
  c.rcvNxt = add(c.rcvNxt, 1);
  if (isBefore(c.rcvAdv, c.rcvNxt)) c.rcvAdv = c.rcvNxt;
  c.ackNow = true;
  if (c.state === "ESTABLISHED") c.state = "CLOSE-WAIT";
  else if (c.state === "FIN-WAIT-1") c.state = "CLOSING";
  else c.enterTimeWait();
  return undefined;
}

/** Whether the peer is told where the connection stands, so that a forged segment does no harm (RFC 5961 §3.2, §4.2, §5.2). */
function mayChallenge(c: Connection): boolean {
  return c.tcp.challenges.mayChallenge(c, c.now);
}
