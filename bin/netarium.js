#!/usr/bin/env node
// The `netarium` command. Plain JavaScript, so that a Node too old for the rest can read it: it finds one that is new
// enough, starts itself there, and passes signals on and the exit code back.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import * as nodeModule from "node:module";
import { constants } from "node:os";
import { dirname, join, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const self = fileURLToPath(import.meta.url);
const root = dirname(dirname(self));
const source = join(root, "cli", "main.ts");
/** In a clone the TypeScript runs as it stands; in an installed package, what was built from it. */
const fromSource = existsSync(source) && !root.includes(`${sep}node_modules${sep}`);
const oldest = fromSource ? [22, 18] : [22, 0];
const condition = "netarium:source";
const started = "NETARIUM_STARTED";

function isNewEnough(version) {
  const [major, minor] = version.replace(/^v/, "").split(".").map(Number);
  return major > oldest[0] || (major === oldest[0] && minor >= oldest[1]);
}

function versionOf(node) {
  const answer = spawnSync(node, ["--version"], { encoding: "utf8", timeout: 10_000 });
  return answer.status === 0 ? answer.stdout.trim() : undefined;
}

/** The Node that came with the dependencies, wherever the package manager laid it; else the one on PATH. */
function* candidates() {
  const require = nodeModule.createRequire(self);
  const ending = process.platform === "win32" ? "node.exe" : "node";
  const platform = process.platform === "win32" ? "win" : process.platform;
  const byPlatform = [`node-${platform}-${process.arch}`, `node-bin-${platform}-${process.arch}`];
  for (const name of ["node", ...byPlatform, ...byPlatform.map((name) => `node/node_modules/${name}`)]) {
    try {
      yield join(dirname(require.resolve(`${name}/package.json`)), "bin", ending);
    } catch {
      // That package is not installed.
    }
  }
  yield "node";
}

function findNode() {
  for (const node of candidates()) {
    if (node !== "node" && !existsSync(node)) continue;
    const version = versionOf(node);
    if (version && isNewEnough(version)) return node;
  }
  return undefined;
}

async function runHere() {
  if (fromSource && !process.execArgv.includes(`--conditions=${condition}`)) {
    nodeModule.registerHooks({
      resolve: (specifier, context, next) =>
        next(specifier, { ...context, conditions: [...context.conditions, condition] }),
    });
  }
  delete process.env[started];
  try {
    await import(pathToFileURL(fromSource ? source : join(root, "dist", "cli", "main.js")).href);
  } catch (error) {
    if (error.code !== "ERR_MODULE_NOT_FOUND" || !error.message.startsWith("Cannot find package")) throw error;
    const [what] = error.message.split(" imported from");
    refuse(`${what}: ${fromSource ? "run `npm ci` in the clone, which brings it" : "install netarium again"}`);
  }
}

/** A terminal interrupts every process of its foreground group, so the child has its Ctrl-C without us. */
function terminalInterruptsChild() {
  try {
    const fields = readFileSync("/proc/self/stat", "utf8")
      .replace(/^.*\) /s, "")
      .split(" ");
    const [group, foreground] = [fields[2], fields[5]];
    return group === foreground;
  } catch {
    return process.stdin.isTTY === true;
  }
}

function runUnder(node) {
  const options = fromSource ? [`--conditions=${condition}`] : [];
  const child = spawn(node, [...options, self, ...process.argv.slice(2)], {
    stdio: "inherit",
    env: { ...process.env, [started]: "1" },
  });
  const pass = (signal) => {
    if (signal !== "SIGINT" || !terminalInterruptsChild()) child.kill(signal);
  };
  const passed = ["SIGINT", "SIGTERM", "SIGHUP"];
  for (const signal of passed) process.on(signal, pass);
  child.on("error", (error) => refuse(`could not start ${node}: ${error.message}`));
  child.on("exit", (code, signal) => {
    if (signal === null) process.exit(code);
    for (const each of passed) process.off(each, pass);
    process.kill(process.pid, signal);
    setTimeout(() => process.exit(128 + constants.signals[signal]), 1000);
  });
}

function refuse(message) {
  console.error(`netarium: ${message}`);
  process.exit(2);
}

if (isNewEnough(process.versions.node)) {
  await runHere();
} else {
  const node = process.env[started] ? undefined : findNode();
  if (node) runUnder(node);
  else {
    const remedy = fromSource ? "run `npm ci` in the clone, which brings one, or install" : "install";
    refuse(`needs Node ${oldest.join(".")} or newer and this is ${process.versions.node}: ${remedy} a newer Node`);
  }
}
