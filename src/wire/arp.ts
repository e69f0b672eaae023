import type { IpAddress } from "../address/ip.ts";
import { type MacAddress, readMac, writeMac } from "../address/mac.ts";

/**
 * ARP for IPv4 over Ethernet (RFC 826): hardware type 2, protocol type 2, their address lengths 1 and 1, operation 2,
 * then sender MAC 6, sender IP 4, target MAC 6, target IP 4.
 */

export const ARP_LENGTH = 28;
export const ARP_REQUEST = 1;
export const ARP_REPLY = 2;

const HARDWARE_ETHERNET = 1;
const PROTOCOL_IPV4 = 0x0800;

/** Whether `at`–`end` holds an ARP packet about IPv4 over Ethernet (RFC 826, "Packet Reception"). */
export function checkArp(view: DataView, at: number, end: number): boolean {
  return (
    end - at >= ARP_LENGTH &&
    view.getUint16(at) === HARDWARE_ETHERNET &&
    view.getUint16(at + 2) === PROTOCOL_IPV4 &&
    view.getUint16(at + 4) === 0x0604
  );
}

export function readArpOperation(view: DataView, at: number): number {
  return view.getUint16(at + 6);
}

export function readArpSenderMac(view: DataView, at: number): MacAddress {
  return readMac(view, at + 8);
}

export function readArpSender(view: DataView, at: number): IpAddress {
  return view.getInt32(at + 14) as IpAddress;
}

export function readArpTargetMac(view: DataView, at: number): MacAddress {
  return readMac(view, at + 18);
}

export function readArpTarget(view: DataView, at: number): IpAddress {
  return view.getInt32(at + 24) as IpAddress;
}

export function writeArp(
  view: DataView,
  at: number,
  operation: number,
  senderMac: MacAddress,
  sender: IpAddress,
  targetMac: MacAddress,
  target: IpAddress,
): void {
  view.setUint16(at, HARDWARE_ETHERNET);
  view.setUint16(at + 2, PROTOCOL_IPV4);
  view.setUint16(at + 4, 0x0604);
  view.setUint16(at + 6, operation);
  writeMac(view, at + 8, senderMac);
  view.setInt32(at + 14, sender);
  writeMac(view, at + 18, targetMac);
  view.setInt32(at + 24, target);
}
