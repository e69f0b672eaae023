import { formatIp, type IpAddress, parseIp } from "./ip.ts";

/** A network: an address whose bits past `length` are zero (CIDR, RFC 4632 §3.1). */
export interface Prefix {
  readonly address: IpAddress;
  /** How many bits name the network, 0–32. */
  readonly length: number;
  /** As many ones from the left. */
  readonly mask: number;
}

/** The mask of a prefix length, as a signed 32-bit number. */
export function maskOf(length: number): number {
  return length === 0 ? 0 : -1 << (32 - length);
}

/** The network of that length in which an address lies. */
export function prefixOf(address: IpAddress, length: number): Prefix {
  const mask = maskOf(length);
  return { address: (address & mask) as IpAddress, length, mask };
}

/** Whether the address lies in the network. */
export function contains(prefix: Prefix, address: IpAddress): boolean {
  return (address & prefix.mask) === prefix.address;
}

/** The address of all hosts of the network (RFC 919 §7), or undefined where there is none: /31 (RFC 3021) and /32. */
export function broadcastOf(prefix: Prefix): IpAddress | undefined {
  return prefix.length > 30 ? undefined : ((prefix.address | ~prefix.mask) as IpAddress);
}

/**
 * Reads `"10.0.1.0/24"`.
 * @returns the address as written and the prefix it lies in, or undefined when the text is not one
 */
export function parsePrefix(text: string): { address: IpAddress; prefix: Prefix } | undefined {
  const match = /^([\d.]+)\/(\d{1,2})$/.exec(text);
  const address = parseIp(match?.[1] ?? "");
  const length = Number(match?.[2]);
  if (address === undefined || !(length <= 32)) return undefined;
  return { address, prefix: prefixOf(address, length) };
}

/** Prints `"10.0.1.0/24"`. */
export function formatPrefix(prefix: Prefix): string {
  return `${formatIp(prefix.address)}/${prefix.length}`;
}
