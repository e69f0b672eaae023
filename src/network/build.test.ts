import assert from "node:assert/strict";
import test from "node:test";
import { runLoopOf } from "../../test/support/run-loop.ts";
import { ip } from "../address/ip.ts";
import { type Prefix, parsePrefix } from "../address/prefix.ts";
import { type Duration, type Instant, milliseconds, seconds } from "../time/instant.ts";
import { build } from "./build.ts";
import type { HostDocument, NetworkDocument } from "./document.ts";

const prefix = (text: string) => parsePrefix(text)?.prefix as Prefix;
const interfaceOf = (name: string, address: string) => ({
  name,
  addresses: [{ address: ip(address), prefix: prefix(`${address}/24`) }],
  mtu: undefined,
  mac: undefined,
});
const host = (name: string, address: string, more: Partial<HostDocument> = {}): HostDocument => ({
  ...{ kind: "host", name, interfaces: [interfaceOf("eth0", address)], routes: [], tcp: {}, names: {}, programs: [] },
  ...more,
});
const at = (time: Duration) => time as number as Instant;

const document: NetworkDocument = {
  ...{ name: "two LANs", welcome: "", seed: 5, epoch: 0, tcp: {}, names: {} },
  devices: [
    host("pc", "10.0.1.2", {
      routes: [{ to: prefix("0.0.0.0/0"), gateway: ip("10.0.1.1") }],
      programs: [
        {
          program: "time-client",
          parameters: { server: { address: "10.0.2.2", port: 3434 } },
          at: seconds(3),
        },
      ],
    }),
    host("r", "10.0.1.1", {
      kind: "router",
      interfaces: [interfaceOf("eth0", "10.0.1.1"), interfaceOf("eth1", "10.0.2.1")],
    }),
    host("server", "10.0.2.2", {
      routes: [{ to: prefix("10.0.0.0/8"), gateway: ip("10.0.2.1") }],
      programs: [{ program: "time-server", parameters: {}, at: 0 as Duration }],
    }),
    { kind: "hub", name: "hub", ports: 2 },
    { kind: "switch", name: "switch", ports: 3 },
  ],
  cables: [
    {
      a: { device: "pc", port: "eth0" },
      b: { device: "hub", port: "1" },
      conditions: [{ delay: milliseconds(1) }, { delay: milliseconds(2), loss: 0.5 }],
      queue: 7,
      offload: false,
    },
    {
      a: { device: "hub", port: "2" },
      b: { device: "r", port: "eth0" },
      conditions: [{}, {}],
      queue: undefined,
      offload: false,
    },
    {
      a: { device: "r", port: "eth1" },
      b: { device: "switch", port: "1" },
      conditions: [{}, {}],
      queue: undefined,
      offload: false,
    },
    {
      a: { device: "switch", port: "3" },
      b: { device: "server", port: "eth0" },
      conditions: [{}, {}],
      queue: undefined,
      offload: false,
    },
    {
      a: { device: "switch", port: "2" },
      b: { device: "out", port: "eth0" },
      conditions: [{}, {}],
      queue: undefined,
      offload: false,
    },
  ],
  doors: [{ kind: "stream", name: "out", at: { path: "x.sock" }, listen: true }],
  faults: [
    {
      cable: 0,
      direction: "b-a",
      action: { kind: "change", conditions: { loss: 0 } },
      at: seconds(1),
      for: undefined,
      every: undefined,
    },
  ],
};

test("a document becomes a network that runs: devices, cables, routes, programs, faults, doors", async () => {
  const network = build(document);
  const texts: string[] = [];
  network.onLog(({ program, text }) => texts.push(`${program}: ${text}`));
  const [cable] = network.cables;
  assert.equal(network.seed, 5);
  assert.equal(network.nics.find(({ fullName }) => fullName === "pc.eth0")?.queueLimit, 7);
  assert.deepEqual(
    cable?.directions.map(({ conditions }) => [conditions.delay, conditions.loss]),
    [
      [1e6, 0],
      [2e6, 0.5],
    ],
  );
  await runLoopOf(network).run(at(seconds(5)));
  assert.equal(cable?.directions[1].conditions.loss, 0);
  assert.match(texts.join("\n"), /time-client: .*1970-01-01/);
  assert.deepEqual(
    network.programs.all.map(({ name, state }) => `${name} ${state}`),
    ["pc/time-client done", "server/time-server running"],
  );
  assert.equal(network.devices.get("out")?.kind, "door");
});

test("another seed can be given, and a program that is not there is refused", () => {
  assert.equal(build(document, { seed: 9 }).seed, 9);
  assert.equal(build({ ...document, seed: undefined }).seed, 1);
  assert.throws(() => build(document, { programs: new Map() }), /no program time-client/);
});
