import assert from "node:assert/strict";
import test from "node:test";
import { drops, Lab } from "../../../test/fixtures/hosts.ts";
import { Stranger, udpDatagram } from "../../../test/fixtures/stranger.ts";
import { ip } from "../../address/ip.ts";
import { parsePrefix } from "../../address/prefix.ts";

/** A router between two strangers: 10.0.1.0/24 on the left, 10.0.2.0/24 on the right. */
function router(mtu = 1500) {
  const lab = new Lab();
  const own = lab.router("r");
  const leftNic = lab.nic(own, "10.0.1.254/24");
  const rightNic = lab.nic(own, "10.0.2.254/24", { mtu });
  const left = new Stranger(lab, leftNic);
  const right = new Stranger(lab, rightNic);
  lab.run();
  const through = { from: "10.0.1.1", to: "10.0.2.1" };
  return { lab, own, left, right, leftNic, rightNic, through };
}

const datagram = udpDatagram(5, 6, [1, 2, 3]);
const error = (heard: readonly { payload: Uint8Array }[]) => heard.map(({ payload }) => [...payload.subarray(0, 2)]);

test("what is for others goes on with one hop less and is else unchanged", () => {
  const { left, right, through } = router();
  left.send(datagram, { ...through, hopLimit: 9, trafficClass: 0x2e, identification: 99 });
  const [heard] = right.heard;
  assert.deepEqual(heard?.payload, datagram);
  assert.deepEqual([heard?.hopLimit, heard?.trafficClass, heard?.identification], [8, 0x2e, 99]);
  assert.deepEqual([heard?.source, heard?.destination], [ip("10.0.1.1"), ip("10.0.2.1")]);
});

test("the last hop of a datagram's life is reported from the address towards its sender", () => {
  const { left, right, leftNic, through } = router();
  for (const hopLimit of [0, 1]) {
    const heard = left.send(datagram, { ...through, hopLimit });
    assert.deepEqual(error(heard), [[11, 0]]);
    assert.equal(heard[0]?.source, ip("10.0.1.254"));
    assert.equal(heard[0]?.payload[8 + 8], hopLimit, "quoted as it came");
  }
  assert.deepEqual(right.heard, []);
  assert.equal(drops(leftNic, "ip-ttl-expired"), 2);
});

test("without a route the sender is told that the network is unreachable", () => {
  const { left, leftNic } = router();
  assert.deepEqual(error(left.send(datagram, { from: "10.0.1.1", to: "192.0.2.1" })), [[3, 0]]);
  assert.equal(drops(leftNic, "ip-no-route"), 1);
});

test("routes that refuse say so: prohibited, host unreachable, or nothing", () => {
  const { own, left, leftNic } = router();
  for (const [text, kind] of [
    ["192.0.2.0/24", "prohibit"],
    ["198.51.100.0/24", "unreachable"],
    ["203.0.113.0/24", "blackhole"],
  ] as const) {
    own.addRoute(parsePrefix(text)?.prefix ?? text, { kind });
  }
  const answers = ["192.0.2.1", "198.51.100.1", "203.0.113.1"].map((to) =>
    error(left.send(datagram, { from: "10.0.1.1", to })),
  );
  assert.deepEqual(answers, [[[3, 13]], [[3, 1]], []]);
  assert.deepEqual([drops(leftNic, "ip-prohibited"), drops(leftNic, "ip-no-route")], [1, 2]);
});

test("a next hop that does not answer is reported as host unreachable, after its three seconds", () => {
  const { lab, left, right, rightNic, through } = router();
  right.answers = false;
  assert.deepEqual(left.send(datagram, through), []);
  lab.run(3);
  assert.deepEqual(error(left.heard), [[3, 1]]);
  assert.equal(drops(rightNic, "neighbor-unresolved"), 1);
  assert.equal(lab.pool.inUse, 0);
});

test("too long for the next link: cut, or reported with the link's MTU when it may not be (RFC 1191 §4)", () => {
  const { left, right, leftNic, through } = router(576);
  const long = udpDatagram(5, 6, new Uint8Array(1000));
  left.send(long, through);
  assert.deepEqual(
    right.heard.map(({ fragment, payload }) => [fragment, payload.length]),
    [
      [0x2000, 552],
      [69, 456],
    ],
  );
  const heard = left.send(long, { ...through, fragment: 0x4000 });
  assert.deepEqual(error(heard), [[3, 4]]);
  assert.deepEqual([...(heard[0]?.payload.subarray(4, 8) ?? [])], [0, 0, 2, 64]);
  assert.equal(drops(leftNic, "ip-fragmentation-needed"), 1);
});

test("fragments go on as they are; putting them together is the destination's part", () => {
  const { left, right, through } = router();
  left.send(datagram.subarray(0, 8), { ...through, fragment: 0x2000 });
  assert.equal(right.heard[0]?.fragment, 0x2000);
});

test("broadcasts are not forwarded: the limited one, a network's, a frame's", () => {
  const { left, right, leftNic } = router();
  left.send(datagram, { from: "10.0.1.1", to: "255.255.255.255", mac: 0xffffffffffff });
  left.send(datagram, { from: "10.0.1.1", to: "10.0.2.255" });
  left.send(datagram, { from: "10.0.1.1", to: "10.0.2.1", mac: 0xffffffffffff });
  left.send(datagram, { from: "10.0.1.1", to: "240.1.2.3" });
  left.send(datagram, { from: "10.0.1.1", to: "224.1.2.3", mac: 0x01005e010203 });
  assert.deepEqual(right.heard, []);
  assert.deepEqual(left.heard, []);
  assert.equal(drops(leftNic, "udp-no-socket"), 2);
  assert.equal(drops(leftNic, "ip-broadcast-not-forwarded"), 1);
  assert.equal(drops(leftNic, "ip-not-local"), 2);
});

test("a router writes itself into Record Route", () => {
  const { left, right, through } = router();
  left.send(datagram, { ...through, headerOptions: [7, 7, 4, 0, 0, 0, 0, 0] });
  assert.deepEqual([...(right.heard[0]?.header.subarray(20) ?? [])], [7, 7, 8, 10, 0, 2, 254, 0]);
});

test("what comes for the router itself by its far address is taken in (weak host model)", () => {
  const { left } = router();
  const heard = left.send(datagram, { from: "10.0.1.1", to: "10.0.2.254" });
  assert.deepEqual(error(heard), [[3, 3]]);
  assert.equal(heard[0]?.source, ip("10.0.2.254"));
});
