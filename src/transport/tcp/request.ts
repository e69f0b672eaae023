import type { IpAddress } from "../../address/ip.ts";
import type { Route } from "../../internet/internet.ts";
import { TCP_HEADER } from "../../wire/tcp.ts";
import type { Ends } from "./connection.ts";
import type { Listener } from "./listener.ts";
import type { TcpSettings } from "./settings.ts";
import type { PeerSyn } from "./syn-sent.ts";

/**
 * A SYN that a listener took and whose handshake has not ended: all that SYN-RECEIVED needs to know, a small part of a
 * connection, so that a flood of SYNs costs little memory (RFC 4987 §3.3). What is offered is what both ends can do.
 */
export class Request implements Ends, PeerSyn {
  readonly listener: Listener;
  readonly localAddress: IpAddress;
  readonly localPort: number;
  readonly remoteAddress: IpAddress;
  readonly remotePort: number;
  readonly route: Route;
  /** The next request with the same two ports; the demultiplexer's own. */
  sibling: this | undefined;

  /** IRS, the SYN's number, and ISS, the SYN-ACK's. */
  readonly irs: number;
  readonly iss: number;
  readonly timestampOffset: number;

  // What the SYN said
  window = 0;
  maximumSegmentSize = 0;
  /** −1 when either end does not scale. */
  windowScale = -1;
  sackPermitted = false;
  timestamps = false;
  /** TS.Recent. */
  timestampValue = 0;
  ecnCapable = false;

  /** When the SYN-ACK first went out, and how often it went out again by the timer. */
  readonly beganAt: number;
  retransmissions = 0;
  /** Whether it went out more than once: then its round trip says nothing (MUST-18). */
  repeated = false;
  /** When it goes out again. */
  deadline = 0;
  /** When a segment that could be forged was last answered. */
  lastChallengeAt = Number.NEGATIVE_INFINITY;

  constructor(listener: Listener, ends: Ends, route: Route, irs: number, iss: number, offset: number, now: number) {
    this.listener = listener;
    this.localAddress = ends.localAddress;
    this.localPort = ends.localPort;
    this.remoteAddress = ends.remoteAddress;
    this.remotePort = ends.remotePort;
    this.route = route;
    this.irs = irs;
    this.iss = iss;
    this.timestampOffset = offset;
    this.beganAt = now;
  }

  /** Takes what the peer's SYN offers, as far as we offer it too (RFC 7323 §2.2, §3.2; RFC 2018 §2). */
  take(window: number, syn: PeerSyn, ecn: boolean): void {
    const { settings } = this.listener;
    this.window = window;
    this.maximumSegmentSize = syn.maximumSegmentSize;
    if (settings.windowScaling) this.windowScale = syn.windowScale;
    this.sackPermitted = settings.sack && syn.sackPermitted;
    this.timestamps = settings.timestamps && syn.timestamps;
    if (this.timestamps) this.timestampValue = syn.timestampValue;
    this.ecnCapable = ecn && settings.ecn !== "off"; // RFC 3168 §6.1.1
  }
}

/** What a SYN says about the segments its sender takes (RFC 9293 §3.7.1, MUST-14, MUST-67); always (SHLD-5, MAY-3). */
export function segmentSizeToOffer(route: Route, settings: TcpSettings): number {
  return Math.min(route.receiveLimit - TCP_HEADER, settings.maximumSegmentSize);
}

/**
 * The window of a SYN, which is never scaled (RFC 7323 §2.2): whole segments, as Linux, unless the buffer is given by value.
 * @param given the buffer, where it is not that of the settings
 */
export function firstWindow(route: Route, settings: TcpSettings, given = settings.receiveBuffer): number {
  if (given !== undefined) return Math.min(given, 0xffff);
  const window = Math.min(settings.initialReceiveBuffer, 0xffff);
  const segment = segmentSizeToOffer(route, settings);
  return window > segment ? window - (window % segment) : window;
}

/** The shift that a SYN offers: the smallest under which the field can say the largest window there may be (RFC 7323 §2.3). */
export function scaleToOffer(settings: TcpSettings): number {
  if (settings.windowScale !== undefined) return settings.windowScale;
  const buffer = settings.receiveBuffer ?? settings.maximumReceiveBuffer;
  let scale = 0;
  for (let largest = 0xffff; scale < 14 && largest < buffer; largest *= 2) scale++;
  return scale;
}
