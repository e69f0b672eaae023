import { finish, sum } from "../../base/checksum.ts";
import { leaveChecksum } from "../../packet/checksum-mark.ts";
import type { Packet } from "../../packet/packet.ts";
import { milliseconds, NEVER } from "../../time/instant.ts";
import {
  ACK,
  CHECKSUM_AT,
  CWR,
  ECE,
  FIN,
  PSH,
  RST,
  SYN,
  TCP_HEADER,
  TCP_PROTOCOL,
  URG,
  writeHeader,
} from "../../wire/tcp.ts";
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
import type { PathMtuProbing } from "./path-mtu-probing.ts";
import { firstWindow, segmentSizeToOffer } from "./request.ts";
import { LOST, RESENT } from "./sent-segments.ts";
import { add, distance, isAfter, isBefore } from "./sequence.ts";
import { probeTimeout } from "./tail-loss.ts";
import { Traffic } from "./traffic.ts";
import { isUrging, urgentField } from "./urgent.ts";

/** Sends what is due: SYN, lost data, new data, FIN, a probe or an acknowledgment; or nothing. */
export function output(c: Connection): void {
  if (c.state === "CLOSED") return;
  if (!c.established) {
    if (c.synDue) sendSyn(c);
    else if (c.ackNow) sendAck(c);
  } else {
    if (c.sent.lost > c.sent.resent || isBefore(c.sndNxt, c.sendEnd)) sendData(c);
    if (c.tailProbe) sendTailProbe(c);
    if (c.probe) sendProbe(c);
    if (c.keepAliveProbe) sendKeepAlive(c);
    if (c.ackNow) sendAck(c);
  }
  armTimers(c);
}

/** A reset from an open connection (RFC 9293 §3.10.5). */
export function sendReset(c: Connection): void {
  transmit(c, c.sndNxt, 0, RST | ACK);
}

function sendSyn(c: Connection): void {
  const passive = c.state === "SYN-RECEIVED";
  if (c.sndNxt === c.iss) {
    c.synSentAt = c.now;
    c.progressAt = c.now;
  } else {
    c.synSentAt = -1; // Karn's algorithm (MUST-18)
    c.resentAt = c.now;
  }
  c.synDue = false;
  // RFC 3168 §6.1.1: offered in a SYN, taken in a SYN-ACK. One that went unanswered is sent without (§6.1.1.1).
  if (!passive) c.ecnOffered = c.settings.ecn === "on" && c.sndNxt === c.iss;
  const ecn = passive ? (c.ecnCapable ? ECE : 0) : c.ecnOffered ? ECE | CWR : 0;
  transmit(c, c.iss, 0, (passive ? SYN | ACK : SYN) | ecn);
  c.sndNxt = add(c.iss, 1);
}

function sendAck(c: Connection): void {
  transmit(c, c.sndNxt, 0, ACK);
}

/** Lost data and new data, as much as the windows take. */
function sendData(c: Connection): void {
  let more: boolean;
  do more = sendNext(c);
  while (more);
  const flight = c.inFlight;
  c.validation.sent(c, flight, c.hasNewData && flight + c.segmentSize > c.congestion.window);
}

/** Sends one segment: what was lost goes before what is new (RFC 6675 §5, NextSeg). @returns whether another may follow */
function sendNext(c: Connection): boolean {
  if (c.sent.lost > c.sent.resent && !c.recovery.prefersNewData) return resendLost(c);
  return sendNew(c, congestionRoom(c));
}

/** Whole bytes that the network may still take; at least a segment when it holds none. */
function congestionRoom(c: Connection): number {
  const pipe = c.inFlight;
  const window = Math.trunc(c.congestion.window);
  return pipe === 0 ? Math.max(window, c.segmentSize) : window - pipe;
}

/** Whether pace and interface take another; else the connection goes on when they do. */
function mayTransmit(c: Connection): boolean {
  if (c.paceAt > c.now && c.congestion.pacingRate > 0) {
    c.setTimer("pace", c.paceAt);
    return false;
  }
  if (c.route.nic.hasRoom) return true;
  c.route.nic.whenRoom(c.roomWaiter);
  return false;
}

