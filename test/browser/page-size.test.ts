/** What a browser loads before it shows the lab, and what it leaves for later. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { gzipSync } from "node:zlib";
import type { Metafile } from "esbuild";
import { buildStaticLab } from "../../lab/build-static.ts";

/** Bytes of JavaScript and CSS, gzipped, of the first load in one language. */
const LIMIT = 320 * 1024;
/** The same of what the engine's Worker loads until its network runs. */
const ENGINE_LIMIT = 150 * 1024;

type Output = Metafile["outputs"][string];

/** A file of the page, and how many bytes it takes on the wire. */
interface Part {
  readonly path: string;
  readonly output: Output;
  readonly bytes: number;
}

/** @param files by their names */
function parts(files: ReadonlyMap<string, Uint8Array>, metafile: Metafile): Part[] {
  return Object.entries(metafile.outputs).map(([path, output]) => {
    const bytes = files.get(path.split("/").at(-1) ?? "");
    assert.ok(bytes, `${path} is a file of the page`);
    return { path, output, bytes: gzipSync(bytes, { level: 9 }).length };
  });
}

/** A part with all that it imports before it runs. */
function closure(all: readonly Part[], from: readonly Part[]): Part[] {
  const found = new Set(from);
  for (const { output } of found) {
    for (const { path, kind } of output.imports) {
      const part = all.find((each) => each.path === path);
      if (part !== undefined && kind === "import-statement") found.add(part);
    }
  }
  return [...found];
}

/** Bytes, minified, of each folder's and package's modules in some parts. */
function bytesOf(list: readonly Part[]): Map<string, number> {
  const found = new Map<string, number>();
  for (const { output } of list) {
    for (const [path, { bytesInOutput }] of Object.entries(output.inputs)) {
      const folder = /node_modules\/[^/]+/.exec(path)?.[0] ?? path.split("/").slice(0, 3).join("/");
      found.set(folder, (found.get(folder) ?? 0) + bytesInOutput);
    }
  }
  return found;
}

const sum = (list: readonly Part[]): number => list.reduce((total, { bytes }) => total + bytes, 0);
const kib = (bytes: number): string => (bytes / 1024).toFixed(1).padStart(8);

/** A name that says what a part is of: the module that it was made for, or the largest in it. */
function nameOf({ path, output }: Part): string {
  const largest = Object.entries(output.inputs).sort(([, a], [, b]) => b.bytesInOutput - a.bytesInOutput)[0];
  return output.entryPoint ?? largest?.[0] ?? path;
}

describe("the lab's page", async () => {
  const { files, page, engine } = await buildStaticLab();
  const all = parts(files, page.metafile);
  const main = all.filter(({ path }) => /\/main-[^/]+\.(?:js|css)$/.test(path));
  const first = closure(all, main);
  const chinese = all.filter(({ output }) => output.entryPoint === "lab/i18n/zh/index.ts");
  const inChinese = closure(all, [...main, ...chinese]);
  const inFirst = first.flatMap(({ output }) => Object.keys(output.inputs));

  test("loads at most 320 KiB gzipped at first, in either language", (t) => {
    const row = (part: Part, when: string): string => `${kib(part.bytes)} KiB  ${when.padEnd(7)} ${nameOf(part)}`;
    const later = all.filter((part) => !first.includes(part));
    for (const part of first) t.diagnostic(row(part, "first"));
    for (const part of later) t.diagnostic(row(part, "lazily"));
    t.diagnostic(
      `${kib(sum(first))} KiB  in English, ${kib(sum(inChinese)).trim()} KiB in Chinese; the limit is 320 KiB`,
    );
    assert.ok(main.length === 2, "there is one script and one style sheet to begin with");
    assert.ok(sum(first) <= LIMIT, `${sum(first)} bytes`);
    assert.ok(sum(inChinese) <= LIMIT, `${sum(inChinese)} bytes`);
  });

  test("loads what not everybody needs only when it is needed: terminals, plots, the other language", () => {
    // A style sheet is loaded with the page, whatever it is of: browsers load none with a lazy module.
    for (const lazy of [/node_modules\/@xterm\/.*js$/, /node_modules\/uplot\//, /^lab\/i18n\/zh\//]) {
      assert.deepEqual(
        inFirst.filter((path) => lazy.test(path)),
        [],
        `${lazy}`,
      );
    }
    assert.ok(chinese.length === 1, "Chinese is a part of its own");
  });

  test("starts its engine in a Worker of at most 150 KiB gzipped, and leaves the rest for when the network runs", (t) => {
    const ofEngine = parts(files, engine);
    const begin = closure(
      ofEngine,
      ofEngine.filter(({ output }) => output.entryPoint?.endsWith("/worker.ts")),
    );
    const row = (part: Part, when: string): string => `${kib(part.bytes)} KiB  ${when.padEnd(7)} ${nameOf(part)}`;
    for (const part of begin) t.diagnostic(row(part, "first"));
    for (const part of ofEngine) if (!begin.includes(part)) t.diagnostic(row(part, "lazily"));
    t.diagnostic(`${kib(sum(begin))} KiB  until the network runs; the limit is ${kib(ENGINE_LIMIT).trim()} KiB`);
    for (const [path, bytes] of [...bytesOf(begin)].sort(([, a], [, b]) => b - a).slice(0, 12)) {
      t.diagnostic(`${kib(bytes)} KiB  of that, minified, ${path}`);
    }
    assert.ok(sum(begin) <= ENGINE_LIMIT, `${sum(begin)} bytes`);
    const first = begin.flatMap(({ output }) => Object.keys(output.inputs));
    const late = ["engine/analysis", "application/http/server/server", "application/shell/shell"];
    for (const module of [...late, "application/chat/web/page-files", "platform/document/read"]) {
      assert.ok(!first.includes(`src/${module}.ts`), module);
    }
  });

  test("holds React once, made for production, and nothing of Node", () => {
    const inputs = [...new Set(all.flatMap(({ output }) => Object.keys(output.inputs)))];
    assert.deepEqual(
      inputs.filter((path) => /\.development\.js$/.test(path)),
      [],
    );
    assert.equal(inputs.filter((path) => /node_modules\/react\/cjs\/react\.production/.test(path)).length, 1);
    for (const bytes of files.values()) assert.doesNotMatch(new TextDecoder().decode(bytes), /from"node:/);
  });
});
