import type { IpAddress } from "../../address/ip.ts";
import type { Route } from "../../internet/internet.ts";
import type { Duration } from "../../time/instant.ts";
import { type CongestionControlName, congestionControl } from "./congestion/choose.ts";
import type { Connection } from "./connection.ts";
import type { TcpSettings } from "./settings.ts";

/** The ends of a connection. */
export interface Ends {
  readonly localAddress: IpAddress;
  readonly localPort: number;
  readonly remoteAddress: IpAddress;
  readonly remotePort: number;
}

/** Settings that may change while a connection is open. Times are nanoseconds. */
export interface ConnectionOptions {
  readonly noDelay: boolean;
  readonly keepAlive: boolean;
  readonly keepAliveIdle: Duration;
  readonly keepAliveInterval: Duration;
  readonly keepAliveProbes: number;
  readonly userTimeout: Duration;
  /** A size given by value stays; undefined: fitted to the path. */
  readonly sendBuffer: number | undefined;
  readonly receiveBuffer: number | undefined;
  readonly maximumSegmentSize: number;
  /** Only full segments go out, until this is taken back, or data has waited for 200 ms. */
  readonly cork: boolean;
  /** Every segment with data is acknowledged at once. */
  readonly quickAck: boolean;
  /** Bytes that may wait and were never sent; beyond, the user has to wait. */
  readonly notSentLimit: number;
  /** Urgent data stays in the stream. */
  readonly urgentInline: boolean;
  readonly congestionControl: CongestionControlName;
  readonly hopLimit: number;
  readonly trafficClass: number;
}

/** What a piece of data is to the stream. */
export interface SendFlags {
  /** More follows at once: less than a segment waits for it (MSG_MORE). */
  readonly more?: boolean | undefined;
  /** Its last byte is urgent (MSG_OOB). */
  readonly outOfBand?: boolean | undefined;
}

/** The congestion control of a new connection: the route's, as on Linux, else the socket's or host's. */
export function chosenFor(route: Route, settings: TcpSettings): CongestionControlName {
  return (route.congestionControl as CongestionControlName | undefined) ?? settings.congestionControl;
}

/**
 * Congestion windows that a send buffer takes: what is in flight, what follows it, and room for gaps. Linux takes two, and
 * counts some three bytes for each of data.
 */
const SEND_BUFFER_WINDOWS = 6;

/** The send buffer that fits the congestion window now, bytes. */
export function fittingSendBuffer(c: Connection): number {
  return Math.min(Math.floor(SEND_BUFFER_WINDOWS * c.congestionWindow), c.settings.maximumSendBuffer);
}

/** What follows at once from a change of options. */
export function apply(c: Connection, changes: Partial<ConnectionOptions>): void {
  if (changes.receiveBuffer !== undefined) c.receiveLimit = changes.receiveBuffer;
  if (changes.cork === false) c.smallSegmentEnd = c.sndUna; // what waits goes, though another small segment is under way
  if (changes.quickAck && c.unacknowledged > 0) c.ackNow = true;
  if (changes.keepAlive !== undefined || changes.keepAliveIdle !== undefined) c.restartKeepAlive();
  const name = changes.congestionControl;
  if (name !== undefined && name !== c.heldCongestion?.name) changeCongestionControl(c, name);
}

/** The window and its threshold are taken along. */
function changeCongestionControl(c: Connection, name: CongestionControlName): void {
  const { congestionWindow: window, heldCongestion: before } = c;
  c.congestion = congestionControl(name, c.tcp.random);
  if (!c.established) return;
  c.congestion.open(window, c.segmentSize, c.now, c.rto.smoothed);
  if (before !== undefined) c.congestion.slowStartThreshold = before.slowStartThreshold;
}
