import type { Errno } from "../../base/errno.ts";
import { URG } from "../../wire/tcp.ts";
import type { Connection } from "./connection.ts";
import type { Segment } from "./segment.ts";
import { add, distance, isAfter, isAtOrAfter, isBefore } from "./sequence.ts";
import { receives } from "./state.ts";

/**
 * Urgent data (RFC 9293 §3.8.5, RFC 6093 §2.1) as sockets have it: a mark in the stream, before its last urgent byte, which is
 * taken out of the stream unless the user wants it in line. A connection has one of these once it met urgent data.
 */
export class Urgent {
  /** SND.UP: the number after the last urgent byte, until that is acknowledged. */
  sendEnd: number | undefined;
  /** RCV.UP − 1: the last urgent byte, until reading has passed it. */
  mark: number | undefined;
  /** That byte; −1 before it has arrived, or when it was read. */
  byte = -1;
  /** Whether it was read by itself. */
  taken = false;
}

/** What was written last is urgent, however much it is (MUST-31). */
export function markUrgent(c: Connection): void {
  c.urgent ??= new Urgent();
  c.urgent.sendEnd = c.finSequence;
  if (c.sndWnd === 0) c.ackNow = true; // The peer hears of it though it takes no data.
}

/** Whether urgent data waits or is under way: it goes out without delay, as on Linux. */
export const isUrging = (c: Connection): boolean => c.urgent?.sendEnd !== undefined;

/** SND.UNA has moved. */
export function urgentAcknowledged(c: Connection, urgent: Urgent): void {
  if (urgent.sendEnd !== undefined && isAtOrAfter(c.sndUna, urgent.sendEnd)) urgent.sendEnd = undefined;
}

/** The urgent pointer of a segment (MUST-30; RFC 6093 §4: to the byte after); 0 without the URG bit. One that cannot reach says as much as it can, as on Linux. */
export function urgentField(c: Connection, sequence: number): number {
  const end = c.urgent?.sendEnd;
  if (end === undefined || !isBefore(sequence, end)) return 0;
  const ahead = distance(end, sequence); // MUST-62: it follows the urgent data
  if (ahead <= 0xffff) return ahead;
  return isAfter(add(sequence, 0xffff), c.sndNxt) ? 0xffff : 0;
}

/** Sixth: the URG bit (RFC 9293 §3.10.7.4), also when the window is closed (MUST-66). */
export function checkUrgent(c: Connection, s: Segment): undefined {
  if (!s.has(URG) || !receives(c.state)) return;
  const mark = add(s.seq, Math.max(s.urgentPointer, 1) - 1);
  if (isBefore(mark, c.rcvNxt)) return; // it was passed
  const urgent = c.urgent ?? new Urgent();
  if (urgent.mark !== undefined && !isAfter(mark, urgent.mark)) return;
  c.urgent = urgent;
  skipAtMark(c, urgent); // the byte of a mark that was reached goes with the mark
  urgent.mark = mark;
  urgent.byte = -1;
  urgent.taken = false;
  c.edge(); // The user is told before the data is here (MUST-32).
}

/** A segment's data, cut to the window: the urgent byte may be in it. */
export function takeUrgentByte(c: Connection, s: Segment, urgent: Urgent): void {
  if (urgent.mark === undefined || urgent.byte >= 0 || urgent.taken) return;
  const offset = distance(urgent.mark, s.seq);
  if (offset < 0 || offset >= s.dataLength) return;
  urgent.byte = s.bytes[s.start + offset] as number;
  c.edge();
}

/** How far the mark lies ahead of what is read next; undefined without one. */
function ahead(c: Connection, urgent: Urgent): number | undefined {
  if (urgent.mark === undefined) return undefined;
  const end = c.peerFin !== undefined && isBefore(c.peerFin, c.rcvNxt) ? c.peerFin : c.rcvNxt;
  return distance(urgent.mark, add(end, -c.receiveBuffer.length));
}

/** Whether reading stands at the mark (`sockatmark`; MUST-33). */
export const isAtMark = (c: Connection): boolean => c.urgent !== undefined && ahead(c, c.urgent) === 0;

/** Urgent data is announced or here, and neither read nor passed. */
export function hasUrgent(c: Connection): boolean {
  return c.urgent !== undefined && c.urgent.mark !== undefined && !c.urgent.taken;
}

/** Bytes that a read of the stream would give, though not all at once. */
export function readable(c: Connection): number {
  const { length } = c.receiveBuffer;
  const hidden = c.urgent !== undefined && !c.options.urgentInline && length > 0 && ahead(c, c.urgent) === 0;
  return hidden ? length - 1 : length;
}

/** Bytes that one read gives: up to the mark, if that lies ahead (SIOCINQ). */
export function readableAtOnce(c: Connection): number {
  const left = c.urgent === undefined || c.options.urgentInline ? undefined : ahead(c, c.urgent);
  return left !== undefined && left > 0 && left < c.receiveBuffer.length ? left : readable(c);
}

/** Reads the stream: at most up to the mark; from there on, and without the urgent byte unless that is in line. */
export function readPastMark(c: Connection, into: Uint8Array, urgent: Urgent): number {
  if (!c.options.urgentInline) skipAtMark(c, urgent);
  const left = ahead(c, urgent) ?? 0;
  const count = c.receiveBuffer.read(left > 0 && left < into.length ? into.subarray(0, left) : into);
  const now = ahead(c, urgent);
  if (now !== undefined && now < 0) urgent.mark = undefined;
  return count;
}

/** Takes the urgent byte out of the stream, where reading stands at it (RFC 6093 §2.1: a mark, not a second stream). */
function skipAtMark(c: Connection, urgent: Urgent): void {
  if (ahead(c, urgent) !== 0 || c.receiveBuffer.length === 0 || c.options.urgentInline) return;
  c.receiveBuffer.read(skipped);
  urgent.mark = undefined;
}

const skipped = new Uint8Array(1);

/** The urgent byte by itself (MSG_OOB). @returns 1, EAGAIN until it is here, EINVAL when there is none or it is in line */
export function readUrgent(c: Connection, into: Uint8Array): number | Errno {
  const { urgent } = c;
  if (urgent?.mark === undefined || urgent.taken || c.options.urgentInline) return "EINVAL";
  if (urgent.byte < 0) return c.readShut || !receives(c.state) ? 0 : "EAGAIN";
  into[0] = urgent.byte;
  urgent.byte = -1;
  urgent.taken = true;
  return 1;
}
