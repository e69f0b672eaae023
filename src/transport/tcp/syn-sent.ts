import { ACK, CWR, ECE, RST, SYN } from "../../wire/tcp.ts";
import { measureRoundTrip, updateWindow } from "./acknowledgment.ts";
import type { Connection } from "./connection.ts";
import { firstWindow } from "./request.ts";
import type { Segment } from "./segment.ts";
import type { Verdict } from "./segment-arrives.ts";
import { add, isAfter, isAtOrBefore } from "./sequence.ts";

/** SEGMENT ARRIVES in SYN-SENT (RFC 9293 §3.10.7.3). */
export function segmentArrivesInSynSent(c: Connection, s: Segment): Verdict | undefined {
  const acceptable = s.has(ACK) && isAfter(s.ack, c.iss) && isAtOrBefore(s.ack, c.sndNxt);
  if (s.has(ACK) && !acceptable) return s.has(RST) ? "tcp-reset-ignored" : "reset"; // first
  if (s.has(RST)) {
    if (!acceptable) return "tcp-reset-ignored"; // second
    c.destroy("ECONNREFUSED");
    return undefined;
  }
  if (!s.has(SYN)) return "tcp-bad-state"; // fifth
  takeSyn(c, s.seq, s.ack, s.window, s.options); // fourth
  // RFC 3168 §6.1.1: a SYN offers by both bits, a SYN-ACK accepts by one (RFC 9293 §3.8.2, SHLD-8).
  c.ecnCapable = s.has(ACK) ? c.ecnOffered && s.has(ECE) && !s.has(CWR) : offersEcn(s) && c.settings.ecn !== "off";
  if (acceptable) {
    establish(c, s);
    c.ackNow = true;
  } else {
    c.state = "SYN-RECEIVED"; // simultaneous open (MUST-10): our SYN again, now with their ACK
    c.synDue = true;
  }
  return undefined;
}

/** Whether a SYN says that its sender can do ECN (RFC 3168 §6.1.1). */
export function offersEcn(s: Segment): boolean {
  return s.has(ECE) && s.has(CWR);
}

/** What a SYN offers: options as TcpOptions reads them. */
export interface PeerSyn {
  /** 0 without the option. */
  readonly maximumSegmentSize: number;
  /** −1 without the option. */
  readonly windowScale: number;
  readonly sackPermitted: boolean;
  readonly timestamps: boolean;
  readonly timestampValue: number;
}

/** What the peer's SYN says: where it begins, and what it can do. */
export function takeSyn(c: Connection, seq: number, ack: number, window: number, options: PeerSyn): void {
  c.irs = seq;
  c.rcvNxt = add(seq, 1);
  c.lastAckSent = c.rcvNxt;
  c.rcvAdv = add(c.rcvNxt, firstWindow(c.route, c.settings, c.options.receiveBuffer));
  if (options.maximumSegmentSize > 0) c.peerSegmentSize = options.maximumSegmentSize; // MUST-15 otherwise
  c.scaling &&= options.windowScale >= 0; // RFC 7323 §2.2: both or none
  if (c.scaling) c.sndScale = options.windowScale;
  else c.rcvScale = 0;
  c.timestamps &&= options.timestamps; // RFC 7323 §3.2
  if (c.timestamps) {
    c.tsRecent = options.timestampValue;
    c.tsRecentAt = c.now;
  }
  c.sackPermitted &&= options.sackPermitted; // RFC 2018 §2
  c.adjustSegmentSize();
  // A SYN's window is never scaled (RFC 7323 §2.2).
  c.sndWnd = c.maxSndWnd = window;
  c.sndWl1 = seq;
  c.sndWl2 = ack;
}

/** Our SYN is acknowledged: the connection is open. The acknowledgment's window is not yet taken. */
export function establish(c: Connection, s: Segment): void {
  measureRoundTrip(c, s, c.synSentAt >= 0 ? Math.max(c.now - c.synSentAt, 1) : 0);
  c.synLost = c.rto.backoffs > 0;
  if (c.synLost) c.rto.synWasLost();
  c.rto.backoffs = 0;
  c.timers.stop("retransmission");
  c.sndUna = c.smallSegmentEnd = c.resendFrom = add(c.iss, 1);
  c.openCongestion();
  c.sndWl1 = s.seq;
  c.sndWl2 = s.ack;
  c.lastHeardAt = c.now;
  if (c.state === "SYN-RECEIVED") updateWindow(c, s);
  c.state = "ESTABLISHED";
  if (c.finQueued) c.state = "FIN-WAIT-1";
  c.restartKeepAlive();
}
