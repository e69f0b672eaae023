import { ByteRing } from "../../base/byte-ring.ts";
import type { Connection } from "./connection.ts";
import { ReceiveBuffer } from "./receive-buffer.ts";
import { SentSegments } from "./sent-segments.ts";
import { NO_TIMERS } from "./timers.ts";

// What a connection has that holds nothing: one for all of them, into which nothing is ever put.
export const NO_BYTES = new ByteRing();
export const NOTHING_RECEIVED = new ReceiveBuffer();
export const NO_SEGMENTS = new SentSegments();

/** Nothing has happened for a while and nothing is waited for: what is empty is given back. */
export function rest(c: Connection): void {
  dropTimers(c);
  if (c.receiveBuffer.isIdle) {
    c.receiveBuffer.clear();
    c.receiveBuffer = NOTHING_RECEIVED;
  }
  if (c.sendBuffer.length > 0 || c.sent.count > 0) return;
  c.sendBuffer.clear();
  c.sendBuffer = NO_BYTES;
  c.sent = NO_SEGMENTS;
}

/** No deadline is left. */
export function dropTimers(c: Connection): void {
  if (c.timers === NO_TIMERS) return;
  c.tcp.timers.give(c.timers);
  c.timers = NO_TIMERS;
}
