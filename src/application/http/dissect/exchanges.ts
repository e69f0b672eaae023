/** A request and its response, as their frames are told of in both, in the order of one connection. */
export interface Exchange {
  /** From 1. */
  readonly index: number;
  readonly previous: Exchange | undefined;
  next?: Exchange;
  request?: number;
  requestedAt?: number;
  response?: number;
  respondedAt?: number;
}

/**
 * The exchanges of one connection. A response belongs to the request that came last, as Wireshark has it, even where requests
 * were sent ahead; and a frame belongs to the last exchange that it had a part in.
 */
export class Exchanges {
  #last: Exchange | undefined;
  #frame = 0;
  #place: { exchange?: Exchange } = {};

  /** How many there are by now. */
  get count(): number {
    return this.#last?.index ?? 0;
  }

  /** @returns the frame's exchange, as it will be when all of the frame is read */
  request(number: number, time: number): { readonly exchange?: Exchange } {
    const exchange = this.#append();
    exchange.request = number;
    exchange.requestedAt = time;
    return this.#placed(number, exchange);
  }

  response(number: number, time: number): { readonly exchange?: Exchange } {
    const last = this.#last;
    const exchange = last === undefined || last.response !== undefined ? this.#append() : last;
    exchange.response = number;
    exchange.respondedAt = time;
    return this.#placed(number, exchange);
  }

  #append(): Exchange {
    const exchange: Exchange = { index: this.count + 1, previous: this.#last };
    if (this.#last !== undefined) this.#last.next = exchange;
    this.#last = exchange;
    return exchange;
  }

  #placed(number: number, exchange: Exchange): { readonly exchange?: Exchange } {
    if (number !== this.#frame) {
      this.#frame = number;
      this.#place = {};
    }
    this.#place.exchange = exchange;
    return this.#place;
  }
}
