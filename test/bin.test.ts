import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";

/** Makes the first process believe it is an old Node; what it starts is not affected. */
const OLD =
  "--import=data:text/javascript,Object.defineProperty(process,'versions',{value:{...process.versions,node:'20.9.0'}})";
const MAIN = `
import { where } from "netarium";
const [what, code]: string[] = process.argv.slice(2);
const say = (line: unknown): void => console.log(JSON.stringify(line));
if (what === "wait") {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => { say(signal); process.exit(7); });
  setInterval(() => {}, 1000);
  say("ready");
} else if (what === "die") process.kill(process.pid, "SIGKILL");
else say({ where, args: process.argv.slice(2), options: process.execArgv, node: process.versions.node });
process.exitCode = Number(code ?? 0);
`;

interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  out: string;
  err: string;
}

describe("bin/netarium.js", () => {
  let root = "";
  const bin = (): string => join(root, "bin", "netarium.js");

  before(() => {
    root = mkdtempSync(join(tmpdir(), "netarium-bin-"));
    for (const folder of ["bin", "cli", "src", "empty", "dist/cli", "dist/src", "node_modules/node/bin"]) {
      mkdirSync(join(root, folder), { recursive: true });
    }
    copyFileSync(new URL("../bin/netarium.js", import.meta.url), bin());
    const paths = { "netarium:source": "./src/index.ts", default: "./dist/src/index.js" };
    writeFileSync(join(root, "package.json"), JSON.stringify({ name: "netarium", type: "module", exports: paths }));
    writeFileSync(join(root, "cli/main.ts"), MAIN);
    writeFileSync(join(root, "src/index.ts"), 'export const where: string = "source";');
    writeFileSync(join(root, "dist/src/index.js"), 'export const where = "dist";');
    writeFileSync(join(root, "node_modules/node/package.json"), '{ "name": "node" }');
    symlinkSync(process.execPath, join(root, "node_modules/node/bin/node"));
  });

  after(() => rmSync(root, { recursive: true, force: true }));

  const start = (file: string, args: string[], options: string[], env: NodeJS.ProcessEnv = {}): ChildProcess =>
    spawn(process.execPath, [...options, file, ...args], {
      env: { ...process.env, NODE_OPTIONS: "", ...env },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true, // its own process group, away from the terminal that may run this test
    });

  const end = (child: ChildProcess, onOut: (out: string) => void = () => {}): Promise<Ended> =>
    new Promise((resolve) => {
      let out = "";
      let err = "";
      child.stdout?.on("data", (chunk) => {
        out += chunk;
        onOut(out);
      });
      child.stderr?.on("data", (chunk) => {
        err += chunk;
      });
      child.on("close", (code, signal) => resolve({ code, signal, out, err }));
    });

  test("a Node that is new enough runs the source itself", async () => {
    const ended = await end(start(bin(), ["run", "3", "--x"], []));
    assert.equal(ended.code, 3, ended.err);
    const said = JSON.parse(ended.out);
    assert.equal(said.where, "source", "the netarium:source condition holds without being asked for");
    assert.deepEqual(said.args, ["run", "3", "--x"]);
    assert.deepEqual(said.options, [], "no second process");
    assert.equal(ended.err, "", "and nothing is warned of");
  });

  test("an old Node hands over to the one in node_modules, with arguments, and gives its exit code back", async () => {
    const ended = await end(start(bin(), ["run", "5", "a b"], [OLD], { PATH: join(root, "empty") }));
    assert.equal(ended.code, 5, ended.err);
    const said = JSON.parse(ended.out);
    assert.equal(said.where, "source");
    assert.deepEqual(said.args, ["run", "5", "a b"]);
    assert.deepEqual(said.options, ["--conditions=netarium:source"]);
    assert.equal(said.node, process.versions.node);
  });

  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    test(`${signal} is passed on, once`, async () => {
      const child = start(bin(), ["wait"], [OLD]);
      let sent = false;
      const ended = await end(child, (out) => {
        if (!sent && out.includes("ready")) sent = child.kill(signal);
      });
      assert.deepEqual(ended.out.trim().split("\n"), ['"ready"', `"${signal}"`], ended.err);
      assert.equal(ended.code, 7);
    });
  }

  test("a command killed by a signal looks killed from outside", async () => {
    const ended = await end(start(bin(), ["die"], [OLD]));
    assert.equal(ended.signal, "SIGKILL", ended.err);
  });

  test("without any Node new enough, one line says what to do", async () => {
    const lonely = join(root, "lonely");
    for (const folder of ["bin", "cli"]) mkdirSync(join(lonely, folder), { recursive: true });
    copyFileSync(bin(), join(lonely, "bin/netarium.js"));
    writeFileSync(join(lonely, "package.json"), '{ "type": "module" }');
    writeFileSync(join(lonely, "cli/main.ts"), "");
    rmSync(join(root, "node_modules/node/bin/node"));
    const ended = await end(start(join(lonely, "bin/netarium.js"), [], [OLD], { PATH: join(root, "empty") }));
    symlinkSync(process.execPath, join(root, "node_modules/node/bin/node"));
    assert.equal(ended.code, 2);
    assert.equal(ended.out, "");
    assert.match(ended.err, /^netarium: needs Node 22\.18 or newer and this is 20\.9\.0: run `npm ci`.*\n$/);
  });

  test("in a clone that lacks a package since it was updated, one line says what to do", async () => {
    const updated = join(root, "updated");
    for (const folder of ["bin", "cli"]) mkdirSync(join(updated, folder), { recursive: true });
    copyFileSync(bin(), join(updated, "bin/netarium.js"));
    writeFileSync(join(updated, "package.json"), '{ "type": "module" }');
    writeFileSync(join(updated, "cli/main.ts"), 'import "no-such-package-of-ours";');
    const ended = await end(start(join(updated, "bin/netarium.js"), [], []));
    assert.equal(ended.code, 2);
    assert.match(ended.err, /^netarium: Cannot find package 'no-such-package-of-ours': run `npm ci` in the clone.*\n$/);
  });

  test("installed, it runs what was built", async () => {
    const installed = join(root, "node_modules/netarium");
    for (const folder of ["bin", "cli", "dist/cli"]) mkdirSync(join(installed, folder), { recursive: true });
    copyFileSync(bin(), join(installed, "bin/netarium.js"));
    writeFileSync(join(installed, "package.json"), '{ "type": "module" }');
    writeFileSync(join(installed, "cli/main.ts"), 'console.log("source");');
    writeFileSync(join(installed, "dist/cli/main.js"), 'console.log("built");');
    const here = await end(start(join(installed, "bin/netarium.js"), [], []));
    assert.equal(here.out, "built\n", here.err);
    const there = await end(start(join(installed, "bin/netarium.js"), [], [OLD]));
    assert.equal(there.out, "built\n", there.err);
  });
});
