import assert from "node:assert/strict";
import { test } from "node:test";
import { isShortcut, type KeyPress, keysOf } from "./shortcut.ts";

const press = (key: string, held: Partial<KeyPress> = {}): KeyPress => ({
  ...{ key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false },
  ...held,
});

test("Ctrl and ⌘ are both Mod", () => {
  assert.ok(isShortcut("Mod+K", press("k", { ctrlKey: true })));
  assert.ok(isShortcut("Mod+K", press("k", { metaKey: true })));
  assert.ok(!isShortcut("Mod+K", press("k")));
  assert.ok(!isShortcut("K", press("k", { ctrlKey: true })));
});

test("a sign is the same wherever the keyboard has it, a letter or a named key is not", () => {
  assert.ok(isShortcut("?", press("?", { shiftKey: true })));
  assert.ok(isShortcut("?", press("?")));
  assert.ok(!isShortcut("F", press("F", { shiftKey: true })));
  assert.ok(isShortcut("Shift+F5", press("F5", { shiftKey: true })));
  assert.ok(!isShortcut("F5", press("F5", { shiftKey: true })));
  assert.ok(isShortcut("Space", press(" ")));
  assert.ok(isShortcut("+", press("+", { shiftKey: true })));
});

test("keys are written as the keyboard shows them", () => {
  assert.deepEqual(keysOf("Mod+K", false), ["Ctrl", "K"]);
  assert.deepEqual(keysOf("Mod+Shift+ArrowLeft", true), ["⌘", "⇧", "←"]);
  assert.deepEqual(keysOf("Mod++", false), ["Ctrl", "+"]);
});
