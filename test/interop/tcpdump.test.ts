/** Our tcpdump and the real one say the same of the same frames. */
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import { COMMANDS } from "../../src/application/shell/commands.ts";
import { HostFiles } from "../../src/application/shell/host-files.ts";
import { timeServer } from "../../src/application/time/server.ts";
import type { Host } from "../../src/device/host.ts";
import { startCommand } from "../../src/network/commands.ts";
import { Network } from "../../src/network/network.ts";
import { type Instant, seconds } from "../../src/time/instant.ts";
import { requireTool } from "../require.ts";
import { runLoopOf } from "../support/run-loop.ts";

const PATH = `${process.env.PATH}:/usr/sbin:/sbin`;

/** Hosts on both sides of a router, of which one side takes short packets only. */
function lab() {
  const network = new Network();
  const pc1 = network.host("pc1", { address: "10.0.0.1/24", gateway: "10.0.0.254" });
  const pc2 = network.host("pc2", { address: "10.1.0.2/24", gateway: "10.1.0.254" });
  network.router("r", { interfaces: { eth0: "10.0.0.254/24", eth1: { address: "10.1.0.254/24", mtu: 600 } } });
  network.cable(pc1, "r.eth0", { delay: "1ms" });
  network.cable(pc2, "r.eth1", { delay: "1ms" });
  network.start(pc2, timeServer, { port: 80 });
  const loop = runLoopOf(network);
  const files = new HostFiles();
  const start = (host: Host, line: string) => {
    const [name = "", ...args] = line.split(" ");
    const command = COMMANDS.get(name);
    assert.ok(command, name);
    const said = { out: "", err: "" };
    const run = startCommand(network, host, command, args, {
      files,
      stdout: async (bytes) => {
        said.out += new TextDecoder().decode(bytes);
      },
      stderr: (text) => {
        said.err += text;
      },
      async *stdin() {
        yield new TextEncoder().encode("GET / HTTP/1.1\r\nHost: pc2\r\n\r\n");
      },
    });
    return { run, said };
  };
  const rest = (time: number) => loop.run((network.now + seconds(time)) as Instant);
  return { network, pc1, files, start, rest };
}

/** What pc1 sees while it does many things, as tcpdump -w has written it. */
async function captured(): Promise<Uint8Array> {
  const { pc1, files, start, rest } = lab();
  const { run } = start(pc1, "tcpdump -w all");
  await rest(1);
  for (const line of [
    ...["ping -c 2 pc2", "ping -c 1 -s 2000 pc2", "ping -c 1 -t 1 pc2", "ping -c 1 -w 2 10.9.9.9", "traceroute pc2"],
    ...["nc -w 1 pc2 80", "nc -w 1 pc2 99", "nc -u -w 1 pc2 99", "dig @10.1.0.2 a.test +tries=1 +time=1"],
  ]) {
    start(pc1, line);
    await rest(10);
  }
  run.interrupt();
  await rest(1);
  const pieces: Uint8Array[] = [];
  for await (const piece of (await files.open("all")).pieces()) pieces.push(piece);
  return Buffer.concat(pieces);
}

function real(file: string, args: readonly string[]): string {
  const { stdout, stderr, status } = spawnSync("tcpdump", ["-n", "-r", file, ...args], {
    encoding: "utf8",
    env: { ...process.env, PATH, TZ: "UTC" },
  });
  assert.equal(status, 0, stderr);
  return stdout;
}

/** The first line that differs, ours and theirs. */
function differing(ours: string, theirs: string): string | undefined {
  const [one, other] = [ours.split("\n"), theirs.split("\n")];
  const at = one.findIndex((line, index) => line !== other[index]);
  if (at < 0 && one.length === other.length) return undefined;
  return `line ${at + 1} of ${one.length} and ${other.length}: ${one[at]} | ${other[at < 0 ? one.length : at]}`;
}

