import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { LabWatcher, lab, TWO } from "../../test/fixtures/lab.ts";
import { fromBase64 } from "../base/base64.ts";
import { EXPORTS_LIMIT } from "./settings.ts";

const BULK = 'bulk-client, with: { server: "10.0.0.2:5001", bytes: 1000000 }';
const CABLES = { kind: "cables" } as const;

async function watched() {
  const { engine, machine } = await lab(TWO);
  const watcher = new LabWatcher(engine);
  await machine.pass(3000);
  await watcher.request("time.pause", {});
  const opened = await watcher.request("packets.open", { vantage: CABLES, filter: "" });
  await machine.pass(200);
  return { engine, machine, watcher, view: opened.view };
}

describe("a list of packets", () => {
  test("grows by pushes, and is read row by row", async () => {
    const { engine, watcher, view } = await watched();
    const state = watcher.pushes("view").at(-1)?.state;
    assert.equal(state?.view, view);
    assert.ok((state?.matched ?? 0) > 8);
    assert.equal(state?.examined, state?.total);
    const { rows } = await watcher.request("packets.rows", { view, from: 0, count: 500 });
    assert.equal(rows.length, state?.matched);
    assert.deepEqual(
      rows.slice(2, 5).map(({ number, protocol, info }) => [number, protocol, info.slice(0, 30)]),
      [
        [3, "ARP", "Who has 10.0.0.2? Tell 10.0.0."],
        [4, "ARP", "10.0.0.2 is at 02:e7:27:5b:00:"],
        [5, "TCP", rows[4]?.info.slice(0, 30)],
      ],
    );
    assert.match(rows[4]?.info ?? "", /\[SYN\]/);
    await engine.close();
  });

  test("is searched no further once it is closed", async () => {
    const { engine, machine } = await lab(
      TWO.replace("[time-server]", "[time-server, bulk-server]").replace(
        'time-client, with: { server: "10.0.0.2:3434" }',
        BULK,
      ),
    );
    const watcher = new LabWatcher(engine);
    await watcher.request("time.runUntil", { at: 3e9 });
    await watcher.request("time.pause", {});
    const { view } = await watcher.request("packets.open", { vantage: CABLES, filter: "" });
    await machine.pass(200);
    assert.ok((watcher.pushes("view").at(-1)?.state.matched ?? 0) > 1500, "more than is searched at once");
    const refused = watcher.refusal("packets.find", { view, from: 0, backwards: false, by: "text", what: "no such" });
    await watcher.request("packets.close", { view });
    assert.equal((await refused).code, "no-view");
    await engine.close();
  });

  test("is filtered, searched, and says of a packet all there is", async () => {
    const { engine, machine, watcher, view } = await watched();
    await watcher.request("packets.filter", { view, filter: "tcp.flags.syn == 1" });
    await machine.pass(200);
    const { rows } = await watcher.request("packets.rows", { view, from: 0, count: 500 });
    assert.equal(rows.length, 2);
    const event = rows[0]?.event ?? -1;
    assert.deepEqual(await watcher.request("packets.locate", { view, event }), { index: 0 });
    const detail = await watcher.request("packets.detail", { view, event });
    assert.equal(detail.row.number, rows[0]?.number);
    assert.deepEqual(
      detail.tree.map(({ name }) => name),
      ["frame", "eth", "ip", "tcp"],
    );
    assert.equal(fromBase64(detail.sources[0]?.bytes ?? "")?.length, rows[0]?.length);
    await watcher.request("packets.filter", { view, filter: "" });
    await machine.pass(200);
    const wanted = { view, from: 0, backwards: false } as const;
    const found = await watcher.request("packets.find", { ...wanted, by: "filter", what: "arp.opcode == 2" });
    const { rows: arp } = await watcher.request("packets.rows", { view, from: found.index, count: 1 });
    assert.match(arp[0]?.info ?? "", /is at/);
    assert.equal((await watcher.request("packets.find", { ...wanted, by: "hex", what: "dead beef 00" })).index, -1);
    const { conversations } = await watcher.request("packets.conversations", { view });
    assert.deepEqual(
      conversations.map(({ protocol, b }) => [protocol, b]),
      [["tcp", "10.0.0.2:3434"]],
    );
    const followed = await watcher.request("packets.follow", { view, event });
    assert.ok(followed.pieces.some(({ direction }) => direction === 1));
    const { arrows } = await watcher.request("packets.sequence", { view, event });
    assert.match(arrows[0]?.label ?? "", /SYN/);
    assert.match((await watcher.request("packets.copy", { view, event, as: "hex" })).text, /^0000 {2}/);
    assert.equal((await watcher.refusal("packets.copy", { view, event, as: "curl" })).code, "no-request");
    await engine.close();
  });

  test("is written as a pcapng, with the rows of its filter or all of them", async () => {
    const { engine, watcher, view } = await watched();
    await watcher.request("packets.filter", { view, filter: "arp" });
    const { bytes: some } = await watcher.request("packets.export", { view });
    const { bytes: all, next } = await watcher.request("packets.export", {});
    assert.equal(next, undefined);
    const lengths = [some, all].map((text) => fromBase64(text)?.length ?? 0) as [number, number];
    assert.ok(lengths[0] < lengths[1]);
    assert.equal(fromBase64(some)?.[0], 0x0a);
    assert.equal((await watcher.refusal("packets.export", { next: "99" })).code, "no-export");
    await engine.close();
  });

  test("is written with all events by so many at once, since each goes through them all", async () => {
    const { engine, watcher } = await watched();
    const asked = Array.from({ length: 8 }, () =>
      watcher.request("packets.export", {}).then(
        () => 1,
        () => 0,
      ),
    );
    const done: number[] = await Promise.all(asked);
    assert.equal(
      done.reduce((sum, each) => sum + each),
      EXPORTS_LIMIT,
    );
    assert.ok((await watcher.request("packets.export", {})).bytes.length > 0, "and then again");
    await engine.close();
  });

  test("begins anew on another course under its number, with its filter", async () => {
    const { engine, machine, watcher, view } = await watched();
    await watcher.request("packets.filter", { view, filter: "arp" });
    await machine.pass(100);
    const before = await watcher.request("packets.rows", { view, from: 0, count: 500 });
    await watcher.request("time.branch", { at: 0.9e9 });
    await machine.pass(100);
    const after = await watcher.request("packets.rows", { view, from: 0, count: 500 });
    assert.equal(after.rows.length, 2);
    assert.deepEqual(after.rows, before.rows.slice(0, 2));
    assert.deepEqual(watcher.pushes("view").at(-1)?.state.matched, 2);
    await engine.close();
  });

  test("that cannot be had is refused with why", async () => {
    const { engine, watcher, view } = await watched();
    const bad = await watcher.refusal("packets.filter", { view, filter: "tcp ==" });
    assert.match(bad.code, /^filter-/);
    assert.equal((await watcher.refusal("packets.rows", { view: 99, from: 0, count: 1 })).code, "no-view");
    const nowhere = { kind: "device", device: "pc9" } as const;
    assert.equal((await watcher.refusal("packets.open", { vantage: nowhere, filter: "" })).code, "no-vantage");
    for (let more = 1; more < 8; more++) await watcher.request("packets.open", { vantage: CABLES, filter: "" });
    const many = await watcher.refusal("packets.open", { vantage: CABLES, filter: "" });
    assert.equal(many.code, "too-many-views");
    await watcher.request("packets.close", { view });
    await watcher.request("packets.open", { vantage: { kind: "nic", nic: 1 }, filter: "" });
    await engine.close();
  });
});

test("a filter is checked and completed as it is typed", async () => {
  const { engine, watcher } = await watched();
  assert.deepEqual(await watcher.request("filter.check", { filter: "tcp.port == 3434 && ip" }), { ok: true });
  const checked = await watcher.request("filter.check", { filter: "tcp.port == 5 && tcp.prot" });
  assert.ok(!checked.ok);
  assert.deepEqual([checked.error.code, checked.offset, checked.length], ["filter-unknown-field", 17, 8]);
  const { from, candidates } = await watcher.request("filter.complete", { filter: "ip and tcp.srcp", at: 15 });
  assert.equal(from, 7);
  assert.deepEqual(
    candidates.map(({ name }) => name),
    ["tcp.srcport"],
  );
  await engine.close();
});
