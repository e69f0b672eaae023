/** The example of a name, a connection, TLS and a page: what others read in its capture, and what repeats. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { tlsOutline } from "../fixtures/tls-outline.ts";
import { requireTool } from "../require.ts";
import { cli, ROOT, temporaryFolder } from "../support/cli.ts";
import { damagedFrames, lossFindings, tshark } from "../tshark.ts";

const EXAMPLE = join(ROOT, "examples", "web.yaml");

describe("examples/web.yaml", () => {
  const cleanups: (() => void)[] = [];
  const t = { after: (cleanup: () => void) => void cleanups.push(cleanup) };
  const cache = process.env.XDG_CACHE_HOME;
  let first: Buffer;
  let second: Buffer;
  let told = "";

  /** Runs it with keys of its own. */
  const run = async (...more: string[]): Promise<{ stdout: string; capture: Buffer }> => {
    const folder = temporaryFolder(t as Parameters<typeof temporaryFolder>[0]);
    process.env.XDG_CACHE_HOME = folder;
    const path = join(folder, "web.pcapng");
    const { code, stdout, stderr } = await cli(
      ...["run", EXAMPLE, "--for", "10s", "--speed", "max", "--port", "page=0", "--pcap", path, ...more],
    );
    assert.equal(code, 0, stdout + stderr);
    return { stdout, capture: readFileSync(path) };
  };

  before(async () => {
    ({ capture: first, stdout: told } = await run());
    ({ capture: second } = await run());
  });
  after(() => {
    if (cache === undefined) delete process.env.XDG_CACHE_HOME;
    else process.env.XDG_CACHE_HOME = cache;
    for (const cleanup of cleanups) cleanup();
  });

  test("its browser gets from a name to a page, a form and a cookie", () => {
    for (const line of [
      /names +dns-server +10\.0\.1\.11:\d+ asked for www\.example\.test\. A: NOERROR/,
      /GET led to https:\/\/www\.example\.test\/: 200 OK/,
      /the page is called "Guest book"/,
      /\/sign was sent: name="Ann" note="Hello from a virtual browser"/,
      /POST led to https:\/\/www\.example\.test\/thanks\.html: 200 OK/,
      /that was all; cookies: 1/,
      /^dropped: nothing$/m,
    ]) {
      assert.match(told, line);
    }
  });

  test("two runs with one seed agree in all but the bytes that TLS ciphers", () => {
    const [one, other] = [tlsOutline(first), tlsOutline(second)];
    assert.ok(one.length > 300 && one.some((line) => /443: 22:\d+ 20:1 23:\d+ /.test(line)));
    assert.deepEqual(other, one);
    assert.notDeepEqual(first, second, "the keys differ");
  });

  test("its capture reads clean in tshark, and the secrets in it show the HTTP", async (t) => {
    if (!requireTool(t, "tshark")) return;
    assert.deepEqual(await damagedFrames(first), []);
    assert.deepEqual(await lossFindings(first), []);
    const inside = 'frame.interface_name == "browser.eth0" && tls && http';
    const fields = ["http.request.method", "http.request.uri", "http.cookie"];
    assert.deepEqual(await tshark(first, `${inside} && http.request`, fields), [
      ["GET", "/", ""],
      ["GET", "/book.html", ""],
      ["POST", "/sign", ""],
      ["GET", "/thanks.html", "visitor=Ann"],
    ]);
    const answers = 'frame.interface_name == "web.eth0" && tls && http.response';
    const codes = await tshark(first, answers, ["http.response.code", "http.set_cookie"]);
    assert.deepEqual(
      codes.map(([code]) => code),
      ["200", "200", "303", "200"],
    );
    assert.match(codes[2]?.[1] ?? "", /^visitor=Ann; .*Secure/);
    const handshake = await tshark(first, 'frame.interface_name == "web.eth0" && tls.handshake.type == 11', [
      "x509ce.dNSName",
    ]);
    assert.match(handshake[0]?.[0] ?? "", /www\.example\.test/, "the certificate, which TLS 1.3 ciphers");
  });

  test("a run in real time is replayed, though its keys are others", async () => {
    const record = join(temporaryFolder(t as Parameters<typeof temporaryFolder>[0]), "record.jsonl");
    const path = `${record}.pcapng`;
    const live = await cli(
      ...["run", EXAMPLE, "--for", "12s", "--speed", "4", "--port", "page=0", "--record", record, "--pcap", path],
    );
    assert.match(live.stdout, /that was all; cookies: 1/);
    const again = await cli("run", EXAMPLE, "--replay", record, "--pcap", `${path}2`);
    assert.equal(again.code, 0, again.stderr);
    assert.deepEqual(tlsOutline(readFileSync(`${path}2`)), tlsOutline(readFileSync(path)));
  });

  test("without the secrets nothing of it is to be read", async (t) => {
    if (!requireTool(t, "tshark")) return;
    const { capture } = await run("--no-secrets");
    assert.deepEqual(tlsOutline(capture), tlsOutline(first), "else it is the same");
    assert.deepEqual(await tshark(capture, "tls && http", ["frame.number"]), []);
    assert.ok((await tshark(capture, "tls.app_data", ["frame.number"])).length > 0);
  });
});
