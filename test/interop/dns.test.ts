/** Our name server, asked by `dig` and `kdig`: on the operating system, and through published ports of a virtual network. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { Resolver as NodeResolver } from "node:dns/promises";
import { writeFileSync } from "node:fs";
import { connect } from "node:net";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";
import { dnsServer } from "../../src/application/dns/server/server.ts";
import { RunningProgram } from "../fixtures/running-program.ts";
import { requireTool } from "../require.ts";
import { freePort } from "../support/free-port.ts";
import { dig } from "./dns/dig.ts";
import { QUESTIONS, ZONES } from "./dns/zones.ts";
import { Netarium, temporaryFolder } from "./netarium.ts";

const run = promisify(execFile);

/** What kdig says of each question: its name, the code, and the data of the answers. */
async function kdig(port: number, ...words: string[]): Promise<string[]> {
  const { stdout } = await run("kdig", ["@127.0.0.1", "-p", String(port), "+retry=0", "+timeout=5", ...words]);
  const texts = stdout.split(/^;; ->>HEADER<<- /m).slice(1);
  return texts.map((text) => {
    const status = /status: (\w+)/.exec(text)?.[1];
    const answer = /^;; ANSWER SECTION:\n([\s\S]*?)\n\n/m.exec(text)?.[1]?.split("\n") ?? [];
    const data = answer.map((line) => line.split(/\s+/).slice(3).join(" "));
    return [/^;; (\S+)\s+IN/m.exec(text)?.[1], status, ...data].join(" ");
  });
}

