import type { CaptureDissection } from "../dissect/index.ts";

/** Protocols whose bit says that their layer stands in the tree; that of others only says where to look. */
const CERTAIN = new Set(["arp", "ip", "icmp", "tcp", "udp"]);

/**
 * What is known of a frame's protocols without dissecting it: false when one is not there, undefined when that is not known.
 * What an ICMP error quotes, and what a fragment completes, has no bits.
 */
export function quickFacts(
  dissection: CaptureDissection,
): (number: number) => (protocol: string) => boolean | undefined {
  const vague = dissection.bitOf("icmp") | dissection.bitOf("fragment");
  const bitsOf = new Map<string, number>();
  let bits = 0;
  const has = (protocol: string): boolean | undefined => {
    let bit = bitsOf.get(protocol);
    if (bit === undefined) {
      bit = dissection.bitOf(protocol);
      bitsOf.set(protocol, bit);
    }
    if (bit === 0) return undefined;
    if ((bits & bit) !== 0) return CERTAIN.has(protocol) ? true : undefined;
    return (bits & vague) === 0 ? false : undefined;
  };
  return (number) => {
    bits = dissection.protocols(number);
    return has;
  };
}
