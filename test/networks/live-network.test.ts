/** Documents that change while their network runs. */
import assert from "node:assert/strict";
import test from "node:test";
import { PROGRAMS } from "../../src/application/registry.ts";
import { Random } from "../../src/base/random.ts";
import { Host } from "../../src/device/host.ts";
import type { DocumentRead } from "../../src/engine/document/tools.ts";
import type { DocumentCommand } from "../../src/engine/protocol/document.ts";
import { beginsAnew, LiveNetwork } from "../../src/network/change/live-network.ts";
import type { NetworkDocument } from "../../src/network/document.ts";
import { editDocument, readText } from "../../src/platform/document/edit/index.ts";
import { runLoop } from "../../src/platform/node/run-loop.ts";
import type { Instant } from "../../src/time/instant.ts";
import { seconds } from "../../src/time/instant.ts";
import { randomCommand } from "../fixtures/document-commands.ts";
import { Trace } from "../fixtures/trace.ts";
import { size } from "../size.ts";

const OPTIONS = { programs: PROGRAMS };

/** A network of a text that commands change as it runs. */
class Live {
  read: DocumentRead;
  readonly live: LiveNetwork;
  readonly trace = new Trace();
  readonly #loop;
  readonly log: string[] = [];

  constructor(text: string) {
    const read = readText(text, OPTIONS);
    assert.ok(read.document, JSON.stringify(read.problems));
    this.read = read;
    this.live = new LiveNetwork(read.document);
    this.live.network.addTap(this.trace);
    this.live.network.onLog(({ host, text }) => this.log.push(`${host}: ${text}`));
    this.#loop = runLoop(this.live.network, { speed: "max" });
  }

  get network() {
    return this.live.network;
  }

  async until(time: number): Promise<void> {
    await this.#loop.run(seconds(time) as number as Instant);
  }

  edit(...commands: DocumentCommand[]): void {
    const result = editDocument(this.read, commands, OPTIONS);
    assert.ok(result.document, JSON.stringify(result.problems));
    this.read = result;
    this.live.become(result.document);
  }

  host(name: string): Host {
    const host = this.network.devices.get(name);
    assert.ok(host instanceof Host);
    return host;
  }

  /** What was seen at the Nics of devices, without the numbers of packets, which are drawn for all. */
  seen(...devices: string[]): string[] {
    return this.trace.lines
      .filter((line) => devices.includes(line.split(" ")[1]?.split(".")[0] ?? ""))
      .map((line) => line.replace(/ \d+ \d+ ([0-9a-f]*)$/, " $1"));
  }
}

const TRANSFER = `netarium: 1
devices:
  a: { kind: host, address: 10.0.0.1/24, programs: [{ run: bulk-client, with: { server: "b:5001", bytes: 3000000 } }] }
  s: { kind: switch }
  b: { kind: host, address: 10.0.0.2/24, programs: [bulk-server] }
  x: { kind: host, address: 10.1.0.1/24 }
  y: { kind: host, address: 10.1.0.2/24 }
cables:
  - { between: [x, y], delay: 1ms }
  - { between: [a, s], delay: 5ms, rate: 20Mbit/s, loss: 0.5%, jitter: 100us }
  - { between: [s, b], delay: 1ms, rate: 20Mbit/s }
`;

test("a transfer runs on through edits that do not touch it, byte for byte the same, until one does", async () => {
  const quiet = new Live(TRANSFER);
  await quiet.until(3);
  const edited = new Live(TRANSFER);
  const steps: DocumentCommand[][] = [
    [{ do: "remove", cables: [0] }],
    [{ do: "device.add", name: "z", device: { kind: "host", address: "10.1.0.3/24", programs: ["time-server"] } }],
    [{ do: "cable.add", cable: { between: ["z", "x"], delay: "1ms", loss: "50%" } }],
    [{ do: "program.add", host: "z", program: { run: "udp-sender", with: { to: "x:99", rounds: 0, every: "10ms" } } }],
    [
      { do: "device.rename", name: "y", to: "w" },
      { do: "network.set", set: { name: "N", hosts: { z: "x" } } },
    ],
    [{ do: "device.set", name: "x", set: { address: "10.1.0.9/24" } }],
    [{ do: "program.remove", host: "z", index: 1 }],
    [{ do: "remove", devices: ["x", "z"] }],
    [{ do: "layout.set", positions: { a: [1, 2] } }],
  ];
  for (const [index, commands] of steps.entries()) {
    await edited.until(0.2 + index * 0.2);
    edited.edit(...commands);
  }
  await edited.until(2.5);
  const before = (lines: readonly string[]) => lines.filter((line) => Number(line.split(" ")[0]) <= 2.5e9);
  assert.ok(before(quiet.seen("a", "s", "b")).length > 5000);
  assert.ok(before(edited.seen("a", "s", "b")).join() === before(quiet.seen("a", "s", "b")).join());
  edited.edit({ do: "cable.set", cable: 0, set: { delay: "9ms" } });
  await edited.until(3);
  assert.ok(edited.seen("a", "s", "b").join() !== quiet.seen("a", "s", "b").join());
});

