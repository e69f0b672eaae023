import assert from "node:assert/strict";
import test from "node:test";
import type { KeyName } from "./keys.ts";
import { LINE_LIMIT, LineEditor } from "./line-editor.ts";

/** A line with `|` where the cursor is, after keys were pressed. */
function after(text: string, ...keys: KeyName[]): string {
  const editor = new LineEditor();
  const at = [...text].indexOf("|");
  editor.set(text.replace("|", ""));
  for (let left = [...text].length - 1 - at; left > 0; left--) editor.press("left");
  for (const key of keys) assert.ok(editor.press(key), key);
  const { characters, cursor } = editor;
  return [...characters.slice(0, cursor), "|", ...characters.slice(cursor)].join("");
}

test("keys move and delete as in readline", () => {
  assert.equal(after("ping pc2|", "ctrl-a", "delete", "right"), "i|ng pc2");
  assert.equal(after("ping pc|2", "ctrl-e", "backspace"), "ping pc|");
  assert.equal(after("ping -c 3 pc2|", "word-left", "word-left"), "ping -c |3 pc2");
  assert.equal(after("ping| -c 3", "word-right", "word-right"), "ping -c 3|");
  assert.equal(after("curl http://a/b|", "ctrl-w"), "curl |");
  assert.equal(after("curl http://a/b|", "delete-word"), "curl http://a/|");
  assert.equal(after("a b| c", "ctrl-k"), "a b|");
  assert.equal(after("a b| c", "ctrl-u"), "| c");
  assert.equal(after("|a", "left", "backspace", "ctrl-u"), "|a");
});

test("combining marks go with their letter, and wide letters are one", () => {
  assert.equal(after("e\u0301世😀|", "left", "left", "left"), "|e\u0301世😀");
  assert.equal(after("xe\u0301|", "backspace"), "x|");
});

test("what was cut comes back, and what there is no room for does not come", () => {
  const editor = new LineEditor();
  editor.set("one two");
  editor.press("ctrl-w");
  editor.press("ctrl-a");
  assert.ok(editor.yank());
  assert.equal(editor.text, "twoone ");
  assert.ok(!editor.insert("x".repeat(LINE_LIMIT)));
  assert.equal(editor.text, "twoone ");
  assert.ok(editor.replaceBefore(3, "three"));
  assert.equal(editor.text, "threeone ");
});

test("a key that is none of its own is left to others", () => {
  const editor = new LineEditor();
  assert.ok(!editor.press("up"));
  assert.ok(!editor.press("ctrl-c"));
});
