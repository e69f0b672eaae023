import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { LabWatcher, lab, TWO } from "../../test/fixtures/lab.ts";
import type { Problem } from "./protocol/problem.ts";

describe("who comes to watch", () => {
  test("is welcomed with the network and how it stands", async () => {
    const { engine } = await lab(TWO);
    const { welcome } = new LabWatcher(engine);
    assert.equal(welcome.engine, "engine-1");
    assert.equal(welcome.network.name, "Two");
    assert.deepEqual(welcome.network.devices[0]?.interfaces[1], {
      nic: 1,
      name: "eth0",
      mac: "02:e7:27:5b:00:01",
      addresses: ["10.0.0.1/24"],
      medium: "broadcast",
    });
    assert.deepEqual(welcome.network.devices[1]?.programs, ["time-server"]);
    assert.deepEqual(welcome.network.cables, [{ index: 0, name: "pc1.eth0-pc2.eth0", a: 1, b: 3, written: 0 }]);
    assert.equal(welcome.state.running, true);
    assert.equal(welcome.state.speed, 1);
    await engine.close();
  });

  test("with another version of the protocol is told ours and let go, and so is one too many", async () => {
    const { engine } = await lab(TWO);
    const old = new LabWatcher(engine, 99);
    assert.deepEqual(old.heard, [{ type: "refusal", code: "version", version: 1 }]);
    assert.ok(old.closed);
    const all = Array.from({ length: 17 }, () => new LabWatcher(engine));
    assert.deepEqual(all.at(-1)?.heard[0], { type: "refusal", code: "busy", version: 1 });
    all[0]?.onClose();
    assert.equal(new LabWatcher(engine).heard[0]?.type, "welcome", "whose place has become free is taken");
    await engine.close();
  });

  test("is told the state at most 20 times a second while time goes on, and at once when somebody changes it", async () => {
    const { engine, machine } = await lab(TWO);
    const [one, other] = [new LabWatcher(engine), new LabWatcher(engine)];
    await machine.pass(1000);
    const told = one.pushes("state");
    assert.ok(told.length >= 19 && told.length <= 21, `${told.length} states in a second`);
    assert.equal(told.at(-1)?.state.now, 1e9);
    await one.request("time.pause", {});
    assert.equal(other.pushes("state").at(-1)?.state.running, false);
    const before = other.heard.length;
    await machine.pass(5000);
    assert.equal(other.heard.length, before, "nothing is said of what stands still");
    await engine.close();
  });

  test("is told nothing while it does not read, and what it missed when it does", async () => {
    const { engine, machine } = await lab(TWO);
    const slow = new LabWatcher(engine);
    slow.buffered = 2 ** 21;
    await machine.pass(3000);
    assert.equal(slow.heard.length, 1);
    slow.buffered = 0;
    await machine.pass(100);
    const lines = slow.pushes("log").flatMap((push) => push.lines);
    assert.ok(lines.some(({ program }) => program === "time-client"));
    assert.equal(lines[0]?.n, 0);
    await engine.close();
  });

  test("is told all lines of the log, also when time stands before it was", async () => {
    const client = 'udp-echo-client, with: { server: "10.0.0.2:7", count: 1200, every: 1ms }';
    const text = TWO.replace("[time-server]", "[time-server, echo-server]").replace(
      /time-client, with: \{[^}]*\}/,
      client,
    );
    const { engine, machine } = await lab(text);
    const watcher = new LabWatcher(engine);
    await watcher.request("time.runUntil", { at: 20e9 });
    await watcher.request("time.pause", {});
    await machine.pass(2000);
    const told = watcher.pushes("log").flatMap(({ lines }) => lines.map(({ n }) => n));
    assert.ok(told.length > 1200, `${told.length} lines`);
    assert.deepEqual(
      told,
      told.map((_, index) => index),
    );
    assert.equal(told.length, engine.course.lines.next);
    await engine.close();
  });

  test("is answered with what is wrong when it asks for what there is not", async () => {
    const { engine } = await lab(TWO);
    const watcher = new LabWatcher(engine);
    const say = (method: string, params: unknown) => {
      return watcher.say({ type: "request", id: 1000, method, params }).then(
        () => assert.fail(`${method} was to be refused`),
        (problem: Problem) => problem,
      );
    };
    assert.equal((await say("time.fly", {})).code, "unknown-method");
    assert.equal((await say("toString", {})).code, "unknown-method");
    const { code, params } = await say("time.runUntil", { at: "soon" });
    assert.deepEqual([code, params], ["bad-params", { method: "time.runUntil", place: "params.at" }]);
    assert.equal((await say("time.play", { now: true })).code, "bad-params");
    await engine.close();
  });

  test("sees how everything stands", async () => {
    const { engine, machine } = await lab(TWO);
    const watcher = new LabWatcher(engine);
    await machine.pass(1500);
    await watcher.request("time.pause", {});
    const { snapshot } = await watcher.request("snapshot", {});
    assert.equal((snapshot as { now: number }).now, 1.5e9);
    const { lines } = await watcher.request("log.lines", { from: 0, count: 500 });
    assert.ok(lines.length > 1);
    assert.deepEqual(await watcher.request("log.lines", { from: 1, count: 1 }), { from: 1, lines: [lines[1]] });
    await engine.close();
  });
});

