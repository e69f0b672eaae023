import { minutes } from "../../time/instant.ts";
import { TCP_HEADER } from "../../wire/tcp.ts";
import { TIMESTAMPS_LENGTH } from "../../wire/tcp-options.ts";
import type { Connection } from "./connection.ts";
import { distance, isBefore } from "./sequence.ts";

/** Where the search begins: nearly every path carries it (Linux tcp_base_mss; RFC 4821 §7.2). Bytes of data and options. */
const BASE = 1024;
/** Segments do not get smaller than this in a black hole (Linux tcp_mtu_probe_floor). */
const FLOOR = 48;
/** A narrower range is not searched (Linux tcp_probe_threshold). */
const THRESHOLD = 8;
/** So long after a search the path may carry more than it found (Linux tcp_probe_interval; RFC 4821 §7.4). */
const INTERVAL = minutes(10);
/** Segments that follow a probe, so that its loss is found without a timeout (RFC 4821 §7.3). */
const FOLLOWERS = 4;
/** Fewer segments of congestion window send no probe: its loss would cost too much of them (as Linux). */
const WINDOW = 11;

/**
 * Packetization layer path MTU discovery (RFC 4821): what the path carries is found by larger segments that arrive or not,
 * whatever ICMP says or keeps to itself. Sizes are bytes of data and options, as in an MSS.
 */
export class PathMtuProbing {
  /** The largest that is known to arrive, and the largest that may. */
  low: number;
  high: number;
  /** The size under way; 0 for none. */
  size = 0;
  /** It is being handed down now, and must not be cut on the way. */
  sending = false;
  #start = 0;
  #end = 0;
  /** It was lost, and is not yet made good. */
  #lost = false;
  /** When the search last began or changed. */
  #searchedAt: number;

  constructor(limit: number, now: number) {
    this.high = limit;
    this.low = Math.min(BASE, limit);
    this.#searchedAt = now;
  }

  /** The path itself, or what is said of it, now takes no more than this. */
  bound(limit: number): void {
    if (limit < this.high) this.high = limit;
    if (limit < this.low) this.low = limit;
  }

  /**
   * The data of a probe that may go out now; 0 for none, −1 to wait until the network has room for it.
   * @param unsent bytes that wait @param usable bytes that may go
   */
  next(c: Connection, unsent: number, usable: number): number {
    if (this.size > 0 || c.mode !== "open" || !c.sent.isClean) return 0;
    if (c.congestion.window < WINDOW * c.segmentSize) return 0;
    if (this.high - this.low < THRESHOLD) {
      this.#searchAnew(c);
      return 0;
    }
    const size = Math.floor((this.high + this.low) / 2);
    const length = size - optionsLength(c);
    const needed = length + FOLLOWERS * c.segmentSize;
    if (unsent < needed || c.sndWnd < needed) return 0;
    if (usable >= length && c.sndWnd - distance(c.sndNxt, c.sndUna) >= needed) return length;
    return c.sent.count > 0 ? -1 : 0;
  }

  /** A probe went out. */
  sent(c: Connection, start: number, end: number): void {
    this.#start = start;
    this.#end = end;
    this.size = distance(end, start) + optionsLength(c);
  }

  /** SND.UNA has moved: if past the probe, the path carries it. */
  acknowledged(c: Connection): void {
    if (!(this.size > 0 || this.#lost) || isBefore(c.sndUna, this.#end)) return;
    this.#lost = false;
    if (this.size === 0) return;
    this.low = this.size;
    this.size = 0;
    this.#searchedAt = c.now;
    fitSegments(c);
  }

  /** Whether the probe alone was lost: that says nothing of congestion, only that it was too large (RFC 4821 §7.5, §7.6.2). */
  lostAlone(c: Connection): boolean {
    if (this.size > 0 && c.sndUna === this.#start && c.sent.lost === distance(this.#end, this.#start)) {
      this.high = this.size - 1;
      this.size = 0;
      this.#lost = true;
      this.#searchedAt = c.now;
    }
    return this.#lost && isBefore(c.sndUna, this.#end) && c.sent.lost <= distance(this.#end, c.sndUna);
  }

  /** Something goes out again: what is then acknowledged says nothing of the probe (RFC 4821 §7.6.3). */
  inconclusive(): void {
    this.size = 0;
  }

  /** Nothing arrives any more: half of what was thought to (RFC 4821 §7.7). */
  halve(): void {
    this.low = Math.max(Math.min(BASE, this.low >> 1), FLOOR);
    this.size = 0;
  }

  #searchAnew(c: Connection): void {
    if (c.now - this.#searchedAt < INTERVAL) return;
    this.high = segmentLimit(c);
    this.#searchedAt = c.now;
  }
}

const optionsLength = (c: Connection): number => (c.timestamps ? TIMESTAMPS_LENGTH : 0);

/** What peer, user and the network layer's path MTU allow (RFC 9293 §3.7.1, MUST-16). */
function segmentLimit(c: Connection): number {
  return Math.min(c.peerSegmentSize, c.route.payloadLimit - TCP_HEADER, c.options.maximumSegmentSize);
}

/** Fits segments to what the peer takes and the path carries. */
export function fitSegments(c: Connection): void {
  let limit = segmentLimit(c);
  if (c.settings.mtuProbing === "always") c.mtuProbing ??= new PathMtuProbing(limit, c.now);
  if (c.mtuProbing !== undefined) {
    c.mtuProbing.bound(limit);
    limit = c.mtuProbing.low;
  }
  c.segmentSize = Math.max(limit - optionsLength(c), 8);
  c.resizeCongestion();
}

/** The same data timed out again and again: its segments may be too large for the path, and nobody says so. */
export function suspectBlackHole(c: Connection): void {
  if (c.settings.mtuProbing === "off") return;
  if (c.mtuProbing === undefined) c.mtuProbing = new PathMtuProbing(segmentLimit(c), c.now);
  else c.mtuProbing.halve();
  fitSegments(c);
}
