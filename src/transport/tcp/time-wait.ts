import { seconds } from "../../time/instant.ts";
import { ACK, RST, SYN } from "../../wire/tcp.ts";
import type { Connection } from "./connection.ts";
import type { Segment } from "./segment.ts";
import { isAfter } from "./sequence.ts";

/** The peer's timestamp must be so old that one that it sends now is a later one (Linux: tcp_tw_reuse_delay). */
export const REUSE_DELAY = seconds(1);

/**
 * Whether a SYN may take the place of a connection in TIME-WAIT: by its timestamp, or its number, it is no segment of that
 * connection's (RFC 6191 §2; RFC 9293 §3.10.7.4, MAY-2, SHLD-4).
 * @param timestamps whether we would agree to them
 */
export function mayReopen(c: Connection, s: Segment, timestamps: boolean): boolean {
  if (!s.has(SYN) || s.has(ACK) || s.has(RST)) return false;
  const stamped = timestamps && s.options.timestamps;
  if (!stamped) return isAfter(s.seq, c.rcvNxt);
  if (!c.timestamps || isAfter(s.options.timestampValue, c.tsRecent)) return true;
  return s.options.timestampValue === c.tsRecent && isAfter(s.seq, c.rcvNxt);
}

/**
 * Whether a connection that we open may take the place of one in TIME-WAIT: PAWS tells their segments apart, once the
 * clock of timestamps has gone on (RFC 7323, appendix B.2; as Linux's tcp_tw_reuse).
 * @param c has the same four numbers
 */
export function mayReuse(c: Connection, reuse: "never" | "loopback" | "always"): boolean {
  if (c.state !== "TIME-WAIT" || !c.timestamps || c.now - c.tsRecentAt <= REUSE_DELAY) return false;
  return reuse === "always" || (reuse === "loopback" && c.route.nic.medium === "loopback");
}
