import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import test from "node:test";

const TYPES: readonly [file: string, type: string][] = [
  ["index.html", "text/html; charset=utf-8"],
  ["chat.css", "text/css; charset=utf-8"],
  ["chat.js", "text/javascript; charset=utf-8"],
  ["chat-connection.js", "text/javascript; charset=utf-8"],
  ["chat-view.js", "text/javascript; charset=utf-8"],
  ["chat.svg", "image/svg+xml"],
];

const generated = new URL("../src/application/chat/web/page-files.ts", import.meta.url);
const folder = new URL("../src/platform/browser/chat/", import.meta.url);

test("what the core serves is the chat's page as it stands in src/platform/browser (NETARIUM_UPDATE=1 writes it anew)", () => {
  const entries = TYPES.map(([file, type]) => {
    const text = readFileSync(new URL(file, folder), "utf8");
    return `  [${JSON.stringify(file === "index.html" ? "/" : `/${file}`)}, { type: ${JSON.stringify(type)}, text: ${JSON.stringify(text)} }],`;
  });
  const current = `// Made of src/platform/browser/chat/ by test/chat-page.test.ts: change it there.
// biome-ignore-all format: the files are one line each
// biome-ignore-all lint: where they stand they are looked at

/** The chat's page, by path: where it is served there may be no files. */
export const PAGE_FILES: ReadonlyMap<string, { readonly type: string; readonly text: string }> = new Map([
${entries.join("\n")}
]);
`;
  if (process.env.NETARIUM_UPDATE === "1") writeFileSync(generated, current);
  assert.equal(readFileSync(generated, "utf8"), current, "run NETARIUM_UPDATE=1 npm test -- test/chat-page.test.ts");
});
