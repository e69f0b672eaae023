/** Proportional rate reduction (RFC 9937 §6): while losses are made good, as much is sent as the new rate allows for what arrives. */
export class RateReduction {
  /** prr_delivered, prr_out and RecoverFS; bytes. */
  #delivered = 0;
  #sent = 0;
  #flightAtEntry = 1;

  /** @param flight bytes in flight when the reduction began */
  begin(flight: number): void {
    this.#delivered = this.#sent = 0;
    this.#flightAtEntry = Math.max(flight, 1);
  }

  /** Bytes went out. */
  sent(bytes: number): void {
    this.#sent += bytes;
  }

  /**
   * An acknowledgment came.
   * @param pipe bytes in flight now @param delivered newly, bytes @param safe new data was acknowledged, and nothing more
   * found lost (SafeACK) @returns how many bytes may go out now
   */
  allow(threshold: number, pipe: number, delivered: number, safe: boolean, segmentSize: number): number {
    this.#delivered += delivered;
    let more: number;
    if (pipe > threshold) {
      more = Math.ceil((this.#delivered * threshold) / this.#flightAtEntry) - this.#sent;
    } else {
      const limit = Math.max(this.#delivered - this.#sent, delivered) + (safe ? segmentSize : 0);
      more = Math.min(threshold - pipe, limit);
    }
    return Math.max(more, this.#sent === 0 ? segmentSize : 0); // the first retransmission goes at once
  }
}
