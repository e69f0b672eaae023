import assert from "node:assert/strict";
import test from "node:test";
import { cubeRoot } from "./cube-root.ts";

test("the cube root is right to its last bits, at every size", () => {
  for (let value = 1e-12; value < 1e15; value *= 1.37) {
    const root = cubeRoot(value);
    assert.ok(Math.abs(root * root * root - value) <= value * 1e-15, `of ${value}`);
  }
});

test("cubes that a number holds exactly have exact roots", () => {
  for (let root = 0; root <= 2000; root++) assert.equal(cubeRoot(root * root * root), root);
});
