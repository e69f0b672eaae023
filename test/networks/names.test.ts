/** Name servers and resolvers on virtual networks, from network files and from code. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { formatName, formatRecord, type Resolver, reverseName } from "../../src/application/dns/index.ts";
import { dnsServer } from "../../src/application/dns/server/server.ts";
import { loadZone } from "../../src/application/dns/zone/load.ts";
import { echoServer } from "../../src/application/echo/server.ts";
import { completeParameters } from "../../src/application/parameters.ts";
import type { Program, ProgramContext } from "../../src/application/program.ts";
import { PROGRAMS } from "../../src/application/registry.ts";
import { udpReceiver } from "../../src/application/udp-receiver/receiver.ts";
import { build } from "../../src/network/build.ts";
import { domainOf } from "../../src/network/domain.ts";
import { Network } from "../../src/network/network.ts";
import type { LogLine } from "../../src/network/programs.ts";
import { formatProblem, readDocument } from "../../src/platform/document/index.ts";
import { connectTcp } from "../../src/socket/tcp.ts";
import { after, seconds } from "../../src/time/instant.ts";
import { requireTool } from "../require.ts";
import { size } from "../size.ts";
import { captureOf } from "../support/capture.ts";
import { runLoopOf } from "../support/run-loop.ts";
import { damagedFrames, lossFindings, summaries } from "../tshark.ts";

/** A program that logs what its function tells. */
const telling = (main: (context: ProgramContext, tell: (text: string) => void) => Promise<void>): Program => ({
  name: "asker",
  summary: "",
  parameters: {},
  messages: { told: "{text}" },
  run: (context) => main(context, (text) => context.log("told", { text })),
});

/** Runs a network until nothing happens any more, or for so long. @returns what was logged */
async function logOf(network: Network, until = 60): Promise<LogLine[]> {
  const log: LogLine[] = [];
  network.onLog((line) => log.push(line));
  await runLoopOf(network, { endsWhenIdle: true }).run(after(network.now, seconds(until)));
  return log;
}

const codeOf = (error: { code?: string }): string => String(error.code);

const texts = (log: readonly LogLine[], program: string): string[] =>
  log.filter((line) => line.program === program).map((line) => line.text);

const FILE = `netarium: 1
nameServers: [ns]
search: [example.test]
devices:
  ns:
    kind: host
    address: 10.0.0.53/24
    gateway: 10.0.0.1
    programs:
      - run: dns-server
        with:
          domain: example.test
          records: [www CNAME web, "@ MX 10 mail", "big TXT ${"x".repeat(200)} ${"y".repeat(200)} ${"z".repeat(200)} ${"w".repeat(200)} ${"v".repeat(200)} ${"u".repeat(200)} ${"t".repeat(200)}"]
          zones:
            - |
              $ORIGIN other.test.
              $TTL 1m
              @ SOA ns.example.test. root ( 1 1h 10m 1w
                                            5m )
              @ NS ns.example.test.
              www A 192.0.2.80
          logQueries: true
  r: { kind: router, interfaces: { eth0: 10.0.0.1/24, eth1: 10.0.1.1/24 } }
  web: { kind: host, address: 10.0.0.80/24, gateway: 10.0.0.1, programs: [time-server] }
  pc: { kind: host, address: 10.0.1.2/24, gateway: 10.0.1.1 }
  switch: { kind: switch }
cables:
  - { between: [ns, switch], delay: 1ms, rate: 100Mbit/s }
  - { between: [web, switch], delay: 1ms, rate: 100Mbit/s }
  - { between: [r.eth0, switch], delay: 1ms, rate: 100Mbit/s }
  - { between: [pc, r.eth1], delay: 5ms, rate: 10Mbit/s }
`;

function networkOf(text: string): Network {
  const { document, problems } = readDocument(text, { programs: PROGRAMS });
  assert.deepEqual(
    problems.map((each) => formatProblem("f", each)),
    [],
  );
  assert.ok(document);
  return build(document);
}

