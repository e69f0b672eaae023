import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { publint } from "publint";
import { formatMessage } from "publint/utils";

const root = fileURLToPath(new URL("..", import.meta.url));
const modules = join(root, "node_modules");
const PURE = ["netarium", "netarium/socket", "netarium/http", "netarium/capture", "netarium/browser"];
const ALL = [...PURE, "netarium/testing", "netarium/node"];
const INSTALL = ["install", "--prefer-offline", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"];

const VITEST = ["vitest@5.1.1", "vite@8.3.8"];
/** A test of a user's, for whichever runner runs it: one that passes, and what a failure says. */
const USERS_TEST = `
import assert from "node:assert/strict";
import { echoServer, type Network } from "netarium";
import { type Simulation, simulate } from "netarium/testing";
const { test } = process.env.VITEST === undefined ? await import("node:test") : await import("vitest");

const network = (built: Network): void => {
  built.host("a", { address: "10.0.0.1/24" });
  built.host("b", { address: "10.0.0.2/24" });
  built.cable("a", "b", { delay: "5ms", loss: 0.1 });
};

async function talk({ host }: Simulation): Promise<void> {
  host("b").start(echoServer);
  const socket = host("a").sockets.socket("inet", "stream");
  await socket.connect({ address: "10.0.0.2", port: 7 });
  await socket.send(new TextEncoder().encode("hello"));
  assert.equal(new TextDecoder().decode(await socket.recv(5)), "hello");
}

test("an echo comes back, whatever is lost", () => simulate({ seeds: 10, network }, talk));

test("a failure says how to see it again", async () => {
  const runner = process.env.VITEST === undefined ? "node --test" : "npx vitest run";
  const fail = async (simulation: Simulation) => {
    await talk(simulation);
    assert.fail("on purpose");
  };
  await assert.rejects(simulate({ network }, fail), (error: Error) => {
    assert.match(error.message, /on purpose/);
    assert.ok(error.message.includes("NETARIUM_SEED=1 " + runner + " users.test.ts"), error.message);
    return true;
  });
});
`;

/** Runs a program; if it fails, the error holds all that it said. */
function run(cwd: string, command: string, ...args: string[]): string {
  const ours = { NODE_OPTIONS: "", NODE_TEST_CONTEXT: undefined, NETARIUM_SEED: undefined };
  const env = { ...process.env, ...ours, NO_COLOR: "1", npm_config_loglevel: "error" };
  try {
    return execFileSync(command, args, { cwd, env, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`${command} ${args.join(" ")}\n${stdout}\n${stderr}`);
  }
}

/** Every file that a commit of the tree as it stands would hold, so that nothing else gets into the package. */
function copyTree(to: string): void {
  const listed = run(root, "git", "ls-files", "--cached", "--others", "--exclude-standard").split("\n");
  for (const path of listed.filter((each) => each !== "" && existsSync(join(root, each)))) {
    mkdirSync(dirname(join(to, path)), { recursive: true });
    cpSync(join(root, path), join(to, path));
  }
  symlinkSync(modules, join(to, "node_modules"));
}

/** A program that loads each of the names and fails when one of them exports nothing. */
function consumer(names: string[]): string {
  const imports = names.map((name, i) => `import * as m${i} from "${name}";`);
  const table = names.map((name, i) => `  ["${name}", Object.keys(m${i})],`);
  return `${imports.join("\n")}
const all: [string, string[]][] = [\n${table.join("\n")}\n];
for (const [name, names] of all) if (names.length === 0) throw new Error(name + " exports nothing");
`;
}

/** While the library is being put together there is no package yet. */
const parts = ["src/index.ts", "cli/main.ts", "schema/netarium-1.schema.json"];
const suite = parts.every((path) => existsSync(join(root, path))) ? describe : (): void => {};

suite("the package as it is published", () => {
  let temporary = "";
  let tarball = "";
  const project = (): string => join(temporary, "project");
  const installed = (): string => join(project(), "node_modules", "netarium");

  before(() => {
    temporary = mkdtempSync(join(tmpdir(), "netarium-package-"));
    const tree = join(temporary, "tree");
    mkdirSync(tree);
    mkdirSync(project());
    copyTree(tree);
    run(tree, "npm", "pack", "--pack-destination", temporary); // its prepack script builds
    const packed = readdirSync(temporary).find((name) => name.endsWith(".tgz"));
    assert.ok(packed, "npm pack made a tarball");
    tarball = join(temporary, packed);
    writeFileSync(join(project(), "package.json"), '{ "name": "consumer", "private": true, "type": "module" }');
    run(project(), "npm", ...INSTALL, tarball);
  });

  after(() => rmSync(temporary, { recursive: true, force: true }));

  const check = (name: string, source: string, options: object): void => {
    writeFileSync(join(project(), `${name}.ts`), source);
    const compilerOptions = { strict: true, noEmit: true, module: "nodenext", target: "es2023", ...options };
    const config = { compilerOptions, files: [`${name}.ts`] };
    writeFileSync(join(project(), `tsconfig.${name}.json`), JSON.stringify(config));
    run(project(), process.execPath, join(modules, "typescript/bin/tsc"), "-p", `tsconfig.${name}.json`);
  };

  test("holds what runs, and neither tests nor tools", () => {
    const files = readdirSync(installed(), { recursive: true, encoding: "utf8" });
    const stray = files.filter((path) => /\.test\.|\.tsbuildinfo$|^(?:src|test|bench|cli)\b/.test(path));
    assert.deepEqual(stray, []);
    const needed = [
      "LICENSE",
      "bin/netarium.js",
      "dist/cli/main.js",
      "dist/lab/index.html",
      "schema/netarium-1.schema.json",
      "schema/netarium-web-1.schema.json",
      "dist/src/platform/node/gateway/wsgi.py",
      "docs/doors.md",
    ];
    for (const path of needed) {
      assert.ok(files.includes(path), path);
    }
  });

  test("its types hold in a Node project", () => {
    const schema =
      'import schema from "netarium/schema.json" with { type: "json" };\nif (!schema) throw new Error();\n';
    check("node", schema + consumer(ALL), { lib: ["es2023"], types: ["node"], typeRoots: [join(modules, "@types")] });
  });

  test("its types hold in a project for browsers", () => {
    const options = {
      lib: ["es2023", "dom", "dom.iterable"],
      types: [],
      module: "esnext",
      moduleResolution: "bundler",
    };
    check("browser", consumer(PURE), options);
  });

  test("every name loads", () => {
    const load = ALL.map(
      (name) => `if (Object.keys(await import("${name}")).length === 0) throw new Error("${name}");`,
    );
    run(project(), process.execPath, "--input-type=module", "--eval", load.join("\n"));
  });

  test("its command runs", () => {
    const help = run(project(), process.execPath, join(project(), "node_modules/.bin/netarium"), "--help");
    assert.match(help, /netarium/);
  });

  test("a test that uses netarium/testing passes under node --test and under vitest", () => {
    writeFileSync(join(project(), "users.test.ts"), USERS_TEST);
    const byNode = run(project(), process.execPath, "--test", "--test-reporter=tap", "users.test.ts");
    assert.match(byNode, /^# pass 2$/m);
    run(project(), "npm", ...INSTALL, "--no-save", ...VITEST);
    const byVitest = run(project(), process.execPath, "node_modules/vitest/vitest.mjs", "run", "users.test.ts");
    assert.match(byVitest, /Tests +2 passed/);
  });

  test("publint finds nothing", async () => {
    const { messages, pkg } = await publint({ pkgDir: installed(), pack: false, strict: true });
    assert.deepEqual(
      messages.map((message) => formatMessage(message, pkg)),
      [],
    );
  });

  test("its types are found the same way by every kind of resolution that knows ES modules", () => {
    const attw = join(modules, "@arethetypeswrong/cli/dist/index.js");
    run(temporary, process.execPath, attw, tarball, "--profile", "esm-only", "--no-definitely-typed", "--no-emoji");
  });

  test("netarium/browser bundles for a browser without anything of Node", async () => {
    const { outputFiles, metafile } = await build({
      stdin: { contents: 'import * as all from "netarium/browser"; console.log(all);', resolveDir: project() },
      bundle: true,
      format: "esm",
      platform: "browser",
      metafile: true,
      minify: true,
      write: false,
      logLevel: "silent",
    });
    const outside = Object.values(metafile.outputs).flatMap((output) => output.imports.map((each) => each.path));
    assert.deepEqual(outside, []);
    assert.doesNotMatch(outputFiles[0]?.text ?? "", /["']node:/);
  });
});
