import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { dirname, join } from "node:path";
import { describe, test } from "node:test";
import { Cli, cli, networkFile, temporaryFolder } from "../test/support/cli.ts";

const TIME = `netarium: 1
name: Time
welcome: "Ask {clock.address} at port {clock.port}{x.port}."
devices:
  pc: {kind: host, address: 10.0.0.1/24}
  server: {kind: host, address: 10.0.0.2/24, programs: [time-server]}
cables: [{between: [pc, server], delay: 1ms}]
doors:
  clock: {publish: tcp, real: "127.0.0.1:0", from: pc, to: "server:3434"}
`;

const FAILING = `netarium: 1
devices:
  pc: {kind: host, address: 10.0.0.1/24, programs: [{run: time-client, with: {server: "10.0.0.9:1"}}]}
  other: {kind: host, address: 10.0.0.2/24}
cables: [{between: [pc, other]}]
`;

/** What a server sends until it closes. */
const readAll = (port: number): Promise<string> =>
  new Promise((resolve, reject) => {
    let text = "";
    connect(port, "127.0.0.1")
      .setEncoding("utf8")
      .on("data", (chunk: string) => (text += chunk))
      .on("end", () => resolve(text))
      .on("error", reject);
  });

/** A lab may be running beside the tests. */
const FREE_PORTS = ["join", "clock", "datagrams"].flatMap((name) => ["--port", `${name}=0`]);

describe("usage", () => {
  test("help and version go to standard output with exit code 0", async () => {
    const help = await cli("run", "--help");
    assert.equal(help.code, 0);
    for (const word of [
      "--seed",
      "--for",
      "--speed",
      "--pcap",
      "--record",
      "--replay",
      "--allow",
      "--port",
      "--json",
    ]) {
      assert.match(help.stdout, new RegExp(word));
    }
    assert.doesNotMatch(help.stdout, /default: (false|\{\}|undefined)/, "a default is worth telling, or is not told");
    const version = await cli("--version");
    assert.match(version.stdout, /^\d+\.\d+\.\d+\n$/);
  });

  test("bad usage ends with exit code 2 and says what is right", async () => {
    const wrong: [string[], RegExp][] = [
      [["run", "x.yaml"], /x\.yaml: there is no such file/],
      [["run", "x.yaml", "--port", "8888"], /chat=9999/],
      [["run", "x.yaml", "--json", "--pcap", "-"], /both want standard output/],
      [
        ["run", "examples/chat-room.yaml", ...FREE_PORTS, "--pcap", "none/x.pcapng"],
        /none\/x\.pcapng: there is no such folder/,
      ],
      [["run", "examples/chat-room.yaml", ...FREE_PORTS, "--record", "none/x"], /none\/x: there is no such folder/],
      [["run", "examples/chat-room.yaml", "--port", "chat=1"], /there is join, clock, datagrams/],
      [["run", "examples/chat-room.yaml", "--replay", "package.json"], /package\.json: line 1 of the record/],
    ];
    const results = await Promise.all(wrong.map(([args]) => cli(...args)));
    results.forEach(({ code, stderr, stdout }, index) => {
      const [args, expected] = wrong[index] ?? [];
      assert.match(stderr, expected ?? /^$/, args?.join(" "));
      assert.equal(code, 2, args?.join(" "));
      assert.equal(stdout, "");
    });
  });
});

describe("a file with errors", () => {
  test("is told with its places, starts nothing, and ends with exit code 2", async (t) => {
    const file = networkFile(t, "netarium: 1\ndevices:\n  a: {kind: hots}\n  b: {knd: host}\n");
    for (const command of ["check", "run"]) {
      const { code, stderr } = await cli(command, file);
      assert.equal(code, 2);
      assert.match(stderr, /network\.yaml:3:13: error: expected one of host.*\n +did you mean "host"\?/);
      assert.match(stderr, /network\.yaml:4:3: error: missing "kind"/);
    }
  });

  test("a good one is said to be good, with its warnings", async (t) => {
    const { code, stdout, stderr } = await cli(
      "check",
      networkFile(t, FAILING.replace("cables", "x").replace(/^x.*/m, "")),
    );
    assert.equal(code, 0);
    assert.match(stdout, /good: 2 devices, 0 cables/);
    assert.match(stderr, /warning: no cable goes to pc\.eth0/);
  });
});