describe("time", () => {
  test("stands while it is paused, and goes on from there as if no time had passed", async () => {
    const { engine, machine } = await lab(TWO);
    const watcher = new LabWatcher(engine);
    await machine.pass(500);
    await watcher.request("time.pause", {});
    assert.equal(engine.state.now, 500e6);
    await machine.pass(60_000);
    assert.equal(engine.state.now, 500e6);
    await watcher.request("time.play", {});
    await machine.pass(700);
    assert.equal(engine.state.now, 1200e6);
    assert.ok(engine.state.capture.next > 0);
    await engine.close();
  });

  test("after a sleep of the whole machine goes on where it was: nothing comes in a burst", async () => {
    const { engine, machine } = await lab(TWO);
    const watcher = new LabWatcher(engine);
    await machine.pass(900);
    machine.jump(3_600_000);
    await machine.pass(60);
    assert.ok(engine.state.now < 1.3e9, `it is ${engine.state.now}`);
    assert.ok(engine.state.forgiven > 3_500_000);
    assert.equal(watcher.welcome.state.forgiven, 0);
    await engine.close();
  });

  test("goes at the speed that was asked for, and in slow motion the shortest delay takes 600 ms", async () => {
    const { engine, machine } = await lab(TWO);
    const watcher = new LabWatcher(engine);
    await watcher.request("time.speed", { speed: 2 });
    await machine.pass(1000);
    assert.equal(engine.state.now, 2e9);
    const { speed } = await watcher.request("time.slowMotion", {});
    // 64 octets with preamble, FCS and gap at 100 Mbit/s, and 3 ms.
    assert.equal(speed, (3e6 + 6720) / 600e6);
    assert.equal(engine.state.speed, speed);
    assert.equal((await watcher.refusal("time.speed", { speed: 1e-9 })).code, "speed");
    await engine.close();
  });

  test("is stepped an event at a time, or to the next frame that leaves", async () => {
    const { engine, machine } = await lab(TWO);
    const watcher = new LabWatcher(engine);
    await watcher.request("time.pause", {});
    const { event } = await watcher.request("time.stepPacket", {});
    assert.equal(event, 4, "the four before are of both hosts telling their addresses");
    const { now, running } = engine.state;
    assert.equal(now, 1e9, "the client asks who has the server's address");
    assert.equal(running, false);
    assert.deepEqual(await watcher.request("time.step", {}), { done: true });
    assert.equal(engine.state.now, 1e9 + 3e6 + 6720);
    await machine.pass(1000);
    assert.equal(engine.state.now, 1e9 + 3e6 + 6720);
    await engine.close();
  });

  test("runs to a time that is to come as fast as it can, and pauses there", async () => {
    const { engine } = await lab(TWO);
    const watcher = new LabWatcher(engine);
    assert.deepEqual(await watcher.request("time.runUntil", { at: 3_600e9 }), { now: 3_600e9 });
    const { running, speed, until } = engine.state;
    assert.deepEqual([running, speed, until], [false, 1, undefined]);
    assert.equal((await watcher.refusal("time.runUntil", { at: 5 })).code, "not-ahead");
    assert.ok(watcher.pushes("state").some(({ state }) => state.until === 3_600e9));
    await engine.close();
  });
});

