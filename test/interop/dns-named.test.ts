/** BIND's `named` beside our name server, with the same zones, and as the server of our resolver. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, type TestContext, test } from "node:test";
import { promisify } from "node:util";
import type { QueryType } from "../../src/application/dns/codes.ts";
import { formatRecord } from "../../src/application/dns/index.ts";
import { Resolver } from "../../src/application/dns/resolver/resolver.ts";
import { dnsServer } from "../../src/application/dns/server/server.ts";
import { loadZone } from "../../src/application/dns/zone/load.ts";
import { osContext } from "../../src/platform/node/os-context.ts";
import { NameError } from "../../src/socket/names.ts";
import { RunningProgram } from "../fixtures/running-program.ts";
import { findTool, refuse, requireTool } from "../require.ts";
import { type DigAnswer, dig } from "./dns/dig.ts";
import { Named } from "./dns/named.ts";
import { QUESTIONS, ZONES } from "./dns/zones.ts";

const run = promisify(execFile);

describe("named, with the zones of our name server", { timeout: 300_000 }, () => {
  let running: { readonly named: Named; readonly ours: RunningProgram } | undefined;
  let problem = "";

  before(async () => {
    if (findTool("named") === undefined) return;
    try {
      const named = await Named.start(ZONES);
      const zones = Object.values(ZONES);
      running = { named, ours: RunningProgram.start(dnsServer, { address: "127.0.0.1", port: 0, zones }) };
    } catch (error) {
      problem = String(error);
    }
  });
  after(async () => {
    await running?.ours.stop();
    await running?.named.stop();
  });

  /** Both servers; without them the test is skipped. AppArmor, for one, may forbid named to read what a test writes. */
  const servers = (t: TestContext, ...tools: string[]): typeof running => {
    if (requireTool(t, "named", ...tools) && running === undefined) refuse(t, problem);
    return running;
  };

  test("gives dig the same answers: codes, flags, EDNS and all three sections", async (t) => {
    const both = servers(t, "dig");
    if (both === undefined) return;
    const { named, ours } = both;
    const questions = [...QUESTIONS, "b.large.test A", "c.large.test TXT", "www.elsewhere.test A", ". NS"];
    for (const options of [[], ["+tcp"], ["+noedns"], ["+bufsize=600", "+ignore"]]) {
      const theirs = await dig(named.port, questions, ...options);
      const own = await dig(await ours.port(), questions, ...options);
      assert.equal(own.length, questions.length);
      for (const [index, question] of questions.entries()) {
        assert.deepEqual(comparable(own[index]), comparable(theirs[index]), `${question} ${options.join(" ")}`);
      }
    }
  });

  test("answers our resolver as ours does, over UDP and TCP", async (t) => {
    const both = servers(t);
    if (both === undefined) return;
    const { named, ours } = both;
    const resolverOf = (port: number) =>
      new Resolver({
        ...osContext({ signal: new AbortController().signal }),
        servers: [{ address: "127.0.0.1", port }],
        attempts: 1,
      });
    const [theirs, own] = [resolverOf(named.port), resolverOf(await ours.port())];
    const ask = async (resolver: Resolver, question: string): Promise<unknown> => {
      const [name = "", type = "A"] = question.split(" ");
      const parsed = type === "DS" ? "TYPE43" : (type as QueryType);
      try {
        const { rcode, records, authority } = await resolver.query(name, parsed);
        const lines = records.map((record) => formatRecord(record).toLowerCase()).sort();
        return { rcode, lines, authority: authority && formatRecord(authority) };
      } catch (error) {
        if (error instanceof NameError) return error.code;
        throw error;
      }
    };
    for (const question of [...QUESTIONS, "b.large.test A", "c.large.test TXT"]) {
      assert.deepEqual(await ask(own, question), await ask(theirs, question), question);
    }
    assert.deepEqual((await theirs.lookup("chain.example.test")).toSorted(), ["192.0.2.1", "192.0.2.2"]);
    assert.equal((await theirs.lookup("b.large.test")).length, 40);
    await assert.rejects(theirs.lookup("nobody.example.test"), { code: "ENOTFOUND" });
    await assert.rejects(theirs.lookup("gone.example.test"), { code: "ENOTFOUND" });
    await assert.rejects(theirs.lookup("host.child.example.test"), { code: "EAI_AGAIN" });
    await assert.rejects(theirs.lookup("www.elsewhere.test"), { code: "EAI_AGAIN" });
  });

  test("asks our name server for others, and answers our resolver as we would", async (t) => {
    const both = servers(t);
    if (both === undefined) return;
    const { ours } = both;
    const forwarder = await Named.startForwarder(Object.keys(ZONES), await ours.port());
    try {
      const resolver = new Resolver({
        ...osContext({ signal: new AbortController().signal }),
        servers: [{ address: "127.0.0.1", port: forwarder.port }],
        attempts: 1,
      });
      assert.deepEqual((await resolver.lookup("chain.example.test")).toSorted(), ["192.0.2.1", "192.0.2.2"]);
      assert.deepEqual(await resolver.lookup("a.wild.example.test"), ["192.0.2.4"]);
      assert.equal((await resolver.lookup("b.large.test")).length, 40);
      assert.equal((await resolver.query("c.large.test", "TXT")).records.length, 100);
      const nobody = await resolver.query("nobody.example.test", "A");
      assert.deepEqual([nobody.rcode, nobody.authority?.data.minimum], ["NXDOMAIN", 600]);
      const nothing = await resolver.query("www.example.test", "SRV");
      assert.deepEqual([nothing.rcode, nothing.records, nothing.authority?.data.serial], ["NOERROR", [], 2026010101]);
      await assert.rejects(resolver.lookup("www.elsewhere.test"), { code: "EAI_AGAIN" }, "we refuse");
    } finally {
      await forwarder.stop();
    }
  });

  test("and named-checkzone take the zones that we take, and refuse those that we refuse", async (t) => {
    const both = servers(t, "named-checkzone");
    if (both === undefined) return;
    const { named } = both;
    const file = join(named.folder, "check.zone");
    const takes = async (zone: string, text: string): Promise<boolean> => {
      writeFileSync(file, text);
      const arguments_ = ["-k", "ignore", "-i", "none", "-M", "ignore", "-S", "ignore", zone, file];
      return run("named-checkzone", arguments_).then(
        () => true,
        () => false,
      );
    };
    const head = "$ORIGIN x.test.\n$TTL 60\n@ SOA ns a 1 2 3 4 5\n@ NS ns\nns A 192.0.2.1\n";
    const others = [
      ...[
        "a CNAME b\na A 192.0.2.1",
        "a CNAME b\na CNAME c",
        "a CNAME b\na CNAME b",
        "@ CNAME b",
        "@ SOA ns a 1 2 3 4 5",
      ],
      ...[
        "a A 192.0.2.256",
        "a AAAA 1::2::3",
        "a MX 70000 b",
        "a MX 1",
        "a TXT",
        'a TXT "open',
        "a A ( 192.0.2.1",
        "a A )",
      ],
      ...["a..b A 192.0.2.1", `${"a".repeat(64)} A 192.0.2.1`, `${"a".repeat(63)} A 192.0.2.1`, "a\\256 A 192.0.2.1"],
      ...["a WHAT 1", "a TYPE65280 \\# 2 0a", "a TYPE65280 \\# 2 0a0b", "a A \\# 3 0a0b0c", "a A \\# 4 0a0b0c0d"],
      ...[
        "a 1h30m A 192.0.2.1",
        "a IN 60 A 192.0.2.1",
        "a 60 IN A 192.0.2.1",
        "a 1x A 192.0.2.1",
        "$TTL 1y\na A 192.0.2.1",
      ],
      ...[`a TXT "${"x".repeat(255)}"`, `a TXT "${"x".repeat(256)}"`, "a SRV 1 2 3 .", "a SRV 1 2 3", "* A 192.0.2.1"],
      ...["$NOPE", "$ORIGIN", "$ORIGIN b\na A 192.0.2.1", "a A 192.0.2.1 192.0.2.2", "a NS b\nb.a A 192.0.2.1"],
      ...[
        `a TXT ${'"y" '.repeat(20)}`,
        "a A\n(192.0.2.1)",
        "a A (\n192.0.2.1\n)",
        "a ; only a comment",
        "a CH A 192.0.2.1",
      ],
    ].map((lines) => ["x.test", `${head}${lines}\n`] as const);
    const wrong: string[] = [];
    for (const [zone, text] of [...Object.entries(ZONES), ...others]) {
      const own = loadZone(text, { file: zone }).zone !== undefined;
      if (own !== (await takes(zone, text)))
        wrong.push(`${own ? "only ours takes" : "only ours refuses"}: ${text.slice(head.length)}`);
    }
    assert.deepEqual(wrong, []);
  });
});

/**
 * Names in what was made of a wildcard have the case of letters of the question, or of an earlier one; and there is more than
 * one way to compress.
 */
function comparable(answer: DigAnswer | undefined): unknown {
  const lower = (lines: readonly string[] = []) => lines.map((line) => line.toLowerCase()).sort();
  const sections = { answer: lower(answer?.answer), authority: lower(answer?.authority) };
  return { ...answer, ...sections, additional: lower(answer?.additional), size: undefined };
}
