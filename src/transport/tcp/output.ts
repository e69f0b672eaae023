import { finish, sum } from "../../base/checksum.ts";
import { ACK, CHECKSUM_AT, FIN, PSH, RST, SYN, TCP_HEADER, TCP_PROTOCOL, writeHeader } from "../../wire/tcp.ts";
import {
  SACK_BLOCKS_MAX,
  type SynOptions,
  sackLength,
  synOptionsLength,
  TIMESTAMPS_LENGTH,
  writeSack,
  writeSynOptions,
  writeTimestamps,
} from "../../wire/tcp-options.ts";
import { pseudoHeaderSum } from "../pseudo-header.ts";
import type { Connection } from "./connection.ts";
import { add, distance, isAfter, isBefore } from "./sequence.ts";

/** Sends what is due: SYN, lost data, new data, FIN, a probe or an acknowledgment; or nothing. */
export function output(c: Connection): void {
  if (c.state === "CLOSED") return;
  if (c.state === "SYN-SENT" || c.state === "SYN-RECEIVED") {
    if (c.sndNxt === c.iss) sendSyn(c);
    else if (c.ackNow) sendAck(c);
  } else {
    if (c.retransmitOne) resendFirst(c);
    let more = sendNext(c);
    while (more) more = sendNext(c);
    if (c.probe) sendProbe(c);
    if (c.keepAliveProbe) sendKeepAlive(c);
    if (c.ackNow) sendAck(c);
  }
  armTimers(c);
}

/** A reset from an open connection (RFC 9293 §3.10.5). */
export function sendReset(c: Connection): void {
  transmit(c, c.sndMax, 0, RST | ACK);
}

function sendSyn(c: Connection): void {
  const passive = c.state === "SYN-RECEIVED";
  if (c.sndMax === c.iss) {
    c.timedSequence = add(c.iss, 1);
    c.timedAt = c.now;
    c.progressAt = c.now;
  }
  transmit(c, c.iss, 0, passive ? SYN | ACK : SYN);
  c.sndNxt = add(c.iss, 1);
  c.sndMax = c.sndNxt;
}

/** SND.MAX, not SND.NXT: while data is sent again, an older number would lie before the peer's window. */
function sendAck(c: Connection): void {
  transmit(c, c.sndMax, 0, ACK);
}

/** Sends the segment at SND.NXT if one is due. @returns whether another may follow */
function sendNext(c: Connection): boolean {
  const unsent = distance(c.finSequence, c.sndNxt);
  if (unsent < 0 || (unsent === 0 && !c.finQueued)) return false;
  const usable = distance(c.sndUna, c.sndNxt) + sendWindow(c);
  const length = Math.min(unsent, c.segmentSize, Math.max(usable, 0));
  const last = length === unsent;
  if (length === 0 ? !(last && c.finQueued) : !isWorthSending(c, length, last)) return false;
  if (!c.route.nic.hasRoom) {
    c.route.nic.whenRoom(c.roomWaiter);
    return false;
  }
  const fin = last && c.finQueued;
  const end = add(c.sndNxt, length + (fin ? 1 : 0));
  if (c.sndUna === c.sndMax) c.progressAt = c.now;
  if (c.sndNxt === c.sndMax && c.timedAt < 0) {
    c.timedSequence = end;
    c.timedAt = c.now;
  }
  if (length < c.segmentSize && isAfter(end, c.smallSegmentEnd)) c.smallSegmentEnd = end;
  transmit(c, c.sndNxt, length, ACK | (fin ? FIN : 0) | (last && length > 0 ? PSH : 0)); // PSH: MUST-61
  c.sndNxt = end;
  if (isAfter(end, c.sndMax)) c.sndMax = end;
  c.probe = false;
  return true;
}

/** What may be in flight: the smaller of what the peer and the network take. */
function sendWindow(c: Connection): number {
  // The first two duplicates each let a new segment out (RFC 3042 §2).
  const limited = c.inRecovery ? 0 : Math.min(c.duplicateAcks, 2) * c.segmentSize;
  return Math.min(c.sndWnd, c.congestion.window + limited);
}

