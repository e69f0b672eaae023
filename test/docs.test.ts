/** What docs/ shows is what netarium does: its network files pass the check, its tables name what there is. */
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { describe, test } from "node:test";
import { DEFAULT_SERVER_LIMITS } from "../src/application/http/server/limits.ts";
import { PROGRAMS } from "../src/application/registry.ts";
import { COMMANDS } from "../src/application/shell/commands.ts";
import { formatProblem, PERMISSIONS, readDocument, readWebDocument } from "../src/platform/document/index.ts";
import { networkFile } from "../src/platform/document/schema.ts";
import { siteFields, webFile } from "../src/platform/document/web-schema.ts";
import { parseDuration } from "../src/time/instant.ts";
import { DEFAULT_SETTINGS } from "../src/transport/tcp/settings.ts";

const root = resolve(import.meta.dirname, "..");
const FILES = [
  "README.md",
  "ARCHITECTURE.md",
  "CONTRIBUTING.md",
  ...readdirSync(join(root, "docs")).map((file) => `docs/${file}`),
].filter((file) => file.endsWith(".md"));
const textOf = (file: string): string => readFileSync(join(root, file), "utf8");
const blocksOf = (file: string, language: string): string[] =>
  [...textOf(file).matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, "gms"))].map(([, block = ""]) => block);
/** The one file that is wrong, to show what is said of it. */
const isBad = (block: string): boolean => block.startsWith("# bad.yaml");
const check = (text: string, allow: (typeof PERMISSIONS)[number][] = []): string[] =>
  readDocument(text, { programs: PROGRAMS, allow: new Set(allow) }).problems.map((each) =>
    formatProblem("bad.yaml", each),
  );

describe("the documentation", () => {
  for (const file of FILES) {
    const networks = blocksOf(file, "yaml").filter((block) => /^netarium: 1$/m.test(block) && !isBad(block));
    if (networks.length > 0) {
      test(`the network files in ${file} have nothing wrong with them`, () => {
        for (const network of networks) assert.deepEqual(check(network, [...PERMISSIONS]), [], network);
      });
    }
    const servers = blocksOf(file, "yaml").filter((block) => /^netarium-web: 1$/m.test(block));
    if (servers.length > 0) {
      test(`the web servers' files in ${file} have nothing wrong with them`, () => {
        for (const server of servers) assert.deepEqual(readWebDocument(server).problems, [], server);
      });
    }
    test(`the links in ${file} lead somewhere`, () => {
      for (const [, link = ""] of textOf(file).matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)) {
        assert.ok(existsSync(join(root, dirname(file), link)), `${file} links to ${link}, which is not there`);
      }
    });
  }

  test("the bad file in docs/network-files.md gets the messages that stand below it", () => {
    const bad = blocksOf("docs/network-files.md", "yaml").find(isBad) ?? "";
    assert.deepEqual(`${check(bad).join("\n")}\n`, blocksOf("docs/network-files.md", "text")[0]);
  });
});

test("docs/tools.md lists every command there is, and no other", () => {
  const [, commands = ""] = textOf("docs/tools.md").split("\n## Commands\n");
  const [table = ""] = commands.split("\n### ");
  const listed = [...table.matchAll(/^\| `([a-z]+)` \|/gm)].map(([, name = ""]) => name);
  assert.deepEqual(listed, [...COMMANDS.keys()]);
});

/** The rows of tables: names in the column before, by them what stands in code in the column of defaults. */
function* rows(column: number): Generator<{ program: string; names: string[]; defaults: string[] }> {
  let program = "";
  for (const line of textOf("docs/network-files.md").split("\n")) {
    if (!line.startsWith("|")) continue;
    const cells = line.split("|").slice(1);
    program = /^ `(.*)` $/.exec(cells[0] ?? "")?.[1] ?? program;
    const codes = (cell = ""): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, code = ""]) => code);
    yield { program, names: codes(cells[column]), defaults: codes(cells[column === 0 ? 1 : 3]) };
  }
}

/** @returns whether a value is what is written: a duration in its unit, any other as JSON, or as plain text. */
const isWritten = (value: unknown, written: string | undefined): boolean =>
  value === undefined
    ? written === undefined
    : written === value ||
      written === JSON.stringify(value) ||
      (written !== undefined && parseDuration(written) === value);

describe("docs/network-files.md", () => {
  test("names each program, and each of its parameters with its default", () => {
    const table = [...rows(1)];
    for (const { name, parameters } of PROGRAMS.values()) {
      const own = table.filter(({ program }) => program === name);
      assert.ok(own.length > 0, `there is no row for ${name}`);
      const written = new Map(
        own.flatMap(({ names, defaults }) => names.map((each, index) => [each, defaults[index]])),
      );
      assert.deepEqual([...written.keys()].sort(), Object.keys(parameters).sort(), name);
      for (const [parameter, spec] of Object.entries(parameters)) {
        assert.ok(isWritten(spec.default, written.get(parameter)), `the default of ${name}'s ${parameter}`);
      }
    }
  });

  test("names each TCP setting with its default", () => {
    const table = [...rows(0)];
    for (const setting of Object.keys(networkFile.shape.tcp.unwrap().shape) as (keyof typeof DEFAULT_SETTINGS)[]) {
      const row = table.find(({ names }) => names.includes(setting));
      assert.ok(row !== undefined, `there is no row for ${setting}`);
      const written = row.defaults[row.names.indexOf(setting)];
      assert.ok(isWritten(DEFAULT_SETTINGS[setting], written), `the default of ${setting}`);
    }
  });

  test("names each key of devices, cables, conditions, faults and the file", () => {
    const named = new Set([...rows(0)].flatMap(({ names }) => names));
    const { devices, cables, faults, ...file } = networkFile.shape;
    const [host, , , hub] = devices.valueType.options;
    const shapes = [networkFile, host, cables.unwrap().element, faults.unwrap().element];
    const keys = shapes.flatMap(({ shape }) => Object.keys(shape));
    assert.ok(Object.keys(file).length > 0 && "ports" in hub.shape);
    for (const key of keys) assert.ok(named.has(key) || key === "kind", `there is no row for ${key}`);
  });
});

describe("docs/web-server.md", () => {
  test("names each key of a web server's file, and of a site", () => {
    const named = new Set([...textOf("docs/web-server.md").matchAll(/`([\w.-]+)`/g)].map(([, name = ""]) => name));
    const { listen, limits, rateLimit, tls, ...top } = webFile.shape;
    const inside = { listen, limits, rateLimit, tls };
    const keys = Object.entries(inside).flatMap(([name, mapping]) =>
      Object.keys(mapping.unwrap().shape).map((key) => `${name}.${key}`),
    );
    for (const key of [...keys, ...Object.keys(top), ...Object.keys(siteFields)]) {
      assert.ok(named.has(key), `there is no row for ${key}`);
    }
  });

  test("tells the limits as they are", () => {
    const text = textOf("docs/web-server.md");
    const { connections, connectionsPerAddress, requestsPerConnection, fieldsLength, minimumRate } =
      DEFAULT_SERVER_LIMITS;
    const told = { connections, connectionsPerAddress, requestsPerConnection, head: fieldsLength };
    for (const [name, value] of Object.entries(told))
      assert.ok(text.includes(`| \`limits.${name}\` | \`${value}\` |`), name);
    assert.ok(text.includes(`| \`10s\`, \`${minimumRate}\` |`));
  });
});
