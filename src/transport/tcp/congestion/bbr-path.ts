import type { AckSample } from "./congestion-control.ts";
import { WindowedMax } from "./windowed-max.ts";

/** Rounds over which the largest delivery rate is the bandwidth: a gain cycle and two more. */
const BANDWIDTH_ROUNDS = 10;
/** A round trip this old says nothing about the path any more, nanoseconds. */
const ROUND_TRIP_LIFE = 10e9;
/** The pipe is full when the bandwidth has not grown by so much in so many rounds. */
const FULL_GROWTH = 1.25;
const FULL_ROUNDS = 3;

/** What BBR believes of the path: its bandwidth and its round trip without a queue, from what acknowledgments tell. */
export class BbrPath {
  readonly #bandwidth = new WindowedMax(BANDWIDTH_ROUNDS);
  /** Nanoseconds; infinite before the first measurement. */
  roundTrip = Number.POSITIVE_INFINITY;
  /** When {@link roundTrip} was measured. */
  measuredAt = 0;
  /** With this acknowledgment {@link roundTrip} had become too old. */
  expired = false;
  /** Rounds so far; and with this acknowledgment one began. */
  round = 0;
  roundBegan = false;
  /** It ends with what is sent after so many bytes were delivered. */
  #roundEnd = 0;
  #fullBandwidth = 0;
  #fullRounds = 0;
  /** The bandwidth has stopped growing: it was found. */
  full = false;
  /** Rates of what is sent before so many bytes are delivered are the sender's own doing; −1 for none. */
  #limitedUntil = -1;

  /** Bytes a second; 0 before the first measurement. */
  get bandwidth(): number {
    return this.#bandwidth.value;
  }

  /** Bytes that fill the path so many times, once {@link roundTrip} is known. */
  product(gain: number): number {
    return (this.bandwidth * this.roundTrip * gain) / 1e9;
  }

  acknowledged(sample: AckSample): void {
    const limited = sample.applicationLimited || sample.priorDelivered <= this.#limitedUntil;
    this.roundBegan = sample.priorDelivered >= this.#roundEnd;
    if (this.roundBegan) {
      this.round++;
      this.endRoundAfter(sample.totalDelivered);
    }
    if (sample.deliveryRate > 0 && (!limited || sample.deliveryRate >= this.bandwidth)) {
      this.#bandwidth.add(this.round, sample.deliveryRate);
    }
    if (this.roundBegan && !limited) this.#lookWhetherFull();
    this.#measure(sample);
  }

  /** The round lasts until something is acknowledged that was sent after so many bytes were delivered. */
  endRoundAfter(delivered: number): void {
    this.#roundEnd = delivered;
  }

  /** The sender holds back for reasons of its own, until so many bytes are delivered. */
  limitUntil(delivered: number): void {
    this.#limitedUntil = delivered;
  }

  /** What is known of growth does not hold after a timeout or a loss that never was. */
  forgetGrowth(): void {
    this.#fullBandwidth = 0;
    this.#fullRounds = 0;
  }

  #lookWhetherFull(): void {
    if (this.full) return;
    if (this.bandwidth >= this.#fullBandwidth * FULL_GROWTH) {
      this.#fullBandwidth = this.bandwidth;
      this.#fullRounds = 0;
    } else if (++this.#fullRounds >= FULL_ROUNDS) this.full = true;
  }

  #measure(sample: AckSample): void {
    this.expired = sample.now > this.measuredAt + ROUND_TRIP_LIFE;
    if (sample.roundTrip <= 0 || (sample.roundTrip >= this.roundTrip && !this.expired)) return;
    this.roundTrip = sample.roundTrip;
    this.measuredAt = sample.now;
  }
}
