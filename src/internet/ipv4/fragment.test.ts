import assert from "node:assert/strict";
import test from "node:test";
import { ip } from "../../address/ip.ts";
import type { Packet } from "../../packet/packet.ts";
import { PacketPool } from "../../packet/packet-pool.ts";
import {
  checkIpv4Header,
  IPV4_MORE_FRAGMENTS,
  readIpv4Fragment,
  readIpv4HeaderLength,
  readIpv4Identification,
  rewriteIpv4Header,
  writeIpv4Header,
} from "../../wire/ipv4.ts";
import { fragment } from "./fragment.ts";

const pool = new PacketPool();

/** A datagram whose payload counts up. */
function datagram(payload: number, options: readonly number[] = [], word = 0): Packet {
  const header = 20 + options.length;
  const packet = pool.allocate(header + payload);
  packet.end += header + payload;
  const { view, start } = packet;
  writeIpv4Header(view, start, header + payload, 0, 777, 0, 64, 17, ip("10.0.0.1"), ip("10.0.0.2"));
  packet.bytes.set(options, start + 20);
  for (let index = 0; index < payload; index++) packet.bytes[start + header + index] = index;
  rewriteIpv4Header(view, start, header, header + payload, word);
  return packet;
}

/** The fragments as [fragment word, header length, payload length], checked and released. */
function cut(packet: Packet, mtu: number): number[][] {
  const found: number[][] = [];
  const { id } = packet;
  let next = 0;
  fragment(pool, packet, mtu, (piece) => {
    const { view, start } = piece;
    const header = readIpv4HeaderLength(view, start);
    assert.equal(checkIpv4Header(view, start, piece.end), undefined);
    assert.equal(readIpv4Identification(view, start), 777);
    assert.equal(piece.original, id);
    assert.ok(piece.length <= mtu);
    for (let at = start + header; at < piece.end; at++) assert.equal(piece.bytes[at], next++ & 255);
    found.push([readIpv4Fragment(view, start), header, piece.length - header]);
    piece.release();
  });
  assert.equal(pool.inUse, 0);
  return found;
}

const MORE = IPV4_MORE_FRAGMENTS;

test("a datagram is cut at multiples of eight, and only the last fragment says so (RFC 791 §3.2)", () => {
  assert.deepEqual(cut(datagram(1480 * 2 + 1), 1500), [
    [MORE, 20, 1480],
    [MORE | 185, 20, 1480],
    [370, 20, 1],
  ]);
  assert.deepEqual(cut(datagram(100), 68), [
    [MORE, 20, 48],
    [MORE | 6, 20, 48],
    [12, 20, 4],
  ]);
});

test("a fragment is cut further at its own offset, and its last part is not the last", () => {
  assert.deepEqual(cut(datagram(96, [], MORE | 10), 68), [
    [MORE | 10, 20, 48],
    [MORE | 16, 20, 48],
  ]);
  assert.deepEqual(cut(datagram(60, [], 10), 68), [
    [MORE | 10, 20, 48],
    [16, 20, 12],
  ]);
});

test("later fragments have only the options that are to be copied (RFC 791 §3.1)", () => {
  const recordRoute = [7, 7, 4, 0, 0, 0, 0];
  const routerAlert = [0x94, 4, 0, 0];
  assert.deepEqual(cut(datagram(150, [...recordRoute, ...routerAlert, 0]), 100), [
    [MORE, 32, 64],
    [MORE | 8, 24, 72],
    [17, 24, 14],
  ]);
});