/** Something of so many bytes went out: the next follows at the pace of the congestion control. */
function pace(c: Connection, bytes: number): void {
  const rate = c.congestion.pacingRate;
  if (rate > 0) c.paceAt = Math.ceil(Math.max(c.paceAt, c.now) + (bytes * 1e9) / rate);
}

/** Sends the first lost segment again, in pieces where path or window now take less (SHLD-16). */
function resendLost(c: Connection): boolean {
  const { sent } = c;
  let index = sent.find(c.resendFrom);
  while (!sent.has(index, LOST) || sent.has(index, RESENT)) index++;
  const start = sent.start(index);
  const whole = sent.length(index);
  const data = sent.end(index) === add(c.finSequence, 1) && c.finQueued ? whole - 1 : whole;
  const length = Math.min(data, c.segmentSize, c.sndWnd - distance(start, c.sndUna));
  if (length > congestionRoom(c) || (length <= 0 && data > 0)) return false;
  if (!mayTransmit(c)) return false;
  if (length < data) sent.split(index, add(start, length));
  if (index === 0) c.timers.stop("retransmission"); // as Linux, it waits for the answer to this sending
  resend(c, index);
  c.resendFrom = sent.end(index);
  c.probe = false;
  return true;
}

/** Sends a segment once more as it stands. */
function resend(c: Connection, index: number): void {
  const { sent } = c;
  const start = sent.start(index);
  const end = sent.end(index);
  const fin = c.finQueued && isAfter(end, c.finSequence);
  const length = distance(fin ? c.finSequence : end, start);
  const last = add(start, length) === c.finSequence;
  transmit(c, start, length, ACK | (fin ? FIN : 0) | (last && length > 0 ? PSH : 0));
  c.congestion.rate?.sent(c.now, c.delivered, false);
  sent.resend(index, c.now);
  c.mtuProbing?.inconclusive();
  c.resentAt = c.now;
  c.recovery.rack.resent(end, c.now);
  c.recovery.sent(distance(end, start), true, c.now);
  c.validation.lastSentAt = c.now;
  pace(c, length);
}

/**
 * Sends the segment at SND.NXT if one is due: never past the window, which may have shrunk (RFC 9293 §3.8.6, MUST-34).
 * @param room that the network has, bytes @returns whether another may follow
 */
function sendNew(c: Connection, room: number): boolean {
  const unsent = distance(c.finSequence, c.sndNxt);
  if (unsent < 0 || (unsent === 0 && !c.finQueued)) return false;
  const usable = Math.min(c.sndWnd - distance(c.sndNxt, c.sndUna), room); // SHLD-15
  const probe = c.mtuProbing === undefined ? 0 : c.mtuProbing.next(c, unsent, usable);
  if (probe < 0) return false;
  const length = probe > 0 ? probe : lengthOfNext(c, Math.min(unsent, Math.max(usable, 0)));
  const last = length === unsent;
  if (length === 0 ? !(last && c.finQueued) : !isWorthSending(c, length, last)) return false;
  if (!mayTransmit(c)) return false;
  const fin = last && c.finQueued;
  const end = add(c.sndNxt, length + (fin ? 1 : 0));
  if (c.sent.count === 0) {
    c.holdSegments();
    c.progressAt = c.now;
    c.validation.restart(c);
  }
  if (length < c.segmentSize) c.smallSegmentEnd = end;
  let flags = ACK | (fin ? FIN : 0) | (last && length > 0 ? PSH : 0); // PSH: MUST-61, SHLD-27
  if (c.reducedDue && length > 0) {
    flags |= CWR; // RFC 3168 §6.1.2
    c.reducedDue = false;
  }
  if (probe > 0) transmitProbe(c, length, flags);
  else transmit(c, c.sndNxt, length, flags);
  c.congestion.rate?.sent(c.now, c.delivered, c.sent.count === 0);
  c.sent.push(end, c.now);
  c.sndNxt = end;
  if (c.mode !== "open") c.recovery.sent(length, false, c.now);
  c.validation.lastSentAt = c.now;
  c.timers.stop("tailLoss");
  c.probe = false;
  pace(c, length);
  return true;
}

