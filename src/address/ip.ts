import type { Brand } from "../base/brand.ts";

/**
 * An IP address of either family, as a number: an IPv4 address is its 32 bits as a signed integer (which an engine keeps
 * unboxed), an IPv6 address an interned id above 2^32. Layers above `internet/` compare, store and hand on addresses and
 * never ask for the family.
 */
export type IpAddress = Brand<number, "IpAddress">;

/** `0.0.0.0`: this host, or any of its addresses (RFC 1122 §3.2.1.3). */
export const ANY = 0 as IpAddress;
/** `255.255.255.255`: all hosts of the link (RFC 919 §7). */
export const BROADCAST = -1 as IpAddress;
/** `127.0.0.1` */
export const LOOPBACK = 0x7f000001 as IpAddress;

/** Reads the dotted form of four decimal numbers without leading zeros. @returns undefined when the text is not one */
export function parseIp(text: string): IpAddress | undefined {
  const parts = text.split(".");
  if (parts.length !== 4) return undefined;
  let value = 0;
  for (const part of parts) {
    if (!/^(0|[1-9]\d{0,2})$/.test(part) || Number(part) > 255) return undefined;
    value = (value << 8) | Number(part);
  }
  return value as IpAddress;
}

/** Prints an address: `"10.0.0.1"`. */
export function formatIp(address: IpAddress): string {
  return `${address >>> 24}.${(address >>> 16) & 255}.${(address >>> 8) & 255}.${address & 255}`;
}

/** Like {@link parseIp} for an address that stands in our own code. @throws RangeError when it is not one */
export function ip(text: string): IpAddress {
  const address = parseIp(text);
  if (address === undefined) throw new RangeError(`not an IP address: ${text}`);
  return address;
}

/** What the address adds to a pseudo-header's checksum, not folded (RFC 9293 §3.1, RFC 768). */
export function addressSum(address: IpAddress): number {
  return (address >>> 16) + (address & 0xffff);
}

/** 224.0.0.0/4 (RFC 1112 §4). */
export function isMulticast(address: IpAddress): boolean {
  return address >>> 28 === 14;
}

/** 127.0.0.0/8 (RFC 1122 §3.2.1.3 (g)). */
export function isLoopback(address: IpAddress): boolean {
  return address >>> 24 === 127;
}

/** 240.0.0.0/4 but the limited broadcast address: reserved (RFC 1112 §4), never an endpoint. */
export function isReserved(address: IpAddress): boolean {
  return address >>> 28 === 15 && address !== BROADCAST;
}
