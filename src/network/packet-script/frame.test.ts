import assert from "node:assert/strict";
import { test } from "node:test";
import { ip } from "../../address/ip.ts";
import { PacketPool } from "../../packet/packet-pool.ts";
import { type Ends, pushIp, pushSegment, pushUdp, readDatagram } from "./frame.ts";

const ENDS: Ends = { localAddress: ip("10.0.0.1"), remoteAddress: ip("10.0.0.2"), localPort: 80, remotePort: 4000 };

const datagram = (push: (packet: ReturnType<PacketPool["allocate"]>) => number) => {
  const packet = new PacketPool().from(new Uint8Array(5));
  const protocol = push(packet);
  pushIp(packet, { ecn: 2, ttl: 9 }, protocol, ENDS.localAddress, ENDS.remoteAddress);
  return packet;
};
const segment = () =>
  datagram((packet) => {
    pushSegment(packet, { flags: 0x10, sequence: -1, ack: 7, window: 9, urgent: 0 }, [1, 1, 1, 1], ENDS, true);
    return 6;
  });

test("a segment is read as it was written, with both ends", () => {
  const seen = readDatagram(segment(), 5);
  assert.ok(typeof seen === "object");
  assert.deepEqual([seen.at, seen.ends], [5, ENDS]);
  const nop = { kind: "nop" };
  assert.deepEqual(seen.packet, {
    kind: "tcp",
    ip: { ecn: 2, tos: 2, ttl: 9 },
    flags: 0x10,
    sequence: 0xffffffff,
    length: 5,
    ack: 7,
    window: 9,
    urgent: undefined,
    options: [nop, nop, nop, nop],
  });
});

test("a datagram of UDP too", () => {
  const packet = datagram((each) => {
    pushUdp(each, ENDS, true);
    return 17;
  });
  const seen = readDatagram(packet, 0);
  assert.ok(typeof seen === "object" && seen.packet.kind === "udp" && seen.packet.length === 5);
  assert.deepEqual(seen.ends, ENDS);
});

test("what is wrong with a packet is told in words", () => {
  const broken = (offset: number): unknown => {
    const packet = segment();
    packet.view.setUint8(packet.start + offset, packet.view.getUint8(packet.start + offset) ^ 0x80);
    return readDatagram(packet, 0);
  };
  assert.equal(broken(8), "the IP header is wrong: checksum");
  assert.equal(broken(45), "the TCP checksum is wrong");
});
