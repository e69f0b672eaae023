import { ByteRing } from "../../base/byte-ring.ts";
import type { Connection } from "./connection.ts";
import { ReceiveBuffer } from "./receive-buffer.ts";
import { SentSegments } from "./sent-segments.ts";
import { NO_TIMERS } from "./timers.ts";

// What a connection has that holds nothing: one for all of them, into which nothing is ever put.
export const NO_BYTES = new ByteRing();
export const NOTHING_RECEIVED = new ReceiveBuffer();
export const NO_SEGMENTS = new SentSegments();

/** Empty ones that wait to be used by another connection, of each kind at most; large ones are not kept. */
const SPARE_LIMIT = 1024;
const LARGEST_SPARE = 64;
const spareRings: ByteRing[] = [];
const spareReceiveBuffers: ReceiveBuffer[] = [];
const spareSegments: SentSegments[] = [];

export function takeRing(): ByteRing {
  return spareRings.pop() ?? new ByteRing();
}

export function takeReceiveBuffer(): ReceiveBuffer {
  return spareReceiveBuffers.pop() ?? new ReceiveBuffer();
}

/** @param start SND.UNA */
export function takeSegments(start: number): SentSegments {
  const segments = spareSegments.pop();
  if (segments === undefined) return new SentSegments(start);
  segments.reset(start);
  return segments;
}

/** Nothing has happened for a while and nothing is waited for: what is empty is given back. */
export function rest(c: Connection): void {
  dropTimers(c);
  if (c.receiveBuffer.isIdle) giveReceiveBuffer(c);
  if (c.sendBuffer.length === 0 && c.sent.count === 0) giveSendBuffer(c);
}

/** Nothing is sent any more: all is given back but what waits to be read. */
export function giveBack(c: Connection): void {
  dropTimers(c);
  if (c.receiveBuffer.length === 0) giveReceiveBuffer(c);
  giveSendBuffer(c);
}

function giveReceiveBuffer(c: Connection): void {
  if (c.receiveBuffer === NOTHING_RECEIVED) return;
  c.receiveBuffer.clear();
  if (spareReceiveBuffers.length < SPARE_LIMIT) spareReceiveBuffers.push(c.receiveBuffer);
  c.receiveBuffer = NOTHING_RECEIVED;
}

function giveSendBuffer(c: Connection): void {
  if (c.sendBuffer !== NO_BYTES) {
    c.sendBuffer.clear();
    if (spareRings.length < SPARE_LIMIT) spareRings.push(c.sendBuffer);
    c.sendBuffer = NO_BYTES;
  }
  if (c.sent === NO_SEGMENTS) return;
  if (c.sent.capacity <= LARGEST_SPARE && spareSegments.length < SPARE_LIMIT) spareSegments.push(c.sent);
  c.sent = NO_SEGMENTS;
}

function dropTimers(c: Connection): void {
  if (c.timers === NO_TIMERS) return;
  c.tcp.timers.give(c.timers);
  c.timers = NO_TIMERS;
}
