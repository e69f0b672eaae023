import assert from "node:assert/strict";
import test from "node:test";
import { expand, parseLine } from "./syntax.ts";

/** A line as words and operators, the words put together again. */
function outline(line: string, status = 0): unknown {
  const items = parseLine(line);
  if (typeof items === "string") return items;
  return items.map(({ steps, background }) => [
    ...steps.map(({ when, pipeline }) => [
      when,
      ...pipeline.map(({ words, redirects }) => [
        ...words.map((word) => expand(word, status)),
        ...redirects.map(({ kind, target }) => `${kind}${expand(target, status)}`),
      ]),
    ]),
    ...(background ? ["&"] : []),
  ]);
}

test("words end at blanks, unless these are quoted or escaped", () => {
  assert.deepEqual(outline(`echo  a\\ b 'c "d' "e 'f" g"h"'i' ''`), [
    [["always", ["echo", "a b", 'c "d', "e 'f", "ghi", ""]]],
  ]);
  assert.deepEqual(outline('echo "a\\"b\\c" \\; #no'), [[["always", ["echo", 'a"b\\c', ";"]]]]);
  assert.deepEqual(outline("echo a#b # c"), [[["always", ["echo", "a#b"]]]]);
});

test("operators need no blanks around them", () => {
  assert.deepEqual(outline("a&&b||c;d&e|f"), [
    [
      ["always", ["a"]],
      ["&&", ["b"]],
      ["||", ["c"]],
    ],
    [["always", ["d"]], "&"],
    [["always", ["e"], ["f"]]],
  ]);
});

test("redirects stand anywhere in a command", () => {
  assert.deepEqual(outline("<in a >out b 2>&1 2>err >>more"), [
    [["always", ["a", "b", "<in", ">out", "2>&1", "2>err", ">>more"]]],
  ]);
});

test("$? is the last status, but not in single quotes", () => {
  assert.deepEqual(outline(`echo $? "s=$?" '$?' \\$?`, 7), [[["always", ["echo", "7", "s=7", "$?", "$?"]]]]);
});

test("what is no line is told as a shell does", () => {
  for (const [line, problem] of [
    ["&& a", "syntax error near unexpected token `&&'"],
    ["a | | b", "syntax error near unexpected token `|'"],
    ["a &&", "syntax error near unexpected token `newline'"],
    ["a >", "syntax error near unexpected token `newline'"],
    ["(a)", "syntax error near unexpected token `('"],
    ["a; ; b", "syntax error near unexpected token `;'"],
    ["echo 'a", "unexpected end of line while looking for matching `''"],
    ['echo "a', "unexpected end of line while looking for matching `\"'"],
  ]) {
    assert.equal(outline(line ?? ""), problem, line);
  }
  assert.deepEqual(outline("  # nothing"), []);
});
