import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { LabWatcher, lab } from "../../test/fixtures/lab.ts";
import { LabMachine } from "../../test/fixtures/lab-machine.ts";
import type { Instant } from "../time/instant.ts";
import { Course } from "./course.ts";
import { compare, repeat } from "./replay.ts";

const TALK = `
netarium: 1
devices:
  pc1:
    kind: host
    address: 10.0.0.1/24
    programs: [{ run: chat-user, with: { server: "10.0.0.2:8888", name: Alice, pause: 500ms } }]
  pc2: { kind: host, address: 10.0.0.2/24, programs: [chat-server] }
cables: [{ between: [pc1, pc2], delay: 1ms, loss: 5% }]
`;

/** A loop of hubs that closes at 1 s: the next frame goes round for ever. */
const LOOP = `
netarium: 1
devices:
  pc1: { kind: host, address: 10.0.0.1/24, programs: [{ run: time-client, with: { server: "10.0.0.2:1" }, at: 2s }] }
  pc2: { kind: host, address: 10.0.0.2/24 }
  hub1: { kind: hub, ports: 3 }
  hub2: { kind: hub, ports: 3 }
cables:
  - { between: [pc1, hub1.1] }
  - { between: [pc2, hub2.1] }
  - { between: [hub1.2, hub2.2] }
  - { between: [hub1.3, hub2.3] }
faults:
  - { cable: [hub1.3, hub2.3], at: 0s, do: unplug }
  - { cable: [hub1.3, hub2.3], at: 1s, do: plug }
`;

describe("a replay", () => {
  test("that is interrupted leaves everything as it was", async () => {
    const { engine, machine } = await lab(TALK);
    const watcher = new LabWatcher(engine);
    await watcher.request("time.runUntil", { at: 600e9 });
    const { capture } = engine.state;
    machine.cost = 1;
    const refused = watcher.refusal("time.branch", { at: 500e9 });
    await machine.rest();
    assert.ok((engine.state.replaying ?? 1) < 0.9, "it is under way");
    assert.equal((await watcher.refusal("time.play", {})).code, "replaying");
    const typed = await watcher.refusal("terminal.open", { host: "pc1", columns: 80, rows: 24 });
    assert.equal(typed.code, "replaying");
    await watcher.request("time.interrupt", {});
    assert.equal((await refused).code, "interrupted");
    const { now, branch, branches, replaying } = engine.state;
    assert.deepEqual([now, branch, branches.length, replaying], [600e9, 0, 1, undefined]);
    assert.deepEqual(engine.state.capture, capture);
    machine.cost = 0;
    await watcher.request("time.play", {});
    await machine.pass(1000);
    assert.equal(engine.state.now, 601e9);
    await engine.close();
  });

  test("that differs is told with the first event that does", async () => {
    const { document } = await lab(TALK);
    const machine = new LabMachine();
    const courses = [1, 1, 2].map((seed) => new Course({ document, seed, platform: machine }));
    for (const course of courses) await repeat(course, [], 60e9 as Instant);
    const [one, same, other] = courses.map(({ log }) => log) as [Course["log"], Course["log"], Course["log"]];
    const options = { platform: machine, until: 60e9 as Instant, ciphered: false };
    assert.equal(await compare(one, same, options), undefined);
    const differs = await compare(one, other, options);
    assert.ok(differs !== undefined && differs.event > 0);
    const event = (log: Course["log"], number: number) => [log.event(number), Buffer.from(log.frame(number))];
    for (let n = 0; n < differs.event; n++) {
      assert.deepEqual([one.at(n), Buffer.from(one.frame(n))], [other.at(n), Buffer.from(other.frame(n))]);
    }
    assert.notDeepEqual(event(one, differs.event), event(other, differs.event));
    const half = { ...options, until: 30e9 as Instant };
    const shorter = new Course({ document, seed: 1, platform: machine });
    await repeat(shorter, [], 30e9 as Instant);
    assert.equal(await compare(one, shorter.log, half), undefined, "what came later is not asked for");
    const missing = await compare(one, shorter.log, options);
    assert.equal(missing?.event, shorter.log.next);
  });
});

test("devices that send without end are a failure that is told, and one can go back to before it", async () => {
  const { engine, machine } = await lab(LOOP);
  const watcher = new LabWatcher(engine);
  await machine.pass(5000);
  const { failed, running, now } = engine.state;
  assert.equal(failed?.code, "livelock");
  assert.match(String(failed.params?.owners), /hub1/);
  assert.deepEqual([running, now], [false, 2e9]);
  assert.equal((await watcher.refusal("time.play", {})).code, "livelock");
  assert.equal((await watcher.refusal("time.step", {})).code, "livelock");
  assert.ok((await watcher.request("traffic.range", { from: 0, to: 2e9, limit: 5 })).crossings.length > 0);
  await watcher.request("time.branch", { at: 1.5e9 });
  assert.equal(engine.state.failed, undefined);
  assert.equal(engine.state.now, 1.5e9);
  await engine.close();
});

test("what cannot be kept of inputs is told, and one can go back only to what came before", async () => {
  const { engine, machine } = await lab(TALK, { inputLimit: 1000 });
  const watcher = new LabWatcher(engine);
  await machine.pass(1000);
  const { terminal } = await watcher.request("terminal.open", { host: "pc1", columns: 80, rows: 24 });
  await machine.pass(1000);
  await watcher.request("terminal.input", { terminal, text: "x".repeat(2000) });
  await machine.pass(1000);
  const { reach, count } = engine.state.inputs;
  assert.deepEqual([reach, count], [2e9 - 1, 1]);
  assert.equal((await watcher.refusal("time.branch", { at: 2.5e9 })).code, "not-kept");
  await watcher.request("time.branch", { at: 1.5e9 });
  assert.equal(engine.state.inputs.reach, undefined);
  await engine.close();
});
