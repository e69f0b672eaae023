import type { AckSample } from "./congestion-control.ts";

/** What was true when something was sent is five numbers of the ring. */
const STRIDE = 5;
const DELIVERED = 1;
const DELIVERED_AT = 2;
const FIRST_SENT_AT = 3;
const APPLICATION_LIMITED = 4;
const FIRST_CAPACITY = 16;

/**
 * How fast the path delivers, measured over the flight of what an acknowledgment covers (draft-ietf-ccwg-bbr §4.1, as Linux).
 * Only a connection whose congestion control asks for it has one. It finds what it noted at a sending by the sending's time:
 * what is sent at one time is sent in the same circumstances.
 */
export class DeliveryRate {
  /** By time of sending. */
  #ring: number[] = new Array<number>(FIRST_CAPACITY * STRIDE).fill(0.5);
  #mask = FIRST_CAPACITY - 1;
  #first = 0;
  #count = 0;
  /** When the last delivery was known, and when what was delivered then was sent. */
  #deliveredAt = 0;
  #firstSentAt = 0;
  /** Until so many bytes are delivered the application has held the sender back; 0 when it has not. */
  #limitedUntil = 0;
  /** The least round trip, nanoseconds, 0 while unknown: what took less was not a flight. */
  #leastRoundTrip = 0;

  /** Something goes out. @param delivered bytes so far @param idle nothing is in flight */
  sent(now: number, delivered: number, idle: boolean): void {
    if (idle) this.#firstSentAt = this.#deliveredAt = now;
    if (this.#count > 0 && this.#ring[this.#at(this.#count - 1)] === now) return;
    if (this.#count > this.#mask) this.#grow();
    const at = this.#at(this.#count++);
    this.#ring[at] = now;
    this.#ring[at + DELIVERED] = delivered;
    this.#ring[at + DELIVERED_AT] = this.#deliveredAt;
    this.#ring[at + FIRST_SENT_AT] = this.#firstSentAt;
    this.#ring[at + APPLICATION_LIMITED] = this.#limitedUntil;
  }

  /** All was sent that there was, and the window has room. */
  applicationLimited(delivered: number, inFlight: number): void {
    this.#limitedUntil = Math.max(delivered + inFlight, 1);
  }

  /** Fills in the rate. @param sentAt when the latest sent of what has arrived was sent */
  acknowledged(sample: AckSample, sentAt: number): void {
    sample.priorDelivered = -1;
    sample.deliveryRate = 0;
    sample.applicationLimited = false;
    const { now, totalDelivered, roundTrip } = sample;
    const least = this.#leastRoundTrip;
    if (roundTrip > 0 && (least === 0 || roundTrip < least)) this.#leastRoundTrip = roundTrip;
    if (totalDelivered > this.#limitedUntil) this.#limitedUntil = 0;
    this.#forgetBefore(sentAt);
    const at = this.#at(0);
    if (this.#count > 0 && this.#ring[at] === sentAt) {
      const delivered = this.#ring[at + DELIVERED] as number;
      const sending = sentAt - (this.#ring[at + FIRST_SENT_AT] as number);
      const interval = Math.max(sending, now - (this.#ring[at + DELIVERED_AT] as number));
      sample.priorDelivered = delivered;
      sample.applicationLimited = (this.#ring[at + APPLICATION_LIMITED] as number) > 0;
      if (interval >= this.#leastRoundTrip) sample.deliveryRate = ((totalDelivered - delivered) * 1e9) / interval;
      this.#firstSentAt = sentAt;
    }
    this.#deliveredAt = now;
  }

  /** What was sent before is not asked for any more: the latest that has arrived decides. */
  #forgetBefore(sentAt: number): void {
    while (this.#count > 0 && (this.#ring[this.#at(0)] as number) < sentAt) {
      this.#first = (this.#first + 1) & this.#mask;
      this.#count--;
    }
  }

  #at(index: number): number {
    return ((this.#first + index) & this.#mask) * STRIDE;
  }

  #grow(): void {
    const capacity = (this.#mask + 1) * 2;
    const ring = new Array<number>(capacity * STRIDE).fill(0.5);
    for (let index = 0; index < this.#count; index++) {
      const from = this.#at(index);
      for (let word = 0; word < STRIDE; word++) ring[index * STRIDE + word] = this.#ring[from + word] as number;
    }
    this.#ring = ring;
    this.#mask = capacity - 1;
    this.#first = 0;
  }
}
