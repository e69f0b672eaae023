import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { type Key, KeyReader } from "./keys.ts";

const names = (...pieces: string[]): string[] => {
  const reader = new KeyReader();
  return pieces
    .flatMap((piece) => reader.read(piece))
    .map((key) => (key.kind === "key" ? `<${key.name}>` : key.kind === "paste" ? `[${key.text}]` : key.text));
};

test("letters, control keys and xterm's sequences are told apart", () => {
  assert.deepEqual(names("añ世\x01\r\x7f\t\x1c"), ["añ世", "<ctrl-a>", "<enter>", "<backspace>", "<tab>", "<ctrl-\\>"]);
  assert.deepEqual(names("\x1b[A\x1bOB\x1b[1;5C\x1b[3~\x1bb\x1b[H"), [
    "<up>",
    "<down>",
    "<word-right>",
    "<delete>",
    "<word-left>",
    "<home>",
  ]);
});

test("sequences may come in pieces, and unknown ones are nothing", () => {
  assert.deepEqual(names("a\x1b", "[", "1;5", "Db"), ["a", "<word-left>", "b"]);
  assert.deepEqual(names("\x1b[99;9Xa\x1b[?1;2cb"), ["a", "b"]);
  assert.deepEqual(names("\x1b\x1b[A"), ["<escape>", "<up>"]);
});

test("what is pasted is one text, line ends and control characters in it", () => {
  assert.deepEqual(names("x\x1b[200~a\rb\x1b[", "A c\x1b[201", "~y"), ["x", "[a\rb\x1b[A c]", "y"]);
});

test("C1 controls are nothing, and no sequence waits for ever", () => {
  assert.deepEqual(names("a\x9b\x85b"), ["a", "b"]);
  assert.equal(
    names(`\x1b[${"1;".repeat(100)}`)
      .join("")
      .includes(";"),
    true,
  );
});

test("wherever the input is cut, the keys are the same", () => {
  const piece = fc.constantFrom("a", "世", "\r", "\x1b[A", "\x1b[1;5C", "\x03", "\x1b[200~p\rq\x1b[201~", "\x1bb");
  const whole = (keys: readonly Key[]): string =>
    keys.map((key) => (key.kind === "key" ? `<${key.name}>` : `${key.kind}`.slice(0, 0) + key.text)).join("");
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), fc.array(fc.nat(60), { maxLength: 6 }), (pieces, cuts) => {
      const text = pieces.join("");
      const places = [0, ...cuts.filter((cut) => cut < text.length).sort((a, b) => a - b), text.length];
      const reader = new KeyReader();
      const read = places.slice(1).flatMap((to, index) => reader.read(text.slice(places[index], to)));
      assert.equal(whole(read), whole(new KeyReader().read(text)));
    }),
    { seed: 1, numRuns: 300 },
  );
});
