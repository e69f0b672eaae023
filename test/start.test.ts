/** What the README promises first: `git clone`, `npm start`, and there is the lab, with a network to join. */
import assert from "node:assert/strict";
import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { refuse, requiresAll } from "./require.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
/** Wall milliseconds after which it hangs. */
const PATIENCE = 600_000;
/** How npm says that it cannot reach its registry. */
const OFFLINE =
  /\b(?:ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ENETUNREACH|EHOSTUNREACH|ETIMEDOUT|ERR_SOCKET_TIMEOUT|ENOTCACHED)\b/;

/** The environment without what an npm around this test and its runner have put there for their own. */
function environment(): NodeJS.ProcessEnv {
  const own = /^(?:NODE_|npm_(?:lifecycle|package|command|execpath|node_execpath|config_local_prefix)|INIT_CWD$)/;
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !own.test(name)));
  return requiresAll() ? env : { ...env, npm_config_fetch_retries: "0" };
}

/** What `npm start` prints until it has told where the lab is, or has ended. */
async function untilTold(child: ChildProcessWithoutNullStreams): Promise<{ out: string; err: string }> {
  const said = { out: "", err: "" };
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said.err += text;
  });
  for await (const text of child.stdout.setEncoding("utf8")) {
    said.out += text;
    if (/Ctrl-C ends it/.test(said.out)) break;
  }
  return said;
}

test("what is committed runs from a clone by `npm start`: the lab opens on a network, and says how to join", {
  timeout: PATIENCE,
}, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "netarium-start-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const clone = join(folder, "clone");
  const git = spawnSync("git", ["clone", "--quiet", root, clone], { encoding: "utf8" });
  assert.equal(git.status, 0, git.stderr);

  const began = performance.now();
  const ports = ["0", "join=0", "clock=0", "datagrams=0"].flatMap((port) => ["--port", port]);
  const started = spawn("npm", ["start", "--", "--no-open", ...ports], {
    cwd: clone,
    env: environment(),
    detached: true, // a group of its own, which Ctrl-C reaches as a whole
  });
  const ended = once(started, "close");
  t.after(() => {
    const runs = started.exitCode === null && started.signalCode === null;
    if (runs) process.kill(-(started.pid as number), "SIGKILL");
  });
  const { out, err } = await untilTold(started);
  if (/set-up failed/.test(err) && OFFLINE.test(err)) {
    refuse(t, "needs npm's registry, and cannot reach it");
    return;
  }
  assert.match(out, /Join the chat: +nc 127\.0\.0\.1 [1-9]\d*\b/, err);
  const [url] = /http:\/\/127\.0\.0\.1:[1-9]\d*\/#token=[\w-]{43}/.exec(out) ?? assert.fail(`${out}\n${err}`);
  const page = await fetch(url);
  assert.equal(page.status, 200);
  assert.match(await page.text(), /<title>Netarium<\/title>/);
  t.diagnostic(`\`npm start\` took ${((performance.now() - began) / 1000).toFixed(1)} s until the page was there`);
  process.kill(-(started.pid as number), "SIGINT");
  started.stdout.resume();
  await ended;
});
