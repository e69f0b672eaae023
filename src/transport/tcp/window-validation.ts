import type { Connection } from "./connection.ts";
import { isBefore } from "./sequence.ts";

/**
 * Whether the congestion window is in use: a window that was not filled is not proven, and does not grow; after a pause it
 * falls back (RFC 2861 §3, as Linux).
 */
export class WindowValidation {
  /** The window held the sender back at some time since `#end`. */
  #limited = false;
  /** The most that was in flight since then, bytes. */
  #most = 0;
  /** SND.NXT when the measure began: acknowledged, it begins anew. */
  #end: number;
  /** The most in flight since the window was last filled, and when that was. */
  #used = 0;
  #filledAt: number;
  /** When data was last sent. */
  lastSentAt: number;

  constructor(sndNxt: number, now: number) {
    this.#end = sndNxt;
    this.#filledAt = this.lastSentAt = now;
  }

  /** Whether an acknowledgment may open the window: in slow start half of it is enough (Linux tcp_is_cwnd_limited). */
  allowsGrowth(c: Connection): boolean {
    if (this.#limited) return true;
    const { window, slowStartThreshold } = c.congestion;
    return window < slowStartThreshold && window < 2 * this.#most;
  }

  /** Output has sent what it may. @param limited by the congestion window */
  sent(c: Connection, flight: number, limited: boolean): void {
    if (!isBefore(c.sndUna, this.#end) || limited || (!this.#limited && flight > this.#most)) {
      this.#limited = limited;
      this.#most = flight;
      this.#end = c.sndNxt;
    }
    if (this.allowsGrowth(c)) {
      this.#used = 0;
      this.#filledAt = c.now;
      return;
    }
    if (flight > this.#used) this.#used = flight;
    if (c.now - this.#filledAt >= c.rto.current) this.#shrink(c);
  }

  /** RFC 2861 §3.1: half way down to what was used in the last RTO. */
  #shrink(c: Connection): void {
    const { congestion } = c;
    const initial = c.settings.initialWindow * c.segmentSize;
    const used = Math.max(this.#used, initial);
    if (c.mode === "open" && used < congestion.window && !congestion.ownsRecovery) {
      keepThreshold(c);
      congestion.window = (congestion.window + used) / 2;
    }
    this.#used = 0;
    this.#filledAt = c.now;
  }

  /** Sending begins with nothing in flight: half the window for each RTO of silence (RFC 2861 §3.1, RFC 5681 §4.1). */
  restart(c: Connection): void {
    const { congestion } = c;
    const idle = c.now - this.lastSentAt;
    const timeout = c.rto.current;
    if (idle > timeout && !congestion.ownsRecovery) {
      const floor = Math.min(c.settings.initialWindow * c.segmentSize, congestion.window);
      keepThreshold(c);
      const halvings = Math.min(Math.floor(idle / timeout), 52);
      congestion.window = Math.max(congestion.window / 2 ** halvings, floor);
      this.#used = 0;
      this.#filledAt = c.now;
    }
    congestion.restarted(c.now, idle);
  }
}

/** What the window has been is remembered as the threshold (RFC 2861 §3.1). */
function keepThreshold(c: Connection): void {
  const { congestion } = c;
  congestion.slowStartThreshold = Math.max(congestion.slowStartThreshold, 0.75 * congestion.window);
}

/** The user brings data only now, though the path would have taken some before: rates until then are the user's. */
export function noteIdlePath(c: Connection): void {
  const { rate, window } = c.congestion;
  const flight = c.inFlight;
  if (rate === undefined || c.sent.lost > c.sent.resent || flight + c.segmentSize > window) return;
  rate.applicationLimited(c.delivered, flight);
}