/** A larger segment than any before, in one piece: to see whether it arrives (RFC 4821 §7.3). */
function transmitProbe(c: Connection, length: number, flags: number): void {
  const probing = c.mtuProbing as PathMtuProbing;
  probing.sending = true;
  transmit(c, c.sndNxt, length, flags);
  probing.sending = false;
  probing.sent(c, c.sndNxt, add(c.sndNxt, length));
}

/** A datagram's data beside the longest headers. */
const LARGE_SEGMENT = 65_535 - 20 - 60;
/** As Linux: a large segment takes no more than so many seconds of the pace. */
const LARGE_SEGMENT_TIME = 1e-3;

/** A full segment, or as many in one as the interface takes whole and cuts or not (segmentation offload). */
function lengthOfNext(c: Connection, available: number): number {
  const { segmentSize } = c;
  if (available <= segmentSize) return available;
  if (c.mode !== "open" || !c.route.nic.segmentationOffload) return segmentSize; // SHLD-28
  if (c.urgent !== undefined && isUrging(c)) return segmentSize; // each piece has a pointer of its own
  const { pacingRate } = c.congestion;
  const limit = pacingRate > 0 ? Math.min(LARGE_SEGMENT, Math.floor(pacingRate * LARGE_SEGMENT_TIME)) : LARGE_SEGMENT;
  const length = Math.max(Math.min(available, limit), segmentSize);
  return length - (length % segmentSize);
}

/** New data if there is some, else the last segment again, whatever the congestion window (RFC 8985 §7.3). */
function sendTailProbe(c: Connection): void {
  c.tailProbe = false;
  if (c.sent.count === 0) return;
  const again = !sendNew(c, c.segmentSize);
  if (again) {
    const last = c.sent.count - 1;
    const whole = c.sent.length(last);
    const cut = whole > c.segmentSize && c.sent.split(last, add(c.sent.end(last), -c.segmentSize));
    resend(c, cut ? last + 1 : last);
  }
  c.recovery.tail.probed(c.sndNxt, again);
}

/** Whether only full segments go out. */
const isCorked = (c: Connection): boolean => c.options.cork || c.moreFollows;

/** The sender's silly window avoidance and Nagle's rule (RFC 9293 §3.8.6.2.1 (MUST-38), §3.7.4 (SHLD-7, MAY-16)). */
function isWorthSending(c: Connection, length: number, last: boolean): boolean {
  if (length >= c.segmentSize) return true; // (1)
  if (c.urgent !== undefined && isUrging(c)) return true;
  if (isCorked(c)) return c.probe || (last && c.finQueued);
  if (last && (c.options.noDelay || c.finQueued || !isBefore(c.sndUna, c.smallSegmentEnd))) return true; // (2), MUST-60
  return length * 2 >= c.maxSndWnd || c.probe; // (3), (4)
}

/** A segment of no data just below the window, which the peer must answer (RFC 9293 §3.8.6.1, MUST-35; as Linux). */
function sendProbe(c: Connection): void {
  c.probe = false;
  c.persistBackoffs++;
  c.unansweredProbes++;
  transmit(c, add(c.sndUna, -1), 0, ACK);
}

/** SEG.SEQ = SND.NXT − 1 and no data (RFC 9293 §3.8.4, SHLD-12). */
function sendKeepAlive(c: Connection): void {
  c.keepAliveProbe = false;
  transmit(c, add(c.sndNxt, -1), 0, ACK);
}

