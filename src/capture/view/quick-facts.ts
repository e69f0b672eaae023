import type { CaptureDissection } from "../dissect/index.ts";
import type { Facts } from "../filter/facts.ts";

/** Protocols whose bit says that their layer stands in the tree, however short it is; that of others only says where to look. */
const CERTAIN = new Set(["ip", "tcp", "udp"]);

/** To look for a pattern in so many octets takes about a microsecond. */
const OCTETS_PER_UNIT = 128;

export interface QuickFacts extends Facts {
  /** What it takes to judge by what was asked so far, in units of about a microsecond. */
  readonly cost: number;
}

/**
 * What is known of a frame without dissecting it: its protocols by their bits, and the fields in its headers.
 * What an ICMP error quotes, what a fragment completes, and what is malformed, has no bits.
 * @returns what tells of a frame, until it is asked for the next
 */
export function quickFacts(dissection: CaptureDissection): (number: number) => QuickFacts {
  const vague = dissection.bitOf("icmp") | dissection.bitOf("fragment");
  const bitsOf = new Map<string, number>();
  const frame = dissection.plainFrame();
  let bits = 0;
  const facts: QuickFacts = {
    has(protocol) {
      let bit = bitsOf.get(protocol);
      if (bit === undefined) {
        bit = dissection.bitOf(protocol);
        bitsOf.set(protocol, bit);
      }
      if (bit === 0) return undefined;
      if ((bits & bit) !== 0) return CERTAIN.has(protocol) ? true : undefined;
      return bits !== 0 && (bits & vague) === 0 ? false : undefined;
    },
    find: (name, into) => frame.find(name, into),
    bytes: (field) => frame.bytes(field),
    get cost() {
      return 1 + frame.octets / OCTETS_PER_UNIT;
    },
  };
  return (number) => {
    bits = dissection.protocols(number);
    frame.moveTo(number);
    return facts;
  };
}