describe("a run", () => {
  test("says what to delete when the path of a stream is taken", async (t) => {
    const file = networkFile(
      t,
      `netarium: 1
devices:
  pc: {kind: host, address: 10.0.0.1/24}
cables: [{between: [pc, far]}]
doors:
  far: {stream: "unix:far.sock", listen: true}
`,
    );
    writeFileSync(join(dirname(file), "far.sock"), "");
    const { code, stderr } = await cli("run", file);
    assert.equal(code, 2);
    assert.match(stderr, /the door far cannot be opened: its address is in use; .* delete far\.sock/);
  });

  test("with --for ends by itself; --json prints a summary, and logs go to standard error", async (t) => {
    const file = networkFile(t, TIME.replace(/doors:[\s\S]*/, ""));
    const { code, stdout, stderr } = await cli("run", file, "--for", "1h", "--json", "--seed", "3");
    assert.equal(code, 0);
    const summary = JSON.parse(stdout);
    assert.deepEqual(
      [summary.name, summary.seed, summary.end, summary.virtualNanoseconds, summary.speed],
      ["Time", 3, "reached", 3600e9, "max"],
    );
    assert.ok(summary.wallNanoseconds < 60e9 && summary.frames.sent > 0);
    assert.match(summary.trace.sha256, /^[0-9a-f]{64}$/);
    assert.match(summary.document, /^[0-9a-f]{64}$/);
    assert.deepEqual(summary.connections, { opened: 0, accepted: 0 });
    assert.match(stderr, /seed 3/);
    assert.match(stderr, /0\.000000 +server +time-server +Time server on 0\.0\.0\.0:3434/);
  });

  test("in which a program fails ends with exit code 1", async (t) => {
    const { code, stdout } = await cli("run", networkFile(t, FAILING), "--speed", "max");
    assert.equal(code, 1);
    assert.match(stdout, /time-client failed: .*EHOSTUNREACH/);
    assert.match(stdout, /failed: pc\/time-client/);
  });

  test("welcomes with where its ports are, answers, and ends in good order by Ctrl-C", async (t) => {
    const pcap = join(temporaryFolder(t), "x.pcapng");
    const run = new Cli("run", networkFile(t, TIME), "--pcap", pcap);
    const [, port = ""] = await run.says(/Ask 127\.0\.0\.1 at port (\d+)\{x\.port\}\./);
    assert.match(await readAll(Number(port)), /^Current time is 2026-01-01 00:00:0\d UTC\n$/);
    await run.says(/server +time-server +Told 10\.0\.0\.1:\d+/);
    const { code, stdout } = await run.interrupt();
    assert.equal(code, 0);
    assert.match(stdout, /127\.0\.0\.1:\d+ enters as 10\.0\.0\.1:\d+ and goes on to 10\.0\.0\.2:3434/);
    assert.match(stdout, /s of virtual time in .*seed 1\n\d+ frames sent, 1 connection opened\n/);
    assert.equal(readFileSync(pcap).readUInt32LE(0), 0x0a0d0d0a);
  });

  test("is recorded, and its replay is the same without the clients", async (t) => {
    const file = networkFile(t, TIME);
    const folder = temporaryFolder(t);
    const record = join(folder, "record");
    const run = new Cli("run", file, "--record", record, "--pcap", join(folder, "live.pcapng"), "--json");
    const [, port = ""] = await run.says(/at port (\d+)/);
    await Promise.all([readAll(Number(port)), readAll(Number(port)), readAll(Number(port))]);
    await run.says(/(?:has ended[\s\S]*){3}/);
    const live = JSON.parse((await run.interrupt()).stdout);
    assert.ok(live.inputs >= 6);
    const replayed = await cli("run", file, "--replay", record, "--pcap", join(folder, "again.pcapng"), "--json");
    const again = JSON.parse(replayed.stdout);
    assert.deepEqual(again.trace, live.trace);
    assert.equal(again.virtualNanoseconds, live.virtualNanoseconds);
    assert.ok(readFileSync(join(folder, "again.pcapng")).equals(readFileSync(join(folder, "live.pcapng"))));

    writeFileSync(file, `${TIME}# changed\n`);
    const changed = await cli("run", file, "--replay", record);
    assert.match(changed.stderr, /recorded with another network file/);
    assert.equal(changed.code, 2);
  });

  test("whose port is in use says so, and how to choose another, which then works", async (t) => {
    const server = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    t.after(() => server.close());
    const taken = (server.address() as { port: number }).port;
    const file = networkFile(t, TIME.replace("127.0.0.1:0", `127.0.0.1:${taken}`));
    const earlier = ["record", "capture.pcapng"].map((name) => join(dirname(file), name));
    for (const path of earlier) writeFileSync(path, "of an earlier run");
    const [record = "", capture = ""] = earlier;
    const { code, stderr } = await cli("run", file, "--record", record, "--pcap", capture);
    assert.equal(code, 2);
    for (const path of earlier) assert.equal(readFileSync(path, "utf8"), "of an earlier run", "nothing is lost");
    assert.match(
      stderr,
      new RegExp(`127\\.0\\.0\\.1:${taken}/tcp is in use; choose another port with --port clock=NUMBER`),
    );
    const run = new Cli("run", file, "--port", "clock=0");
    const [, port = ""] = await run.says(/at port (\d+)/);
    assert.notEqual(Number(port), taken);
    assert.match(await readAll(Number(port)), /Current time/);
    assert.equal((await run.interrupt()).code, 0);
  });

  test("ends when who reads its output has gone", async (t) => {
    const run = new Cli("run", networkFile(t, TIME), "--pcap", "-");
    await run.says(/at port/);
    const [, port] = await run.says(/at port (\d+)/);
    run.child.stdout.destroy();
    run.child.stderr.destroy();
    await readAll(Number(port)).catch(() => {}); // which it logs, and finds out
    assert.equal((await run.result).code, 0);
  });
});
