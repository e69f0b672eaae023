import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { Bench } from "../../test/fixtures/link.ts";
import { type MacAddress, writeMac } from "../address/mac.ts";
import { type Instant, seconds } from "../time/instant.ts";
import { MacTable } from "./mac-table.ts";

const mac = (value: number) => (0x020000000000 + value) as MacAddress;
const at = (count: number) => seconds(count) as number as Instant;

const bench = new Bench();
const [left, right] = [bench.nic("left"), bench.nic("right")];

test("a station is remembered for 300 s after it was last heard (IEEE 802.1D-2004 table 7-5)", () => {
  const table = new MacTable();
  table.learn(mac(1), left, at(0));
  assert.equal(table.lookup(mac(1), at(299)), left);
  table.learn(mac(1), left, at(200));
  assert.equal(table.lookup(mac(1), at(499)), left);
  assert.equal(table.lookup(mac(1), at(500)), undefined);
  assert.equal(table.lookup(mac(2), at(0)), undefined);
});

test("a station that moved is found at its new port", () => {
  const table = new MacTable();
  table.learn(mac(1), left, at(0));
  table.learn(mac(1), right, at(1));
  assert.equal(table.lookup(mac(1), at(1)), right);
});

test("a full table learns nobody until somebody aged, and then makes room", () => {
  const table = new MacTable({ limit: 3 });
  for (const value of [1, 2, 3]) table.learn(mac(value), left, at(value));
  table.learn(mac(4), right, at(10));
  assert.equal(table.lookup(mac(4), at(10)), undefined);
  table.learn(mac(4), right, at(300));
  assert.equal(table.lookup(mac(4), at(300)), undefined, "the oldest was heard at 1 s");
  table.learn(mac(4), right, at(301));
  assert.equal(table.lookup(mac(4), at(301)), right);
  assert.deepEqual(
    table.list(at(301)).map(({ mac }) => mac),
    [mac(2), mac(3), mac(4)],
  );
  table.learn(mac(2), left, at(301));
  table.learn(mac(5), right, at(302));
  assert.equal(table.lookup(mac(5), at(302)), undefined, "the third was heard at 3 s");
  table.learn(mac(5), right, at(303));
  assert.equal(table.lookup(mac(5), at(303)), right);
});

test("the stations of a port are forgotten together", () => {
  const table = new MacTable({ ageing: seconds(5) });
  for (const value of [1, 2, 3]) table.learn(mac(value), value === 2 ? right : left, at(0));
  table.forget(left);
  assert.deepEqual(table.list(at(1)), [{ mac: mac(2), port: right, heardAt: 0 }]);
  assert.deepEqual(table.list(at(5)), [], "what has aged is not listed");
});

test("a frame's sender is learnt and its receiver found, each frame anew, and a group is never a sender", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(3), fc.nat(3), fc.boolean(), fc.nat(200)), { maxLength: 50 }), (frames) => {
      const [table, model] = [new MacTable(), new MacTable()];
      let now = 0;
      for (const [from, to, isLeft, pause] of frames) {
        now += pause;
        const frame = new DataView(new ArrayBuffer(14));
        const source = from === 3 ? ((2 ** 40 + 7) as MacAddress) : mac(from);
        writeMac(frame, 0, mac(to));
        writeMac(frame, 6, source);
        const port = isLeft ? left : right;
        table.heard(frame, 6, port, at(now));
        if (from !== 3) model.learn(source, port, at(now));
        assert.equal(table.portTo(frame, 0, at(now)), model.lookup(mac(to), at(now)));
        assert.deepEqual(table.list(at(now)), model.list(at(now)));
      }
    }),
  );
});

test("a station that was just used is forgotten with its port, too", () => {
  const table = new MacTable();
  const frame = new DataView(new ArrayBuffer(14));
  writeMac(frame, 0, mac(1));
  writeMac(frame, 6, mac(2));
  table.learn(mac(1), left, at(0));
  for (let count = 0; count < 3; count++) {
    table.heard(frame, 6, left, at(0));
    assert.equal(table.portTo(frame, 0, at(0)), left);
  }
  table.forget(left);
  assert.equal(table.portTo(frame, 0, at(0)), undefined);
  assert.deepEqual(table.list(at(0)), []);
  table.learn(mac(2), right, at(1));
  assert.equal(table.lookup(mac(2), at(1)), right);
  assert.deepEqual(table.list(at(1)), [{ mac: mac(2), port: right, heardAt: at(1) }]);
});
