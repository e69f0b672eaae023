import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { PROGRAMS } from "../../../application/registry.ts";
import type { NetworkDocument } from "../../../network/document.ts";
import { PERMISSIONS, readDocument } from "../../document/index.ts";
import { lacksOf, needsWhatLacks } from "./lacks.ts";

function documentOf(text: string): NetworkDocument {
  const { document, problems } = readDocument(text, { programs: PROGRAMS, allow: new Set(PERMISSIONS) });
  assert.ok(document, JSON.stringify(problems));
  return document;
}

const example = (name: string): NetworkDocument =>
  documentOf(readFileSync(new URL(`../../../../examples/${name}.yaml`, import.meta.url), "utf8"));
const codes = (document: NetworkDocument): unknown[] => lacksOf(document).map(({ code, params }) => [code, params]);

test("a network with published ports runs, and says that they are shut", () => {
  const document = example("chat-room");
  assert.deepEqual(codes(document), [["lacks-ports", { doors: "join, clock, datagrams" }]]);
  assert.equal(needsWhatLacks(document), false);
});

test("one whose programs cipher says where, and waits", () => {
  const document = example("web");
  assert.deepEqual(codes(document), [
    ["lacks-ports", { doors: "page" }],
    ["lacks-tls", { hosts: "browser, web" }],
  ]);
  assert.equal(needsWhatLacks(document), true);
});

test("tunnels and streams are told each by itself, and a network alone lacks nothing", () => {
  const doors = "doors: { tap: { tunnel: tap0 }, vm: { stream: '127.0.0.1:9000' } }";
  const cables = "cables: [{ between: [tap, h] }, { between: [vm, h] }]";
  const document = documentOf(`netarium: 1\ndevices: { h: { kind: hub } }\n${cables}\n${doors}\n`);
  assert.deepEqual(codes(document), [
    ["lacks-tunnels", { doors: "tap" }],
    ["lacks-streams", { doors: "vm" }],
  ]);
  assert.deepEqual(lacksOf(documentOf("netarium: 1\ndevices: { h: { kind: hub } }\n")), []);
});
