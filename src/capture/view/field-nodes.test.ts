import assert from "node:assert/strict";
import { test } from "node:test";
import type { Field, FieldDefinition, FieldValue } from "../dissect/field.ts";
import { fieldNodes } from "./field-nodes.ts";

const DATA: FieldDefinition = { name: "http.file_data", label: "File Data", type: "string" };
const CHUNK: FieldDefinition = { name: "http.chunk_data", label: "Chunk", type: "bytes" };

const field = (definition: FieldDefinition, value: FieldValue, text = "…"): Field => ({
  ...{ definition, value, text, children: [], source: 0, offset: 0, length: 1, generated: false, hidden: false },
});

test("a field gives what its filter is, of a long one its beginning", () => {
  assert.equal(fieldNodes([field(DATA, 'a"\n')])[0]?.filter, 'http.file_data == "a\\"\\x0a"');
  const [long] = fieldNodes([field(DATA, "x".repeat(10_000_000), "y".repeat(10_000_000))]);
  assert.equal(long?.filter, `http.file_data contains "${"x".repeat(256)}"`);
  assert.equal(long?.text, `${"y".repeat(500)}…`);
  assert.equal(long?.value?.length, 8192);
});

test("a line says what a packet says without obeying it", () => {
  assert.equal(
    fieldNodes([field(DATA, "x", 'Form item: "\x1b]0;x\x07\n\u202e"')])[0]?.text,
    'Form item: "\\033]0;x\\a\\n\\u202e"',
  );
});

test("a frame of many long fields is a message that can still be sent", () => {
  const many = Array.from({ length: 20_000 }, () => field(CHUNK, new Uint8Array(4096), "z".repeat(10_000)));
  const nodes = fieldNodes([{ ...field(DATA, "x"), children: many }]);
  assert.equal(nodes[0]?.children?.length, 20_000);
  assert.ok(JSON.stringify(nodes).length < 2 ** 24);
});
