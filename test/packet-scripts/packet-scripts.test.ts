import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { runPacketScript } from "../../src/network/packet-script/index.ts";

/** Every script of this folder, under the sentence that it begins with. */
const folder = new URL(".", import.meta.url);
const scripts = readdirSync(folder).filter((name) => name.endsWith(".pkt"));

test("the scripts are here", () => assert.ok(scripts.length >= 40));

for (const name of scripts) {
  const text = readFileSync(new URL(name, folder), "utf8");
  const sentence = [...text.matchAll(/^\/\/ (.*)$/gm)].map(([, line]) => line);
  const [first = ""] = sentence.join(" ").split(/(?<=\.) /);
  test(`${name}: ${first}`, async () => {
    const { ok, line, message, notes } = await runPacketScript(text);
    assert.ok(ok, `${name}:${line}: ${message}`);
    assert.deepEqual(notes, [], "nothing is passed over");
  });
}
