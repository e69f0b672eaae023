import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { type Finding, importsOf, MAX_FUNCTION_LINES, machinePaths, RULES, registryHosts } from "./tidy/rules.ts";
import { readSource } from "./tidy/source-file.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const listed = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
  cwd: root,
  encoding: "utf8",
  maxBuffer: 1 << 26,
});
const files = [...new Set(listed.split("\n"))].filter((path) => path !== "" && existsSync(join(root, path)));
const read = (path: string): string => readFileSync(join(root, path), "utf8");
const show = (path: string, found: Finding[]): string[] => found.map((f) => `${path}:${f.line}: ${f.message}`);

describe("the tree is tidy", () => {
  const unread: string[] = [];
  const sources = files
    .filter((path) => /\.(?:tsx?|js)$/.test(path))
    .flatMap((path) => {
      try {
        return [readSource(path, read(path))];
      } catch (error) {
        unread.push(`${path}: ${(error as Error).message}`);
        return [];
      }
    });

  test("every source file can be read with its types stripped", () => {
    assert.equal(unread.length, 0, `\n${unread.join("\n")}`);
  });

  for (const rule of RULES) {
    test(rule.name, () => {
      const found = sources.flatMap((file) => show(file.path, rule.check(file)));
      assert.equal(found.length, 0, `\n${found.join("\n")}`);
    });
  }

  test("no file names a path of one machine", () => {
    const texts = files.filter((path) => !/\.(?:png|woff2|pcapng|pcap|bin|wasm|gz)$/.test(path));
    const found = texts.flatMap((path) => show(path, machinePaths(read(path))));
    assert.equal(found.length, 0, `\n${found.join("\n")}`);
  });

  test("the lockfile names no registry", () => {
    const found = show("package-lock.json", registryHosts(read("package-lock.json")));
    assert.equal(found.length, 0, `\n${found.join("\n")}`);
  });
});