test("a device that is taken away is silent at once, and its peers find out by themselves", async () => {
  const live = new Live(TRANSFER);
  await live.until(0.5);
  const nics = live.network.nics.length;
  const indexes = live.network.allCables.map(({ index }) => index);
  live.edit({ do: "remove", devices: ["b"] });
  assert.equal(live.network.devices.has("b"), false);
  assert.deepEqual(
    live.network.cables.map(({ index }) => index),
    [0, 1],
  );
  const seen = live.seen("b").length;
  await live.until(3);
  assert.equal(
    live.seen("b").filter((line) => !line.includes(" drop ")).length,
    live
      .seen("b")
      .slice(0, seen)
      .filter((line) => !line.includes(" drop ")).length,
  );
  assert.ok(
    live
      .host("a")
      .snapshot()
      .tcp.connections.some(({ state }) => state === "ESTABLISHED"),
    "it still tries",
  );
  live.edit(
    { do: "device.add", name: "b", device: { kind: "host", address: "10.0.0.2/24", programs: ["bulk-server"] } },
    { do: "cable.add", cable: { between: ["s", "b"], delay: "1ms" } },
  );
  assert.deepEqual(
    live.network.allCables.map(({ index }) => index),
    [...indexes, indexes.length],
  );
  assert.ok(live.network.nics.length > nics && live.network.nics.every(({ index }, place) => index === place));
  const [old, back] = live.network.nics.filter(({ fullName }) => fullName === "b.eth0");
  assert.equal(old?.mac, back?.mac, "it comes back with its address");
  await live.until(40);
  assert.ok(
    live.log.some((line) => line.startsWith("a: ") && /reset|ECONNRESET/i.test(line)),
    live.log.join("\n"),
  );
});

test("addresses, routes, conditions, queues, faults and programs become what the document says", async () => {
  const live = new Live(`netarium: 1
devices:
  a: { kind: host, address: 10.0.0.1/24, gateway: 10.0.0.254, programs: [time-server] }
  r: { kind: router, interfaces: { eth0: 10.0.0.254/24, eth1: 10.0.1.254/24 } }
  b: { kind: host, address: 10.0.1.1/24, gateway: 10.0.1.254, programs: [{ run: time-client, with: { server: "a:3434", times: 0, every: 1s } }] }
cables:
  - { between: [a, r.eth0], delay: 1ms }
  - { between: [r.eth1, b], delay: 1ms }
`);
  const asked = () => live.log.filter((line) => line.startsWith("b: ")).length;
  await live.until(2.5);
  assert.equal(asked(), 3);
  live.edit({ do: "device.set", name: "b", set: { address: "10.0.1.7/24", gateway: null } });
  assert.deepEqual(
    live
      .host("b")
      .snapshot()
      .ipv4.routes.map(({ prefix }) => prefix),
    ["10.0.1.0/24"],
  );
  live.edit({ do: "device.set", name: "b", set: { routes: [{ to: "10.0.0.0/16", via: "10.0.1.254" }] } });
  await live.until(9.5);
  assert.ok(asked() > 6, live.log.join("\n"));
  live.edit({ do: "cable.set", cable: 0, set: { queue: 7, cut: true } });
  assert.equal(live.network.cables[0]?.a.queueLimit, 7);
  const count = asked();
  await live.until(12);
  assert.equal(asked(), count);
  live.edit({ do: "cable.set", cable: 0, set: { queue: null, cut: null } });
  assert.equal(live.network.cables[0]?.a.queueLimit, 1000);
  live.edit({ do: "fault.add", fault: { cable: ["a", "r"], at: "10s", for: "5s", do: "unplug" } });
  await live.until(13);
  assert.equal(live.network.cables[0]?.plugged, false, "it began in the past, and lasts");
  live.edit({ do: "cable.set", cable: 0, set: { delay: "3ms" } });
  live.edit({ do: "fault.remove", index: 0 });
  assert.equal(live.network.cables[0]?.plugged, true);
  assert.equal(live.network.cables[0]?.directions[0].conditions.delay, 3e6);
  live.edit({ do: "program.set", host: "a", index: 0, program: { run: "time-server", with: { port: 99 } } });
  await live.until(14);
  assert.deepEqual(
    live.network.programs.all.map(({ name, state }) => `${name} ${state}`),
    ["a/time-server killed", "b/time-client running", "a/time-server#2 running"],
  );
  assert.equal(live.host("a").snapshot().tcp.listening.length, 1);
});