/** The sender's silly window avoidance and Nagle's rule (RFC 9293 §3.8.6.2.1 (MUST-38), §3.7.4). */
function isWorthSending(c: Connection, length: number, last: boolean): boolean {
  if (length === c.segmentSize) return true; // (1)
  if (isBefore(c.sndNxt, c.sndMax)) return true; // sent before
  if (last && (c.options.noDelay || c.finQueued || !isBefore(c.sndUna, c.smallSegmentEnd))) return true; // (2)
  return length * 2 >= c.maxSndWnd || c.probe; // (3), (4)
}

/** Fast retransmit: the segment at SND.UNA once more (RFC 5681 §3.2, RFC 6582 §3.2). */
function resendFirst(c: Connection): void {
  c.retransmitOne = false;
  const data = Math.max(distance(c.finSequence, c.sndUna), 0);
  const length = Math.min(data, c.segmentSize, Math.max(c.sndWnd, 1), distance(c.sndMax, c.sndUna));
  const fin = c.finQueued && length === data && isAfter(c.sndMax, c.finSequence);
  if (length === 0 && !fin) return;
  c.timedAt = -1; // Karn's algorithm (MUST-18)
  c.resentAt = c.now;
  transmit(c, c.sndUna, length, ACK | (fin ? FIN : 0));
}

/** A segment of no data just below the window, which the peer must answer (RFC 9293 §3.8.6.1; as Linux). */
function sendProbe(c: Connection): void {
  c.probe = false;
  c.persistBackoffs++;
  c.unansweredProbes++;
  transmit(c, add(c.sndUna, -1), 0, ACK);
}

/** SEG.SEQ = SND.NXT − 1 and no data (RFC 9293 §3.8.4, SHLD-12). */
function sendKeepAlive(c: Connection): void {
  c.keepAliveProbe = false;
  transmit(c, add(c.sndMax, -1), 0, ACK);
}

function armTimers(c: Connection): void {
  if (isAfter(c.sndNxt, c.sndUna)) {
    if (c.timers.retransmission === Number.POSITIVE_INFINITY) {
      c.timers.set("retransmission", c.now + c.rto.current); // RFC 6298 (5.1)
    }
    c.timers.stop("persist");
    c.persistBackoffs = 0;
    return;
  }
  const waiting = c.finQueued ? c.sndMax !== add(c.finSequence, 1) || c.sndUna !== c.sndMax : c.sendBuffer.length > 0;
  if (!waiting || !c.established || !c.route.nic.hasRoom) return;
  // Nothing is in flight and something waits: only the peer's window can be in the way.
  c.timers.stop("retransmission");
  if (c.timers.persist !== Number.POSITIVE_INFINITY) return;
  if (c.persistBackoffs === 0 && c.sndUna === c.sndMax) c.progressAt = c.now;
  c.timers.set("persist", c.now + persistInterval(c)); // SHLD-29, SHLD-30
}

/** The pause before the next probe of a closed window. */
export function persistInterval(c: Connection): number {
  return Math.min(c.rto.current * 2 ** c.persistBackoffs, c.settings.maximumRto);
}

const sackEdges = new Int32Array(SACK_BLOCKS_MAX * 2);

