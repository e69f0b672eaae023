import type { Opcode, Rcode } from "./codes.ts";
import type { Question, ResourceRecord } from "./record.ts";

/** A query or a response (RFC 1035 §4). */
export interface Message {
  readonly id: number;
  /** QR: not a query. */
  readonly response: boolean;
  readonly opcode: Opcode;
  /** AA: from one who is in charge of the name. */
  readonly authoritative: boolean;
  /** TC: not all of it fitted. */
  readonly truncated: boolean;
  /** RD, RA. */
  readonly recursionDesired: boolean;
  readonly recursionAvailable: boolean;
  /** AD, CD (RFC 4035 §3.1.6, §3.2.2). */
  readonly authenticData: boolean;
  readonly checkingDisabled: boolean;
  /** With the bits that EDNS adds. */
  readonly rcode: Rcode;
  readonly questions: readonly Question[];
  readonly answers: readonly ResourceRecord[];
  readonly authorities: readonly ResourceRecord[];
  /** Without the OPT record, which is {@link edns}. */
  readonly additionals: readonly ResourceRecord[];
  readonly edns: Edns | undefined;
}

/** What the OPT record says (RFC 6891 §6.1). */
export interface Edns {
  /** The largest UDP message that the sender takes. */
  readonly udpSize: number;
  readonly version: number;
  /** DO (RFC 3225): DNSSEC records are welcome. */
  readonly dnssecOk: boolean;
  readonly options: readonly { readonly code: number; readonly data: Uint8Array }[];
}

/** Where servers listen, on UDP and TCP (RFC 1035 §4.2). */
export const DNS_PORT = 53;
export const HEADER_LENGTH = 12;
/** The largest message on UDP without EDNS (RFC 1035 §2.3.4). */
export const PLAIN_UDP_SIZE = 512;
/** The largest message that needs no fragments on a usual path: 1,280 bytes less the headers of IPv6 and UDP. */
export const SAFE_UDP_SIZE = 1232;
/** The largest message there is: TCP's length field (RFC 7766 §8). */
export const MESSAGE_LIMIT = 65_535;

/** A message of which only what differs from a plain query is given. */
export function message(given: Partial<Message> & Pick<Message, "id">): Message {
  return {
    response: false,
    opcode: "QUERY",
    authoritative: false,
    truncated: false,
    recursionDesired: false,
    recursionAvailable: false,
    authenticData: false,
    checkingDisabled: false,
    rcode: "NOERROR",
    questions: [],
    answers: [],
    authorities: [],
    additionals: [],
    edns: undefined,
    ...given,
  };
}
