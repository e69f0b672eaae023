import { addressSum, type IpAddress } from "../address/ip.ts";

/**
 * What the pseudo-header in front of a TCP segment or UDP datagram adds to its checksum, not folded: both addresses, the
 * protocol and the length of transport header and data (RFC 768, RFC 9293 §3.1). The family stays hidden behind
 * {@link addressSum}; IPv6 counts the length in 32 bits (RFC 8200 §8.1), which folds to the same below 65,536.
 */
export function pseudoHeaderSum(source: IpAddress, destination: IpAddress, protocol: number, length: number): number {
  return addressSum(source) + addressSum(destination) + protocol + length;
}