describe("the name server on the operating system", { timeout: 300_000 }, () => {
  let server: RunningProgram;
  let port = 0;

  before(async () => {
    const zones = Object.values(ZONES);
    server = RunningProgram.start(dnsServer, { address: "127.0.0.1", port: 0, zones, clients: 5 });
    port = await server.port();
  });
  after(() => server.stop());

  test("tells dig every type of record, on UDP and on TCP the same", async (t) => {
    if (!requireTool(t, "dig")) return;
    const udp = await dig(port, QUESTIONS);
    assert.equal(udp.length, QUESTIONS.length);
    const tcp = await dig(port, QUESTIONS, "+tcp");
    const withoutTransport = (answers: typeof udp) => answers.map((each) => ({ ...each, transport: undefined }));
    assert.deepEqual(withoutTransport(tcp), withoutTransport(udp));
    const found = new Map(udp.map((each) => [each.question, each]));
    const of = (question: string): readonly string[] => found.get(question)?.answer ?? [];
    assert.deepEqual(of("www.example.test. A"), [
      "www.example.test. 300 IN A 192.0.2.1",
      "www.example.test. 300 IN A 192.0.2.2",
    ]);
    assert.deepEqual(of("example.test. TXT"), [
      'example.test. 3600 IN TXT "v=spf1 -all" "semi;colon \\"and\\" A\\200"',
    ]);
    assert.deepEqual(of("1.2.0.192.in-addr.arpa. PTR"), ["1.2.0.192.in-addr.arpa. 3600 IN PTR www.example.test."]);
    assert.deepEqual(of("rare.example.test. TYPE65280"), ["rare.example.test. 3600 IN TYPE65280 \\# 4 0A000001"]);
    assert.equal(found.get("nobody.example.test. A")?.status, "NXDOMAIN");
    assert.match(
      found.get("nobody.example.test. A")?.authority[0] ?? "",
      /^example\.test\. 600 IN SOA ns\.example\.test\. /,
    );
    assert.deepEqual(found.get("host.child.example.test. A")?.flags, "qr");
  });

  test("cuts what a client does not take on UDP, and dig asks on TCP", async (t) => {
    if (!requireTool(t, "dig")) return;
    const ask = async (question: string, ...options: string[]) => {
      const [answer] = await dig(port, [question], ...options);
      return [answer?.flags, answer?.answer.length, answer?.transport];
    };
    assert.deepEqual(await ask("a.large.test A", "+noedns"), ["qr aa", 12, "UDP"]);
    assert.deepEqual(await ask("b.large.test A", "+noedns", "+ignore"), ["qr aa tc", 0, "UDP"]);
    assert.deepEqual(await ask("b.large.test A", "+bufsize=1232"), ["qr aa", 40, "UDP"]);
    assert.deepEqual(await ask("c.large.test TXT", "+bufsize=4096", "+ignore"), ["qr aa tc", 0, "UDP"]);
    assert.deepEqual(await ask("c.large.test TXT", "+bufsize=4096"), ["qr aa", 100, "TCP"]);
  });

  test("says what it does not do, and what it is not in charge of", async (t) => {
    if (!requireTool(t, "dig")) return;
    const status = async (question: string, ...options: string[]) => (await dig(port, [question], ...options))[0];
    assert.equal((await status("www.elsewhere.test A"))?.status, "REFUSED");
    assert.equal((await status("version.bind TXT", "-c", "CH"))?.status, "REFUSED");
    assert.equal((await status("example.test A", "+opcode=NOTIFY"))?.status, "NOTIMP");
    assert.equal((await status("example.test A", "+opcode=UPDATE"))?.status, "NOTIMP");
    assert.equal((await status("example.test A", "+edns=1", "+noednsnegotiation"))?.status, "BADVERS");
    assert.equal((await status("example.test A", "+ednsopt=65001:00"))?.status, "NOERROR");
    assert.equal((await status("example.test A", "+header-only"))?.status, "FORMERR");
    assert.deepEqual((await status("example.test SOA", "+recurse", "+cdflag"))?.flags, "qr aa rd cd");
    assert.match((await status("example.test A", "+dnssec"))?.edns ?? "", /flags: do;/);
  });

  test("answers c-ares, as Node has it", async () => {
    const cares = new NodeResolver({ timeout: 60_000, tries: 1 });
    cares.setServers([`127.0.0.1:${port}`]);
    assert.deepEqual((await cares.resolve4("chain.example.test")).sort(), ["192.0.2.1", "192.0.2.2"]);
    assert.deepEqual(await cares.resolve4("a.wild.example.test", { ttl: true }), [{ address: "192.0.2.4", ttl: 3600 }]);
    assert.deepEqual(await cares.resolve6("mail.example.test"), ["2001:db8::25"]);
    assert.deepEqual(await cares.resolveCname("alias.example.test"), ["www.example.test"]);
    const mail = (await cares.resolveMx("example.test")).map(({ exchange, priority }) => `${priority} ${exchange}`);
    assert.deepEqual(mail.sort(), ["10 mail.example.test", "20 mail2.elsewhere.test"]);
    assert.deepEqual((await cares.resolveNs("example.test")).sort(), ["ns.example.test", "ns2.elsewhere.test"]);
    assert.deepEqual(await cares.resolvePtr("1.2.0.192.in-addr.arpa"), ["www.example.test"]);
    assert.deepEqual(await cares.reverse("192.0.2.25"), ["mail.example.test"]);
    assert.deepEqual((await cares.resolveSrv("_sip._tcp.example.test"))[0]?.port, 5060);
    assert.equal((await cares.resolveTxt("c.large.test")).length, 100);
    assert.partialDeepStrictEqual(await cares.resolveSoa("example.test"), {
      nsname: "ns.example.test",
      hostmaster: "hostmaster.example.test",
      ...{ serial: 2026010101, refresh: 7200, retry: 900, expire: 1209600, minttl: 600 },
    });
    await assert.rejects(cares.resolve4("nobody.example.test"), { code: "ENOTFOUND" });
    await assert.rejects(cares.resolveMx("www.example.test"), { code: "ENODATA" });
    await assert.rejects(cares.resolve4("www.elsewhere.test"), { code: "EREFUSED" });
  });

  test("answers queries that come together on one connection, and their last half later", async () => {
    const query = (label: string, id: number): Buffer => {
      const name = label.split(".").flatMap((part) => [part.length, ...Buffer.from(part)]);
      const message = [id >> 8, id & 255, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, ...name, 0, 0, 1, 0, 1];
      return Buffer.from([message.length >> 8, message.length, ...message]);
    };
    const ids = [1, 2, 3, 4, 5];
    const bytes = Buffer.concat(ids.map((id) => query(`${"x".repeat(id)}.wild.example.test`, id)));
    const socket = connect(port, "127.0.0.1").setNoDelay();
    try {
      let heard = Buffer.alloc(0);
      const found: number[] = [];
      socket.write(bytes.subarray(0, bytes.length - 20));
      for await (const chunk of socket) {
        heard = Buffer.concat([heard, chunk as Buffer]);
        while (heard.length >= 2 && heard.length >= 2 + heard.readUInt16BE()) {
          found.push(heard.readUInt16BE(2));
          heard = heard.subarray(2 + heard.readUInt16BE());
        }
        if (found.length === 4) socket.write(bytes.subarray(bytes.length - 20));
        if (found.length === 5) break;
      }
      assert.deepEqual(found, ids);
    } finally {
      socket.destroy();
    }
  });

  test("answers kdig, also several questions on one connection", async (t) => {
    if (!requireTool(t, "kdig")) return;
    const questions = ["www.example.test", "AAAA", "alias.example.test", "CNAME", "nobody.example.test", "MX"];
    const expected = [
      "www.example.test. NOERROR AAAA 2001:db8::1",
      "alias.example.test. NOERROR CNAME www.example.test.",
      "nobody.example.test. NXDOMAIN",
    ];
    assert.deepEqual(await kdig(port, "+tcp", "+keepopen", ...questions), expected);
    assert.deepEqual(await kdig(port, ...questions), expected);
    assert.deepEqual(await kdig(port, "+edns=0", "+padding=64", "+cookie", "ns.example.test", "A"), [
      "ns.example.test. NOERROR A 127.0.0.1",
    ]);
    assert.equal((await kdig(port, "c.large.test", "TXT"))[0]?.split(" TXT ").length, 101, "by TCP, of itself");
  });
});

