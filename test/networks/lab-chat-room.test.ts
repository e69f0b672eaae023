/** The lab on the chat room that one sees first. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { LabWatcher, lab } from "../fixtures/lab.ts";

const TEXT = readFileSync(new URL("../../examples/chat-room.yaml", import.meta.url), "utf8");

test("the chat room is watched, stopped, looked at, gone back in, and goes on", async () => {
  const { engine, machine } = await lab(TEXT);
  const watcher = new LabWatcher(engine);
  await watcher.request("traffic.watch", { crossings: 200 });
  const { network } = watcher.welcome;
  assert.equal(network.devices.length, 9);
  assert.equal(network.cables.length, 8);
  assert.deepEqual(
    network.doors.map(({ name, problem }) => [name, problem?.code]),
    [
      ["join", "no-outside"],
      ["clock", "no-outside"],
      ["datagrams", "no-outside"],
    ],
  );
  await machine.pass(5000);
  const labels = watcher.pushes("traffic").flatMap(({ crossings }) => crossings.map(({ label }) => label));
  for (const label of ["who has 10.0.1.1?", "SYN", "SYN, ACK", "ACK"]) assert.ok(labels.includes(label), label);

  const { terminal } = await watcher.request("terminal.open", { host: "guest", columns: 80, rows: 24 });
  await watcher.request("terminal.input", { terminal, text: "nc chat 8888\rGuest\rhello from the lab\r" });
  await machine.pass(3000);
  const lines = watcher.pushes("log").flatMap((push) => push.lines);
  assert.ok(lines.some(({ host, text }) => host === "chat" && text.includes("hello from the lab")));

  await watcher.request("time.pause", {});
  const { now, capture } = engine.state;
  assert.equal(now, 8e9);
  const { speed } = await watcher.request("time.slowMotion", {});
  assert.ok(speed > 0.001 && speed < 0.002, "1 ms takes 600 ms");
  const { branch } = await watcher.request("time.branch", { at: 4e9 });
  assert.equal(branch, 1);
  assert.equal(engine.state.differs, undefined);
  assert.ok(engine.state.capture.next < capture.next);
  assert.deepEqual((await watcher.request("terminal.list", {})).terminals, []);
  await watcher.request("time.branch", { at: 8e9, branch: 0 });
  const { branch: back, capture: again, differs } = engine.state;
  assert.deepEqual([back, again.next, differs], [0, capture.next, undefined]);
  assert.match((await watcher.request("terminal.list", {})).terminals[0]?.shown ?? "", /hello from the lab/);
  await engine.close();
});

test("networks that were left by going back are let go, however often", async () => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const { engine } = await lab(TEXT);
  const watcher = new LabWatcher(engine);
  await watcher.request("packets.open", { vantage: { kind: "cables" }, filter: "tcp" });
  const left: WeakRef<object>[] = [];
  for (let n = 0; n < 5; n++) {
    await watcher.request("time.runUntil", { at: 20e9 });
    left.push(new WeakRef(engine.course.network));
    await watcher.request("time.branch", { at: 10e9 });
  }
  for (let tries = 0; tries < 20 && left.some((each) => each.deref() !== undefined); tries++) {
    await new Promise((resolve) => setImmediate(resolve));
    collect();
  }
  assert.ok(
    left.filter((each) => each.deref() !== undefined).length <= 1,
    "at most the last is still held by its watchers",
  );
  await engine.close();
});
