import type { IpAddress } from "../../address/ip.ts";
import type { Errno } from "../../base/errno.ts";
import type { Instant } from "../../time/instant.ts";
import type { DeliveryFailure } from "../internet.ts";

export interface EchoReply {
  readonly from: IpAddress;
  readonly sequence: number;
  /** A copy of what came back. */
  readonly data: Uint8Array;
  readonly hopLimit: number;
  readonly at: Instant;
  /** The options of its header as they stood on the wire: what a Record Route gathered. */
  readonly headerOptions: Uint8Array;
}

/** An error about a request of ours. */
export interface EchoFailure {
  readonly sequence: number;
  readonly to: IpAddress;
  /** The router or host that said so; our own address when the next hop did not answer. */
  readonly from: IpAddress;
  readonly kind: DeliveryFailure["kind"];
  readonly errno: Errno;
}

export interface EchoOptions {
  /** Hops the request may go; 64 unless told. */
  readonly hopLimit?: number;
  readonly trafficClass?: number;
  readonly dontFragment?: boolean;
  /** Options of its header as they stand on the wire: Record Route, Timestamp. */
  readonly headerOptions?: Uint8Array;
  /** Lets the request go to a broadcast address. */
  readonly broadcast?: boolean;
  /** One of our addresses to ask from; the route chooses unless told. */
  readonly source?: IpAddress;
}

/** Sends a request on behalf of an endpoint. */
export type EchoSender = (
  echo: IcmpEcho,
  to: IpAddress,
  sequence: number,
  data: Uint8Array,
  options: EchoOptions,
) => Errno | undefined;

/** An endpoint of a ping program: requests with one identifier, and what comes back (RFC 792, RFC 1122 §3.2.2.6). */
export class IcmpEcho {
  readonly identifier: number;
  onReply: ((reply: EchoReply) => void) | undefined;
  onFailure: ((failure: EchoFailure) => void) | undefined;
  readonly #send: EchoSender;
  readonly #close: (echo: IcmpEcho) => void;
  #closed = false;

  constructor(identifier: number, send: EchoSender, close: (echo: IcmpEcho) => void) {
    this.identifier = identifier;
    this.#send = send;
    this.#close = close;
  }

  /**
   * Asks for an echo.
   * @param sequence 0–65535
   * @returns EBADF after close, EMSGSIZE, EACCES for a broadcast address unless told, or what the route says
   */
  send(to: IpAddress, sequence: number, data: Uint8Array, options: EchoOptions = {}): Errno | undefined {
    return this.#closed ? "EBADF" : this.#send(this, to, sequence, data, options);
  }

  close(): void {
    this.#closed = true;
    this.onReply = this.onFailure = undefined;
    this.#close(this);
  }
}
