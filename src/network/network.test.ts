import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { runLoopOf } from "../../test/support/run-loop.ts";
import { ip } from "../address/ip.ts";
import type { Program, ProgramContext } from "../application/program.ts";
import type { Tap } from "../link/tap.ts";
import { type Instant, milliseconds, seconds } from "../time/instant.ts";
import { Network } from "./network.ts";
import type { LogLine } from "./programs.ts";

const program = (run: (context: ProgramContext) => Promise<void>, name = "test"): Program => ({
  name,
  summary: "",
  parameters: {},
  messages: { said: "{what}" },
  run,
});

/** Two hosts on a switch. */
function lan(seed = 1) {
  const network = new Network({ seed });
  const a = network.host("a", { address: "10.0.0.1/24" });
  const b = network.host("b", { address: "10.0.0.2/24" });
  const middle = network.switch("s");
  for (const host of [a, b]) network.cable(host, middle, { delay: "1ms", rate: "100Mbit/s" });
  const loop = runLoopOf(network);
  const lines: LogLine[] = [];
  network.onLog((line) => lines.push(line));
  return { network, a, b, loop, lines };
}

const server = program(async ({ sockets, log }) => {
  const listener = sockets.socket("inet", "stream");
  await listener.bind({ address: "0.0.0.0", port: 80 });
  await listener.listen();
  for (;;) {
    const peer = await listener.accept();
    const data = await peer.recv(100).catch((error: Error) => new TextEncoder().encode(error.message));
    log("said", { what: new TextDecoder().decode(data) });
  }
}, "server");

describe("a network built in TypeScript", () => {
  test("carries what programs say, and snapshots and taps show it", async () => {
    const { network, a, b, loop, lines } = lan();
    let frames = 0;
    const tap: Tap = { saw: () => frames++ };
    network.addTap(tap);
    network.start(b, server);
    const client = program(async ({ sockets, clock }) => {
      const socket = sockets.socket("inet", "stream");
      await socket.connect({ address: "10.0.0.2", port: 80 });
      await socket.send(new TextEncoder().encode("hello"));
      await clock.sleep(seconds(1));
    });
    const run = network.start("a", client, {}, "5s");
    assert.equal(await loop.run(seconds(7) as number as Instant), "reached");
    await run.ended;
    assert.deepEqual([run.state, run.name], ["done", "a/test"]);
    const [line] = lines;
    assert.deepEqual([line?.host, line?.program, line?.code, line?.text], ["b", "server", "said", "hello"]);
    assert.ok((line?.at ?? 0) > 5e9 && frames > 10, `${frames} frames`);
    const { devices, cables, programs } = network.snapshot();
    assert.deepEqual(
      devices.map(({ name, kind }) => `${name} ${kind}`),
      ["a host", "b host", "s switch"],
    );
    assert.deepEqual(
      cables.map(({ name }) => name),
      ["a.eth0-s.1", "b.eth0-s.2"],
    );
    assert.deepEqual(
      programs.map(({ name, state }) => `${name} ${state}`),
      ["b/server running", "a/test done"],
    );
    assert.equal(a.tcp !== b.tcp, true);
    network.removeTap(tap);
  });

  test("numbers its Nics and their MAC addresses in the order in which they are made", () => {
    const { network } = lan();
    assert.deepEqual(
      network.nics.map((nic) => `${nic.index} ${nic.fullName} ${nic.mac.toString(16)}`),
      ["0 a.lo 0", "1 a.eth0 20000000001", "2 b.lo 0", "3 b.eth0 20000000002", "4 s.1 0", "5 s.2 0"],
    );
  });

  test("a route names the congestion control of the connections that go by it", () => {
    const network = new Network();
    const routes = [{ to: "10.2.0.0/16", via: "10.0.0.9", congestionControl: "bbr" }] as const;
    const { tcp } = network.host("a", {
      address: "10.0.0.1/24",
      gateway: "10.0.0.9",
      routes,
      tcp: { congestionControl: "newreno" },
    });
    const chosen = ["10.2.0.1", "10.3.0.1"].map((to) => {
      const connection = tcp.connect(undefined, ip(to), 80);
      assert.ok(typeof connection !== "string");
      return connection.info.congestionControl;
    });
    assert.deepEqual(chosen, ["bbr", "newreno"]);
  });

  test("routers forward, and hosts have several interfaces and routes", async () => {
    const network = new Network({ tcp: { sack: false } });
    network.host("a", { address: "10.0.1.2/24", gateway: "10.0.1.1" });
    network.router("r", { interfaces: { left: "10.0.1.1/24", right: { address: ["10.0.2.1/24"], mtu: 1400 } } });
    network.host("b", { address: "10.0.2.2/24", routes: [{ to: "10.0.1.0/24", via: "10.0.2.1" }] });
    network.cable("a", "r.left");
    network.cable("b", "r", { delay: milliseconds(2) });
    network.start("b", server);
    const lines: string[] = [];
    network.onLog(({ text }) => lines.push(text));
    const client = program(async ({ sockets }) => {
      const socket = sockets.socket("inet", "stream");
      await socket.connect({ address: "10.0.2.2", port: 80 });
      await socket.send(new TextEncoder().encode("through"));
    });
    network.start("a", client);
    await runLoopOf(network).run(seconds(5) as number as Instant);
    assert.deepEqual(lines, ["through"]);
  });

  test("what cannot be built is refused with why", () => {
    const { network, a } = lan();
    assert.throws(() => network.host("a"), /there is a device a already/);
    assert.throws(() => network.host("a b"), /not a name/);
    assert.throws(() => network.host("c", { address: "10.0.0.1" }), /not an address and prefix length/);
    assert.throws(() => network.host("d", { address: "224.0.0.1/24" }), /cannot have the address/);
    assert.throws(() => network.host("e", { address: "10.0.0.5/24", gateway: "10.9.9.9" }), /cannot have the route/);
    assert.throws(() => network.cable(a, "s"), /every port of a has a cable/);
    assert.throws(() => network.cable("a.eth0", "s"), /a.eth0 has a cable already/);
    assert.throws(() => network.cable("x", "s"), /no device x/);
    assert.throws(() => network.cable("a.eth7", "s"), /a has no port eth7/);
    assert.throws(() => network.cable("s", "s.7"), /s has no port 7/);
    assert.throws(() => network.cable("s", "s", { delay: "fast" }), /not a duration/);
    assert.throws(() => network.cable("s", "s", { loss: "much" }), /not a probability/);
    assert.throws(() => network.start("x", server), /no host x/);
  });
});

