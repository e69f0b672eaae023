/** What the README promises first: `git clone`, `npm start`, and there is a network to join. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
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

test("what is committed runs from a clone by `npm start`, and says how to join", (t) => {
  const folder = mkdtempSync(join(tmpdir(), "netarium-start-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const clone = join(folder, "clone");
  const git = spawnSync("git", ["clone", "--quiet", root, clone], { encoding: "utf8" });
  assert.equal(git.status, 0, git.stderr);

  const began = performance.now();
  const ports = ["join", "clock", "datagrams"].flatMap((name) => ["--port", `${name}=0`]);
  const started = spawnSync("npm", ["start", "--", "--for", "2s", "--speed", "max", ...ports], {
    cwd: clone,
    env: environment(),
    encoding: "utf8",
    timeout: PATIENCE,
  });
  const { status, stdout, stderr } = started;
  if (status !== 0 && /set-up failed/.test(stderr) && OFFLINE.test(stderr)) {
    refuse(t, "needs npm's registry, and cannot reach it");
    return;
  }
  assert.equal(status, 0, `${stdout}\n${stderr}`);
  assert.match(stdout, /Join the chat: +nc 127\.0\.0\.1 [1-9]\d*\b/);
  t.diagnostic(`\`npm start\` and 2 s of virtual time took ${((performance.now() - began) / 1000).toFixed(1)} s`);
});
