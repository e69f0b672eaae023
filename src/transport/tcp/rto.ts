import type { Duration } from "../../time/instant.ts";
import type { TcpSettings } from "./settings.ts";

/** The retransmission timeout from measured round trips (RFC 6298). All times in nanoseconds. */
export class RetransmissionTimeout {
  readonly #settings: TcpSettings;
  /** SRTT; 0 before the first measurement. */
  smoothed = 0;
  /** RTTVAR. */
  variation = 0;
  /** The shortest round trip; infinite before the first measurement. */
  minimum = Number.POSITIVE_INFINITY;
  #base: number;
  /** How often the timeout was doubled since the last progress. */
  backoffs = 0;

  constructor(settings: TcpSettings) {
    this.#settings = settings;
    this.#base = settings.initialRto; // (2.1)
  }

  /** The timeout now, doubled for each expiry since the last new measurement or progress (5.5). */
  get current(): Duration {
    return Math.min(this.#base * 2 ** this.backoffs, this.#settings.maximumRto) as Duration;
  }

  /** Takes in a round trip that was measured on a segment sent once (Karn's algorithm, MUST-18). */
  measure(roundTrip: number): void {
    if (roundTrip < this.minimum) this.minimum = roundTrip;
    if (this.smoothed === 0) {
      this.smoothed = Math.max(roundTrip, 1); // (2.2)
      this.variation = roundTrip / 2;
    } else {
      this.variation = 0.75 * this.variation + 0.25 * Math.abs(this.smoothed - roundTrip); // (2.3)
      this.smoothed = 0.875 * this.smoothed + 0.125 * roundTrip;
    }
    // As Linux: the minimum bounds the variance term, so that RTO stays a minimum above the round trip itself.
    const margin = Math.max(4 * this.variation, this.#settings.minimumRto);
    this.#base = Math.min(Math.round(this.smoothed + margin), this.#settings.maximumRto);
    this.backoffs = 0;
  }

  /** Nothing was acknowledged in time: doubles the timeout (5.5). */
  backOff(): void {
    this.backoffs++;
  }

  /** After a SYN that was retransmitted, data starts at 3 s (5.7). */
  synWasLost(): void {
    if (this.smoothed === 0) this.#base = Math.max(this.#base, 3e9);
  }
}
