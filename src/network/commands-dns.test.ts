import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { runLoopOf } from "../../test/support/run-loop.ts";
import { dnsServer } from "../application/dns/server/server.ts";
import { COMMANDS } from "../application/shell/commands.ts";
import { HostFiles } from "../application/shell/host-files.ts";
import { type Instant, seconds } from "../time/instant.ts";
import { startCommand } from "./commands.ts";
import { Network } from "./network.ts";

/** Runs a command on a host whose name server is in charge of example.test, in a network of its own. */
async function execute(line: string) {
  const network = new Network({ nameServers: ["10.0.0.53"] });
  const pc = network.host("pc", { address: "10.0.0.1/24" });
  const ns = network.host("ns", { address: "10.0.0.53/24" });
  network.cable(pc, ns, { delay: "1ms" });
  const texts = Array.from({ length: 12 }, (_, index) => `big TXT "${index} ${"x".repeat(200)}"`);
  const records = ["www CNAME web", "web A 10.0.0.1", "@ MX 10 web", '@ TXT "hello you"', ...texts];
  const domain = { name: "example.test", server: "ns", hosts: [{ name: "web", addresses: ["10.0.0.1/24"] }] };
  network.start(ns, dnsServer, { domain, records });
  const loop = runLoopOf(network);
  await loop.run(seconds(1) as number as Instant);
  const [name = "", ...args] = line.split(" ");
  const command = COMMANDS.get(name);
  assert.ok(command);
  let out = "";
  let err = "";
  const { ended } = startCommand(network, pc, command, args, {
    files: new HostFiles(),
    stdout: async (bytes) => {
      out += new TextDecoder().decode(bytes);
    },
    stderr: (text) => {
      err += text;
    },
    stdin: async function* () {},
  });
  const status = ended.then((code) => {
    loop.stop();
    return code;
  });
  await loop.run();
  return { status: await status, out, err };
}

describe("dig", () => {
  test("shows the whole answer, in dig's columns", async () => {
    const { status, out } = await execute("dig www.example.test");
    assert.equal(status, 0);
    assert.equal(
      out.replace(/id: \d+/, "id: N"),
      `
; <<>> DiG netarium <<>> www.example.test
;; global options: +cmd
;; Got answer:
;; ->>HEADER<<- opcode: QUERY, status: NOERROR, id: N
;; flags: qr aa rd; QUERY: 1, ANSWER: 2, AUTHORITY: 0, ADDITIONAL: 1
;; WARNING: recursion requested but not available

;; OPT PSEUDOSECTION:
; EDNS: version: 0, flags:; udp: 1232
;; QUESTION SECTION:
;www.example.test.\t\tIN\tA

;; ANSWER SECTION:
www.example.test.\t3600\tIN\tCNAME\tweb.example.test.
web.example.test.\t3600\tIN\tA\t10.0.0.1

;; Query time: 4 msec
;; SERVER: 10.0.0.53#53(10.0.0.53) (UDP)
;; WHEN: Thu Jan 01 00:00:01 UTC 2026
;; MSG SIZE  rcvd: 79

`,
    );
  });

  test("+short and +noall leave out, types and addresses are asked for", async () => {
    assert.equal((await execute("dig +short www.example.test")).out, "web.example.test.\n10.0.0.1\n");
    assert.equal((await execute("dig example.test MX +short")).out, "10 web.example.test.\n");
    const reverse = await execute("dig -x 10.0.0.1 @10.0.0.53 +noall +question");
    assert.equal(reverse.out, ";1.0.0.10.in-addr.arpa.\t\tIN\tPTR\n");
    assert.match(
      (await execute("dig +noedns +norec nope.example.test")).out,
      /status: NXDOMAIN.*\n.*ADDITIONAL: 0\n\n;; Q/,
    );
  });

  test("an answer that does not fit is asked for again on TCP, which is told", async () => {
    const { out } = await execute("dig big.example.test TXT");
    assert.match(out, /^;; Truncated, retrying in TCP mode\.\n\n; <<>> DiG/);
    assert.match(out, /ANSWER: 12,.*\(TCP\)/s);
  });

  test("a server that does not answer is told, with dig's statuses", async () => {
    const silent = await execute("dig @10.0.0.1 x +tries=2");
    assert.equal(silent.status, 9);
    const refused = ";; communications error to 10.0.0.1#53: connection refused\n";
    assert.ok(silent.out.startsWith(refused + refused), silent.out);
    assert.ok(silent.out.endsWith(";; no servers could be reached\n"));
    const unknown = await execute("dig @nobody x");
    assert.deepEqual(unknown, { status: 10, out: "", err: "dig: couldn't get address for 'nobody': not found\n" });
  });

  test("bad usage is told", async () => {
    for (const line of [
      "dig +what",
      "dig -p 70000 x",
      "dig -t what",
      "dig a..b",
      "dig x A y",
      "dig x AXFR",
      "dig -x z",
    ]) {
      const { status, err } = await execute(line);
      assert.equal(status, 1, line);
      assert.match(err, /^dig: \S/, line);
    }
  });
});

describe("nslookup", () => {
  const head = "Server:\t\t10.0.0.53\nAddress:\t10.0.0.53#53\n\n";

  test("shows addresses, names and records as BIND's does", async () => {
    for (const [line, text] of [
      [
        "www.example.test",
        `${head}www.example.test\tcanonical name = web.example.test.\nName:\tweb.example.test\nAddress: 10.0.0.1\n\n`,
      ],
      ["10.0.0.1", "1.0.0.10.in-addr.arpa\tname = web.example.test.\n\n"],
      ["-type=mx example.test 10.0.0.53", `${head}example.test\tmail exchanger = 10 web.example.test.\n\n`],
      ["-q=txt example.test", `${head}example.test\ttext = "hello you"\n\n`],
      ["-type=aaaa web.example.test", `${head}*** Can't find web.example.test: No answer\n\n`],
    ] as const) {
      assert.deepEqual(await execute(`nslookup ${line}`), { status: 0, out: text, err: "" }, line);
    }
  });

  test("what cannot be found ends it with 1", async () => {
    const out = `${head}** server can't find nope.example.test: NXDOMAIN\n\n`;
    assert.deepEqual(await execute("nslookup nope.example.test"), { status: 1, out, err: "" });
    const silent = await execute("nslookup -retry=0 x 10.0.0.1");
    assert.equal(silent.status, 1);
    assert.match(silent.out, /^;; communications error to 10\.0\.0\.1#53: connection refused\n;; no servers/);
    for (const line of ["nslookup", "nslookup -what x", "nslookup -type=what x", "nslookup x nobody"]) {
      const { status, err } = await execute(line);
      assert.equal(status, 1, line);
      assert.notEqual(err, "", line);
    }
  });
});