describe("each rule finds what breaks it", () => {
  /** The lines on which the rule of that name finds something. */
  const lines = (name: string, path: string, text: string): number[] => {
    const rule = RULES.find((each) => each.name.includes(name));
    assert.ok(rule, name);
    return rule.check(readSource(path, text)).map((found) => found.line);
  };

  test("imports", () => {
    const name = "imports";
    assert.deepEqual(lines(name, "src/wire/a.ts", 'import { b } from "../link/b.ts";'), [1]);
    assert.deepEqual(lines(name, "src/wire/a.ts", '\nimport type { B } from "../link/b.ts";'), [2]);
    assert.deepEqual(lines(name, "src/wire/a.ts", 'export * from "../link/b.ts";'), [1]);
    assert.deepEqual(lines(name, "src/wire/a.ts", 'import {\n  b,\n} from "../link/b.ts";'), [3]);
    assert.deepEqual(lines(name, "src/wire/a.ts", 'import("../../cli/main.ts");'), [1]);
    assert.deepEqual(lines(name, "src/wire/a.ts", 'import { b } from "../nowhere/b.ts";'), [1]);
    assert.deepEqual(lines(name, "src/wire/a.ts", 'import { b } from "./b";'), [1], "without its ending");
    assert.deepEqual(lines(name, "src/wire/a.ts", 'import { b } from "../../test/size.ts";'), [1]);
    assert.deepEqual(lines(name, "src/wire/a.ts", 'import { readFileSync } from "node:fs";'), [1]);
    assert.deepEqual(lines(name, "src/index.ts", 'import { b } from "./platform/node/index.ts";'), [1]);
    assert.deepEqual(lines(name, "cli/a.ts", 'import { b } from "../lab/b.ts";'), [1]);
    assert.deepEqual(
      lines(name, "src/wire/a.ts", 'import { b } from "../base/b.ts";\nimport { c } from "./c.ts";'),
      [],
    );
    assert.deepEqual(lines(name, "src/wire/a.test.ts", 'import { size } from "../../test/size.ts";'), []);
    assert.deepEqual(lines(name, "src/wire/a.ts", '// from "../link/b.ts"\nconst s = `from "../link/b.ts"`;'), []);
    assert.deepEqual(lines(name, "src/platform/node/a.ts", 'import { readFileSync } from "node:fs";'), []);
    assert.deepEqual(lines(name, "cli/a.ts", 'import { b } from "../src/platform/node/index.ts";'), []);
  });

  test("clock, chance and machine", () => {
    const name = "no clock";
    for (const bad of [
      "Date.now()",
      "new Date()",
      "new Date;",
      "Math.random()",
      "performance.now()",
      "setTimeout(f, 1)",
      "globalThis.setTimeout(f)",
      "setImmediate(f)",
      "process.env.X",
    ]) {
      assert.deepEqual(lines(name, "src/link/a.ts", `\nconst x = ${bad};`), [2], bad);
      assert.deepEqual(lines(name, "src/platform/a.ts", `\nconst x = ${bad};`), [], bad);
    }
    for (const good of [
      "new Date(0)",
      "clock.setTimeout(f)",
      '"Date.now()"',
      "/Date.now()/",
      "`process.env`",
      "a.process.b",
    ]) {
      assert.deepEqual(lines(name, "src/link/a.ts", `const x = ${good}; // Date.now()`), [], good);
    }
  });

  test("any", () => {
    for (const bad of ["let x: any", "f(x as any)", "f<any>()", "let x: Map<string, any>", "let x: string | any[]"]) {
      assert.deepEqual(lines("any", "src/link/a.ts", `${bad};`), [1], bad);
    }
    assert.deepEqual(lines("any", "src/link/a.ts", "// @ts-ignore\nlet x: number;"), [1]);
    assert.deepEqual(lines("any", "src/link/a.ts", 'let s: "any" = "x: any"; AbortSignal.any([]); // any: any'), []);
  });

  test("promises", () => {
    for (const bad of ["const f = async () => 1", "let p: Promise<void>", "for await (const x of y) f(x)"]) {
      assert.deepEqual(lines("promises", "src/transport/tcp/a.ts", `${bad};`), [1], bad);
      assert.deepEqual(lines("promises", "src/transport/tcp/a.test.ts", `${bad};`), [1], bad);
      assert.deepEqual(lines("promises", "src/socket/a.ts", `${bad};`), [], bad);
    }
    assert.deepEqual(lines("promises", "src/base/a.ts", "// await a Promise\nconst s = 'async';"), []);
  });

  test("lengths", () => {
    const long = `function f() {\n${"x();\n".repeat(MAX_FUNCTION_LINES)}}\n`;
    assert.deepEqual(lines("functions", "src/base/a.ts", `\n${long}`), [2]);
    assert.deepEqual(lines("functions", "src/base/a.ts", `class C {\n  m() {\n${"x();\n".repeat(80)}}\n}`), [2]);
    assert.deepEqual(lines("functions", "src/base/a.ts", `const f = () => {\n${"x();\n".repeat(78)}};`), []);
    assert.deepEqual(lines("functions", "src/base/a.test.ts", `describe("x", () => {\n${"y();\n".repeat(200)}});`), []);
    assert.deepEqual(lines("files", "src/base/a.ts", "x();\n".repeat(501)), [501]);
    assert.deepEqual(lines("files", "src/base/a.ts", "x();\n".repeat(500)), []);
  });

  test("machine paths and registries", () => {
    const machine = ["", "root", "x.ts"].join("/");
    assert.equal(machinePaths(`see\n ${machine}`)[0]?.line, 2);
    assert.deepEqual(machinePaths("src/network/root/x.ts, the ./work/ folder"), []);
    assert.equal(registryHosts('{ "resolved": "https://example.org/x.tgz" }').length, 1);
    assert.equal(registryHosts('{ "resolved": "packages/lab", "link": true }').length, 0);
  });

  test("code inside templates is code, and literals are not", () => {
    const [open, tick] = ["$\u007b", "\u0060"]; // not as they stand, since this file has to be read as well
    const template = `${tick}${open} f(${tick}${open}b}${tick}) } "${tick}`;
    const text = `const a = ${template}; const r = /[${tick}"]/; import c from "c"; type T = ${tick}x"y${tick}; x / y;`;
    const file = readSource("a.ts", text);
    assert.deepEqual(
      importsOf(file).map((found) => found.specifier),
      ["c"],
    );
    assert.match(file.code, /const a = +f\( +b +\) +; const r = +; import c from " +; type T = +; x \/ y;/);
    assert.deepEqual(lines("no clock", "src/link/a.ts", `const x = ${tick}${open}Date.now()}${tick};`), [1]);
  });
});
