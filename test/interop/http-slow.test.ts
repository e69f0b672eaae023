/** While slowhttptest holds connections open in every way it knows, others are served. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { Agent, get } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { stripVTControlCharacters } from "node:util";
import { requireTool } from "../require.ts";
import { size } from "../size.ts";
import { Cli } from "../support/cli.ts";

const PAGE = "<p>Served.</p>";
/** Asked for three times by each slow reader, this is more than the kernel takes for it at first. */
const LARGE = 2 ** 21;
const CONNECTIONS = size(200, 1_000);
const SECONDS = size(5, 40);

/** Slow heads, slow bodies, ranges without end, slow reading. */
const ATTACKS: readonly (readonly string[])[] = [
  ["-H"],
  ["-B"],
  ["-R", "-a", "1", "-b", "3000"],
  ["-X", "-w", "10", "-y", "20", "-n", "1", "-z", "5", "-k", "3"],
];

/** What an attack reports when it has ended. */
function attack(url: string, options: readonly string[]): Promise<string> {
  const common = ["-c", String(CONNECTIONS), "-r", String(CONNECTIONS), "-l", String(SECONDS), "-i", "1", "-p", "30"];
  const child = spawn("slowhttptest", [...options, ...common, "-u", url], {
    stdio: ["ignore", "pipe", "pipe"],
    timeout: (SECONDS + 30) * 1_000,
  });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (more) => (text += more));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", () => resolve(stripVTControlCharacters(text)));
  });
}

/** The status and body of an answer on a connection of its own. */
function ask(url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent: new Agent({ keepAlive: false }), timeout: 60_000 }, (response) => {
      let body = "";
      response.setEncoding("utf8").on("data", (text) => (body += text));
      response.on("end", () => resolve(`${response.statusCode} ${body}`));
      response.on("error", reject);
    });
    request.on("timeout", () => request.destroy(new Error("no answer")));
    request.on("error", reject);
  });
}

test("slow heads, bodies, ranges and readers, all at once", { timeout: (SECONDS + 60) * 1_000 }, async (t) => {
  if (!requireTool(t, "slowhttptest")) return;
  const folder = mkdtempSync(join(tmpdir(), "slow-"));
  writeFileSync(join(folder, "index.html"), PAGE);
  writeFileSync(join(folder, "large.bin"), Buffer.alloc(LARGE, "x"));
  const server = new Cli("serve", folder, "--port", "0", "--quiet");
  try {
    const url = (await server.says(/http:\/\/127\.0\.0\.1:\d+\//))[0];
    let going = ATTACKS.length;
    const reports = ATTACKS.map((options) => attack(`${url}large.bin`, options).finally(() => going--));
    let asked = 0;
    for (; going > 0; asked++) {
      assert.equal(await ask(url), `200 ${PAGE}`);
      await sleep(50);
    }
    assert.ok(asked >= 3, `${asked} pages while it went on`);
    for (const [n, report] of (await Promise.all(reports)).entries()) {
      assert.match(report, /Exit status/, `${ATTACKS[n]}: ${report}`);
      assert.doesNotMatch(report, /service available:\s*NO/i, String(ATTACKS[n]));
      assert.match(report, /service available:\s*YES/i, `${ATTACKS[n]}: ${report}`);
    }
  } finally {
    server.child.kill("SIGKILL");
    rmSync(folder, { recursive: true });
  }
});