describe("names on a virtual network", () => {
  test("of its hosts, their addresses and other zones are served from the network file", async (t) => {
    const network = networkOf(FILE);
    const asker = telling(async ({ names, clock, sockets }, tell) => {
      await clock.sleep(seconds(1));
      tell((await names.lookup("www")).join());
      tell((await names.lookup("www.other.test")).join());
      tell(await names.lookup("nobody.example.test").then(String, (error: Error) => error.message));
      tell(await names.lookup("www.elsewhere").then(String, (error: Error) => error.message));
      const resolver = names as Resolver;
      const ask = async (text: string, type: "MX" | "PTR" | "TXT" | "AAAA") => {
        const { rcode, records } = await resolver.query(text, type);
        return `${rcode} ${records.map(formatRecord).join()}`;
      };
      tell(await ask("example.test", "MX"));
      tell(await ask(formatName(reverseName("10.0.0.80")), "PTR"));
      tell(await ask("WWW.example.test", "AAAA"));
      tell(String((await ask("big.example.test", "TXT")).length > 1400));
      const [address = ""] = await names.lookup("www.example.test");
      const socket = await connectTcp(sockets, { address, port: 3434 });
      tell(new TextDecoder().decode(await socket.recv(100)).trim());
      await socket.close();
    });
    const capture = captureOf(network);
    const ofPc = captureOf(network, network.devices.get("pc")?.nics);
    network.start("pc", asker);
    const log = await logOf(network);
    assert.deepEqual(texts(log, "asker"), [
      "10.0.0.80",
      "192.0.2.80",
      "lookup ENOTFOUND nobody.example.test",
      "lookup EAI_AGAIN www.elsewhere",
      "NOERROR example.test. 3600 IN MX 10 mail.example.test.",
      "NOERROR 80.0.0.10.in-addr.arpa. 3600 IN PTR web.example.test.",
      "NOERROR www.example.test. 3600 IN CNAME web.example.test.",
      "true",
      "Current time is 2026-01-01 00:00:01 UTC",
    ]);
    const asked = texts(log, "dns-server").map((line) => line.replace(/^\S+ asked for /, ""));
    assert.deepEqual(asked, [
      "Name server on 0.0.0.0:53, UDP and TCP; zones: 4",
      "www.example.test. A: NOERROR",
      "www.other.test. A: NOERROR",
      "nobody.example.test. A: NXDOMAIN",
      ...["www.elsewhere. A: REFUSED", "www.elsewhere. A: REFUSED"],
      "example.test. MX: NOERROR",
      "80.0.0.10.in-addr.arpa. PTR: NOERROR",
      "web.example.test. AAAA: NOERROR",
      ...["big.example.test. TXT: NOERROR", "big.example.test. TXT: NOERROR"],
    ]);
    const [pc] = network.snapshot().names;
    assert.deepEqual([pc?.host, pc?.servers], ["pc", [{ address: "10.0.0.53", port: 53 }]]);
    const kept = (name: string) => pc?.cache.find((entry) => entry.name === name);
    assert.deepEqual(
      [kept("www.example.test.")?.type, kept("www.example.test.")?.data],
      ["CNAME", ["web.example.test."]],
    );
    assert.deepEqual(kept("nobody.example.test.")?.data, ["NXDOMAIN"]);
    if (!requireTool(t, "tshark")) return;
    const file = capture();
    assert.deepEqual(await damagedFrames(file), []);
    assert.deepEqual(await lossFindings(file), []);
    const seen = await summaries(ofPc(), "dns.flags.response == 1");
    assert.equal(seen.length, 10, seen.join("\n"));
    assert.match(
      seen[0] ?? "",
      /DNS Standard query response 0x\w{4} A www\.example\.test CNAME web\.example\.test A 10\.0\.0\.80 OPT/,
    );
  });

  test("are served in code as well, and found again when the name server was away", async () => {
    const network = new Network({ nameServers: ["10.0.0.1"] });
    network.host("ns", { address: "10.0.0.1/24" });
    network.host("pc", { address: "10.0.0.2/24" });
    const cable = network.cable("ns", "pc", { delay: "1ms" });
    network.start("ns", dnsServer, { domain: domainOf(network, "lan", "ns"), ttl: seconds(30) });
    const asker = telling(async ({ names, clock }, tell) => {
      tell(String(await names.lookup("ns.lan")));
      const start = clock.now();
      cable.cut();
      tell(await names.lookup("pc.lan").then(String, (error: Error) => error.message));
      tell(String((clock.now() - start) / 1e9));
      cable.heal();
      tell(String(await names.lookup("pc.lan")));
    });
    network.start("pc", asker);
    assert.deepEqual(texts(await logOf(network), "asker"), ["10.0.0.1", "lookup EAI_AGAIN pc.lan", "10", "10.0.0.2"]);
  });

  test("of a zone in several files are served, and the zone that docs/names.md shows is one", async () => {
    const head = "$ORIGIN x.test.\n$TTL 60\n@ SOA ns a 1 2 3 4 5\n@ NS ns\n";
    const zoneFiles = [
      { path: "part.zone", text: "a A 10.0.0.7\n" },
      { path: "x.zone", text: `${head}$INCLUDE part.zone\n$INCLUDE part.zone sub\n` },
    ];
    assert.deepEqual(dnsServer.check?.(completeParameters(dnsServer, { zoneFiles })), []);
    const wrong = [{ path: "x.zone", text: `${head}$INCLUDE other.zone\n` }];
    assert.deepEqual(dnsServer.check?.(completeParameters(dnsServer, { zoneFiles: wrong })), [
      { parameter: "zoneFiles", message: "x.zone:5:10: other.zone cannot be included here" },
    ]);
    const network = new Network({ nameServers: ["10.0.0.1"] });
    network.host("ns", { address: "10.0.0.1/24" });
    network.start("ns", dnsServer, { zoneFiles });
    network.start(
      "ns",
      telling(async ({ names }, tell) => {
        tell(`${await names.lookup("a.x.test")} ${await names.lookup("a.sub.x.test")}`);
      }),
    );
    assert.deepEqual(texts(await logOf(network), "asker"), ["10.0.0.7 10.0.0.7"], "by the loopback interface");
    const docs = readFileSync(new URL("../../docs/names.md", import.meta.url), "utf8");
    const [, shown = ""] = /^```text\n(\$ORIGIN.*?)^```/ms.exec(docs) ?? [];
    assert.deepEqual(loadZone(shown, { file: "docs" }).problems, []);
    assert.notEqual(shown, "");
  });

  test("of programs' endpoints are looked up when these run, and again while nobody answers", async () => {
    const network = networkOf(`netarium: 1
nameServers: [ns]
devices:
  ns:
    kind: host
    address: 10.0.0.53/24
    programs:
      - { run: dns-server, with: { domain: lan.test }, at: 20s }
      - echo-server
      - chat-server
      - time-server
      - { run: udp-receiver, with: { port: 3435 } }
  pc:
    kind: host
    address: 10.0.0.2/24
    programs:
      - { run: chat-client, with: { server: "ns.lan.test:8888", name: Ann, stay: false } }
      - { run: time-client, with: { server: "ns.lan.test:3434", times: 2, every: 30s } }
      - { run: echo-client, with: { server: "ns.lan.test:7" }, at: 30s }
      - { run: udp-echo-client, with: { server: "ns.lan.test:7", count: 1 }, at: 30s }
      - { run: udp-sender, with: { to: "ns.lan.test:3435" }, at: 30s }
cables: [{ between: [ns, pc], delay: 1ms }]
`);
    const log = await logOf(network);
    assert.deepEqual(
      network.programs.all.filter(({ state }) => state === "failed").map(({ name }) => name),
      [],
    );
    const codes = log.filter(({ host }) => host === "pc").map(({ program, code }) => `${program} ${code}`);
    for (const line of ["time-client failed", "time-client got", "echo-client echoed", "udp-echo-client echoed"]) {
      assert.ok(codes.includes(line), `${line} in ${codes.join(", ")}`);
    }
    assert.ok(
      codes.some((line) => line.startsWith("chat-client")),
      codes.join(", "),
    );
    assert.match(texts(log, "udp-receiver").at(-1) ?? "", /^Received: Hello! from 10\.0\.0\.2:/);
  });

  test("cannot be served where the port is taken, or zones are wrong", async () => {
    const network = new Network();
    for (const host of ["a", "b", "c"]) network.host(host, { address: `10.0.0.${host.charCodeAt(0)}/24` });
    const zones = ["x. 1 SOA a. b. 1 2 3 4 5\nx. NS a.\n"];
    network.start("a", udpReceiver, { port: 53 });
    network.start("b", echoServer, { port: 53 });
    for (const host of ["a", "b"]) network.start(host, dnsServer, { zones });
    network.start("c", dnsServer, { zones: ["x. A 10.0.0.1"] });
    const failed = (await logOf(network)).filter(({ code }) => code === "program-failed").map(({ text }) => text);
    assert.deepEqual(failed.sort(), [
      "dns-server failed: bind EADDRINUSE 0.0.0.0:53",
      "dns-server failed: bind EADDRINUSE 0.0.0.0:53",
      "dns-server failed: zone 1:1:1: there is no TTL: give it one, or write $TTL 1h above",
    ]);
  });

  test("are found right or not at all, whatever happens on the way", async () => {
    let found = 0;
    for (let seed = 1; seed <= size(10, 200); seed++) {
      const network = new Network({ seed, nameServers: ["10.0.0.1"] });
      network.host("ns", { address: "10.0.0.1/24" });
      network.host("pc", { address: "10.0.0.2/24" });
      const faults = { loss: 0.3, duplication: 0.2, reordering: 0.2, corruption: 0.1 };
      network.cable("ns", "pc", { delay: "5ms", rate: "10Mbit/s", ...faults });
      const records = [...Array(10).keys()].map((n) => `a${n} 1 A 10.1.0.${n}`);
      const large = [...Array(100).keys()].map((n) => `large A 10.2.0.${n}`);
      network.start("ns", dnsServer, { domain: domainOf(network, "x.test", "ns"), records: [...records, ...large] });
      const asker = telling(async ({ names, clock }, tell) => {
        for (let round = 0; round < 3; round++) {
          const asked = [...Array(10).keys()].map((n) => names.lookup(`a${n}.x.test`).then(String, codeOf));
          const all = [...asked, names.lookup("none.x.test").then(String, codeOf)];
          const several = names.lookup("large.x.test").then((each) => String(each.length), codeOf);
          tell([...(await Promise.all(all)), await several].join(" "));
          await clock.sleep(seconds(2));
        }
      });
      network.start("pc", asker);
      const lines = texts(await logOf(network, 300), "asker");
      assert.equal(lines.length, 3, `seed ${seed}`);
      for (const line of lines) {
        for (const [n, answer] of line.split(" ").entries()) {
          const right = n < 10 ? `10.1.0.${n}` : n === 10 ? "ENOTFOUND" : "100";
          assert.ok(answer === right || answer === "EAI_AGAIN", `seed ${seed}: ${line}`);
          if (answer === right) found++;
        }
      }
    }
    assert.ok(found > 100, `${found} were found`);
  });

  test("are the same in every run of a seed, byte for byte", async () => {
    const run = async (): Promise<string> => {
      const network = networkOf(FILE);
      const capture = captureOf(network);
      network.start(
        "pc",
        telling(async ({ names, clock }) => {
          await clock.sleep(seconds(1));
          await Promise.all(["www", "ns", "a.other.test", "big"].map((each) => names.lookup(each).catch(() => [])));
        }),
      );
      await logOf(network);
      return Buffer.from(capture()).toString("base64");
    };
    assert.equal(await run(), await run());
  });
});
