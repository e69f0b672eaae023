import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import test from "node:test";
import { jsonSchema } from "./schema.ts";

const path = new URL("../../../schema/netarium-1.schema.json", import.meta.url);

test("the JSON Schema that ships is that of the code (NETARIUM_UPDATE=1 writes it anew)", () => {
  const current = `${JSON.stringify(jsonSchema(), null, 2)}\n`;
  if (process.env.NETARIUM_UPDATE === "1") {
    mkdirSync(new URL(".", path), { recursive: true });
    writeFileSync(path, current);
  }
  assert.equal(
    readFileSync(path, "utf8"),
    current,
    "run NETARIUM_UPDATE=1 npm test -- src/platform/document/schema.test.ts",
  );
});

test("every key of the schema says what it is for", () => {
  const unsaid: string[] = [];
  const visit = (schema: unknown, where: string): void => {
    if (typeof schema !== "object" || schema === null) return;
    for (const [key, value] of Object.entries(schema)) {
      if (key === "properties") {
        for (const [name, property] of Object.entries(
          value as Record<string, { description?: string; $ref?: string }>,
        )) {
          const described = property.description !== undefined || property.$ref !== undefined || "const" in property;
          if (!described && !("items" in property)) unsaid.push(`${where}.${name}`);
        }
      }
      visit(value, `${where}.${key}`);
    }
  };
  visit(jsonSchema(), "");
  assert.deepEqual(unsaid, []);
});
