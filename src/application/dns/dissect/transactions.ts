/** The same query within this time is taken to be sent again, in nanoseconds. */
const AGAIN_WITHIN = 5_000_000_000;
/** Messages of one conversation that are kept in mind. */
const TIES_LIMIT = 65_536;

/** Which other frames a message belongs to. */
export interface MessageTies {
  /** The frame with the query, for a response, and how long it took in nanoseconds. */
  readonly requestIn?: number;
  readonly time?: number;
  readonly responseIn?: number;
  /** The frame that had the same first. */
  readonly requestAgain?: number;
  readonly responseAgain?: number;
  /** A response without a query. */
  readonly unsolicited?: true;
}

interface Transaction {
  readonly request: number;
  readonly at: number;
  readonly ties: { responseIn?: number };
  response?: number;
}

/** Joins the queries and responses of one conversation, which comes in order, by their IDs. */
export class Transactions {
  readonly #open = new Map<number, Transaction>();

  /** @param bytes a message @param number its frame @param time of it, in nanoseconds @returns what is completed by later calls */
  tie(bytes: Uint8Array, number: number, time: number): MessageTies {
    if (bytes.length < 4) return {};
    const id = ((bytes[0] as number) << 8) | (bytes[1] as number);
    return (bytes[2] as number) & 0x80 ? this.#response(id, number, time) : this.#request(id, number, time);
  }

  #request(id: number, number: number, time: number): MessageTies {
    const known = this.#open.get(id);
    if (known !== undefined && known.response === undefined && time - known.at <= AGAIN_WITHIN) {
      return { requestAgain: known.request };
    }
    const ties = {};
    this.#open.set(id, { request: number, at: time, ties });
    return ties;
  }

  #response(id: number, number: number, time: number): MessageTies {
    const known = this.#open.get(id);
    if (known === undefined) return { unsolicited: true };
    if (known.response !== undefined && known.response !== number) return { responseAgain: known.response };
    known.response = number;
    known.ties.responseIn = number;
    return { requestIn: known.request, time: time - known.at };
  }
}

/** The ties of a conversation of datagrams, by the number of the frame. */
export class FrameTies {
  readonly #transactions = new Transactions();
  readonly #ties = new Map<number, MessageTies>();

  note(bytes: Uint8Array, number: number, time: number): void {
    if (this.#ties.size < TIES_LIMIT) this.#ties.set(number, this.#transactions.tie(bytes, number, time));
  }

  of(number: number): MessageTies {
    return this.#ties.get(number) ?? {};
  }
}
