import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { LabWatcher, lab } from "../../test/fixtures/lab.ts";
import type { DeviceInfo } from "./protocol/network.ts";

const TWO = `
netarium: 1
devices:
  pc1: { kind: host, address: 10.0.0.1/24 }
  pc2: { kind: host, address: 10.0.0.2/24 }
cables:
  - { between: [pc1, pc2], delay: 1ms }
`;

const shownTo = (watcher: LabWatcher): string =>
  watcher
    .pushes("terminal")
    .map(({ text }) => text)
    .join("");

describe("a terminal", () => {
  test("shows all watchers what is typed and what comes of it", async () => {
    const { engine, machine } = await lab(TWO);
    const [one, other] = [new LabWatcher(engine), new LabWatcher(engine)];
    const { terminal } = await one.request("terminal.open", { host: "pc1", columns: 80, rows: 24 });
    await one.request("terminal.input", { terminal, text: "ping -c 1 10.0.0.2\r" });
    await machine.pass(3000);
    assert.match(shownTo(one), /1 packets transmitted, 1 received/);
    assert.equal(shownTo(one), shownTo(other));
    await one.request("terminal.close", { terminal });
    await machine.pass(100);
    assert.deepEqual(other.pushes("terminal-closed"), [{ type: "terminal-closed", terminal }]);
    assert.equal((await one.refusal("terminal.input", { terminal, text: "x" })).code, "no-terminal");
    assert.equal((await one.refusal("terminal.open", { host: "pc9", columns: 80, rows: 24 })).code, "terminal-refused");
    await engine.close();
  });

  test("loses nothing for who comes later, or reads nothing for a while", async () => {
    const { engine, machine } = await lab(TWO);
    const [one, slow] = [new LabWatcher(engine), new LabWatcher(engine)];
    const { terminal } = await one.request("terminal.open", { host: "pc1", columns: 80, rows: 24 });
    await machine.pass(200);
    slow.buffered = 2 ** 24;
    await one.request("terminal.input", { terminal, text: "hostname\r" });
    await machine.pass(200);
    const late = new LabWatcher(engine);
    const { terminals } = await late.request("terminal.list", {});
    assert.equal(terminals.length, 1);
    assert.equal(terminals[0]?.host, "pc1");
    assert.match(terminals[0]?.shown ?? "", /hostname\r\npc1/);
    slow.buffered = 0;
    await machine.pass(100);
    assert.equal(shownTo(slow), shownTo(one));
    assert.equal(shownTo(late), "");
    await engine.close();
  });

  test("is there again after a rewind, with what stood on it then: what was typed is typed again", async () => {
    const { engine, machine } = await lab(TWO);
    const watcher = new LabWatcher(engine);
    await machine.pass(1000);
    const { terminal } = await watcher.request("terminal.open", { host: "pc1", columns: 80, rows: 24 });
    await watcher.request("terminal.input", { terminal, text: "ping -c 1 10.0.0.2\r" });
    await machine.pass(2000);
    const { terminals } = await watcher.request("terminal.list", {});
    await watcher.request("terminal.input", { terminal, text: "hostname\r" });
    await machine.pass(2000);
    await watcher.request("time.branch", { at: 2.999e9 });
    assert.equal(engine.state.differs, undefined);
    await machine.pass(100);
    assert.deepEqual(watcher.pushes("terminals"), [{ type: "terminals", terminals }]);
    await watcher.request("time.branch", { at: 0.5e9 });
    await machine.pass(100);
    assert.deepEqual(watcher.pushes("terminals").at(-1)?.terminals, []);
    await watcher.request("time.play", {});
    const again = await watcher.request("terminal.open", { host: "pc2", columns: 80, rows: 24 });
    await machine.pass(100);
    assert.deepEqual(
      (await watcher.request("terminal.list", {})).terminals.map(({ host }) => host),
      ["pc2"],
    );
    assert.equal(again.terminal, 1, "of what is undone the number is free");
    await engine.close();
  });

  test("changes what is known of the network, by commands that do", async () => {
    const { engine, machine } = await lab(TWO);
    const watcher = new LabWatcher(engine);
    const addresses = (devices: readonly DeviceInfo[] | undefined) => devices?.[0]?.interfaces[1]?.addresses;
    await machine.pass(1000);
    assert.deepEqual(watcher.pushes("network"), [], "nothing is told that was not changed");
    const { terminal } = await watcher.request("terminal.open", { host: "pc1", columns: 80, rows: 24 });
    await watcher.request("terminal.input", { terminal, text: "ifconfig eth0 10.0.0.7/24\r" });
    await machine.pass(1000);
    assert.deepEqual(addresses(watcher.pushes("network").at(-1)?.network.devices), ["10.0.0.7/24"]);
    await watcher.request("time.branch", { at: 0.5e9 });
    await machine.pass(100);
    assert.deepEqual(addresses(watcher.pushes("network").at(-1)?.network.devices), ["10.0.0.1/24"]);
    await engine.close();
  });
});
