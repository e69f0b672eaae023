import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { CapturedPacket } from "../pcapng/reader.ts";
import { CaptureDissection } from "./capture-dissection.ts";
import { CapturedFrames } from "./captured-frames.ts";
import type { FieldValue, Found } from "./field.ts";
import type { PlainFrame } from "./plain-frame.ts";

const ETHERNET = [2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1];
const ADDRESSES = [10, 0, 0, 1, 10, 0, 0, 2];
/** A SYN from 10.0.0.1:4660 to 10.0.0.2:80 with two octets, and as many of padding. */
const SYN = [
  ...[...ETHERNET, 8, 0],
  ...[0x45, 0, 0, 42, 0, 1, 0x40, 0, 64, 6, 0, 0, ...ADDRESSES],
  ...[0x12, 0x34, 0, 80, 0, 0, 1, 0, 0, 0, 0, 0, 0x50, 0x02, 0xff, 0xff, 0, 0, 0, 0],
  ...[0x47, 0x45, 0, 0],
];
const FRAGMENT = SYN.with(20, 0x20);
const ARP = [
  ...[...ETHERNET, 8, 6],
  ...[0, 1, 8, 0, 6, 4, 0, 1],
  ...[2, 0, 0, 0, 0, 1, 10, 0, 0, 1, 0, 0, 0, 0, 0, 0, 10, 0, 0, 2],
];

/** A reader of one frame. */
function plainFrame(octets: readonly number[]): PlainFrame {
  const data = Uint8Array.from(octets);
  const packet: CapturedPacket = {
    interface: { id: 0, name: undefined, description: undefined } as CapturedPacket["interface"],
    ...{
      time: 0n,
      data,
      originalLength: data.length,
      flags: 0,
      packetId: undefined,
      comments: [],
      direction: undefined,
    },
  };
  const dissection = new CaptureDissection({
    ...{ frames: new CapturedFrames([packet]), datagrams: [], streams: [], perLink: false },
  });
  dissection.examine(1);
  const frame = dissection.plainFrame();
  frame.moveTo(1);
  return frame;
}

function valuesOf(frame: PlainFrame, name: string): FieldValue[] | undefined {
  const found: Found[] = [];
  return frame.find(name, found) ? found.map(({ value }) => value) : undefined;
}

describe("fields that are read without a dissection", () => {
  test("have as many values as the frame has fields of the name", () => {
    const frame = plainFrame(SYN);
    assert.deepEqual(valuesOf(frame, "tcp.port"), [4660, 80]);
    assert.deepEqual(valuesOf(frame, "ip.addr"), [0x0a000001, 0x0a000002]);
    assert.deepEqual(valuesOf(frame, "tcp.flags.syn"), [true]);
    assert.deepEqual(valuesOf(frame, "tcp.seq"), [0]);
    assert.deepEqual(valuesOf(frame, "tcp.payload"), [Uint8Array.of(0x47, 0x45)]);
    assert.deepEqual(valuesOf(frame, "arp.opcode"), []);
    assert.deepEqual(valuesOf(plainFrame(ARP), "arp.opcode"), [1]);
  });

  test("stand for bytes, those of a protocol up to the end of the datagram", () => {
    const frame = plainFrame(SYN);
    const found: Found[] = [];
    assert.ok(frame.find("tcp", found) && frame.find("eth", found));
    assert.deepEqual(
      found.map((field) => [field.offset, field.length, frame.bytes(field).length]),
      [
        [34, 20, 22],
        [0, 14, 58],
      ],
    );
  });

  test("are not those of a frame or a name that takes a dissection", () => {
    assert.equal(valuesOf(plainFrame(SYN), "tcp.options"), undefined);
    assert.equal(valuesOf(plainFrame(FRAGMENT), "ip.src"), undefined);
    assert.equal(valuesOf(plainFrame(SYN.slice(0, 50)), "eth.src"), undefined);
  });
});
