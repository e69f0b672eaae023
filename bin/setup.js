// Makes the clone ready: installs what package-lock.json names, when that is not yet there. Every npm script calls it
// first, so that `npm start` and `npm test` work right after `git clone`. Plain JavaScript, for any Node from 18 on.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, "node_modules");
const stamp = join(modules, ".netarium-setup");
const lock = join(root, ".setup-lock");
const again = "Run `npm ci` by hand to see why, or delete node_modules and try again.";

function wanted() {
  const hash = createHash("sha256");
  hash.update(readFileSync(join(root, "package-lock.json")));
  hash.update(`${process.platform} ${process.arch}`);
  return hash.digest("hex");
}

function isReady() {
  return existsSync(stamp) && readFileSync(stamp, "utf8") === wanted();
}

function ownNode() {
  return join(modules, "node", "bin", process.platform === "win32" ? "node.exe" : "node");
}

function fail(message) {
  rmSync(lock, { force: true });
  console.error(`\nnetarium: ${message}`);
  process.exit(1);
}

/** Runs a program to its end, keeps its output for the case that it fails, and shows a dot a second meanwhile. */
function run(command, args, options) {
  return new Promise((resolve) => {
    let output = "";
    const child = spawn(command, args, { cwd: root, stdio: ["ignore", "pipe", "pipe"], ...options });
    const dots = process.stderr.isTTY ? setInterval(() => process.stderr.write("."), 1000) : undefined;
    const keep = (chunk) => {
      output += chunk;
    };
    child.stdout.on("data", keep);
    child.stderr.on("data", keep);
    let stopped = false;
    const finish = (ok) => {
      clearInterval(dots);
      if (stopped) fail("set-up was stopped half-way; the next `npm start` or `npm test` begins it anew");
      resolve({ ok, output });
    };
    child.on("error", (error) => {
      output += `${error.message}\n`;
      finish(false);
    });
    child.on("close", (code) => finish(code === 0));
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
      process.once(signal, () => {
        stopped = true; // and wait for its end: what it is writing must not meet the next set-up
        child.kill(signal);
      });
    }
  });
}

/** npm as the caller ran it, with the Node that ran it: the one in node_modules is about to be replaced. */
function npm(args) {
  const { npm_execpath: script, npm_node_execpath: node } = process.env;
  if (script?.endsWith(".js") && node && existsSync(node)) return run(node, [script, ...args]);
  return run("npm", args, { shell: process.platform === "win32" });
}

/** Two set-ups at once would pull the files from under each other: the second waits for the first. */
async function takeLock() {
  for (;;) {
    try {
      writeFileSync(lock, String(process.pid), { flag: "wx" });
      return;
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
    }
    if (!isHeld()) rmSync(lock, { force: true });
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

/** False when the process that took the lock was killed before it gave it back. */
function isHeld() {
  try {
    const holder = Number(readFileSync(lock, "utf8"));
    if (holder > 0) process.kill(holder, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

/** Where npm is told to run no install scripts, the `node` package comes without its binary, and npm does not link it. */
async function fetchNode() {
  const fetched = await run(process.execPath, ["installArchSpecificPackage.js"], { cwd: join(modules, "node") });
  if (!fetched.ok) console.error("\nnetarium: no Node of its own for this machine; a system Node ≥ 22.18 does as well");
  const link = join(modules, ".bin", "node");
  if (fetched.ok && process.platform !== "win32" && !existsSync(link)) symlinkSync("../node/bin/node", link);
}

async function setUp() {
  if (isReady()) return;
  await takeLock();
  if (!isReady()) {
    const started = Date.now();
    process.stderr.write("netarium: setting up (once, about half a minute) …");
    const installed = await npm(["ci", "--no-audit", "--no-fund", "--loglevel=error"]);
    if (!installed.ok) fail(`set-up failed.\n${installed.output}\n${again}`);
    if (!existsSync(ownNode())) await fetchNode();
    writeFileSync(stamp, wanted());
    process.stderr.write(` done in ${Math.round((Date.now() - started) / 1000)} s\n`);
  }
  rmSync(lock, { force: true });
}

await setUp();
