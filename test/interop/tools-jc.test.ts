/** Debian's jc reads our tables into the same keys as those of the real tools. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import test from "node:test";
import { dnsServer } from "../../src/application/dns/server/server.ts";
import { COMMANDS } from "../../src/application/shell/commands.ts";
import { HostFiles } from "../../src/application/shell/host-files.ts";
import { TOOLS } from "../../src/application/tools/index.ts";
import { startCommand } from "../../src/network/commands.ts";
import { Network } from "../../src/network/network.ts";
import type { Instant } from "../../src/time/instant.ts";
import { runCommand } from "../fixtures/tools.ts";
import { TwoHosts } from "../networks/sockets/two-hosts.ts";
import { requireTool } from "../require.ts";
import { runLoopOf } from "../support/run-loop.ts";

type Row = Readonly<Record<string, unknown>>;

/** Octets that a tool may print: a machine may have thousands of sockets. */
const OUTPUT_LIMIT = 2 ** 28;

function parse(parser: string, text: string): Row[] {
  const { status, stdout, stderr } = spawnSync("jc", [`--${parser}`], {
    input: text,
    encoding: "utf8",
    maxBuffer: OUTPUT_LIMIT,
  });
  assert.equal(status, 0, stderr);
  const value = JSON.parse(stdout) as Row | Row[];
  return Array.isArray(value) ? value : [value];
}

const keysOf = (row: Row | undefined): string[] => Object.keys(row ?? {}).sort();

/** What the real tool says, in C's language. */
function real(tool: string, line: string): string {
  const { stdout } = spawnSync(tool, line.split(" ").filter(Boolean), {
    encoding: "utf8",
    maxBuffer: OUTPUT_LIMIT,
    env: { ...process.env, LC_ALL: "C", PATH: `${process.env.PATH}:/usr/sbin:/sbin` },
  });
  return stdout;
}

async function hosts() {
  const two = new TwoHosts();
  two.client.addRoute("0.0.0.0/0", "10.0.0.2");
  const run = async (line: string) => {
    const [name, ...args] = line.split(" ");
    const command = TOOLS.find((tool) => tool.name === name);
    assert.ok(command !== undefined, name);
    return (await runCommand(two, two.client, command, args.join(" "))).out;
  };
  await run("ping -c1 server");
  await two.run(async () => {
    const socket = two.net.client.socket("inet", "stream");
    await socket.bind({ address: "127.0.0.1", port: 80 });
    await socket.listen();
  });
  return { run };
}

test("ping", async (t) => {
  if (!requireTool(t, "jc", "ping")) return;
  const { run } = await hosts();
  const [theirs] = parse("ping", real("ping", "-c 2 -i 0.2 127.0.0.1"));
  const [ours] = parse("ping", await run("ping -c 2 -i 0.2 10.0.0.2"));
  assert.deepEqual(keysOf(ours), keysOf(theirs));
  const answers = (row: Row | undefined): Row[] => row?.responses as Row[];
  assert.deepEqual(keysOf(answers(ours)[0]), keysOf(answers(theirs)[0]));
  assert.deepEqual([ours?.packets_transmitted, ours?.packets_received, ours?.packet_loss_percent], [2, 2, 0]);
  assert.deepEqual(answers(ours)[1]?.icmp_seq, 2);
});

test("ifconfig", async (t) => {
  if (!requireTool(t, "jc", "ifconfig")) return;
  const { run } = await hosts();
  const [lo] = parse("ifconfig", real("ifconfig", "lo"));
  const { ipv6: _, ...theirs } = lo ?? {}; // which we do not speak
  const [ours, loopback] = parse("ifconfig", await run("ifconfig"));
  assert.deepEqual(keysOf(loopback), keysOf(theirs));
  assert.deepEqual(keysOf(ours), keysOf(theirs));
  assert.deepEqual(
    [ours?.name, ours?.ipv4_addr, ours?.ipv4_mask, ours?.ipv4_bcast, ours?.mtu],
    ["eth0", "10.0.0.1", "255.255.255.0", "10.0.0.255", 1500],
  );
});

test("netstat", async (t) => {
  if (!requireTool(t, "jc", "netstat")) return;
  const { run } = await hosts();
  const server = createServer().listen(0, "127.0.0.1");
  t.after(() => server.close());
  await once(server, "listening");
  const isOne = ({ state, local_address: address }: Row): boolean => state === "LISTEN" && address === "127.0.0.1";
  const theirs = parse("netstat", real("netstat", "-tln")).find(isOne);
  const ours = parse("netstat", await run("netstat -tln")).find(isOne);
  assert.deepEqual(keysOf(ours), keysOf(theirs));
  assert.deepEqual([ours?.local_port_num, ours?.proto], [80, "tcp"]);
});

