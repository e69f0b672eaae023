import { ECE, SYN } from "../../wire/tcp.ts";
import type { AckSample } from "./congestion/congestion-control.ts";
import type { Connection } from "./connection.ts";
import type { Segment } from "./segment.ts";
import { add, distance, isAfter, isAtOrBefore, isBefore } from "./sequence.ts";
import { urgentAcknowledged } from "./urgent.ts";

const sample: AckSample = {
  now: 0,
  acknowledged: 0,
  delivered: 0,
  lost: 0,
  priorInFlight: 0,
  inFlight: 0,
  roundTrip: 0,
  sndUna: 0,
  sndNxt: 0,
  limited: false,
  recovering: false,
  priorDelivered: -1,
  totalDelivered: 0,
  deliveryRate: 0,
  applicationLimited: false,
};

/**
 * The ACK field in a state where data flows (RFC 9293 §3.10.7.4, fifth, ESTABLISHED): takes what is acknowledged off the
 * send buffer, moves the congestion window and updates the send window. SEG.ACK lies at or before SND.NXT.
 */
export function acknowledge(c: Connection, s: Segment): void {
  const wasWindow = c.sndWnd;
  const advanced = isAfter(s.ack, c.sndUna);
  const duplicate = s.ack === c.sndUna && isDuplicate(c, s);
  const echo = c.ecnCapable && s.has(ECE);
  if (advanced && s.options.sackCount === 0 && !echo && c.isQuiet) takeClean(c, s);
  else if (advanced || duplicate || (s.ack === c.sndUna && (s.options.sackCount > 0 || echo))) {
    takeDisorder(c, s, advanced, duplicate, echo);
  }
  updateWindow(c, s);
  if (c.sndWnd <= wasWindow) return;
  c.timers.stop("persist");
  c.persistBackoffs = 0;
}

/** RFC 5681 §2: outstanding data, no data, no SYN or FIN, the same acknowledgment and window. */
function isDuplicate(c: Connection, s: Segment): boolean {
  return isBefore(c.sndUna, c.sndNxt) && s.length === 0 && scaledWindow(c, s) === c.sndWnd;
}

/** Nothing is out of order: what is acknowledged was sent once, in this order. */
function takeClean(c: Connection, s: Segment): void {
  sample.priorInFlight = c.sent.outstanding;
  sample.acknowledged = sample.delivered = distance(s.ack, c.sndUna);
  sample.lost = 0;
  sample.recovering = false;
  const sentAt = c.sent.acknowledgeClean(s.ack);
  sample.roundTrip = sentAt < 0 ? 0 : Math.max(c.now - sentAt, 1);
  takeNew(c, s);
  tellCongestion(c, sentAt);
}

/** Something was lost, reported, sent again or marked: recovery looks into it. */
function takeDisorder(c: Connection, s: Segment, advanced: boolean, duplicate: boolean, echo: boolean): void {
  const { recovery } = c;
  if (recovery.mode === "open" && c.sent.isClean) recovery.begin(c);
  sample.priorInFlight = recovery.inFlight(c);
  sample.acknowledged = advanced ? distance(s.ack, c.sndUna) : 0;
  sample.roundTrip = 0;
  recovery.acknowledged(c, s, duplicate, sample);
  if (advanced) takeNew(c, s);
  else if (sample.roundTrip > 0) c.rto.measure(sample.roundTrip); // reported by SACK, sent once
  recovery.conclude(c, s, sample, duplicate, echo);
  if (sample.delivered > 0) tellCongestion(c, recovery.latestSentAt);
}

/** @param sentAt when the latest sent of what has arrived was sent */
function tellCongestion(c: Connection, sentAt: number): void {
  c.delivered += sample.delivered;
  sample.now = c.now;
  sample.inFlight = c.inFlight;
  sample.sndUna = c.sndUna;
  sample.sndNxt = c.sndNxt;
  sample.totalDelivered = c.delivered;
  sample.limited = c.validation.allowsGrowth(c);
  c.congestion.rate?.acknowledged(sample, sentAt);
  c.congestion.acknowledged(sample);
}

/** SND.UNA moves on. */
function takeNew(c: Connection, s: Segment): void {
  const data = Math.min(Math.max(distance(s.ack, c.sendSequence), 0), c.sendBuffer.length);
  c.sendBuffer.drop(data);
  c.sendSequence = add(c.sendSequence, data);
  c.sndUna = s.ack;
  // Numbers that stand still are taken along, or they would lie ahead once the others have gone half way round.
  if (isBefore(c.resendFrom, s.ack)) c.resendFrom = s.ack;
  if (isBefore(c.smallSegmentEnd, s.ack)) c.smallSegmentEnd = s.ack;
  measureRoundTrip(c, s, sample.roundTrip);
  c.rto.backoffs = 0;
  c.progressAt = c.now;
  c.softError = undefined;
  c.traffic?.acknowledged(c);
  c.mtuProbing?.acknowledged(c);
  if (c.urgent !== undefined) urgentAcknowledged(c, c.urgent);
  c.timers.stop("retransmission"); // RFC 6298 (5.2), (5.3): output arms it again if anything is in flight
  c.timers.stop("tailLoss");
  c.tcp.internet.confirm(c.route);
}

/** @param roundTrip of the latest segment that arrived and was sent once (MUST-18); 0 for none */
export function measureRoundTrip(c: Connection, s: Segment, roundTrip: number): void {
  if (roundTrip > 0) c.rto.measure(roundTrip);
  else if (c.timestamps && s.options.timestamps && s.options.timestampEcho !== 0) {
    // The echo tells which sending is acknowledged, so a segment that was sent again measures too (RFC 7323 §4.1).
    const elapsed = Math.max(distance(c.timestampAt(c.now), s.options.timestampEcho), 1) * 1e6;
    // An older echo is that of the first sending: if only its ACK was lost, it would count the timeout in (MUST-18).
    if (c.now - elapsed >= c.resentAt - 1e6) c.rto.measure(elapsed);
  }
}

function scaledWindow(c: Connection, s: Segment): number {
  // Unsigned (MUST-1); that of a SYN is never scaled (RFC 7323 §2.2).
  return s.has(SYN) ? s.window : s.window << c.sndScale; // REC-1
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
