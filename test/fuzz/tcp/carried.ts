import type { Packet } from "../../../src/packet/packet.ts";
import type { Connection } from "../../../src/transport/tcp/connection.ts";
import { add, distance, isAfter, isBefore } from "../../../src/transport/tcp/sequence.ts";
import * as wire from "../../../src/wire/tcp.ts";
import { TcpOptions } from "../../../src/wire/tcp-options.ts";

/** Bytes of sequence space that are remembered; more than any window of the fuzzers. */
const SPAN = 1 << 16;
const RECEIVING = new Set(["SYN-RECEIVED", "ESTABLISHED", "FIN-WAIT-1", "FIN-WAIT-2"]);
const options = new TcpOptions();

/**
 * Which bytes acceptable segments carried to one receiver, by sequence number: several, where segments disagree. What is
 * acceptable is said here once more, from the RFCs and the connection's numbers, so that a receiver that takes anything
 * else is found out.
 */
export class Carried {
  readonly #sequence = new Int32Array(SPAN);
  readonly #generation = new Uint32Array(SPAN);
  /** A bit for each byte value. */
  readonly #values = new Uint32Array(SPAN * 8);
  #now = 1;
  /** Of the stream: the sequence number of the next byte that its reader gets. */
  next = 0;

  /** Another connection begins. @param next the sequence number of its first byte */
  begin(next: number): void {
    this.#now++;
    this.next = next;
  }

  /** Notes what a segment brings to a connection that is about to get it. @returns whether it brings anything */
  note(c: Connection, packet: Packet): boolean {
    const { view, start, end, bytes } = packet;
    const flags = wire.flags(view, start);
    const text = start + wire.headerLength(view, start);
    if (text >= end || !RECEIVING.has(c.state)) return false;
    if ((flags & wire.ACK) === 0 || (flags & (wire.SYN | wire.RST)) !== 0) return false; // RFC 9293 §3.10.7.4
    const ack = wire.acknowledgmentNumber(view, start);
    if (isAfter(ack, c.sndNxt) || isBefore(ack, add(c.sndUna, -c.maxSndWnd))) return false; // RFC 5961 §5.2
    options.read(view, start + wire.TCP_HEADER, text);
    if (c.timestamps && options.timestamps && isBefore(options.timestampValue, c.tsRecent)) return false; // RFC 7323 §5.3
    let sequence = wire.sequenceNumber(view, start);
    let taken = false;
    for (let at = text; at < end; at++) {
      if (!isBefore(sequence, c.rcvNxt) && isBefore(sequence, c.rcvAdv)) {
        this.#add(sequence, bytes[at] as number);
        taken = true;
      }
      sequence = add(sequence, 1);
    }
    return taken;
  }

  /** Takes what the reader got. @returns the sequence number of the first byte that nothing acceptable carried */
  read(bytes: Uint8Array): number | undefined {
    for (const value of bytes) {
      const slot = this.next & (SPAN - 1);
      const known = this.#sequence[slot] === this.next && this.#generation[slot] === this.#now;
      if (!known || ((this.#values[slot * 8 + (value >> 5)] as number) & (1 << (value & 31))) === 0) return this.next;
      this.next = add(this.next, 1);
    }
    return undefined;
  }

  #add(sequence: number, value: number): void {
    const slot = sequence & (SPAN - 1);
    if (this.#sequence[slot] !== sequence || this.#generation[slot] !== this.#now) {
      this.#sequence[slot] = sequence;
      this.#generation[slot] = this.#now;
      this.#values.fill(0, slot * 8, slot * 8 + 8);
    }
    const word = slot * 8 + (value >> 5);
    this.#values[word] = (this.#values[word] as number) | (1 << (value & 31));
  }
}

/** @returns what is wrong with a connection's own numbers, if anything is */
export function inconsistency(c: Connection): string | undefined {
  if (c.rcvWnd < 0) return `the window is ${c.rcvWnd}`;
  if (distance(c.sndNxt, c.sndUna) < 0) return "SND.UNA lies after SND.NXT";
  if (!Number.isFinite(c.rto.current) || c.rto.current <= 0) return `the timeout is ${c.rto.current}`;
  const { window } = c.congestion;
  if (!Number.isFinite(window) || window < 0) return `the congestion window is ${window}`;
  if (!c.established || c.state === "TIME-WAIT") return undefined;
  const { sent } = c;
  if (sent.outstanding !== distance(c.sndNxt, c.sndUna)) {
    return `${sent.outstanding} bytes are outstanding, not ${distance(c.sndNxt, c.sndUna)}`;
  }
  let sacked = 0;
  let lost = 0;
  let resent = 0;
  let everResent = 0;
  for (let index = 0; index < sent.count; index++) {
    if (sent.length(index) <= 0) return `segment ${index} has ${sent.length(index)} bytes`;
    if (sent.has(index, 1)) sacked += sent.length(index);
    if (sent.has(index, 2)) lost += sent.length(index);
    if (sent.has(index, 4)) resent += sent.length(index);
    if (sent.has(index, 8)) everResent++;
    if (sent.has(index, 1) && sent.has(index, 6)) return `segment ${index} is reported and lost`;
  }
  if (sent.sacked !== sacked || sent.lost !== lost || sent.resent !== resent || sent.everResent !== everResent) {
    return `the sums of the scoreboard: ${[sent.sacked, sent.lost, sent.resent, sent.everResent]}, not ${[sacked, lost, resent, everResent]}`;
  }
  return undefined;
}