function armTimers(c: Connection): void {
  const { timers } = c;
  // What is all reported is under way too: the peer may forget it (RFC 2018 §8). What is lost and waits to go is not.
  const allReported = c.sent.count > 0 && c.sent.lost <= c.sent.resent;
  if (c.inFlight > 0 || allReported || !c.established) {
    if (timers.retransmission === NEVER) c.setTimer("retransmission", c.now + c.rto.current); // RFC 6298 (5.1)
    if (timers.tailLoss === NEVER && c.sent.count > 0 && c.maySendTailProbe) armTailProbe(c);
    timers.stop("persist");
    c.persistBackoffs = 0;
    return;
  }
  timers.stop("retransmission");
  timers.stop("tailLoss");
  if ((!c.hasNewData && c.sent.count === 0) || !c.route.nic.hasRoom || timers.pace !== NEVER) return;
  // Nothing is in flight and something waits: only the peer's window can be in the way.
  if (timers.persist !== NEVER) return;
  if (c.persistBackoffs === 0 && c.sent.count === 0) c.progressAt = c.now;
  const corked = isCorked(c) && c.sndWnd >= c.segmentSize;
  c.setTimer("persist", c.now + (corked ? CORK_LIMIT : persistInterval(c))); // SHLD-29, SHLD-30
}

/** RFC 8985 §7.2: no later than the retransmission timer. */
function armTailProbe(c: Connection): void {
  const timeout = probeTimeout(c);
  if (timeout !== NEVER) c.setTimer("tailLoss", Math.min(c.now + timeout, c.timers.retransmission));
}

/** The pause before the next probe of a closed window. */
export function persistInterval(c: Connection): number {
  return Math.min(c.rto.current * 2 ** c.persistBackoffs, c.settings.maximumRto);
}

/** Data waits no longer for more to fill its segment, as Linux (TCP_CORK). */
const CORK_LIMIT = milliseconds(200);

const sackEdges = new Int32Array(SACK_BLOCKS_MAX * 2);

/** Builds one segment and hands it to the network layer. Every segment acknowledges, but the first SYN. */
function transmit(c: Connection, sequence: number, length: number, flags: number): void {
  const syn = flags & SYN ? synOptions(c) : undefined; // in a SYN alone (MUST-65)
  const stamps = c.timestamps && syn === undefined ? TIMESTAMPS_LENGTH : 0;
  const blocks = length === 0 && syn === undefined ? sackBlocks(c) : 0;
  const header = TCP_HEADER + (syn === undefined ? stamps + sackLength(blocks) : synOptionsLength(syn));
  const packet = c.tcp.pool.allocate(length);
  const { view } = packet;
  // A large segment that is sent again is cut by an interface that sends no such ones any more.
  const large = length > c.segmentSize && c.mtuProbing?.sending !== true;
  const offload = c.route.nic.checksumOffload || large;
  const text = length > 0 ? takeText(c, sequence, length, packet, offload) : 0;
  packet.end = packet.start + length;
  const at = packet.push(header);
  const window = syn === undefined ? offerWindow(c) : offerFirstWindow(c);
  const ack = flags & ACK ? c.rcvNxt : 0;
  const urgent = c.urgent === undefined || flags & (SYN | RST) ? 0 : urgentField(c, sequence);
  let bits = c.ecnEcho && syn === undefined ? flags | ECE : flags; // RFC 3168 §6.1.3
  if (urgent > 0) bits |= URG;
  writeHeader(view, at, c.localPort, c.remotePort, sequence, ack, header, bits, window, urgent);
  const echo = flags & ACK ? c.tsRecent : 0;
  if (syn !== undefined) writeSynOptions(view, at + TCP_HEADER, syn, c.timestampAt(c.now), echo);
  else {
    const next = stamps > 0 ? writeTimestamps(view, at + TCP_HEADER, c.timestampAt(c.now), echo) : at + TCP_HEADER;
    if (blocks > 0) writeSack(view, next, sackEdges, blocks);
  }
  const pseudo = pseudoHeaderSum(c.localAddress, c.remoteAddress, TCP_PROTOCOL, header + length);
  if (offload) {
    leaveChecksum(packet, at, at + CHECKSUM_AT, pseudo);
    if (large) packet.segmentSize = c.segmentSize;
  } else view.setUint16(at + CHECKSUM_AT, finish(sum(view, at, at + header, pseudo + text))); // MUST-2
  if (flags & ACK) {
    c.ackNow = false;
    c.unacknowledged = 0;
    c.lastAckSent = c.rcvNxt;
    c.timers.stop("delayedAck");
  }
  // ECT: new data only (RFC 3168 §6.1.4, §6.1.5), and no probe of a window (§6.1.6)
  const ip = c.ecnCapable && length > 0 && sequence === c.sndNxt && syn === undefined ? c.ipEcnCapable : c.ip;
  if (length > 0) c.traffic ??= new Traffic();
  c.traffic?.sent(length, sequence === c.sndNxt, c.now);
  const refused = c.tcp.internet.output(packet, c.route, TCP_PROTOCOL, ip);
  if (refused !== undefined) c.softError = refused;
}

