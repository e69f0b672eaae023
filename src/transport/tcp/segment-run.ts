import type { PacketPool } from "../../packet/packet-pool.ts";
import { ACK, PSH } from "../../wire/tcp.ts";
import type { Connection } from "./connection.ts";
import type { Segment } from "./segment.ts";

/** A run is as long as a large segment could be: in bytes of data, */
export const RUN_BYTES_LIMIT = 64 * 1024;
/** and in segments of MTU 1500. */
export const RUN_SEGMENTS_LIMIT = 44;

/**
 * Segments of one connection that arrived together and follow on each other: each is taken in by itself, but sending and
 * telling the user are put off to the end, as if they had been one large segment. So a run has one acknowledgment (RFC 9293
 * §3.8.6.3 asks for one at least every second segment; as Linux with generic receive offload). A run ends before whatever
 * is not next in it, so that duplicate acknowledgments and resets are what they would be, and with a segment that pushes.
 */
export class SegmentRun {
  readonly #pool: PacketPool;
  #connection: Connection | undefined;
  /** The sequence number after it, and the acknowledgment that its segments carry. */
  #next = 0;
  #ack = 0;
  #bytes = 0;
  #segments = 0;
  /** The last of its packets: what is sent at its end comes of that one. */
  #cause = 0;

  constructor(pool: PacketPool) {
    this.#pool = pool;
  }

  /** A segment has arrived and is yet to be taken in: ends the run that it does not continue. */
  before(connection: Connection | undefined, s: Segment): void {
    if (this.#connection === undefined) return;
    if (connection !== this.#connection || s.seq !== this.#next || s.ack !== this.#ack || !isPlain(s)) this.end();
  }

  /**
   * Puts off the rest of a connection's input, if more of the run may follow.
   * @param sequence SEG.SEQ as it came @returns whether it did
   */
  add(connection: Connection, s: Segment, sequence: number, length: number): boolean {
    if (length === 0 || !isPlain(s)) return false;
    this.#connection = connection;
    this.#next = (sequence + length) | 0;
    this.#ack = s.ack;
    this.#bytes += length;
    this.#cause = this.#pool.cause;
    if (++this.#segments >= RUN_SEGMENTS_LIMIT || this.#bytes >= RUN_BYTES_LIMIT || s.has(PSH)) this.end();
    return true;
  }

  /** Sends what is due and tells the user, once for all of the run. */
  end(): void {
    const connection = this.#connection;
    if (connection === undefined) return;
    this.#connection = undefined;
    this.#bytes = this.#segments = 0;
    const { cause } = this.#pool;
    this.#pool.cause = this.#cause;
    connection.finish();
    this.#pool.cause = cause;
  }
}

const isPlain = (s: Segment): boolean => (s.flags & ~PSH) === ACK;
