import { formatEndpoint } from "../../address/endpoint.ts";
import type { Connection } from "./connection.ts";
import { congestionState, nameOfCongestionControl, type TcpInfo } from "./info.ts";
import type { Request } from "./request.ts";
import { distance } from "./sequence.ts";
import type { State } from "./state.ts";

/** A TCP as plain data, for people to look at. */
export interface TcpSnapshot {
  /** Ports that take connections: how many wait to be accepted, and how many may. */
  readonly listening: readonly { readonly local: string; readonly pending: number; readonly backlog: number }[];
  readonly connections: readonly ConnectionSnapshot[];
  readonly counters: {
    readonly opened: number;
    readonly accepted: number;
    readonly resetsSent: number;
    /** Cookies in SYN-ACKs, those that came back, and ACKs that were none while some were awaited. */
    readonly synCookiesSent: number;
    readonly synCookiesReceived: number;
    readonly synCookiesFailed: number;
    /** Challenge ACKs (RFC 5961). */
    readonly challenges: number;
  };
}

export interface ConnectionSnapshot {
  /** `"10.0.0.1:80"` */
  readonly local: string;
  readonly remote: string;
  readonly state: State;
  /** Bytes that wait: to be read, and to be sent or acknowledged. */
  readonly receiveQueue: number;
  readonly sendQueue: number;
  /** Bytes sent and not acknowledged. */
  readonly flight: number;
  /** Bytes: the congestion window, the peer's window, the largest segment's data. */
  readonly congestionWindow: number;
  readonly sendWindow: number;
  readonly segmentSize: number;
  /** Nanoseconds: smoothed round trip, its variation, the shortest (infinite before the first), retransmission timeout. */
  readonly roundTrip: number;
  readonly roundTripVariation: number;
  readonly shortestRoundTrip: number;
  readonly timeout: number;
  /** How congestion is avoided, what recovery is doing (Linux's words), and the slow start threshold; infinite before a loss. */
  readonly congestionControl: string;
  readonly congestionState: TcpInfo["caState"];
  readonly slowStartThreshold: number;
  /** Bytes a second; 0 when output is not paced. */
  readonly pacingRate: number;
  /** Bytes: the window that is offered, and what the buffers may hold now. */
  readonly receiveWindow: number;
  readonly receiveLimit: number;
  readonly sendLimit: number;
  /** Segments that were sent again. */
  readonly resent: number;
}

export function snapshotOf(c: Connection): ConnectionSnapshot {
  return {
    local: formatEndpoint(c.localAddress, c.localPort),
    remote: formatEndpoint(c.remoteAddress, c.remotePort),
    state: c.state,
    receiveQueue: c.receiveBuffer.length,
    sendQueue: c.sendBuffer.length,
    flight: distance(c.sndNxt, c.sndUna),
    congestionWindow: Math.floor(c.congestionWindow),
    sendWindow: c.sndWnd,
    segmentSize: c.segmentSize,
    roundTrip: c.rto.smoothed,
    roundTripVariation: c.rto.variation,
    shortestRoundTrip: c.rto.minimum,
    timeout: c.rto.current,
    congestionControl: nameOfCongestionControl(c),
    congestionState: congestionState(c),
    slowStartThreshold: c.heldCongestion?.slowStartThreshold ?? Number.POSITIVE_INFINITY,
    pacingRate: c.heldCongestion?.pacingRate ?? 0,
    receiveWindow: c.established ? c.rcvWnd : 0,
    receiveLimit: c.receiveLimit,
    sendLimit: c.sendLimit,
    resent: c.traffic?.resent ?? 0,
  };
}

/** A handshake under way that has no connection yet. */
export function requestSnapshotOf(r: Request): ConnectionSnapshot {
  return {
    local: formatEndpoint(r.localAddress, r.localPort),
    remote: formatEndpoint(r.remoteAddress, r.remotePort),
    state: "SYN-RECEIVED",
    receiveQueue: 0,
    sendQueue: 0,
    flight: 1,
    congestionWindow: 0,
    sendWindow: r.window,
    segmentSize: r.maximumSegmentSize,
    roundTrip: 0,
    roundTripVariation: 0,
    shortestRoundTrip: Number.POSITIVE_INFINITY,
    timeout: r.deadline - r.beganAt,
    congestionControl: r.listener.settings.congestionControl,
    congestionState: "Open",
    slowStartThreshold: Number.POSITIVE_INFINITY,
    pacingRate: 0,
    receiveWindow: 0,
    receiveLimit: 0,
    sendLimit: 0,
    resent: 0,
  };
}
