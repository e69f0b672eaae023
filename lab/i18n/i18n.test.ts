import assert from "node:assert/strict";
import { test } from "node:test";
import { en } from "./en/index.ts";
import { preferred } from "./language.ts";
import { pseudo } from "./pseudo.ts";
import { type Dictionary, fill, paramsOf } from "./text.ts";
import { zh } from "./zh/index.ts";

const areas = Object.keys(en) as (keyof typeof en)[];

test("both languages have the same keys, with the same parameters, and no empty text", () => {
  for (const area of areas) {
    const english: Dictionary = en[area];
    const chinese: Dictionary = zh[area];
    assert.deepEqual(Object.keys(chinese).sort(), Object.keys(english).sort(), area);
    for (const [key, text] of Object.entries(english)) {
      assert.deepEqual(paramsOf(chinese[key] ?? ""), paramsOf(text), `${area}.${key}`);
      assert.notEqual(chinese[key], "", `${area}.${key}`);
    }
  }
});

test("a text takes its parameters, and the form that its count asks for", () => {
  const packets = { one: "{count} packet of {host}", other: "{count} packets of {host}" };
  assert.equal(fill(packets, { count: 1, host: "pc" }, "en"), "1 packet of pc");
  assert.equal(fill(packets, { count: 1234, host: "pc" }, "en"), "1,234 packets of pc");
  assert.equal(fill(packets, { count: 1, host: "pc" }, "zh-CN"), "1 packets of pc");
  assert.equal(fill("{unknown}", {}, "en"), "{unknown}");
  assert.equal(fill("port {port}", { port: 8888 }, "en"), "port 8888", "a number that is a name is not grouped");
});

test("the pseudo-language distorts every letter and leaves parameters", () => {
  const { text } = pseudo({ text: "Open {name} now" });
  assert.match(text, /^\[Óþéñ \{name\} ñóŵ·+\]$/);
});

test("the browser's first language that the page has is taken, else English", () => {
  assert.equal(preferred(["fr-FR", "zh-Hans-CN", "en"]), "zh");
  assert.equal(preferred(["en-GB", "zh"]), "en");
  assert.equal(preferred(["fr"]), "en");
  assert.equal(preferred([]), "en");
});