describe("tcpdump", () => {
  const folder = mkdtempSync(join(tmpdir(), "netarium-tcpdump-"));
  const odd = join(folder, "odd.pcap");
  const seen = join(folder, "seen.pcap");
  before(async () => {
    execFileSync("python3", [join(import.meta.dirname, "odd_frames.py"), odd]);
    writeFileSync(seen, await captured());
  });

  /** @returns what our own says, on a host that has the file */
  async function ours(file: string, args: readonly string[]): Promise<string> {
    const { pc1, files, start, rest } = lab();
    await (await files.create("file")).write(readFileSync(file));
    const { said } = start(pc1, ["tcpdump", "-n", "-r", "file", ...args].join(" "));
    await rest(1);
    return said.out;
  }

  test("every frame is described in the same words, with whatever options", async (t) => {
    if (!requireTool(t, "tcpdump", "python3")) return;
    for (const file of [seen, odd]) {
      for (const option of ["-l", "-v", "-vv", "-e", "-ev", "-S", "-x", "-X", "-XX", "-A", "-t", "-tt"]) {
        const expected = real(file, [option]);
        assert.ok(expected.split("\n").length > 30);
        assert.equal(differing(await ours(file, [option]), expected), undefined, option);
      }
    }
  });

  test("filters let the same frames through", async (t) => {
    if (!requireTool(t, "tcpdump", "python3")) return;
    for (const filter of FILTERS) {
      for (const file of [seen, odd])
        assert.equal(differing(await ours(file, [filter]), real(file, [filter])), undefined, filter);
    }
  });

  test("what is no filter for the real one is none for ours", async (t) => {
    if (!requireTool(t, "tcpdump")) return;
    for (const filter of [
      "port",
      "host",
      "tcp and",
      "(tcp",
      "port 70000",
      "net 10.0.0.1/8",
      "foo bar",
      "tcp[0:3] = 1",
      "icmp port 5",
    ]) {
      const { status } = spawnSync("tcpdump", ["-n", "-r", seen, filter], { env: { ...process.env, PATH } });
      assert.notEqual(status, 0, filter);
      const { pc1, start, rest } = lab();
      const { said } = start(pc1, `tcpdump ${filter}`);
      await rest(1);
      assert.match(said.err, /^tcpdump: can't parse filter expression: ./, filter);
    }
  });

  test("frames are shown as they come, until so many have been", async (t) => {
    t.after(() => rmSync(folder, { recursive: true }));
    const { pc1, start, rest } = lab();
    const { said, run } = start(pc1, "tcpdump -i any -c 2 icmp and host pc2");
    await rest(1);
    start(pc1, "ping -c 2 pc2");
    await rest(5);
    assert.equal(await run.ended, 0);
    assert.match(
      said.out,
      /^00:00:01\.\d{6} eth0 Out IP 10\.0\.0\.1 > 10\.1\.0\.2: ICMP echo request, id (\d+), seq 1, length 64\n00:00:01\.\d{6} eth0 In {2}IP 10\.1\.0\.2 > 10\.0\.0\.1: ICMP echo reply, id \1, seq 1, length 64\n$/,
    );
    assert.match(said.err, /^tcpdump: verbose output suppressed.*\nlistening on any, .*\n2 packets captured\n/);
  });
});

const FILTERS: readonly string[] = [
  ...["arp", "ip", "icmp", "tcp", "udp", "not tcp", "tcp or udp", "! (tcp or udp) and not arp", "udp && port 53"],
  ...[
    "host 10.0.0.1",
    "src host 10.0.0.1",
    "dst 10.0.0.1",
    "src 10.0.0.1 and dst 10.0.0.2",
    "host 10.0.0.1 or 10.9.9.9",
  ],
  ...[
    "src or dst 10.1.0.2",
    "src and dst 10.0.0.1",
    "arp host 10.0.0.2",
    "ip host 10.0.0.254",
    "icmp and src 10.0.0.254",
  ],
  ...["net 10.1.0.0/16", "net 10.1", "src net 10.0.0.0 mask 255.255.255.0", "dst net 0.0.0.0/0"],
  ...["port 80", "tcp port 80", "udp port 80", "dst port 80 or 53", "src portrange 1000-4000", "portrange 33434-33440"],
  ...[
    "ip proto 1",
    "ip proto \\tcp",
    "ether proto 0x0806",
    "ether broadcast",
    "broadcast",
    "multicast",
    "ether host 02:00:00:00:00:01",
  ],
  ...["ether src 02:00:00:00:00:02", "less 60", "greater 500", "len > 100", "len <= 60"],
  ...[
    "tcp[tcpflags] & tcp-syn != 0",
    "tcp[tcpflags] & (tcp-syn|tcp-fin) != 0 and not src net 10.0.0.0/24",
    "tcp[13] = 2",
  ],
  ...[
    "icmp[icmptype] = icmp-echo",
    "icmp[icmptype] != icmp-echo and icmp[0] != 0",
    "icmp[0] == 3 and icmp[1] == 3",
    "udp[4:2] > 20",
  ],
  ...[
    "ip[8] < 5",
    "ip[6:2] & 0x1fff != 0",
    "ip[2:2] - ((ip[0] & 0xf) << 2) > 30",
    "ether[0] & 1 != 0",
    "tcp[((tcp[12] & 0xf0) >> 2):4] = 0x47455420",
  ],
  ...["1 = 1", "2 + 3 * 4 = 14", "tcp and port 80 or icmp", "icmp or tcp and port 80"],
];
