import type { Instant } from "../../../time/instant.ts";
import type { DeliveryRate } from "./delivery-rate.ts";

/**
 * What one acknowledgment says about the path, in bytes of sequence space and nanoseconds. One object is filled again and
 * again.
 */
export interface AckSample {
  now: Instant | number;
  /** Bytes that the acknowledgment number newly covers. */
  acknowledged: number;
  /** Bytes newly known to have arrived: acknowledged or reported by SACK (DeliveredData of RFC 9937 §5). */
  delivered: number;
  /** Bytes newly taken for lost. */
  lost: number;
  /** Bytes in flight before the acknowledgment, and after it. */
  priorInFlight: number;
  inFlight: number;
  /** Round trip of the latest segment that was sent once and is now acknowledged; 0 when the acknowledgment measured none. */
  roundTrip: number;
  /** SND.UNA after it, and SND.NXT: they delimit rounds (RFC 9406 §4.2). */
  sndUna: number;
  sndNxt: number;
  /** Whether cwnd was what held the sender back (RFC 9293's reference to RFC 2861; Linux `is_cwnd_limited`). */
  limited: boolean;
  /** The window is being reduced, for a loss or an ECN echo: rate reduction sets it. Not after a timeout: slow start does. */
  recovering: boolean;
  /** The newest segment it covers: total bytes delivered when that was sent (for rounds), −1 when unknown. */
  priorDelivered: number;
  /** All bytes delivered so far. */
  totalDelivered: number;
  /** Delivery rate over that segment's flight, bytes a second; 0 when unknown (draft-ietf-ccwg-bbr, rate samples). */
  deliveryRate: number;
  /** The rate was limited by the application, not by the path. */
  applicationLimited: boolean;
}

/**
 * How fast the sender may go: one object for each connection. Bytes, never segments; it knows no timers and sends nothing.
 * Recovery (recovery.ts) decides what is lost and, by PRR, the window during fast recovery, unless `ownsRecovery`.
 */
export interface CongestionControl {
  readonly name: string;
  /** cwnd, bytes. Recovery writes it too: PRR, after a timeout, after idleness. */
  window: number;
  /** ssthresh, bytes; infinite until something was lost. */
  slowStartThreshold: number;
  /** Bytes a second at which output is spaced; 0: not paced. */
  readonly pacingRate: number;
  /** The algorithm sets its window in recovery itself (BBR): no PRR, and loss alone does not reduce it. */
  readonly ownsRecovery: boolean;
  /** Measures the delivery rate for an algorithm that asks for it; else samples have none. */
  readonly rate: DeliveryRate | undefined;
  /** The connection is open. @param window the initial one, bytes @param roundTrip of the handshake, 0 when unknown */
  open(window: number, segmentSize: number, now: number, roundTrip: number): void;
  /** The segment size changed (path MTU). */
  resize(segmentSize: number): void;
  /** Something was acknowledged. Called for every such acknowledgment, in recovery too (`sample.recovering`). */
  acknowledged(sample: AckSample): void;
  /** Loss or an ECN echo, once a window (RFC 5681 §3.1; RFC 9438 §4.6): sets {@link slowStartThreshold}. */
  congested(inFlight: number, now: number): void;
  /** The retransmission timer expired. @param first for this window: only then the threshold falls (RFC 5681 §3.1) */
  timedOut(inFlight: number, now: number, first: boolean): void;
  /** Fast recovery or the loss state is over; the window is set already. */
  recovered(now: number): void;
  /** The last {@link congested} or {@link timedOut} was spurious (F-RTO, D-SACK): back to what was before (RFC 9438 §4.9). */
  undo(): void;
  /** Sending begins again after nothing was in flight. @param idle nanoseconds since the last sending */
  restarted(now: number, idle: number): void;
  /** For TCP_INFO and the lab: the algorithm's own state as plain data. */
  snapshot(): Record<string, number | string>;
}
