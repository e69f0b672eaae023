import type { Packet } from "../../packet/packet.ts";
import type { PacketPool } from "../../packet/packet-pool.ts";
import {
  IPV4_HEADER_LENGTH,
  IPV4_MORE_FRAGMENTS,
  IPV4_OFFSET_MASK,
  readIpv4Fragment,
  readIpv4HeaderLength,
  rewriteIpv4Header,
} from "../../wire/ipv4.ts";
import { OPTION_COPIED, OPTION_END, OPTION_NO_OPERATION } from "../../wire/ipv4-options.ts";

/**
 * Cuts a datagram into fragments that fit a link (RFC 791 §3.2, "An Example Fragmentation Procedure") and releases it.
 * @param packet from its IPv4 header on; may be a fragment itself, and must allow to be cut
 * @param mtu at least 68
 * @param emit takes over each fragment, the first part first
 */
export function fragment(pool: PacketPool, packet: Packet, mtu: number, emit: (fragment: Packet) => void): void {
  const { view, start } = packet;
  const headerLength = readIpv4HeaderLength(view, start);
  const word = readIpv4Fragment(view, start);
  const payloadEnd = packet.end;
  let from = start + headerLength;
  let offset = (word & IPV4_OFFSET_MASK) * 8;
  while (from < payloadEnd) {
    const first = from === start + headerLength;
    const piece = pool.allocate(mtu);
    const header = first ? copyWhole(packet, headerLength, piece) : copyOptions(packet, headerLength, piece);
    const room = (mtu - header) & ~7;
    const length = payloadEnd - from <= mtu - header ? payloadEnd - from : room;
    const last = from + length === payloadEnd;
    piece.bytes.set(packet.bytes.subarray(from, from + length), piece.start + header);
    piece.end = piece.start + header + length;
    const more = last ? word & IPV4_MORE_FRAGMENTS : IPV4_MORE_FRAGMENTS;
    rewriteIpv4Header(piece.view, piece.start, header, header + length, more | (offset / 8));
    piece.original = packet.original || packet.id;
    piece.cause = packet.cause;
    piece.corrupted = packet.corrupted;
    piece.network = piece.start;
    from += length;
    offset += length;
    emit(piece);
  }
  packet.release();
}

function copyWhole(packet: Packet, length: number, piece: Packet): number {
  piece.bytes.set(packet.bytes.subarray(packet.start, packet.start + length), piece.start);
  return length;
}

/** The header of a later fragment has only the options that say so (RFC 791 §3.1, "copied flag"). */
function copyOptions(packet: Packet, headerLength: number, piece: Packet): number {
  const { bytes, start } = packet;
  copyWhole(packet, IPV4_HEADER_LENGTH, piece);
  let to = piece.start + IPV4_HEADER_LENGTH;
  const end = start + headerLength;
  for (let at = start + IPV4_HEADER_LENGTH; at < end; ) {
    const type = bytes[at] as number;
    if (type === OPTION_END) break;
    const length = type === OPTION_NO_OPERATION ? 1 : (bytes[at + 1] as number);
    if (length === 0 || at + length > end) break;
    if (type & OPTION_COPIED) {
      piece.bytes.set(bytes.subarray(at, at + length), to);
      to += length;
    }
    at += length;
  }
  while ((to - piece.start) % 4 !== 0) piece.bytes[to++] = OPTION_END;
  return to - piece.start;
}