test("ss", async (t) => {
  if (!requireTool(t, "jc", "ss")) return;
  const { run } = await hosts();
  const server = createServer().listen(0, "127.0.0.1");
  t.after(() => server.close());
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  // Another program may have the same port in another protocol, or as its end of a connection.
  const isIt = (row: Row): boolean => row.local_port_num === port && row.state === "LISTEN";
  const theirs = parse("ss", real("ss", "-tulan")).find(isIt);
  const ours = parse("ss", await run("ss -tulan")).find((row) => row.local_port_num === 80);
  const all = (row: Row | undefined) => keysOf(row).filter((key) => key !== "opts" && key !== "process_id");
  assert.deepEqual(all(ours), all(theirs));
  assert.deepEqual([ours?.state, ours?.local_address, ours?.send_q], ["LISTEN", "127.0.0.1", 128]);
});

test("route and arp: as many columns under the same names, where the machine has any", async (t) => {
  if (!requireTool(t, "jc", "route", "arp")) return;
  const { run } = await hosts();
  for (const [tool, line, row] of [
    ["route", "-n", { destination: "0.0.0.0", gateway: "10.0.0.2", genmask: "0.0.0.0", iface: "eth0" }],
    ["arp", "-n", { address: "10.0.0.2", hwtype: "ether", iface: "eth0" }],
    ["arp", "-a", { address: "10.0.0.2", hwtype: "ether", iface: "eth0" }],
  ] as const) {
    const [ours] = parse(tool, await run(`${tool} ${line}`));
    for (const [key, value] of Object.entries(row)) assert.equal(ours?.[key], value, `${tool} ${line}: ${key}`);
    const [theirs] = parse(tool, real(tool, line));
    if (theirs !== undefined) assert.deepEqual(keysOf(ours), keysOf(theirs), `${tool} ${line}`);
  }
});

test("traceroute", async (t) => {
  if (!requireTool(t, "jc", "traceroute")) return;
  const { run } = await hosts();
  const [theirs] = parse("traceroute", real("traceroute", "-n 127.0.0.1"));
  const [ours] = parse("traceroute", await run("traceroute -n 10.0.0.2"));
  assert.deepEqual(keysOf(ours), keysOf(theirs));
  const hops = (row: Row | undefined): Row[] => row?.hops as Row[];
  assert.deepEqual(keysOf(hops(ours)[0]), keysOf(hops(theirs)[0]));
  const probes = hops(ours)[0]?.probes as Row[];
  assert.deepEqual([hops(ours).length, probes.length, probes[0]?.ip], [1, 3, "10.0.0.2"]);
});

test("dig", async (t) => {
  if (!requireTool(t, "jc", "dig")) return;
  const network = new Network({ nameServers: ["10.0.0.53"] });
  const pc = network.host("pc", { address: "10.0.0.1/24" });
  const ns = network.host("ns", { address: "10.0.0.53/24" });
  network.cable(pc, ns, { delay: "1ms" });
  const domain = { name: "example.test", server: "ns", hosts: [{ name: "web", addresses: ["10.0.0.1/24"] }] };
  network.start(ns, dnsServer, { domain, records: ["www CNAME web"] });
  const loop = runLoopOf(network);
  await loop.run(1e9 as Instant);
  let out = "";
  const command = COMMANDS.get("dig");
  assert.ok(command);
  const { ended } = startCommand(network, pc, command, ["www.example.test"], {
    files: new HostFiles(),
    stdout: async (bytes) => {
      out += new TextDecoder().decode(bytes);
    },
    stderr: () => {},
    async *stdin() {},
  });
  await loop.run(10e9 as Instant);
  assert.equal(await ended, 0);
  const [row] = parse("dig", out);
  const answers = row?.answer as Row[];
  const expected = ["www.example.test.|CNAME|web.example.test.", "web.example.test.|A|10.0.0.1"];
  assert.deepEqual(
    answers.map(({ name, type, data }) => [name, type, data].join("|")),
    expected,
  );
  assert.deepEqual([row?.status, row?.query_num, row?.answer_num], ["NOERROR", 1, 2]);
  const reference = parse("dig", DIG_OF_BIND)[0];
  assert.deepEqual(keysOf(row), keysOf(reference));
});

/** What BIND's dig 9.18 shows of an answer, in its columns. */
const DIG_OF_BIND = `
; <<>> DiG 9.18.28-1~deb12u2-Debian <<>> a.example.test
;; global options: +cmd
;; Got answer:
;; ->>HEADER<<- opcode: QUERY, status: NOERROR, id: 1
;; flags: qr aa rd; QUERY: 1, ANSWER: 1, AUTHORITY: 0, ADDITIONAL: 1
;; WARNING: recursion requested but not available

;; OPT PSEUDOSECTION:
; EDNS: version: 0, flags:; udp: 1232
;; QUESTION SECTION:
;a.example.test.\t\t\tIN\tA

;; ANSWER SECTION:
a.example.test.\t\t300\tIN\tA\t10.0.0.1

;; Query time: 0 msec
;; SERVER: 127.0.0.1#53(127.0.0.1) (UDP)
;; WHEN: Thu Jan 01 00:00:03 UTC 2026
;; MSG SIZE  rcvd: 59

`;
