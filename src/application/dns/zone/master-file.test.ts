import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { anyRecord } from "../../../../test/fixtures/dns.ts";
import { name } from "../name.ts";
import { formatRecord } from "../record-text.ts";
import { formatZoneProblem, type MasterFileOptions, parseMasterFile, RECORDS_LIMIT } from "./master-file.ts";

const parse = (text: string, options: Partial<MasterFileOptions> = {}) =>
  parseMasterFile(text, { file: "f", origin: name("example.test."), ttl: 60, ...options });

/** The records of a file that has to be right, each on a line. */
const records = (text: string, options: Partial<MasterFileOptions> = {}): string[] => {
  const { records: found, problems } = parse(text, options);
  assert.deepEqual(problems.map(formatZoneProblem), []);
  return found.map(({ record }) => formatRecord(record));
};
const problems = (text: string, options: Partial<MasterFileOptions> = {}): string[] =>
  parse(text, options).problems.map(formatZoneProblem);

describe("a master file", () => {
  test("holds every record there can be", () => {
    fc.assert(
      fc.property(anyRecord(), (record) => {
        const { records: found, problems: wrong } = parse(formatRecord(record), { origin: undefined });
        assert.deepEqual([found.map((each) => each.record), wrong], [[record], []]);
      }),
    );
  });

  test("is read as RFC 1035 §5.3 shows it", () => {
    const text = `@   IN  SOA     VENERA      Action\\.domains (
                                 20     ; SERIAL
                                 7200   ; REFRESH
                                 600    ; RETRY
                                 3600000; EXPIRE
                                 60)    ; MINIMUM

        NS      A.ISI.EDU.
        NS      VENERA
        MX      10      VENERA
        MX      20      VAXA
A       A       26.3.0.103
VENERA  A       10.1.0.52
        A       128.9.0.32
`;
    assert.deepEqual(records(text, { origin: name("ISI.EDU."), ttl: undefined }), [
      "ISI.EDU. 60 IN SOA VENERA.ISI.EDU. Action\\.domains.ISI.EDU. 20 7200 600 3600000 60",
      "ISI.EDU. 60 IN NS A.ISI.EDU.",
      "ISI.EDU. 60 IN NS VENERA.ISI.EDU.",
      "ISI.EDU. 60 IN MX 10 VENERA.ISI.EDU.",
      "ISI.EDU. 60 IN MX 20 VAXA.ISI.EDU.",
      "A.ISI.EDU. 60 IN A 26.3.0.103",
      "VENERA.ISI.EDU. 60 IN A 10.1.0.52",
      "VENERA.ISI.EDU. 60 IN A 128.9.0.32",
    ]);
  });

  test("has origins, times to live and classes in either order, in any case, with units", () => {
    const text = `$ORIGIN a.test.\n$ttl 1h30m\nx A 10.0.0.1\nx 5 in a 10.0.0.2\nx IN 1W A 10.0.0.3
$Origin b\nx\tA\t10.0.0.4\n$TTL 7\n@ A 10.0.0.5`;
    assert.deepEqual(records(text), [
      "x.a.test. 5400 IN A 10.0.0.1",
      "x.a.test. 5 IN A 10.0.0.2",
      "x.a.test. 604800 IN A 10.0.0.3",
      "x.b.a.test. 5400 IN A 10.0.0.4",
      "b.a.test. 7 IN A 10.0.0.5",
    ]);
  });

  test("takes the TTL before where there is no $TTL (RFC 1035 §5.1)", () => {
    assert.deepEqual(records("a 5 A 10.0.0.1\nb A 10.0.0.2", { ttl: undefined }), [
      "a.example.test. 5 IN A 10.0.0.1",
      "b.example.test. 5 IN A 10.0.0.2",
    ]);
  });

  test("has texts in quotes or not, with escapes and in UTF-8, and marks in quotes that mean nothing", () => {
    const text = `a TXT one "two three" "a;b(c)\\"" \\065\\;x "é"\nb.c A 10.0.0.1 ; comment ) "\n\\@ TXT ""\n"\\@" TXT x`;
    assert.deepEqual(records(text), [
      'a.example.test. 60 IN TXT "one" "two three" "a;b(c)\\"" "A;x" "\\195\\169"',
      "b.c.example.test. 60 IN A 10.0.0.1",
      '\\@.example.test. 60 IN TXT ""',
      '\\@.example.test. 60 IN TXT "x"',
    ]);
  });

  test("has lines that end as on any system, and entries over several", () => {
    assert.deepEqual(records("a A 10.0.0.1\r\nb (\r\n  A ; why\r\n  ) 10.0.0.2\r\n\r\n  \t\r\nc TXT ( x\ny )"), [
      "a.example.test. 60 IN A 10.0.0.1",
      "b.example.test. 60 IN A 10.0.0.2",
      'c.example.test. 60 IN TXT "x" "y"',
    ]);
  });

  test("writes types that are not known by number, and any type in bytes (RFC 3597 §5)", () => {
    const text =
      "a TYPE65280 \\# 3 0a0b 0C\nb TYPE1 10.0.0.1\nc A \\# 4 0a000002\nd TYPE65281 \\# 0\ne CLASS1 TYPE1 10.0.0.3";
    assert.deepEqual(records(text), [
      "a.example.test. 60 IN TYPE65280 \\# 3 0a0b0c",
      "b.example.test. 60 IN A 10.0.0.1",
      "c.example.test. 60 IN A 10.0.0.2",
      "d.example.test. 60 IN TYPE65281 \\# 0",
      "e.example.test. 60 IN A 10.0.0.3",
    ]);
  });

  test("includes other files, whose origin and owner do not hold behind them", () => {
    const files: Record<string, string> = { "b.zone": "x A 10.0.0.2\n$ORIGIN z.\n", "loop.zone": "$INCLUDE loop.zone" };
    const include = (file: string) => files[file];
    const text = "a A 10.0.0.1\n$INCLUDE b.zone sub\n  A 10.0.0.3\nc A 10.0.0.4";
    assert.deepEqual(
      records(text, { include }).map((line) => line.split(" ")[0]),
      ["a.example.test.", "x.sub.example.test.", "a.example.test.", "c.example.test."],
    );
    assert.deepEqual(problems("$INCLUDE loop.zone", { include }), [
      "loop.zone:1:10: files include each other more than 8 deep",
    ]);
    assert.deepEqual(problems("$INCLUDE no.zone", { include }), ["f:1:10: no.zone cannot be included here"]);
    assert.deepEqual(problems("$INCLUDE b.zone"), ["f:1:10: b.zone cannot be included here"]);
  });

  test("that is wrong is told with file, line and column, several at once", () => {
    const text = `a AA 10.0.0.1
b A 10.0.0.256
c MX ten mail
  MX 10
d A 10.0.0.1 x
e..f A 10.0.0.1
g AAAA 1::2::3
h TXT "never ends
i TXT \\999
$GENERATE 1-2 a A 10.0.0.$
$TTL soon
$ORIGIN
j SOA a b 1 2 3 4
k TYPE65280 0a
l TYPE65280 \\# 2 0a
m A \\# 3 0a0b0c
n A ( 10.0.0.1 ( )
o )
`;
    assert.deepEqual(problems(text), [
      "f:1:3: there is no type AA: write others as TYPE65280 \\# 2 0a0b (RFC 3597)",
      "f:2:5: expected an IPv4 address, found 10.0.0.256",
      "f:3:6: expected a number up to 65535, found ten",
      "f:4:6: MX needs a domain name (exchange) behind this",
      "f:5:14: A has nothing more: x",
      "f:6:1: e..f is no domain name",
      "f:7:8: expected an IPv6 address, found 1::2::3",
      "f:8:7: this text has no end on its line",
      "f:9:7: a backslash is followed by a character or by 000 to 255",
      "f:10:1: there is no $GENERATE: $ORIGIN, $TTL and $INCLUDE are known",
      "f:11:6: expected a number of seconds, found soon",
      "f:12:1: $ORIGIN needs a word behind it",
      "f:13:17: SOA needs a number of seconds (minimum) behind this",
      "f:14:13: the data of TYPE65280 is written \\# LENGTH HEX (RFC 3597)",
      "f:15:18: expected 2 bytes in hexadecimal",
      "f:16:10: these bytes are no A: it ends too early",
      "f:17:16: parentheses do not nest",
      "f:18:3: this parenthesis was not opened",
      "f:18:1: there is no type, such as A",
    ]);
    assert.deepEqual(problems("  A 10.0.0.1\na A 10.0.0.1 (", {}), [
      "f:1:3: there is no name that this belongs to",
      "f:2:14: this parenthesis is not closed",
    ]);
    assert.deepEqual(problems("a A 10.0.0.1", { origin: undefined }), [
      "f:1:1: there is no $ORIGIN yet that a is relative to",
    ]);
    assert.deepEqual(problems("a A 10.0.0.1", { ttl: undefined }), [
      "f:1:1: there is no TTL: give it one, or write $TTL 1h above",
    ]);
    assert.deepEqual(problems(`a TXT "${"x".repeat(255)}" "${"é".repeat(128)}"`), [
      "f:1:265: a text has at most 255 bytes: cut it in two",
    ]);
  });

  test("has so many records at most", () => {
    const text = "a A 10.0.0.1\n".repeat(RECORDS_LIMIT);
    assert.equal(parse(text).records.length, RECORDS_LIMIT);
    assert.deepEqual(problems(`${text}b A 10.0.0.1\nc A 10.0.0.1\n`), [
      "f:100001:1: there are more than 100000 records",
    ]);
  });

  test("of any text is read or has problems, and never throws", () => {
    const word = fc.constantFrom(
      ...'a @ \\ \\0 $TTL $ORIGIN A TXT ( ) ; " \n \t 10.0.0.1 \\# 4 0a IN 1h SOA é 你 \u2028'.split(" "),
      " ",
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(word, fc.string()), { maxLength: 30 }), (words) => {
        const { problems: wrong } = parse(words.join(words.length % 2 === 0 ? " " : ""));
        assert.ok(wrong.length <= 20);
      }),
    );
    assert.equal(problems(`a TXT ${"x".repeat(1_000_000)}`).length, 1);
    assert.equal(problems("a.".repeat(500_000)).length, 1);
    assert.equal(problems("(".repeat(100_000)).length, 20);
  });
});
