import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  formatEntityTag,
  matchStrongly,
  matchWeakly,
  parseEntityTag,
  parseEntityTags,
  TAGS_LIMIT,
} from "./entity-tag.ts";

const tag = (opaque: string, weak = false) => ({ weak, opaque });

describe("entity tags (RFC 9110 §8.8.3)", () => {
  test("are read and printed", () => {
    for (const text of ['"xyzzy"', 'W/"xyzzy"', '""', '"a,b"', '"é"']) {
      const read = parseEntityTag(text);
      assert.ok(read !== undefined, text);
      assert.equal(formatEntityTag(read), text);
    }
    for (const text of ["xyzzy", 'w/"x"', '"a b"', '"a"b"', '"a', ""])
      assert.equal(parseEntityTag(text), undefined, text);
  });

  test("stand in lists, in which a comma may be part of a tag and elements may be empty", () => {
    assert.deepEqual(parseEntityTags('"a", W/"b",,"c,d" , "e"'), [tag("a"), tag("b", true), tag("c,d"), tag("e")]);
    assert.equal(parseEntityTags(" * "), "*");
    assert.deepEqual(parseEntityTags('"a", b, "c"'), [tag("a")]);
    assert.deepEqual(parseEntityTags("nonsense"), []);
    assert.equal(parseEntityTags('"a",'.repeat(1000)).length, TAGS_LIMIT);
  });

  test("compare as the table of §8.8.3.2 says", () => {
    const table = [
      [tag("1", true), tag("1", true), false, true],
      [tag("1", true), tag("2", true), false, false],
      [tag("1", true), tag("1"), false, true],
      [tag("1"), tag("1"), true, true],
    ] as const;
    for (const [a, b, strong, weak] of table) {
      assert.equal(matchStrongly(a, b), strong);
      assert.equal(matchWeakly(a, b), weak);
    }
  });
});