const CHAT = `
netarium: 1
name: Chat
devices:
  alice:
    kind: host
    address: 10.0.0.1/24
    programs: [{ run: chat-user, with: { server: "10.0.0.3:8888", name: Alice, pause: 2s }, at: 1s }]
  bob:
    kind: host
    address: 10.0.0.2/24
    programs: [{ run: chat-user, with: { server: "10.0.0.3:8888", name: Bob, pause: 3s }, at: 1.5s }]
  chat: { kind: host, address: 10.0.0.3/24, programs: [{ run: chat-server, with: { transcript: true } }] }
  hub: { kind: hub, ports: 3 }
cables:
  - { between: [alice, hub], delay: 1ms, loss: 5% }
  - { between: [bob, hub], delay: 1ms }
  - { between: [chat, hub], delay: 1ms }
`;

describe("going back", () => {
  test("gives the same events again on a new branch, which is paused", async () => {
    const { engine } = await lab(CHAT);
    const watcher = new LabWatcher(engine);
    await watcher.request("time.runUntil", { at: 30e9 });
    const { next } = engine.state.capture;
    assert.ok(next > 100);
    assert.deepEqual(await watcher.request("time.branch", { at: 10e9 }), { branch: 1 });
    const { now, running, branch, branches, differs } = engine.state;
    assert.deepEqual([now, running, branch, differs], [10e9, false, 1, undefined]);
    assert.deepEqual(branches, [
      { id: 0, from: 0, to: 30e9 },
      { id: 1, parent: 0, from: 10e9, to: 10e9 },
    ]);
    await watcher.request("time.runUntil", { at: 30e9 });
    assert.equal(engine.state.capture.next, next, "nothing has come in, so all is the same");
    await watcher.request("time.branch", { at: 30e9, branch: 0 });
    assert.equal(engine.state.branch, 0, "at its end a branch is gone on with");
    assert.equal(engine.state.differs, undefined);
    await engine.close();
  });

  test("tells watchers of the other network, and lines of the log begin anew", async () => {
    const { engine, machine } = await lab(CHAT);
    const watcher = new LabWatcher(engine);
    await watcher.request("time.runUntil", { at: 30e9 });
    await machine.pass(100);
    const { lines } = await watcher.request("log.lines", { from: 0, count: 500 });
    await watcher.request("time.branch", { at: 10e9 });
    await machine.pass(100);
    assert.deepEqual(watcher.pushes("branch"), [{ type: "branch", branch: 1 }]);
    assert.deepEqual(watcher.pushes("network"), [], "what stands still is the same");
    const again = await watcher.request("log.lines", { from: 0, count: 500 });
    assert.ok(again.lines.length > 0 && again.lines.length < lines.length);
    assert.deepEqual(again.lines, lines.slice(0, again.lines.length));
    assert.ok(watcher.pushes("state").some(({ state }) => state.replaying !== undefined));
    await engine.close();
  });

  test("is refused for a time that was not reached, and a branch that there is not", async () => {
    const { engine } = await lab(CHAT);
    const watcher = new LabWatcher(engine);
    await watcher.request("time.runUntil", { at: 2e9 });
    assert.equal((await watcher.refusal("time.branch", { at: 3e9 })).code, "not-reached");
    assert.equal((await watcher.refusal("time.branch", { at: 1e9, branch: 7 })).code, "no-branch");
    assert.equal(engine.state.branch, 0);
    await engine.close();
  });
});