describe("programs", () => {
  const stubborn = program(async ({ clock, log }) => {
    for (;;) {
      await clock.sleep(seconds(1));
      log("said", { what: "still here" });
    }
  });

  test("one that fails says why, and its sockets are closed", async () => {
    const { network, a, loop, lines } = lan();
    const run = network.start(
      a,
      program(async ({ sockets, clock }) => {
        await sockets.socket("inet", "dgram").bind({ address: "0.0.0.0", port: 5 });
        await clock.sleep(seconds(1));
        throw new Error("no more");
      }),
    );
    const second = network.start(
      a,
      program(async () => {}),
    );
    await loop.run(milliseconds(500) as number as Instant);
    assert.deepEqual(run.snapshot(), { name: "a/test", host: "a", state: "running", sockets: 1 });
    assert.deepEqual([second.name, second.state], ["a/test#2", "done"]);
    await loop.run(seconds(2) as number as Instant);
    assert.deepEqual([run.state, run.snapshot().sockets], ["failed", 0]);
    assert.equal(lines[0]?.text, "test failed: no more");
    assert.match(String(run.error), /no more/);
  });

  test("one that is asked to stop ends by its signal", async () => {
    const { network, a, loop } = lan();
    const polite = network.start(
      a,
      program(({ clock, signal }) => clock.sleep(seconds(100), signal)),
    );
    const waiting = network.start(a, stubborn, {}, "1h");
    await loop.run(seconds(1) as number as Instant);
    polite.stop();
    waiting.stop();
    await loop.run(seconds(2) as number as Instant);
    assert.deepEqual([polite.state, waiting.state], ["stopped", "stopped"]);
  });

  test("a host's programs are killed: connections are reset, and nothing they still do has effect", async () => {
    const { network, a, loop, lines } = lan();
    network.start("b", server);
    let socketsAfter: () => unknown = () => {};
    const victim = network.start(
      a,
      program(async ({ sockets, clock, log }) => {
        const socket = sockets.socket("inet", "stream");
        await socket.connect({ address: "10.0.0.2", port: 80 });
        socketsAfter = () => sockets.socket("inet", "stream");
        await socket.recv(1).catch(() => {});
        log("said", { what: "a ghost" });
        await clock.sleep(seconds(1));
        log("said", { what: "a ghost, later" });
      }),
    );
    await loop.run(seconds(1) as number as Instant);
    network.programs.kill(a);
    network.programs.kill(a);
    await loop.run(seconds(5) as number as Instant);
    assert.equal(victim.state, "killed");
    assert.deepEqual(
      lines.map(({ text }) => text),
      ["recv ECONNRESET"],
    );
    assert.throws(socketsAfter, /ECANCELED/);
  });

  test("a program that is not given what it needs does not start", () => {
    const { network, a } = lan();
    const needy: Program<{ what: string }> = {
      ...program(async () => {}),
      parameters: { what: { type: "text", summary: "" } },
    };
    assert.throws(() => network.start(a, needy), /needs the parameter what/);
  });
});

test("networks of different names have different MAC addresses, so that doors may join them", () => {
  const first = (name: string) =>
    new Network({ name }).host("a", { address: "10.0.0.1/24" }).nics.find((nic) => nic.name === "eth0")?.mac;
  assert.notEqual(first("here"), first("there"));
  assert.equal(first("here"), first("here"));
});

test("hosts announce themselves when the network is built: taps see it from the start, and cables delay it", () => {
  const network = new Network();
  network.host("a", { address: "10.0.0.1/24" });
  network.host("b", { address: "10.0.0.2/24" });
  network.cable("a", "b").setConditions("both", { delay: milliseconds(1) });
  const seen: string[] = [];
  network.addTap({ saw: (now, nic, direction) => seen.push(`${now} ${nic.fullName} ${direction}`) });
  network.scheduler.runUntil(seconds(1) as number as Instant);
  assert.deepEqual(seen, ["0 a.eth0 out", "0 b.eth0 out", "1000000 b.eth0 in", "1000000 a.eth0 in"]);
});
