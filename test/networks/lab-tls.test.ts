/** What is said over TLS is read in the lab's lists, whenever its secrets come, and after going back in time. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { Engine } from "../../src/engine/engine.ts";
import type { FromEngine, ViewState } from "../../src/engine/protocol/index.ts";
import { nodeCompression } from "../../src/platform/node/compression.ts";
import { readNetworkFile } from "../../src/platform/node/network-file.ts";
import { nodePlatform } from "../../src/platform/node/runtime.ts";
import { NetworkTls } from "../../src/platform/node/tls/network-tls.ts";
import { ciphers } from "../fixtures/ciphers.ts";
import { LabWatcher } from "../fixtures/lab.ts";
import { temporaryFolder } from "../interop/netarium.ts";

const FILE = join(import.meta.dirname, "../../examples/web.yaml");
const folder = temporaryFolder();
after(() => folder.remove());

const LONG = { timeout: 120_000 };
const REQUESTS = ["GET / HTTP/1.1 ", "GET /book.html HTTP/1.1 ", "POST /sign HTTP/1.1 ", "GET /thanks.html HTTP/1.1 "];

test("secrets that come late, and those of a course that is run again, open what was ciphered", LONG, async () => {
  const { document } = readNetworkFile(FILE, { allow: new Set(["publish"]) });
  assert.ok(document);
  const tls = new NetworkTls(folder.path("authority"));
  await tls.authority;
  const late: string[] = [];
  tls.onSecret = (line) => late.push(line);
  const engine = await Engine.start({
    ...{ document, text: readFileSync(FILE, "utf8"), file: FILE, netarium: "0", id: "1", kind: "node" },
    ...{ platform: nodePlatform, tls, ciphers, compression: nodeCompression },
  });
  const watcher = new LabWatcher(engine);
  await watcher.request("time.runUntil", { at: 10e9 });
  const { nics } = engine.course;
  const nic = nics.findIndex(({ name }) => name === "browser.eth0");
  const { view } = await watcher.request("packets.open", { vantage: { kind: "nic", nic }, filter: "http.request" });

  /** Waits until so many requests have been found, in all that there is. */
  async function requests(count: number): Promise<string[]> {
    const isFound = ({ total, examined, matched }: ViewState): boolean => examined === total && matched === count;
    const told = (message: FromEngine): boolean =>
      message.type === "view" && message.state.view === view && isFound(message.state);
    while (!watcher.heard.some(told)) await nodePlatform.turn();
    const { rows } = await watcher.request("packets.rows", { view, from: 0, count: 100 });
    return rows.map(({ info, protocol, group }) => {
      assert.deepEqual([protocol, group], ["HTTP", "http"]);
      return info.replace(/ {2}\(.*/, " ");
    });
  }

  const plain = await requests(1);
  assert.deepEqual(plain, ["GET / HTTP/1.1 "], "what goes to port 80 is not ciphered");
  watcher.heard.length = 0;
  for (const line of late) engine.keepSecret(line);
  const opened = await requests(5);
  assert.deepEqual(opened, ["GET / HTTP/1.1 ", ...REQUESTS]);

  const { rows } = await watcher.request("packets.rows", { view, from: 2, count: 1 });
  const { event = -1 } = rows[0] ?? {};
  const { text: command } = await watcher.request("packets.copy", { view, event, as: "curl" });
  assert.match(command, / 'https:\/\/www\.example\.test\/book\.html'$/);
  const said = async (layer?: "tls" | "tcp"): Promise<readonly [string | undefined, string]> => {
    const stream = await watcher.request("packets.follow", { view, event, ...(layer && { layer }) });
    return [stream.layer, stream.pieces.map(({ bytes }) => Buffer.from(bytes, "base64").toString("latin1")).join("")];
  };
  const [layer, text] = await said();
  assert.equal(layer, "tls");
  for (const each of REQUESTS) assert.ok(text.includes(each.trim()), text);
  assert.ok(text.indexOf("GET /book.html") < text.indexOf("<title>Guest book"), "in its order");
  const [beneath, ciphered] = await said("tcp");
  assert.equal(beneath, "tcp");
  assert.ok(!ciphered.includes("GET /") && ciphered.length > text.length);

  tls.onSecret = (line) => engine.keepSecret(line);
  watcher.heard.length = 0;
  await watcher.request("time.branch", { at: 9e9 });
  assert.deepEqual(await requests(5), ["GET / HTTP/1.1 ", ...REQUESTS]);
  await engine.close();
});
