import assert from "node:assert/strict";
import { test } from "node:test";
import type { FieldNode } from "../../../src/engine/protocol/index.ts";
import { bitsText, fieldAt, fieldRows, keysTo, litBy, nodeAt } from "./fields.ts";

const field = (name: string, offset: number, length: number, rest: Partial<FieldNode> = {}): FieldNode => ({
  name,
  text: name,
  source: 0,
  offset,
  length,
  ...rest,
});

const TREE: readonly FieldNode[] = [
  field("frame", 0, 54, { children: [field("frame.number", 0, 0, { generated: true })] }),
  field("eth", 0, 14, {
    children: [
      field("eth.dst", 0, 6, { children: [field("eth.dst.lg", 0, 3, { mask: "20000" })] }),
      field("eth.src", 6, 6),
    ],
  }),
  field("ip", 14, 20, {
    children: [
      field("ip.version", 14, 1, { mask: "f0" }),
      field("ip.hdr_len", 14, 1, { mask: "0f" }),
      field("ip.flags", 20, 1, {
        mask: "e0",
        children: [field("ip.flags.df", 20, 1, { mask: "40" }), field("ip.flags.mf", 20, 1, { mask: "20" })],
      }),
      field("ip.src", 26, 4),
    ],
  }),
  field("data", 0, 5, { source: 1 }),
];
const nameAt = (source: number, offset: number): string | undefined => {
  const path = fieldAt(TREE, source, offset);
  return path && nodeAt(TREE, path)?.name;
};

test("a byte belongs to the innermost field that holds it", () => {
  assert.equal(nameAt(0, 7), "eth.src");
  assert.equal(nameAt(0, 28), "ip.src");
  assert.equal(nameAt(0, 12), "eth");
  assert.equal(nameAt(0, 40), "frame");
  assert.equal(nameAt(0, 99), undefined);
});

test("a byte that several bit fields share belongs to what they are cut from", () => {
  assert.equal(nameAt(0, 14), "ip");
  assert.equal(nameAt(0, 20), "ip.flags");
});

test("a byte of another source belongs to that source's fields", () => {
  assert.equal(nameAt(1, 2), "data");
});

test("the lines of a tree are those of its open parts", () => {
  const open = new Set(["/ip", "/ip/ip.flags"]);
  const rows = fieldRows(TREE, (key) => open.has(key));
  assert.deepEqual(
    rows.map((row) => row.node.name),
    ["frame", "eth", "ip", "ip.version", "ip.hdr_len", "ip.flags", "ip.flags.df", "ip.flags.mf", "ip.src", "data"],
  );
  assert.deepEqual([rows[5]?.position, rows[5]?.siblings], [3, 4]);
});

test("to see a field its ancestors are opened", () => {
  assert.deepEqual(keysTo(TREE, [2, 2, 0]), ["/ip", "/ip/ip.flags"]);
  assert.deepEqual(keysTo(TREE, [1]), []);
});

test("what stands in no byte lights none", () => {
  assert.equal(litBy(nodeAt(TREE, [0, 0])), undefined);
  assert.deepEqual(litBy(nodeAt(TREE, [2, 0])), { source: 0, from: 14, end: 15, mask: "f0" });
});

test("bits of a field are shown among dots", () => {
  const bytes = new Uint8Array(54);
  bytes[14] = 0x45;
  bytes[20] = 0x40;
  const bits = (path: number[]) => bitsText(bytes, litBy(nodeAt(TREE, path)) ?? { source: 0, from: 0, end: 0 });
  assert.equal(bits([2, 0]), "0100 ....");
  assert.equal(bits([2, 2, 0]), ".1.. ....");
  assert.equal(bits([1, 1]), undefined);
});
