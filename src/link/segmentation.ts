import { finish, sum } from "../base/checksum.ts";
import type { Packet } from "../packet/packet.ts";
import type { PacketPool } from "../packet/packet-pool.ts";
import { IPV4_DONT_FRAGMENT, readIpv4Fragment, readIpv4Identification, sealIpv4Header } from "../wire/ipv4.ts";
import { CHECKSUM_AT, CWR, FIN, flags, headerLength, PSH, sequenceNumber } from "../wire/tcp.ts";

const IPV4_LENGTH_AT = 2;
const IPV4_IDENTIFICATION_AT = 4;
const SEQUENCE_AT = 4;
const FLAGS_AT = 13;

/** The bytes of the longest datagram that a packet is cut into, from its network header on; its own when it is not to be. */
export function longestPiece(packet: Packet, network: number): number {
  if (packet.segmentSize === 0) return packet.end - network;
  const { checksumFrom, view, segmentSize } = packet;
  return Math.min(checksumFrom - network + headerLength(view, checksumFrom) + segmentSize, packet.end - network);
}

/** How many packets it is to be cut into. */
export function piecesOf(packet: Packet): number {
  if (packet.segmentSize === 0) return 1;
  const { checksumFrom, end, segmentSize, view } = packet;
  return Math.ceil((end - checksumFrom - headerLength(view, checksumFrom)) / segmentSize);
}

/**
 * Cuts a packet with a large TCP segment into such as its sender would have sent without segmentation offload, and releases
 * it (Linux: tcp_gso_segment). What was put in front of it, link header or none, stands in front of each.
 * @param packet marked with its `segmentSize`, its checksum still to be filled in; a whole datagram
 * @param network where its network header is
 * @param emit takes over each piece, complete, in order
 */
export function cutSegment(pool: PacketPool, packet: Packet, network: number, emit: (piece: Packet) => void): void {
  const { view, start, end, checksumFrom, segmentSize } = packet;
  const payload = checksumFrom + headerLength(view, checksumFrom);
  const headers = payload - start;
  const whole = end - checksumFrom;
  for (let from = payload, index = 0; from < end; from += segmentSize, index++) {
    const length = Math.min(segmentSize, end - from);
    const piece = pool.allocate(headers + length);
    piece.bytes.set(packet.bytes.subarray(start, payload), piece.start);
    piece.bytes.set(packet.bytes.subarray(from, from + length), piece.start + headers);
    piece.end = piece.start + headers + length;
    const shift = piece.start - start;
    const segment = checksumFrom + shift;
    writeNetwork(piece.view, network + shift, piece.end, index);
    writeTransport(piece.view, segment, from - payload, from === payload, from + length === end);
    // The field holds the sum of a pseudo-header with the whole length (RFC 1624 §3).
    const pseudo = (~whole & 0xffff) + (piece.end - segment);
    piece.view.setUint16(segment + CHECKSUM_AT, finish(sum(piece.view, segment, piece.end, pseudo)));
    inherit(piece, packet, shift);
    emit(piece);
  }
  packet.release();
}

/** The length; and a number of its own for what may be cut further (RFC 6864 §4.1). */
function writeNetwork(view: DataView, at: number, end: number, index: number): void {
  const header = (view.getUint8(at) & 15) * 4;
  view.setUint16(at + IPV4_LENGTH_AT, end - at);
  if ((readIpv4Fragment(view, at) & IPV4_DONT_FRAGMENT) === 0) {
    view.setUint16(at + IPV4_IDENTIFICATION_AT, readIpv4Identification(view, at) + index);
  }
  sealIpv4Header(view, at, header);
}

/** Only the first piece says that the window was reduced (RFC 3168 §6.1.2), only the last pushes and ends. */
function writeTransport(view: DataView, at: number, offset: number, first: boolean, last: boolean): void {
  view.setInt32(at + SEQUENCE_AT, sequenceNumber(view, at) + offset);
  const kept = (first ? CWR : 0) | (last ? FIN | PSH : 0);
  view.setUint8(at + FLAGS_AT, flags(view, at) & (kept | ~(CWR | FIN | PSH)));
}

function inherit(piece: Packet, packet: Packet, shift: number): void {
  piece.original = packet.original || packet.id;
  piece.cause = packet.cause;
  piece.network = packet.network >= packet.start ? packet.network + shift : 0;
  piece.source = packet.source;
  piece.destination = packet.destination;
  piece.trafficClass = packet.trafficClass;
  piece.hopLimit = packet.hopLimit;
}
