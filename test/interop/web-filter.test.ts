/** A large body through filters of our server in both directions: nothing of it is kept. */
import assert from "node:assert/strict";
import { truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { filtered, Response, serveHttp } from "../../src/application/http/index.ts";
import { osContext } from "../../src/platform/node/index.ts";
import { bytesHeld } from "../fixtures/machine.ts";
import { requireTool } from "../require.ts";
import { size } from "../size.ts";
import { temporaryFolder } from "../support/cli.ts";
import { runTool } from "../support/web-site.ts";

/** Takes garbage away, so that what is held shows. */
const collect = ((): (() => void) => {
  setFlagsFromString("--expose-gc");
  return runInNewContext("gc") as () => void;
})();

const BYTES = size(64 * 2 ** 20, 2 ** 30);

test(`curl sends ${BYTES / 2 ** 20} MiB through filters and gets them back`, { timeout: 300_000 }, async (t) => {
  if (!requireTool(t, "curl")) return;
  const file = join(temporaryFolder(t), "large");
  writeFileSync(file, "");
  truncateSync(file, BYTES);
  const end = new AbortController();
  t.after(() => end.abort());
  const heap: number[] = [];
  const held: number[] = [];
  let passed = 0;
  async function* copied(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    let next = 0;
    for await (const piece of body) {
      yield piece.slice();
      passed += piece.length;
      next -= piece.length;
      if (next > 0) continue;
      next = BYTES / 16;
      heap.push(process.memoryUsage().heapUsed);
      collect();
      held.push(bytesHeld());
    }
  }
  const handler = filtered({ request: copied, response: copied })((request) => new Response(request.pieces()));
  const server = await serveHttp(osContext({ signal: end.signal }), { address: "127.0.0.1", port: 0, handler });
  const url = `http://127.0.0.1:${server.address.port}/`;
  const back = `${file}.back`;
  const { code, stderr } = await runTool("curl", ["-sS", "--max-time", "100", "-T", file, "-o", back, url]);
  assert.equal(code, 0, stderr);
  assert.equal(passed, 2 * BYTES);
  const same = await runTool("cmp", [file, back]);
  assert.equal(same.code, 0, same.stdout.toString());
  for (const each of [heap, held]) {
    const growth = Math.max(...each) - Math.min(...each);
    assert.ok(each.length >= 16 && growth < 64 * 2 ** 20, `${growth} bytes more`);
  }
});
