import type { CongestionControlName } from "./congestion/choose.ts";
import type { Connection } from "./connection.ts";
import { chosenFor } from "./connection-options.ts";
import { LOST, RESENT, SACKED } from "./sent-segments.ts";
import type { State } from "./state.ts";

/**
 * What TCP_INFO tells: the fields of Linux's `struct tcp_info` that mean something here, under their names and in their
 * units. Counters begin with a connection's first data.
 */
export interface TcpInfo {
  readonly state: State;
  readonly caState: "Open" | "Disorder" | "CWR" | "Recovery" | "Loss";
  /** Timeouts in a row (past R1 or not); unanswered probes; doublings of the timeout or of the pause between probes. */
  readonly retransmits: number;
  readonly probes: number;
  readonly backoff: number;
  /** What both ends agreed on. */
  readonly options: {
    readonly timestamps: boolean;
    readonly sack: boolean;
    readonly windowScaling: boolean;
    readonly ecn: boolean;
  };
  readonly sndWscale: number;
  readonly rcvWscale: number;
  /** Microseconds: retransmission timeout, longest wait of an acknowledgment. */
  readonly rto: number;
  readonly ato: number;
  /** Bytes of data in a segment: the largest we send, the largest that has come, the largest we offered to take. */
  readonly sndMss: number;
  readonly rcvMss: number;
  readonly advmss: number;
  /** Segments: sent and not acknowledged, of them reported by SACK, taken for lost, under way again. */
  readonly unacked: number;
  readonly sacked: number;
  readonly lost: number;
  readonly retrans: number;
  /** Milliseconds since; 0 for never. */
  readonly lastDataSent: number;
  readonly lastDataRecv: number;
  readonly lastAckRecv: number;
  /** The longest datagram of the path, bytes. */
  readonly pmtu: number;
  /** The largest window that may be offered now, bytes. */
  readonly rcvSsthresh: number;
  /** Microseconds: smoothed round trip, its variation, the shortest one. 0 when unknown. */
  readonly rtt: number;
  readonly rttvar: number;
  readonly minRtt: number;
  /** Segments; 2147483647 until something was lost. */
  readonly sndSsthresh: number;
  readonly sndCwnd: number;
  /** Segments that may arrive before one sent earlier. */
  readonly reordering: number;
  /** The receiver's view: round trip in microseconds, bytes that were read in one. */
  readonly rcvRtt: number;
  readonly rcvSpace: number;
  /** Segments that were sent again. */
  readonly totalRetrans: number;
  /** Bytes a second; 0 when output is not paced, or nothing was measured. */
  readonly pacingRate: number;
  readonly deliveryRate: number;
  /** Bytes. */
  readonly bytesAcked: number;
  readonly bytesReceived: number;
  readonly bytesSent: number;
  readonly bytesRetrans: number;
  readonly notsentBytes: number;
  readonly sndWnd: number;
  readonly rcvWnd: number;
  /** Segments. */
  readonly segsOut: number;
  readonly segsIn: number;
  readonly dataSegsOut: number;
  readonly dataSegsIn: number;
  readonly delivered: number;
  /** Not in Linux's struct, but beside it (TCP_CONGESTION). */
  readonly congestionControl: CongestionControlName;
}

const UNLIMITED = 2 ** 31 - 1;
const REORDERING = 3;

