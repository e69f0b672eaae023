/** Every answer of a site that uses what there is keeps to the rules that concern it. */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { describe, test } from "node:test";
import type { Exchange } from "./exchange.ts";
import { PAIR_RULES, RULES } from "./rules.ts";
import { exchanges } from "./rules-scene.ts";

const FILE = new URL("../../../shared/oracles/http-rules.md", import.meta.url);

const shown = ({ what, status, fields }: Exchange): string =>
  `${what}: ${status} ${[...fields].map((field) => field.join(": ")).join(", ")}`;

describe("the rules of HTTP/1.1", async () => {
  const all = await exchanges();

  for (const { name, check } of RULES) {
    if (check === undefined) continue;
    test(name, () => {
      const concerned = all.filter((exchange) => check(exchange) !== undefined);
      assert.ok(concerned.length > 0, "no exchange shows it");
      assert.deepEqual(concerned.filter((exchange) => check(exchange) === false).map(shown), []);
    });
  }

  for (const { name, pair, fields } of PAIR_RULES) {
    test(name, () => {
      const [a, b] = pair.map((what) => all.find((exchange) => exchange.what === what) as Exchange) as [
        Exchange,
        Exchange,
      ];
      const of = (exchange: Exchange) =>
        fields.map((field) => [field, field === "date" ? exchange.fields.has(field) : exchange.fields.get(field)]);
      assert.deepEqual(of(b), of(a));
      assert.ok(fields.some((field) => a.fields.has(field)));
    });
  }
});

test("the rules are those of the study, each once", (t) => {
  const ours = [...RULES, ...PAIR_RULES].map(({ name }) => name).sort();
  assert.equal(new Set(ours).size, ours.length);
  if (!existsSync(FILE)) {
    t.skip("needs ../shared/oracles/http-rules.md beside the repository");
    return;
  }
  const theirs = [...readFileSync(FILE, "utf8").matchAll(/^- `(\w+)`/gm)].map((match) => match[1]);
  assert.deepEqual(ours, [...new Set(theirs)].sort());
});
