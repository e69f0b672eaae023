import type { TcpSettings } from "./settings.ts";

/**
 * How much may be in flight: slow start, congestion avoidance (RFC 5681) and what NewReno does to the window in
 * recovery (RFC 6582). It counts bytes and knows nothing of segments or timers.
 */
export class NewReno {
  /** cwnd, bytes. */
  window = 0;
  ssthresh = Number.POSITIVE_INFINITY;
  /** Bytes acknowledged since the window last grew in congestion avoidance (RFC 3465 §2.1). */
  #acknowledged = 0;

  /** The connection is open and its segment size known (RFC 6928 §2). @param synLost a SYN was retransmitted: one segment */
  open(settings: TcpSettings, segmentSize: number, synLost: boolean): void {
    this.window = (synLost ? 1 : settings.initialWindow) * segmentSize;
  }

  /** New data was acknowledged outside recovery. @param limited whether the window was what held the sender back */
  acknowledged(bytes: number, segmentSize: number, limited: boolean): void {
    if (!limited) return; // RFC 9293's reference, RFC 2861 §3: a window that was not used is not proven
    if (this.window < this.ssthresh) {
      this.window += Math.min(bytes, 2 * segmentSize); // RFC 3465 §2.2, L = 2
      return;
    }
    this.#acknowledged += bytes;
    if (this.#acknowledged < this.window) return;
    this.#acknowledged -= this.window;
    this.window += segmentSize;
  }

  /** Three duplicates say that a segment was lost (RFC 6582 §3.2 step 2). */
  enterRecovery(flight: number, segmentSize: number): void {
    this.ssthresh = Math.max(flight / 2, 2 * segmentSize);
    this.window = this.ssthresh + 3 * segmentSize;
  }

  /** Another duplicate: another segment has left the network (step 3). */
  duplicate(segmentSize: number): void {
    this.window += segmentSize;
  }

  /** Part of what was in flight is acknowledged: deflates by as much (step 3, partial acknowledgment). */
  partial(bytes: number, segmentSize: number): void {
    this.window = Math.max(this.window - bytes + (bytes >= segmentSize ? segmentSize : 0), segmentSize);
  }

  /** All that was in flight is acknowledged (step 3, full acknowledgment, option 1). */
  leaveRecovery(flight: number, segmentSize: number): void {
    this.window = Math.min(this.ssthresh, Math.max(flight, segmentSize) + segmentSize);
    this.#acknowledged = 0;
  }

  /** The retransmission timer expired (RFC 5681 §3.1, equation 4). @param first for this segment */
  timeout(flight: number, segmentSize: number, first: boolean): void {
    if (first) this.ssthresh = Math.max(flight / 2, 2 * segmentSize);
    this.window = segmentSize;
    this.#acknowledged = 0;
  }
}
