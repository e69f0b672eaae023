import type { Brand } from "../base/brand.ts";

/** A 48-bit MAC address (IEEE 802) as a whole number, the first octet its highest. */
export type MacAddress = Brand<number, "MacAddress">;

export const BROADCAST_MAC = 0xffffffffffff as MacAddress;
export const ZERO_MAC = 0 as MacAddress;

/** Reads the six octets at an offset. */
export function readMac(view: DataView, at: number): MacAddress {
  return (view.getUint16(at) * 0x100000000 + view.getUint32(at + 2)) as MacAddress;
}

/** Writes the six octets at an offset. */
export function writeMac(view: DataView, at: number, mac: MacAddress): void {
  view.setUint16(at, mac / 0x100000000);
  view.setUint32(at + 2, mac >>> 0);
}

/** Whether the address is a group's, broadcast included: the I/G bit (IEEE 802 §8.2.2). */
export function isGroupMac(mac: MacAddress): boolean {
  return (Math.floor(mac / 2 ** 40) & 1) === 1;
}

/** Reads `"02:00:00:00:00:01"` (or with dashes). @returns undefined when the text is not a MAC address */
export function parseMac(text: string): MacAddress | undefined {
  if (!/^[0-9a-f]{2}([:-])([0-9a-f]{2}\1){4}[0-9a-f]{2}$/i.test(text)) return undefined;
  return Number.parseInt(text.replaceAll(/[:-]/g, ""), 16) as MacAddress;
}

/** Prints six octets in lower case, joined by colons. */
export function formatMac(mac: MacAddress): string {
  return mac
    .toString(16)
    .padStart(12, "0")
    .replaceAll(/..(?!$)/g, "$&:");
}