/** TCP_INFO of a connection. */
export function infoOf(c: Connection): TcpInfo {
  const { heldCongestion: congestion, rto, segmentSize, traffic, receiveTuning: tuning } = c;
  const threshold = congestion?.slowStartThreshold ?? Number.POSITIVE_INFINITY;
  const segments = (bytes: number): number => Math.round(bytes / segmentSize);
  const resent = countSent(c, RESENT);
  const outstanding = c.sndNxt === c.sndUna ? 0 : c.sent.outstanding;
  return {
    state: c.state,
    caState: congestionState(c),
    retransmits: rto.backoffs, // RFC 9293 §3.8.3 (SHLD-9)
    probes: c.unansweredProbes,
    backoff: Math.max(rto.backoffs, c.persistBackoffs),
    options: {
      timestamps: c.timestamps,
      sack: c.sackPermitted,
      windowScaling: c.scaling,
      ecn: c.ecnCapable,
    },
    sndWscale: c.scaling ? c.sndScale : 0,
    rcvWscale: c.scaling ? c.rcvScale : 0,
    rto: toMicroseconds(rto.current),
    ato: toMicroseconds(c.settings.delayedAck),
    sndMss: segmentSize,
    rcvMss: tuning?.largestSegment ?? 0,
    advmss: Math.min(c.route.receiveLimit - 20, c.settings.maximumSegmentSize),
    unacked: countSent(c),
    sacked: countSent(c, SACKED),
    lost: countSent(c, LOST),
    retrans: resent,
    lastDataSent: since(c, traffic?.lastDataSentAt),
    lastDataRecv: since(c, traffic?.lastDataReceivedAt),
    lastAckRecv: since(c, c.lastHeardAt),
    pmtu: c.route.payloadLimit + 20,
    rcvSsthresh: c.receiveLimit,
    rtt: toMicroseconds(rto.smoothed),
    rttvar: toMicroseconds(rto.variation),
    minRtt: toMicroseconds(rto.minimum),
    sndSsthresh: Number.isFinite(threshold) ? segments(threshold) : UNLIMITED,
    sndCwnd: Math.floor(c.congestionWindow / segmentSize),
    reordering: REORDERING,
    rcvRtt: toMicroseconds(tuning?.roundTrip ?? 0),
    rcvSpace: tuning?.space ?? 0,
    totalRetrans: traffic?.resent ?? 0,
    pacingRate: Math.round(congestion?.pacingRate ?? 0),
    deliveryRate: traffic?.deliveryRate ?? 0,
    bytesAcked: Math.max((traffic?.bytesSent ?? 0) - (traffic?.bytesResent ?? 0) - outstanding, 0),
    bytesReceived: traffic?.bytesReceived ?? 0,
    bytesSent: traffic?.bytesSent ?? 0,
    bytesRetrans: traffic?.bytesResent ?? 0,
    notsentBytes: c.unsent,
    sndWnd: c.sndWnd,
    rcvWnd: c.established ? c.rcvWnd : 0,
    segsOut: traffic?.segmentsOut ?? 0,
    segsIn: traffic?.segmentsIn ?? 0,
    dataSegsOut: traffic?.dataSegmentsOut ?? 0,
    dataSegsIn: traffic?.dataSegmentsIn ?? 0,
    delivered: segments(c.delivered),
    congestionControl: nameOfCongestionControl(c),
  };
}

/** How congestion is avoided, or will be. */
export function nameOfCongestionControl(c: Connection): CongestionControlName {
  return (c.heldCongestion?.name as CongestionControlName | undefined) ?? chosenFor(c.route, c.settings);
}

/** Linux's word for what recovery is doing. */
export function congestionState(c: Connection): TcpInfo["caState"] {
  if (c.mode === "open") return c.sent.sacked > 0 ? "Disorder" : "Open";
  return ({ cwr: "CWR", recovery: "Recovery", loss: "Loss" } as const)[c.mode];
}

/** Segments on their way, those with a flag or all; one that is cut on its way counts as its pieces. */
function countSent(c: Connection, flag?: number): number {
  let count = 0;
  for (let index = 0; index < c.sent.count; index++) {
    if (flag === undefined || c.sent.has(index, flag))
      count += Math.max(Math.ceil(c.sent.length(index) / c.segmentSize), 1);
  }
  return count;
}

const toMicroseconds = (nanoseconds: number): number =>
  Number.isFinite(nanoseconds) ? Math.round(nanoseconds / 1000) : 0;

const since = (c: Connection, at = -1): number => (at < 0 ? 0 : Math.floor((c.now - at) / 1e6));
