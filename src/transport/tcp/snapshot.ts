import { formatEndpoint } from "../../address/endpoint.ts";
import type { Connection } from "./connection.ts";
import { distance } from "./sequence.ts";
import type { State } from "./state.ts";

/** A TCP as plain data, for people to look at. */
export interface TcpSnapshot {
  readonly listening: readonly { readonly local: string; readonly pending: number }[];
  readonly connections: readonly ConnectionSnapshot[];
  readonly counters: { readonly opened: number; readonly accepted: number; readonly resetsSent: number };
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
  /** Nanoseconds: smoothed round trip, retransmission timeout. */
  readonly roundTrip: number;
  readonly timeout: number;
}

export function snapshotOf(c: Connection): ConnectionSnapshot {
  return {
    local: formatEndpoint(c.localAddress, c.localPort),
    remote: formatEndpoint(c.remoteAddress, c.remotePort),
    state: c.state,
    receiveQueue: c.receiveBuffer.length,
    sendQueue: c.sendBuffer.length,
    flight: distance(c.sndNxt, c.sndUna),
    congestionWindow: c.congestion.window,
    sendWindow: c.sndWnd,
    segmentSize: c.segmentSize,
    roundTrip: c.rto.smoothed,
    timeout: c.rto.current,
  };
}