test("cables keep their ports on hubs, whatever the document would give them from the beginning", async () => {
  const live = new Live(`netarium: 1
devices:
  h: { kind: hub }
  a: { kind: host, address: 10.0.0.1/24 }
  b: { kind: host, address: 10.0.0.2/24 }
cables: [{ between: [a, h] }, { between: [b, h] }]
`);
  const [, second] = live.network.cables;
  live.edit({ do: "remove", cables: [0] });
  assert.deepEqual(live.live.cables, [second]);
  assert.equal(second?.b.name, "2");
  live.edit({ do: "cable.add", cable: { between: ["a", "h"] } });
  assert.equal(live.live.cables[1]?.b.name, "3", "a port that had another cable is left alone");
  live.edit({ do: "remove", cables: [1] }, { do: "cable.add", cable: { between: ["a", "h.2"] } });
  assert.deepEqual(
    live.live.cables.map(({ a, b }) => `${a.fullName}-${b.fullName}`),
    ["b.eth0-h.4", "a.eth0-h.2"],
  );
});

test("what cannot change while a network runs is told", () => {
  const read = (text: string) => readText(`netarium: 1\n${text}\ndevices: {}\n`, OPTIONS).document as NetworkDocument;
  assert.equal(beginsAnew(read(""), read("name: x")), undefined);
  assert.equal(beginsAnew(read(""), read("seed: 1")), undefined);
  assert.equal(beginsAnew(read(""), read("seed: 2")), "seed");
  assert.equal(beginsAnew(read(""), read("seed: 2"), 7), undefined, "the seed is given elsewhere");
  assert.equal(beginsAnew(read(""), read("epoch: 2020-01-01")), "epoch");
});

/** What of a network its document decides. */
function shape({ network }: LiveNetwork): unknown {
  const hosts = [...network.devices.values()].map((device) => ({
    name: device.name,
    kind: device.kind,
    ...(device instanceof Host && {
      interfaces: device.internet.interfaces.all.map(({ nic, addresses, mtu }) => [
        nic.name,
        mtu,
        addresses.map(({ address }) => address),
      ]),
      routes: device.internet
        .snapshot()
        .routes.map((route) => JSON.stringify(route))
        .sort(),
      sack: device.tcp.settings.sack,
    }),
  }));
  const port = ({ device, name }: { readonly device: string; readonly name: string }) =>
    /^\d+$/.test(name) ? device : `${device}.${name}`;
  const cables = network.cables.map(({ a, b, directions }) =>
    JSON.stringify([port(a), port(b), directions.map(({ conditions }) => conditions)]),
  );
  return {
    hosts: hosts.sort((one, other) => (one.name < other.name ? -1 : 1)),
    cables: cables.sort(),
    published: [...network.published.keys()].sort(),
    programs: network.programs.all
      .filter(({ state }) => state === "waiting")
      .map(({ host, program }) => `${host.name}/${program.name}`)
      .sort(),
  };
}

test("after any edits the network is what its document would be built as, and an edit and its inverse change nothing", () => {
  for (let seed = 1; seed <= size(2, 60); seed++) {
    const random = new Random(seed, "live");
    const live = new Live(TRANSFER);
    for (let count = 0; count < 60; count++) {
      const result = editDocument(live.read, [randomCommand(random, live.read.network)], OPTIONS);
      if (result.document === undefined) continue;
      const before = live.read;
      live.read = result;
      live.live.become(result.document);
      assert.deepEqual(shape(live.live), shape(new LiveNetwork(result.document)), `seed ${seed}, edit ${count}`);
      if (!random.chance(0.3)) continue;
      live.live.become(before.document);
      assert.deepEqual(shape(live.live), shape(new LiveNetwork(before.document)), `seed ${seed}, edit ${count} undone`);
      live.live.become(result.document);
    }
  }
});
