import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { cli, networkFile, temporaryFolder } from "../support/cli.ts";

/** Two LANs with every fault there is, and programs of every kind. */
const NETWORK = `netarium: 1
nameServers: [chat]
devices:
  ann: {kind: host, address: 10.0.1.2/24, gateway: 10.0.1.1, programs: [{run: chat-user, with: {server: "chat:8888", name: Ann, pause: 2s}}]}
  bob: {kind: host, address: 10.0.1.3/24, gateway: 10.0.1.1, programs: [{run: chat-user, with: {server: "chat:8888", name: Bob, pause: 3s}, at: 1s}]}
  cat:
    kind: host
    address: 10.0.1.4/24
    gateway: 10.0.1.1
    programs:
      - {run: bulk-client, with: {server: "bulk:5001", bytes: 300000}, at: 2s}
      - {run: udp-echo-client, with: {server: "bulk.lan.test:7", count: 20, size: 4000, every: 100ms}}
  hub: {kind: hub}
  router: {kind: router, interfaces: {left: 10.0.1.1/24, right: {address: 10.0.2.1/24, mtu: 1400}}}
  switch: {kind: switch}
  chat: {kind: host, address: 10.0.2.2/24, gateway: 10.0.2.1, programs: [chat-server, {run: dns-server, with: {domain: lan.test, ttl: 5s}}]}
  bulk:
    kind: host
    address: 10.0.2.3/24
    gateway: 10.0.2.1
    programs: [{run: bulk-server, with: {port: 5001}}, echo-server]
cables:
  - {between: [ann, hub], delay: 1ms, rate: 10Mbit/s, loss: 2%}
  - {between: [bob, hub], delay: 2ms, rate: 10Mbit/s, jitter: 1ms, duplication: 2%}
  - {between: [cat, hub], delay: 1ms, rate: 10Mbit/s, from: {cat: {reordering: 5%}}}
  - {between: [hub, router.left], delay: 1ms, rate: 100Mbit/s}
  - {between: [router.right, switch], delay: 5ms, rate: 10Mbit/s, queue: 20, corruption: 1%}
  - {between: [chat, switch], delay: 1ms}
  - {between: [bulk, switch]}
faults:
  - {cable: [hub, router], at: 5s, for: 2s, every: 20s, do: cut, from: hub}
  - {cable: [bob, hub], at: 15s, for: 1s, do: unplug}
  - {cable: [switch, bulk], at: 3s, for: 10s, corruption: 1%, pastFcs: true}
`;

interface Summary {
  readonly trace: { readonly sha256: string; readonly records: number };
  readonly drops: Record<string, number>;
  readonly wallNanoseconds: number;
}

const summaryOf = (stdout: string): Summary => JSON.parse(stdout) as Summary;
/** All but how long it took. */
const facts = (stdout: string) => ({ ...summaryOf(stdout), wallNanoseconds: 0 });

describe("the same seed", () => {
  test("gives the same run in another process, watched or not, and another seed another", async (t) => {
    const file = networkFile(t, NETWORK);
    const folder = temporaryFolder(t);
    const run = (...more: string[]) => cli("run", file, "--for", "1m", ...more);
    const first = await run("--json", "--pcap", join(folder, "a.pcapng"));
    assert.equal(first.code, 0, first.stderr);
    const second = await run("--json", "--pcap", join(folder, "b.pcapng"));
    const unwatched = await run("--json");
    const untapped = await run();
    const other = await run("--json", "--seed", "2");
    const { trace, drops } = summaryOf(first.stdout);
    assert.ok(trace.records > 1000 && (drops["cable-loss"] ?? 0) > 0 && (drops["fcs-error"] ?? 0) > 0, first.stdout);
    assert.deepEqual(facts(second.stdout), facts(first.stdout));
    assert.deepEqual(facts(unwatched.stdout), facts(first.stdout));
    assert.ok(readFileSync(join(folder, "a.pcapng")).equals(readFileSync(join(folder, "b.pcapng"))), "pcapng files");
    assert.notEqual(summaryOf(other.stdout).trace.sha256, trace.sha256);
    const log = (text: string) => text.split("\n").filter((line) => /^ +\d+\.\d{6} /.test(line));
    assert.ok(log(untapped.stdout).length > 20);
    assert.deepEqual(log(untapped.stdout), log(first.stderr), "no tap at all");
  });

  test("gives the same run in real time as at once", async (t) => {
    const file = networkFile(t, NETWORK);
    const [fast, paced] = await Promise.all([
      cli("run", file, "--for", "6s", "--json"),
      cli("run", file, "--for", "6s", "--json", "--speed", "5"),
    ]);
    assert.equal(summaryOf(paced.stdout).trace.sha256, summaryOf(fast.stdout).trace.sha256);
  });
});

test("ten hosts chat for an hour of virtual time", async (t) => {
  const users = Array.from({ length: 10 }, (_, n) => {
    const program = `{run: chat-user, with: {server: "room:8888", name: User${n}, pause: 30s}}`;
    return `  pc${n}: {kind: host, address: 10.0.0.${n + 1}/24, programs: [${program}]}\n`;
  });
  const cables = [...users.keys()].map((n) => `  - {between: [pc${n}, switch], delay: 1ms, rate: 100Mbit/s}\n`);
  const file = networkFile(
    t,
    `netarium: 1\ndevices:\n${users.join("")}
  switch: {kind: switch}
  room: {kind: host, address: 10.0.0.100/24, programs: [chat-server]}
cables:\n${cables.join("")}  - {between: [room, switch]}\n`,
  );
  const { code, stdout, stderr } = await cli("run", file, "--for", "1h", "--json");
  assert.equal(code, 0, stderr);
  const summary = JSON.parse(stdout) as Summary & { connections: { accepted: number }; frames: { sent: number } };
  assert.ok(summary.connections.accepted >= 10 && summary.frames.sent > 10_000, stdout);
  t.diagnostic(`${summary.frames.sent} frames in ${(summary.wallNanoseconds / 1e9).toFixed(2)} s`);
});
