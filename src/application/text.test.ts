import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { escapeControls, removeControls, shorten } from "./text.ts";

describe("text from strangers", () => {
  test("controls, separators and marks that turn text around are removed", () => {
    assert.equal(removeControls("a\x00\x07\x1b[31mb\x7f\x85\x9bc"), "a[31mbc");
    assert.equal(removeControls("exe\u202egpj\u2066x\u2069\u2028y\ufeff"), "exegpjxy");
    assert.equal(removeControls("one\ttwo\r\n"), "one two");
  });

  test("letters, accents and joined emoji stay as they are", () => {
    const text = "Grüße, 你好, 👩‍💻 e\u0301 \u200fשלום";
    assert.equal(removeControls(text), text);
    assert.equal(escapeControls(text), text);
  });

  test("in a log they are written out", () => {
    assert.equal(escapeControls("a\r\n\t\0\x1b\x9b\u202e"), "a\\r\\n\\t\\0\\x1b\\x9b\\u202e");
  });

  test("nothing unprintable is left of any text", () => {
    const controls = /[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/u;
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        assert.doesNotMatch(removeControls(text), controls);
        assert.doesNotMatch(escapeControls(text), controls);
      }),
    );
  });

  test("a text is shortened between characters", () => {
    assert.equal(shorten("abc", 3), "abc");
    assert.equal(shorten("abcd", 3), "abc…");
    assert.equal(shorten("😀😀😀", 3), "😀😀😀");
    assert.equal(shorten("😀😀😀😀", 3), "😀😀😀…");
  });
});
