import type { Connection } from "./connection.ts";
import { isBefore } from "./sequence.ts";

/** What a connection has carried since its first data: for people, it changes nothing. Idle connections have none. */
export class Traffic {
  segmentsIn = 0;
  segmentsOut = 0;
  dataSegmentsIn = 0;
  dataSegmentsOut = 0;
  /** Data segments that were sent again, and all bytes sent, again or not. */
  resent = 0;
  bytesResent = 0;
  bytesSent = 0;
  bytesReceived = 0;
  /** Virtual time, nanoseconds; −1 for never. */
  lastDataSentAt = -1;
  lastDataReceivedAt = -1;
  /** Bytes a second that the peer acknowledged in the last round trip. */
  deliveryRate = 0;
  #roundEnd = 0;
  #roundBegan = -1;
  #deliveredBefore = 0;

  /** A segment went out. @param isNew data that was never sent */
  sent(length: number, isNew: boolean, now: number): void {
    this.segmentsOut++;
    if (length === 0) return;
    this.dataSegmentsOut++;
    this.bytesSent += length;
    this.lastDataSentAt = now;
    if (isNew) return;
    this.resent++;
    this.bytesResent += length;
  }

  /** A segment brought data. @param inOrder bytes that can now be read */
  received(inOrder: number, now: number): void {
    this.dataSegmentsIn++;
    this.bytesReceived += inOrder;
    this.lastDataReceivedAt = now;
  }

  /** SND.UNA has moved. */
  acknowledged(c: Connection): void {
    if (this.#roundBegan >= 0 && isBefore(c.sndUna, this.#roundEnd)) return;
    const elapsed = c.now - this.#roundBegan;
    if (this.#roundBegan >= 0 && elapsed > 0) {
      this.deliveryRate = Math.round(((c.delivered - this.#deliveredBefore) * 1e9) / elapsed);
    }
    this.#roundEnd = c.sndNxt;
    this.#roundBegan = c.now;
    this.#deliveredBefore = c.delivered;
  }
}
