import type { DropReason } from "../../packet/drop-reason.ts";
import { ACK, RST, SYN } from "../../wire/tcp.ts";
import { mayAnswer } from "./challenge.ts";
import type { PassiveOpens } from "./passive-open.ts";
import { firstWindow, type Request } from "./request.ts";
import type { Segment } from "./segment.ts";
import { add, distance, isBefore } from "./sequence.ts";

/** SEGMENT ARRIVES in SYN-RECEIVED after LISTEN, up to the ACK that opens the connection (RFC 9293 §3.10.7.4). */
export function requestArrives(opens: PassiveOpens, r: Request, s: Segment): DropReason | undefined {
  if (isOld(r, s) && !s.has(RST)) {
    if (mayAnswer(r, opens.now)) opens.acknowledge(r);
    return "tcp-old-timestamp"; // PAWS (RFC 7323 §5.3, R1)
  }
  return checkSequenceNumber(opens, r, s) ?? checkReset(opens, r, s) ?? checkSyn(opens, r, s) ?? checkAck(opens, r, s);
}

function isOld(r: Request, s: Segment): boolean {
  return r.timestamps && s.options.timestamps && isBefore(s.options.timestampValue, r.timestampValue);
}

/** First. */
function checkSequenceNumber(opens: PassiveOpens, r: Request, s: Segment): DropReason | undefined {
  if (isAcceptable(r, s)) return undefined;
  if (s.has(RST)) return "tcp-reset-ignored";
  if (mayAnswer(r, opens.now)) {
    if (s.has(SYN) && s.seq === r.irs)
      opens.repeat(r); // Our SYN-ACK was lost: it goes out again.
    else opens.acknowledge(r);
  }
  return "tcp-unacceptable-sequence";
}

/** The window is the one that the SYN-ACK offered. */
function isAcceptable(r: Request, s: Segment): boolean {
  const window = firstWindow(r.route, r.listener.settings);
  const first = distance(s.seq, add(r.irs, 1));
  if (window === 0) return first === 0;
  if (first >= 0 && first < window) return true;
  const last = first + s.length - 1;
  return s.length > 0 && last >= 0 && last < window;
}

/** Second: back to LISTEN (MUST-11), if the number is the very next (RFC 5961 §3.2). */
function checkReset(opens: PassiveOpens, r: Request, s: Segment): DropReason | undefined {
  if (!s.has(RST)) return undefined;
  if (s.seq === add(r.irs, 1)) opens.forget(r);
  else if (opens.mayChallenge(r)) opens.acknowledge(r);
  return "tcp-reset-ignored";
}

/** Fourth (RFC 5961 §4.2). */
function checkSyn(opens: PassiveOpens, r: Request, s: Segment): DropReason | undefined {
  if (!s.has(SYN)) return undefined;
  if (opens.mayChallenge(r)) opens.acknowledge(r);
  return "tcp-syn-in-window";
}

/** Fifth: the request becomes a connection, unless nobody would take it in the end. */
function checkAck(opens: PassiveOpens, r: Request, s: Segment): DropReason | undefined {
  if (!s.has(ACK)) return "tcp-no-ack";
  if (s.ack !== add(r.iss, 1)) return opens.reset(s);
  if (!r.listener.mayComplete()) return "tcp-backlog-full";
  opens.forget(r);
  return opens.open(r, s);
}
