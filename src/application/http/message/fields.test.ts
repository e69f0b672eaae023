import assert from "node:assert/strict";
import { test } from "node:test";
import { Fields } from "./fields.ts";

const TEXT = "Set-Cookie: a\r\nX-_: 1\r\nset-cookie: b";
const MARKS = [0, 10, 12, 13, 15, 18, 20, 21, 23, 33, 35, 36];
const both = () => [
  Fields.parsed(TEXT, MARKS),
  new Fields([
    ["Set-Cookie", "a"],
    ["X-_", " 1\t"],
    ["set-cookie", "b"],
  ]),
];

test("parsed and made fields answer alike, without case", () => {
  for (const fields of both()) {
    assert.equal(fields.size, 3);
    assert.equal(fields.get("SET-COOKIE"), "a, b");
    assert.deepEqual(fields.getAll("set-cookie"), ["a", "b"]);
    assert.equal(fields.get("x-_"), "1");
    assert.equal(fields.has("x-\x7f"), false, "0x5F and 0x7F differ as letters of two cases do");
    assert.equal(fields.get("none"), undefined);
    assert.deepEqual([...fields].at(-1), ["set-cookie", "b"]);
  }
});

test("changes keep the order and the case of names", () => {
  for (const fields of both()) {
    fields.set("SET-cookie", "c");
    fields.append("A", "");
    assert.deepEqual(
      [...fields],
      [
        ["Set-Cookie", "c"],
        ["X-_", "1"],
        ["A", ""],
      ],
    );
    fields.delete("set-cookie");
    fields.set("b", "2");
    assert.deepEqual([...fields].map(String), ["X-_,1", "A,", "b,2"]);
  }
});

test("nothing enters that could end a line", () => {
  const fields = new Fields();
  for (const name of ["", "a b", "a:", "a\r\nb", "é", "\u0161"]) {
    assert.throws(() => fields.append(name, "x"), TypeError, JSON.stringify(name));
  }
  for (const value of ["a\r\nb", "a\nb", "a\rb", "\0", "\x7f", "\u0100", "\u010a"]) {
    assert.throws(() => fields.append("a", value), TypeError, JSON.stringify(value));
    assert.throws(() => new Fields([["a", ""]]).set("a", value), TypeError, JSON.stringify(value));
  }
  assert.equal(fields.size, 0);
  fields.append("a", "\xa0\xff\t b");
  assert.equal(fields.get("a"), "\xa0\xff\t b");
});
