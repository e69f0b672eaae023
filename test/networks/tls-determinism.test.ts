import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { tlsOutline } from "../fixtures/tls-outline.ts";
import { size } from "../size.ts";
import { ROOT, temporaryFolder } from "../support/cli.ts";

const run = promisify(execFile);

test("TLS with other keys in another process: the same times, interfaces, headers, record types and lengths", async (t) => {
  const outlines: string[][] = [];
  for (let index = 0; index < size(2, 12); index++) {
    const folder = temporaryFolder(t);
    const path = join(folder, "run.pcapng");
    const script = join(ROOT, "test", "fixtures", "tls-run.ts");
    const { stdout, stderr } = await run(process.execPath, ["--conditions=netarium:source", script, path, folder]);
    assert.equal(stdout, "done done done 600000000000\n", stderr);
    outlines.push(tlsOutline(readFileSync(path), [443, 444]));
  }
  const [first = [], ...others] = outlines;
  const streams = first.filter((line) => / 44[34]/.test(line.slice(0, 60)) && /: /.test(line));
  assert.equal(streams.length, 2 * 3 * 2 * 11);
  assert.ok(
    streams.every((line) => /: 22:\d+ .*23:\d+/.test(line)),
    streams.find((line) => !/: 22:\d+ .*23/.test(line)),
  );
  for (const other of others) {
    const at = first.findIndex((line, index) => line !== other[index]);
    assert.equal(at, -1, `line ${at}:\n${first[at]}\n${other[at]}`);
    assert.equal(other.length, first.length);
  }
});