/** Builds one segment and hands it to the network layer. Every segment acknowledges, but the first SYN. */
function transmit(c: Connection, sequence: number, length: number, flags: number): void {
  const syn = flags & SYN ? synOptions(c) : undefined;
  const stamps = c.timestamps && syn === undefined ? TIMESTAMPS_LENGTH : 0;
  const blocks = length === 0 && syn === undefined ? sackBlocks(c) : 0;
  const header = TCP_HEADER + (syn === undefined ? stamps + sackLength(blocks) : synOptionsLength(syn));
  const packet = c.tcp.pool.allocate(length);
  const { view } = packet;
  const text =
    length > 0
      ? c.sendBuffer.peekAndSum(distance(sequence, c.sendSequence), length, packet.bytes, view, packet.start)
      : 0;
  packet.end = packet.start + length;
  const at = packet.push(header);
  const window = syn === undefined ? offerWindow(c) : offerFirstWindow(c);
  const ack = flags & ACK ? c.rcvNxt : 0;
  writeHeader(view, at, c.localPort, c.remotePort, sequence, ack, header, flags, window, 0);
  const echo = flags & ACK ? c.tsRecent : 0;
  if (syn !== undefined) writeSynOptions(view, at + TCP_HEADER, syn, c.timestampNow(), echo);
  else {
    const next = stamps > 0 ? writeTimestamps(view, at + TCP_HEADER, c.timestampNow(), echo) : at + TCP_HEADER;
    if (blocks > 0) writeSack(view, next, sackEdges, blocks);
  }
  const pseudo = pseudoHeaderSum(c.localAddress, c.remoteAddress, TCP_PROTOCOL, header + length);
  view.setUint16(at + CHECKSUM_AT, finish(sum(view, at, at + header, pseudo + text))); // MUST-2
  if (flags & ACK) {
    c.ackNow = false;
    c.unacknowledged = 0;
    c.lastAckSent = c.rcvNxt;
    c.timers.stop("delayedAck");
  }
  const refused = c.tcp.internet.output(packet, c.route, TCP_PROTOCOL, c.ip);
  if (refused !== undefined) c.softError = refused;
}

/** What our SYN offers; a SYN-ACK only what the peer offered too (RFC 7323 §2.2, §3.2; RFC 2018 §2). */
function synOptions(c: Connection): SynOptions {
  const { settings, route } = c;
  return {
    maximumSegmentSize: Math.min(route.receiveLimit - TCP_HEADER, settings.maximumSegmentSize), // MUST-14, MUST-67
    windowScale: c.scaling ? c.rcvScale : undefined,
    sackPermitted: c.sackPermitted,
    timestamps: c.timestamps,
  };
}

function sackBlocks(c: Connection): number {
  if (!c.sackPermitted || !c.receiveBuffer.hasReport) return 0;
  return c.receiveBuffer.sackBlocks(sackEdges, c.timestamps ? SACK_BLOCKS_MAX - 1 : SACK_BLOCKS_MAX);
}

/** The window of a SYN is never scaled (RFC 7323 §2.2). */
function offerFirstWindow(c: Connection): number {
  const window = Math.min(c.options.receiveBuffer, 0xffff);
  if (c.state === "SYN-RECEIVED") c.rcvAdv = add(c.rcvNxt, window);
  return window;
}

/**
 * The window to advertise: the receiver's silly window avoidance (RFC 9293 §3.8.6.2.2, MUST-39), and never a right edge
 * to the left of the last (SHLD-14). @returns the value of the field
 */
function offerWindow(c: Connection): number {
  const current = c.rcvWnd;
  const free = offerable(c);
  const step = Math.min(c.options.receiveBuffer / 2, c.segmentSize);
  const window = free - current >= step ? free : current;
  let field = Math.min(window >> c.rcvScale, 0xffff);
  if (field << c.rcvScale < current) field = Math.min(field + 1, 0xffff);
  c.rcvAdv = add(c.rcvNxt, field << c.rcvScale);
  return field;
}

/** The free buffer, as far as the field can say it (RFC 7323 §2.3). */
function offerable(c: Connection): number {
  return Math.min(c.options.receiveBuffer - c.receiveBuffer.length, 0xffff << c.rcvScale);
}

/** Whether reading has opened the window so far that the peer should hear of it (RFC 9293 §3.8.6.2.2). */
export function windowUpdateIsDue(c: Connection): boolean {
  const gain = offerable(c) - c.rcvWnd;
  const step = Math.min(c.options.receiveBuffer / 2, c.segmentSize);
  const large = Math.min(c.options.receiveBuffer, 0xffff << c.rcvScale) / 4;
  return gain >= step && (gain >= large || c.rcvWnd < 2 * c.segmentSize);
}
