import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { anyName } from "../../../test/fixtures/dns.ts";
import {
  formatName,
  isAbsolute,
  isSameName,
  isWithin,
  keyOf,
  labelCount,
  labelsOf,
  type Name,
  name,
  parentOf,
  parseName,
  prepend,
  ROOT,
  reverseName,
} from "./name.ts";

describe("a domain name", () => {
  test("that is printed can be read", () => {
    fc.assert(
      fc.property(anyName(), (given) => {
        const text = formatName(given);
        assert.match(text, /^[!-~]*\.$/, "in ASCII without spaces");
        assert.equal(parseName(text), given);
      }),
    );
  });

  test("is labels with their lengths, relative to an origin unless a dot ends it", () => {
    assert.equal(parseName("www.example."), "\x03www\x07example\0");
    assert.equal(parseName("www", name("example.")), "\x03www\x07example\0");
    assert.equal(parseName("www.example"), "\x03www\x07example\0");
    assert.equal(parseName("."), ROOT);
    assert.equal(formatName(ROOT), ".");
    assert.deepEqual([...labelsOf(name("a.b.c."))], ["a", "b", "c"]);
    assert.equal(labelCount(name("a.b.c.")), 3);
    assert.equal(labelCount(ROOT), 0);
  });

  test("has escapes for dots and bytes in labels (RFC 1035 §5.1)", () => {
    assert.equal(parseName("a\\.b.example."), "\x03a.b\x07example\0");
    assert.equal(parseName("\\065\\000\\255."), "\x03A\0\xff\0");
    assert.equal(formatName("\x05a.\\ \xe9\0" as Name), "a\\.\\\\\\032\\233.");
    assert.equal(formatName(name("_sip._tcp.*.ex-ample.")), "_sip._tcp.*.ex-ample.");
    for (const wrong of ["\\", "a\\", "\\256.", "\\12.", "\\1", "é\\", "你."]) {
      assert.equal(parseName(wrong), undefined, wrong);
    }
  });

  test("is absolute when a dot ends it that is none of a label", () => {
    for (const text of [".", "a.", "a\\\\.", "\\\\\\\\."]) assert.ok(isAbsolute(text), text);
    for (const text of ["", "a", "a\\.", "a\\\\\\.", ".a"]) assert.ok(!isAbsolute(text), text);
  });

  test("has no empty labels, none of more than 63 bytes, and 255 bytes in all (RFC 1035 §2.3.4)", () => {
    for (const wrong of ["", "..", ".a", "a..b", "a..", "a".repeat(64), `${"a".repeat(64)}.b.`]) {
      assert.equal(parseName(wrong), undefined, wrong);
    }
    const most = `${"a".repeat(63)}.`.repeat(3);
    assert.equal(parseName(`${most}${"a".repeat(61)}.`)?.length, 255);
    assert.equal(parseName(`${most}${"a".repeat(62)}.`), undefined);
    assert.equal(parseName(`${most}${"a".repeat(60)}`, name("a.")), undefined, "with its origin");
    assert.equal(prepend("a".repeat(64), ROOT), undefined);
    assert.equal(prepend("", ROOT), undefined);
    assert.equal(prepend("www", name("example.")), name("www.example."));
  });

  test("is the same in another case of ASCII letters, and of no others (RFC 4343 §3)", () => {
    assert.ok(isSameName(name("WWW.Example."), name("www.eXAMPLE.")));
    assert.ok(!isSameName(name("\\196."), name("\\228.")), "Ä and ä of Latin-1");
    assert.ok(!isSameName(name("[."), name("{.")));
    assert.equal(keyOf(name("A.Z.")), name("a.z."));
  });

  test("lies under its parents, label by label", () => {
    const www = name("www.example.test.");
    assert.equal(parentOf(www), name("example.test."));
    assert.equal(parentOf(ROOT), ROOT);
    for (const above of ["www.example.test.", "EXAMPLE.test.", "test.", "."])
      assert.ok(isWithin(www, name(above)), above);
    for (const other of ["ample.test.", "a.www.example.test.", "example."])
      assert.ok(!isWithin(www, name(other)), other);
    assert.ok(!isWithin(name("\\003www."), name("www.")), "a label that looks like an end");
  });

  test("of an address is its numbers backwards (RFC 1035 §3.5)", () => {
    assert.equal(formatName(reverseName("10.1.2.3")), "3.2.1.10.in-addr.arpa.");
  });
});
