import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { size } from "../../../test/size.ts";
import { type ChatInput, LineInput } from "./line-input.ts";

const encoder = new TextEncoder();
const bytes = (text: string): Uint8Array => encoder.encode(text);
const joined = (...parts: (string | readonly number[])[]): Uint8Array =>
  Uint8Array.from(parts.flatMap((part) => [...(typeof part === "string" ? bytes(part) : part)]));
const texts = (input: readonly ChatInput[]): string[] =>
  input.map((each) => (each === "timing mark" ? each : each.text));

/** The lines of a stream that comes in the given pieces. */
function linesOf(stream: Uint8Array, cuts: readonly number[] = [], limit = 100): ChatInput[] {
  const input = new LineInput(limit);
  const places = [0, ...[...cuts].map((cut) => cut % (stream.length + 1)).sort((a, b) => a - b), stream.length];
  const found = places.slice(1).flatMap((end, i) => input.push(stream.subarray(places[i], end)));
  const last = input.silence();
  return last === undefined ? found : [...found, last];
}

describe("lines from bytes", () => {
  test("LF, CR LF and CR NUL end a line, and so does a CR alone", () => {
    assert.deepEqual(texts(linesOf(bytes("a\nb\r\nc\r\0d\re\n"))), ["a", "b", "c", "d", "e"]);
  });

  test("empty lines are lines", () => {
    assert.deepEqual(texts(linesOf(bytes("\n\r\n\r\0\r\r\n"))), ["", "", "", "", ""]);
  });

  test("a line is given as soon as it has ended, before what follows a CR", () => {
    const input = new LineInput(100);
    assert.deepEqual(texts(input.push(bytes("a\r"))), ["a"]);
    assert.deepEqual(texts(input.push(bytes("\nb\n"))), ["b"]);
  });

  test("characters split over segments are whole, and bytes that are no UTF-8 are replaced", () => {
    const input = new LineInput(100);
    const stream = bytes("Grüße 😀\n");
    const found = [...stream].flatMap((byte) => input.push(Uint8Array.of(byte)));
    assert.deepEqual(texts(found), ["Grüße 😀"]);
    assert.deepEqual(texts(linesOf(joined("caf", [0xe9], "\n"))), ["caf\ufffd"]);
    assert.deepEqual(texts(linesOf(joined("caf", [0xe9]))), ["caf\ufffd"]);
  });

  test("Telnet commands are skipped wherever they stand", () => {
    const stream = joined(
      [255, 253, 1, 255, 251, 31],
      "he",
      [255, 250, 31, 0, 80, 0, 24, 255, 240],
      "llo\r",
      [255, 241],
      "\n",
    );
    assert.deepEqual(texts(linesOf(stream)), ["hello"]);
    assert.deepEqual(texts(linesOf(joined("a", [255, 255], "b\n"))), ["a\ufffdb"]);
    assert.deepEqual(texts(linesOf(joined([255, 244, 255, 253, 6], "x\n"))), ["timing mark", "x"]);
  });

  test("a line too long is cut between characters, and the next is not", () => {
    const found = linesOf(bytes("12345678ü9\nnext\n"), [], 9);
    assert.deepEqual(found, [
      { text: "12345678", cut: true },
      { text: "next", cut: false },
    ]);
    assert.deepEqual(linesOf(bytes("123456789\n"), [], 9), [{ text: "123456789", cut: false }]);
    assert.deepEqual(linesOf(bytes("12345😀\n"), [], 9), [{ text: "12345😀", cut: false }]);
    assert.deepEqual(linesOf(bytes("12345😀!\n"), [], 9), [{ text: "12345😀", cut: true }]);
  });

  test("silence ends a text only where no line ever ended", () => {
    const input = new LineInput(100);
    assert.equal(input.awaitsSilence, false);
    assert.equal(input.silence(), undefined);
    input.push(bytes("hello"));
    assert.equal(input.awaitsSilence, true);
    assert.deepEqual(input.silence(), { text: "hello", cut: false });
    assert.equal(input.awaitsSilence, false);
    input.push(bytes("a\nb"));
    assert.equal(input.awaitsSilence, false);
    assert.equal(input.silence(), undefined);
  });

  test("any split of any stream gives the same lines", () => {
    const telnet = fc.constantFrom([255], [255, 255], [255, 250], [255, 240], [255, 253, 6], [255, 251, 1], [255, 241]);
    const ends = fc.constantFrom([10], [13], [13, 10], [13, 0], [0]);
    const text = fc.string({ unit: "binary", maxLength: 12 }).map((each) => [...bytes(each)]);
    const noise = fc.array(fc.nat(255), { maxLength: 6 });
    const streams = fc.array(fc.oneof(telnet, ends, text, noise), { maxLength: 20 }).map((parts) => joined(...parts));
    fc.assert(
      fc.property(
        streams,
        fc.array(fc.nat(400), { maxLength: 30 }),
        fc.integer({ min: 1, max: 40 }),
        (stream, cuts, limit) => {
          assert.deepEqual(linesOf(stream, cuts, limit), linesOf(stream, [], limit));
        },
      ),
      { numRuns: size(500, 20_000) },
    );
  });

  test("every text of one line comes through as it was sent", () => {
    const line = fc.string({ unit: "binary" }).filter((text) => !/[\r\n\p{Cs}]/u.test(text));
    fc.assert(
      fc.property(line, fc.array(fc.nat(60), { maxLength: 8 }), (text, cuts) => {
        assert.deepEqual(texts(linesOf(joined(text, "\r\n"), cuts, 4000)), [text]);
      }),
    );
  });
});
