import { SYN } from "../../wire/tcp.ts";
import type { Connection } from "./connection.ts";
import type { Segment } from "./segment.ts";
import { add, distance, isAfter, isAtOrBefore, isBefore } from "./sequence.ts";

/**
 * The ACK field in a state where data flows (RFC 9293 §3.10.7.4, fifth, ESTABLISHED): takes what is acknowledged off the
 * send buffer, moves the congestion window and updates the send window. SEG.ACK lies at or before SND.MAX.
 */
export function acknowledge(c: Connection, s: Segment): void {
  const wasWindow = c.sndWnd;
  if (isAfter(s.ack, c.sndUna)) newAcknowledgment(c, s);
  else if (s.ack === c.sndUna && isDuplicate(c, s)) duplicateAcknowledgment(c);
  updateWindow(c, s);
  if (c.sndWnd <= wasWindow) return;
  c.timers.stop("persist");
  c.persistBackoffs = 0;
}

/** RFC 5681 §2: outstanding data, no data, no SYN or FIN, the same acknowledgment and window. */
function isDuplicate(c: Connection, s: Segment): boolean {
  return isBefore(c.sndUna, c.sndMax) && s.length === 0 && scaledWindow(c, s) === c.sndWnd;
}

function newAcknowledgment(c: Connection, s: Segment): void {
  const flight = distance(c.sndNxt, c.sndUna);
  const limited = flight + c.segmentSize > c.congestion.window;
  const acknowledged = distance(s.ack, c.sndUna);
  const data = Math.min(Math.max(distance(s.ack, c.sendSequence), 0), c.sendBuffer.length);
  c.sendBuffer.drop(data);
  c.sendSequence = add(c.sendSequence, data);
  measureRoundTrip(c, s);
  c.sndUna = s.ack;
  if (isBefore(c.sndNxt, s.ack)) c.sndNxt = s.ack;
  c.rto.backoffs = 0;
  c.progressAt = c.now;
  c.softError = undefined;
  c.timers.stop("retransmission"); // RFC 6298 (5.2), (5.3): output arms it again if anything is in flight
  c.duplicateAcks = 0;
  if (c.inRecovery) recover(c, acknowledged);
  else c.congestion.acknowledged(acknowledged, c.segmentSize, limited);
  c.tcp.internet.confirm(c.route);
  c.edge();
}

/** An acknowledgment of new data in recovery (RFC 6582 §3.2 step 3). */
function recover(c: Connection, acknowledged: number): void {
  if (isBefore(c.sndUna, c.recover)) {
    c.congestion.partial(acknowledged, c.segmentSize);
    c.retransmitOne = true;
  } else {
    c.congestion.leaveRecovery(distance(c.sndMax, c.sndUna), c.segmentSize);
    c.inRecovery = false;
  }
}

function duplicateAcknowledgment(c: Connection): void {
  c.duplicateAcks++;
  if (c.inRecovery) {
    c.congestion.duplicate(c.segmentSize);
  } else if (c.duplicateAcks === 3 && isAfter(c.sndUna, c.recover)) {
    // RFC 6582 §3.2 step 1: not for duplicates of what went out before the last recovery or timeout
    c.inRecovery = true;
    c.recover = c.sndMax;
    c.congestion.enterRecovery(distance(c.sndNxt, c.sndUna), c.segmentSize);
    c.retransmitOne = true;
  }
}

function measureRoundTrip(c: Connection, s: Segment): void {
  if (c.timedAt >= 0) {
    if (isAtOrBefore(c.timedSequence, s.ack)) {
      c.rto.measure(c.now - c.timedAt);
      c.timedAt = -1;
    }
  } else if (c.timestamps && s.options.timestamps && s.options.timestampEcho !== 0) {
    // The echo tells which sending is acknowledged, so a segment that was sent again measures too (RFC 7323 §4.1).
    const elapsed = Math.max(distance(c.timestampNow(), s.options.timestampEcho), 1) * 1e6;
    // An older echo is that of the first sending: if only its ACK was lost, it would count the timeout in (MUST-18).
    if (c.now - elapsed >= c.resentAt - 1e6) c.rto.measure(elapsed);
  }
}

function scaledWindow(c: Connection, s: Segment): number {
  // Unsigned (MUST-1); that of a SYN is never scaled (RFC 7323 §2.2).
  return s.has(SYN) ? s.window : s.window * 2 ** c.sndScale;
}

/** SND.WND from a segment that is not older than the one it was last taken from (RFC 9293 §3.10.7.4). */
export function updateWindow(c: Connection, s: Segment): void {
  const newer = isBefore(c.sndWl1, s.seq) || (c.sndWl1 === s.seq && isAtOrBefore(c.sndWl2, s.ack));
  if (!newer) return;
  c.sndWnd = scaledWindow(c, s);
  c.sndWl1 = s.seq;
  c.sndWl2 = s.ack;
  if (c.sndWnd > c.maxSndWnd) c.maxSndWnd = c.sndWnd;
}