const NETWORK = (port: number) => `netarium: 1
devices:
  entry: { kind: host, address: 10.0.0.1/24, gateway: 10.0.0.254 }
  router: { kind: router, interfaces: { eth0: 10.0.0.254/24, eth1: 10.0.1.254/24 } }
  ns:
    kind: host
    address: 10.0.1.53/24
    gateway: 10.0.1.254
    programs: [{ run: dns-server, with: { domain: lan.test, records: [www CNAME router], zoneFiles: [large.zone] } }]
cables:
  - { between: [entry, router.eth0], delay: 1ms }
  - { between: [ns, router.eth1], delay: 1ms }
doors:
  udp: { publish: udp, real: "127.0.0.1:${port}", from: entry, to: "ns:53" }
  tcp: { publish: tcp, real: "127.0.0.1:${port}", from: entry, to: "ns:53" }
`;

describe("the name server of a virtual network, by published ports", { timeout: 300_000 }, () => {
  const folder = temporaryFolder();
  let network: Netarium;
  let port = 0;

  before(async () => {
    port = await freePort();
    writeFileSync(folder.path("large.zone"), ZONES["large.test"] ?? "");
    network = new Netarium(folder.path("net.yaml"), NETWORK(port));
    await network.says(/Name server on/);
  });
  after(async () => {
    await network.stop();
    folder.remove();
  });

  test("tells dig the network's hosts and their addresses, on UDP and TCP", async (t) => {
    if (!requireTool(t, "dig")) return;
    for (const options of [[], ["+tcp"]]) {
      const [alias, reverse, nobody, cut] = await dig(
        port,
        ["www.lan.test A", "53.1.0.10.in-addr.arpa PTR", "nobody.lan.test A", "c.large.test TXT"],
        ...options,
      );
      assert.deepEqual(alias?.answer, [
        "router.lan.test. 3600 IN A 10.0.0.254",
        "router.lan.test. 3600 IN A 10.0.1.254",
        "www.lan.test. 3600 IN CNAME router.lan.test.",
      ]);
      assert.deepEqual(reverse?.answer, ["53.1.0.10.in-addr.arpa. 3600 IN PTR ns.lan.test."]);
      assert.equal(nobody?.status, "NXDOMAIN");
      assert.deepEqual([cut?.answer.length, cut?.transport], [100, "TCP"]);
    }
  });

  test("answers kdig", async (t) => {
    if (!requireTool(t, "kdig")) return;
    assert.deepEqual(await kdig(port, "+tcp", "+keepopen", "ns.lan.test", "A", "lan.test", "NS"), [
      "ns.lan.test. NOERROR A 10.0.1.53",
      "lan.test. NOERROR NS ns.lan.test.",
    ]);
    assert.deepEqual(await kdig(port, "entry.lan.test", "A"), ["entry.lan.test. NOERROR A 10.0.0.1"]);
  });
});