/** Copies data from the send buffer into a packet. @returns its sum, unless that is left to others */
function takeText(c: Connection, sequence: number, length: number, packet: Packet, offload: boolean): number {
  const offset = distance(sequence, c.sendSequence);
  if (!offload) return c.sendBuffer.peekAndSum(offset, length, packet.bytes, packet.view, packet.start);
  c.sendBuffer.peek(offset, length, packet.bytes, packet.start);
  return 0;
}

/** What our SYN offers; a SYN-ACK only what the peer offered too (RFC 7323 §2.2, §3.2; RFC 2018 §2). */
function synOptions(c: Connection): SynOptions {
  return {
    maximumSegmentSize: segmentSizeToOffer(c.route, c.settings),
    windowScale: c.scaling ? c.rcvScale : undefined,
    sackPermitted: c.sackPermitted,
    timestamps: c.timestamps,
  };
}

function sackBlocks(c: Connection): number {
  if (!c.sackPermitted || !c.receiveBuffer.hasReport) return 0;
  return c.receiveBuffer.sackBlocks(sackEdges, c.timestamps ? SACK_BLOCKS_MAX - 1 : SACK_BLOCKS_MAX);
}

function offerFirstWindow(c: Connection): number {
  const window = firstWindow(c.route, c.settings, c.options.receiveBuffer);
  if (c.state === "SYN-RECEIVED") c.rcvAdv = add(c.rcvNxt, window);
  return window;
}

/**
 * The window to advertise: the receiver's silly window avoidance (RFC 9293 §3.8.6.2.2, MUST-39), and never a right edge
 * to the left of the last. It may stay closed as long as nobody reads (MAY-8). @returns the value of the field
 */
function offerWindow(c: Connection): number {
  const current = c.rcvWnd;
  const free = offerable(c);
  const step = Math.min(c.receiveLimit / 2, c.segmentSize);
  const window = free - current >= step ? free : current; // SHLD-14
  let field = Math.min(window >> c.rcvScale, 0xffff);
  if (field << c.rcvScale < current) field = Math.min(field + 1, 0xffff);
  c.rcvAdv = add(c.rcvNxt, field << c.rcvScale);
  return field;
}

/** The free buffer, as far as the field can say it (RFC 7323 §2.3). */
function offerable(c: Connection): number {
  return Math.min(c.receiveLimit - c.receiveBuffer.length, 0xffff << c.rcvScale);
}

/** Whether reading has opened the window so far that the peer should hear of it (RFC 9293 §3.8.6.2.2). */
export function windowUpdateIsDue(c: Connection): boolean {
  const gain = offerable(c) - c.rcvWnd;
  const step = Math.min(c.receiveLimit / 2, c.segmentSize);
  const large = Math.min(c.receiveLimit, 0xffff << c.rcvScale) / 4;
  return gain >= step && (gain >= large || c.rcvWnd < 2 * c.segmentSize);
}
