import type { Rcode } from "../codes.ts";
import { type Message, message, PLAIN_UDP_SIZE } from "../message.ts";
import { readMessage } from "../read-message.ts";
import type { Question } from "../record.ts";
import { writeMessage } from "../write-message.ts";
import type { Zones } from "../zone/zones.ts";

const EDNS_VERSION = 0;
/** Types that only a transfer of zones, or old mail, asks for. */
const NOT_IMPLEMENTED: ReadonlySet<string> = new Set(["AXFR", "IXFR", "MAILA", "MAILB"]);

export interface RespondOptions {
  readonly zones: Zones;
  /** The largest message that is sent on UDP, whatever a client would take. */
  readonly udpBytes: number;
}

export interface Response {
  readonly bytes: Uint8Array;
  /** Undefined where the query could not be read. */
  readonly question: Question | undefined;
  readonly rcode: Rcode;
}

/**
 * Answers a query, given and returned as bytes. What is no query, but a response or too short for anything, gets no answer,
 * so that two servers cannot talk to each other for ever. Never throws.
 */
export function respond(
  bytes: Uint8Array,
  overTcp: boolean,
  { zones, udpBytes }: RespondOptions,
): Response | undefined {
  const read = readMessage(bytes);
  if (read === undefined || read.message.response) return undefined;
  const { message: query, problem } = read;
  const [question] = query.questions;
  const edns = query.edns && {
    udpSize: udpBytes,
    version: EDNS_VERSION,
    dnssecOk: query.edns.dnssecOk, // RFC 3225 §3
    options: [],
  };
  const { id, opcode, recursionDesired, checkingDisabled } = query;
  const base = { id, opcode, response: true, recursionDesired, checkingDisabled, edns };
  const asked = Math.max(query.edns?.udpSize ?? PLAIN_UDP_SIZE, PLAIN_UDP_SIZE); // RFC 6891 §6.2.3
  const limit = overTcp ? {} : { limit: Math.min(asked, Math.max(udpBytes, PLAIN_UDP_SIZE)) };
  const refused = refusal(query, problem);
  if (refused !== undefined || question === undefined) {
    const rcode = refused ?? "FORMERR";
    const questions = question === undefined || rcode === "FORMERR" ? [] : [question];
    return { bytes: writeMessage(message({ ...base, rcode, questions }), limit), question, rcode };
  }
  const { additionalsNeeded, ...answer } = zones.answer(question);
  const response: Message = message({ ...base, ...answer, questions: [question] });
  return { bytes: writeMessage(response, { ...limit, additionalsNeeded }), question, rcode: answer.rcode };
}

/** Why a query gets no answer but a code. */
function refusal({ opcode, edns, questions }: Message, problem: string | undefined): Rcode | undefined {
  if (opcode !== "QUERY") return "NOTIMP";
  if (problem !== undefined) return "FORMERR";
  if ((edns?.version ?? 0) > EDNS_VERSION) return "BADVERS"; // RFC 6891 §6.1.3
  const [question] = questions;
  if (question === undefined || questions.length > 1) return "FORMERR"; // RFC 9619 §4
  if (question.type === "OPT") return "FORMERR";
  if (NOT_IMPLEMENTED.has(question.type)) return "NOTIMP";
  return question.class === "IN" ? undefined : "REFUSED";
}
