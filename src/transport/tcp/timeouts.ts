import type { Connection } from "./connection.ts";
import { persistInterval } from "./output.ts";
import { suspectBlackHole } from "./path-mtu-probing.ts";
import { isAfter } from "./sequence.ts";

/** R1: after so many repetitions the network layer is told that the path may be dead (RFC 9293 §3.8.3, SHLD-10). */
export const R1 = 3;

/** The retransmission timer (RFC 6298 §5, (5.4)–(5.7)). */
export function retransmissionExpired(c: Connection): void {
  if (c.sndUna === c.sndNxt) return;
  if (givesUp(c)) {
    c.destroy(c.softError ?? "ETIMEDOUT"); // RFC 9293 §3.8.3, R2 (MUST-20)
    return;
  }
  const repeated = c.rto.backoffs > 0;
  c.rto.backOff(); // (5.5), MUST-19
  if (c.rto.backoffs === R1) c.tcp.internet.doubt(c.route); // RFC 9293 §3.8.3, R1 (MUST-20)
  if (c.established && c.rto.backoffs >= R1) suspectBlackHole(c);
  if (c.established)
    c.recovery.timeout(c, repeated); // (5.4): the earliest segment goes first
  else c.synDue = true;
}

/** PTO (RFC 8985 §7.3): the probe goes out, and the retransmission timer waits for its answer. */
export function tailLossExpired(c: Connection): void {
  if (c.sent.count === 0 || !c.maySendTailProbe) return;
  c.tailProbe = true;
  c.setTimer("retransmission", c.now + c.rto.current);
}

function givesUp(c: Connection): boolean {
  const { userTimeout } = c.options;
  if (userTimeout > 0) return c.now - c.progressAt >= userTimeout; // MUST-21
  const { synRetries, synAckRetries, retries } = c.settings;
  // The same for a SYN (MUST-22).
  const limit = c.state === "SYN-SENT" ? synRetries : c.state === "SYN-RECEIVED" ? synAckRetries : retries;
  return c.rto.backoffs >= limit;
}

/** The persist timer: the window is closed, or too small (RFC 9293 §3.8.6.1, MUST-36). */
export function persistExpired(c: Connection): void {
  const { userTimeout } = c.options;
  const outlived = userTimeout > 0 && c.now - c.progressAt >= userTimeout;
  // As Linux: what nobody owns any more does not wait for a window once the pauses are at their longest; what a user owns
  // does, as long as probes are answered (MUST-37; RFC 9293 §3.8.6, SHLD-17).
  const orphaned = c.detached && persistInterval(c) >= c.settings.maximumRto;
  if (outlived || orphaned || c.unansweredProbes >= c.settings.retries) {
    c.destroy(c.softError ?? "ETIMEDOUT");
    return;
  }
  c.probe = true;
}

export function delayedAckExpired(c: Connection): void {
  if (c.unacknowledged > 0) c.ackNow = true;
}

/** The keepalive timer (RFC 9293 §3.8.4, MAY-5; RFC 1122 §4.2.3.6). */
export function keepAliveExpired(c: Connection): void {
  const { keepAlive, keepAliveIdle, keepAliveInterval, keepAliveProbes } = c.options;
  if (!keepAlive || c.state === "TIME-WAIT" || c.state === "CLOSED") return;
  const idle = c.now - c.lastHeardAt;
  if (isAfter(c.sndNxt, c.sndUna) || idle < keepAliveIdle) {
    c.setTimer(
      "keepAlive",
      c.lastHeardAt + keepAliveIdle > c.now ? c.lastHeardAt + keepAliveIdle : c.now + keepAliveIdle,
    );
    return;
  }
  if (c.unansweredProbes >= keepAliveProbes) {
    c.destroy(c.softError ?? "ETIMEDOUT"); // MUST-29: never for a single lost probe
    return;
  }
  c.unansweredProbes++;
  c.keepAliveProbe = true;
  c.setTimer("keepAlive", c.now + keepAliveInterval);
}
