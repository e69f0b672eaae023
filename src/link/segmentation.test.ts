import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { addressSum, ip } from "../address/ip.ts";
import { finish, sum } from "../base/checksum.ts";
import { leaveChecksum } from "../packet/checksum-mark.ts";
import type { Packet } from "../packet/packet.ts";
import { PacketPool } from "../packet/packet-pool.ts";
import {
  checkIpv4Header,
  IPV4_DONT_FRAGMENT,
  IPV4_HEADER_LENGTH,
  readIpv4Identification,
  readIpv4Length,
  writeIpv4Header,
} from "../wire/ipv4.ts";
import * as tcp from "../wire/tcp.ts";
import { writeTimestamps } from "../wire/tcp-options.ts";
import { cutSegment, longestPiece, piecesOf } from "./segmentation.ts";

const [SOURCE, DESTINATION] = [ip("10.0.0.1"), ip("10.0.0.2")];
const HEADERS = IPV4_HEADER_LENGTH + tcp.TCP_HEADER + 12;
const MTU = 1500;

/** A datagram with one TCP segment that its sender left whole. */
function large(
  pool: PacketPool,
  data: Uint8Array,
  segmentSize: number,
  bits: number,
  fragment = IPV4_DONT_FRAGMENT,
): Packet {
  const packet = pool.from(data);
  const header = tcp.TCP_HEADER + 12;
  const at = packet.push(header);
  const length = packet.length;
  tcp.writeHeader(packet.view, at, 1000, 80, 0x7ffffff0, 77, header, bits, 500, 0);
  writeTimestamps(packet.view, at + tcp.TCP_HEADER, 1, 2);
  const pseudo = addressSum(SOURCE) + addressSum(DESTINATION) + tcp.TCP_PROTOCOL + length;
  leaveChecksum(packet, at, at + tcp.CHECKSUM_AT, pseudo);
  packet.segmentSize = segmentSize;
  const network = packet.push(IPV4_HEADER_LENGTH);
  writeIpv4Header(packet.view, network, packet.length, 0, 65_535, fragment, 64, tcp.TCP_PROTOCOL, SOURCE, DESTINATION);
  return packet;
}

/** What a receiver would check. */
function assertWhole(piece: Packet): void {
  const { view, start, end } = piece;
  assert.equal(checkIpv4Header(view, start, end), undefined);
  assert.equal(readIpv4Length(view, start), end - start);
  const segment = start + IPV4_HEADER_LENGTH;
  const pseudo = addressSum(SOURCE) + addressSum(DESTINATION) + tcp.TCP_PROTOCOL + end - segment;
  assert.equal(finish(sum(view, segment, end, pseudo)), 0);
  assert.deepEqual([piece.checksumAt, piece.segmentSize], [0, 0]);
}

test("a large segment is cut into the segments that it stands for, each whole", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 65_000 }), fc.integer({ min: 8, max: 1448 }), (length, segmentSize) => {
      const pool = new PacketPool();
      const data = Uint8Array.from({ length }, (_, index) => index % 251);
      const packet = large(pool, data, segmentSize, tcp.ACK);
      const count = piecesOf(packet);
      assert.equal(longestPiece(packet, packet.start), Math.min(length, segmentSize) + HEADERS);
      const arrived: number[] = [];
      let pieces = 0;
      cutSegment(pool, packet, packet.start, (piece) => {
        assertWhole(piece);
        assert.ok(piece.length <= segmentSize + HEADERS);
        const segment = piece.start + IPV4_HEADER_LENGTH;
        assert.equal((tcp.sequenceNumber(piece.view, segment) - 0x7ffffff0) | 0, arrived.length);
        arrived.push(...piece.bytes.subarray(piece.start + HEADERS, piece.end));
        pieces++;
        piece.release();
      });
      assert.equal(pieces, count);
      assert.deepEqual(Uint8Array.from(arrived), data);
      assert.equal(pool.inUse, 0);
    }),
    { numRuns: 50 },
  );
});

test("the first piece says that the window was reduced, the last pushes and ends (RFC 3168 §6.1.2)", () => {
  const pool = new PacketPool();
  const packet = large(pool, new Uint8Array(3000), 1448, tcp.ACK | tcp.PSH | tcp.FIN | tcp.CWR | tcp.ECE);
  const seen: number[] = [];
  cutSegment(pool, packet, packet.start, (piece) => {
    seen.push(tcp.flags(piece.view, piece.start + IPV4_HEADER_LENGTH));
    piece.release();
  });
  const always = tcp.ACK | tcp.ECE;
  assert.deepEqual(seen, [always | tcp.CWR, always, always | tcp.PSH | tcp.FIN]);
});

test("only pieces that may be cut further are numbered apart (RFC 6864 §4.1), and a link header stands before each", () => {
  for (const [fragment, expected] of [
    [IPV4_DONT_FRAGMENT, [65_535, 65_535, 65_535]],
    [0, [65_535, 0, 1]],
  ] as const) {
    const pool = new PacketPool();
    const packet = large(pool, new Uint8Array(3000), 1448, tcp.ACK, fragment);
    const { id, start: network } = packet;
    packet.bytes.set([1, 2, 3, 4], packet.push(14));
    const seen: number[] = [];
    cutSegment(pool, packet, network, (piece) => {
      assert.deepEqual([...piece.bytes.subarray(piece.start, piece.start + 4)], [1, 2, 3, 4]);
      piece.pull(14);
      assertWhole(piece);
      assert.ok(piece.length <= MTU);
      assert.equal(piece.original, id);
      seen.push(readIpv4Identification(piece.view, piece.start));
      piece.release();
    });
    assert.deepEqual(seen, expected);
  }
});
