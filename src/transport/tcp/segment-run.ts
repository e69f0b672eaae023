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
  /** The sequence number after it. */
  #next = 0;
  /** What its last segment said beside that. */
  #ack = 0;
  #window = 0;
  #timestamp = 0;
  #echo = 0;
  #bytes = 0;
  #segments = 0;
  /** The last of its packets: what is sent at its end comes of that one. */
  #cause = 0;

  constructor(pool: PacketPool) {
    this.#pool = pool;
  }

  /**
   * The connection of the run, if a segment that has arrived is what the last one was but for being next: ends,
   * acknowledgment, window and options are the same, and there is room for data. Else the run is over.
   */
  follower(s: Segment): Connection | undefined {
    const connection = this.#connection;
    if (connection === undefined || this.#continues(connection, s)) return connection;
    this.end();
    return undefined;
  }

  #continues(c: Connection, s: Segment): boolean {
    if (s.seq !== this.#next || s.ack !== this.#ack || !isPlain(s)) return false;
    if (s.localPort !== c.localPort || s.remotePort !== c.remotePort) return false;
    if (s.localAddress !== c.localAddress || s.remoteAddress !== c.remoteAddress) return false;
    const { timestamps, timestampValue, timestampEcho, sackCount } = s.options;
    if (s.window !== this.#window || sackCount > 0 || timestamps !== c.timestamps) return false;
    if (s.window << c.sndScale !== c.sndWnd) return false; // the run's first was too old to tell of it
    if (timestamps && (timestampValue !== this.#timestamp || timestampEcho !== this.#echo)) return false;
    const inOrder = c.state === "ESTABLISHED" && s.seq === c.rcvNxt && c.rcvWnd > 0;
    return inOrder && s.dataLength > 0;
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
    this.#window = s.window;
    this.#timestamp = s.options.timestampValue;
    this.#echo = s.options.timestampEcho;
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
