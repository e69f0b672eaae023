import { finish, fold, sum } from "../base/checksum.ts";
import type { Packet } from "./packet.ts";

/**
 * Leaves a transport checksum to who puts the packet on a cable that needs it. The field holds the pseudo-header's sum
 * until then, so that nobody further down need know of one.
 * @param from the first byte that is summed @param at the field @param pseudo the pseudo-header's sum
 */
export function leaveChecksum(packet: Packet, from: number, at: number, pseudo: number): void {
  packet.view.setUint16(at, fold(pseudo));
  packet.checksumFrom = from;
  packet.checksumAt = at;
}

/** Fills in a checksum that was left out. Padding behind the datagram is zero, and so adds nothing. */
export function fillInChecksum(packet: Packet): void {
  const { view, checksumAt, checksumFrom } = packet;
  view.setUint16(checksumAt, finish(sum(view, checksumFrom, packet.end)));
  packet.checksumAt = packet.checksumFrom = 0;
}

/** The finished value of a checksum that was left out; the packet stays as it is. */
export function checksumOf(packet: Packet): number {
  return finish(sum(packet.view, packet.checksumFrom, packet.end));
}
