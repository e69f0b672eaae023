import assert from "node:assert/strict";
import { test } from "node:test";
import { LabWatcher, lab } from "../../test/fixtures/lab.ts";
import type { Crossing } from "./protocol/traffic.ts";
import { UNPACED_CROSSINGS_LIMIT, UNPACED_TRAFFIC_INTERVAL } from "./settings.ts";

const ECHO = `
netarium: 1
devices:
  pc1:
    kind: host
    address: 10.0.0.1/24
    programs:
      - { run: time-client, with: { server: "10.0.0.2:3434" }, at: 1s }
  pc2: { kind: host, address: 10.0.0.2/24, programs: [time-server] }
cables:
  - { between: [pc1, pc2], delay: 100ms }
`;

const brief = ({ direction, left, arrives, label }: Crossing): unknown[] => [
  direction,
  left / 1e6,
  arrives / 1e6,
  label,
];

test("who watches traffic is told of crossings with when they left and when they come, and of what cables carried", async () => {
  const { engine, machine } = await lab(ECHO);
  const watcher = new LabWatcher(engine);
  const other = new LabWatcher(engine);
  await watcher.request("traffic.watch", { crossings: 100 });
  await machine.pass(1400);
  const told = watcher.pushes("traffic");
  const all = told.flatMap(({ crossings }) => crossings);
  assert.deepEqual(all.slice(0, 2).map(brief), [
    ["a-b", 0, 100, "I am 10.0.0.1"],
    ["b-a", 0, 100, "I am 10.0.0.2"],
  ]);
  assert.deepEqual(all.slice(2, 5).map(brief), [
    ["a-b", 1000, 1100, "who has 10.0.0.2?"],
    ["b-a", 1100, 1200, "10.0.0.2 is here"],
    ["a-b", 1200, 1300, "SYN"],
  ]);
  assert.equal(all[4]?.protocol, "TCP");
  assert.deepEqual(
    told[0]?.cables.map(({ cable, up }) => [cable, up]),
    [[0, [true, true]]],
  );
  const frames = told.flatMap(({ cables }) => cables).reduce((sum, { frames: [a, b] }) => sum + a + b, 0);
  assert.equal(frames, all.length);
  assert.ok(told.length < 20, "nothing is told while nothing moves");
  assert.deepEqual(other.pushes("traffic"), []);
  await engine.close();
});

test("what was on its way in a time that is past can be looked at, and how much there was over time", async () => {
  const { engine } = await lab(ECHO);
  const watcher = new LabWatcher(engine);
  await watcher.request("time.runUntil", { at: 5e9 });
  const { crossings, more } = await watcher.request("traffic.range", { from: 1150e6, to: 1160e6, limit: 10 });
  assert.ok(
    crossings.every((each) => !("flow" in each)),
    "nobody asked for it",
  );
  assert.deepEqual(crossings.map(brief), [["b-a", 1100, 1200, "10.0.0.2 is here"]]);
  assert.equal(more, 0);
  const { frames, drops } = await watcher.request("traffic.histogram", { from: 0, to: 5e9, slices: 5 });
  assert.equal(frames[0], 2);
  assert.ok((frames[1] as number) > 5);
  assert.deepEqual(drops, [0, 0, 0, 0, 0]);
  await engine.close();
});

const BULK = `
netarium: 1
devices:
  pc1:
    kind: host
    address: 10.0.0.1/24
    programs: [{ run: bulk-client, with: { server: "10.0.0.2:5001", bytes: 100000000000 } }]
  pc2: { kind: host, address: 10.0.0.2/24, programs: [bulk-server] }
cables:
  - { between: [pc1, pc2], delay: 1ms, rate: 1Gbit/s }
`;

test("of a network that runs as fast as it can less is told of traffic, but every frame is counted", async () => {
  const { engine, machine } = await lab(BULK, { speed: "max" });
  const watcher = new LabWatcher(engine);
  await watcher.request("traffic.watch", { crossings: 2000 });
  machine.cost = 0.5; // as if events took their time
  const began = machine.time;
  await machine.pass(4 * UNPACED_TRAFFIC_INTERVAL);
  await watcher.request("time.pause", {});
  const told = watcher.pushes("traffic");
  const passed = machine.time - began;
  assert.ok(told.length >= 2 && told.length <= passed / UNPACED_TRAFFIC_INTERVAL + 2, `${told.length} in ${passed} ms`);
  for (const { crossings, more, cables } of told) {
    const frames = cables.reduce((sum, each) => sum + each.frames[0] + each.frames[1], 0);
    assert.ok(crossings.length <= UNPACED_CROSSINGS_LIMIT);
    assert.equal(crossings.length + more, frames);
  }
  assert.ok(told.some(({ more }) => more > 0));
  await engine.close();
});

test("who asks is told between which endpoints a frame goes", async () => {
  const { engine } = await lab(ECHO);
  const watcher = new LabWatcher(engine);
  await watcher.request("time.runUntil", { at: 5e9 });
  const { crossings } = await watcher.request("traffic.range", { from: 1100e6, to: 1210e6, limit: 10, flows: true });
  const [arp, syn] = crossings.slice(-2);
  assert.equal(arp?.flow, undefined);
  assert.equal(syn?.flow?.transport, "TCP");
  assert.match(syn?.flow?.source ?? "", /^10\.0\.0\.1:\d+$/);
  assert.equal(syn?.flow?.destination, "10.0.0.2:3434");
  await engine.close();
});
