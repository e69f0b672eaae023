import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { describe, test } from "node:test";
import wabt from "wabt";
import { FUEL_EXPORT, metered, STACK_EXPORT } from "./metering.ts";
import { type WasmInstance, webAssembly } from "./web-assembly.ts";

interface Metered {
  call(name: string, ...args: number[]): number;
  readonly fuel: { value: number };
  readonly stack: { value: number };
}

const compiler = await wabt();

/** A module of WebAssembly text, metered. It has what every module that is metered has: imports, globals, exports. */
async function module(functions: string): Promise<Metered> {
  const text = `(module
    (import "host" "memory" (memory 1))
    (import "host" "offset" (global i32))
    (global (mut i32) (i32.const 7))
    ${functions})`;
  const { buffer } = compiler.parseWat("test.wat", text).toBinary({});
  const compiled = await webAssembly.compile(metered(buffer));
  const memory = new webAssembly.Memory({ initial: 1, maximum: 1 });
  const { exports }: WasmInstance = new webAssembly.Instance(compiled, { host: { memory, offset: 0 } });
  return {
    call: (name, ...args) => (exports[name] as (...args: number[]) => number)(...args),
    fuel: exports[FUEL_EXPORT] as Metered["fuel"],
    stack: exports[STACK_EXPORT] as Metered["stack"],
  };
}

describe("a metered module", () => {
  test("takes one of its fuel for each turn of a loop, and traps where there is none", async () => {
    const { call, fuel } = await module(`(func (export "count") (param i32) (result i32) (local i32)
      (loop (local.set 1 (i32.add (local.get 1) (i32.const 1)))
        (br_if 0 (i32.lt_u (local.get 1) (local.get 0))))
      (local.get 1))`);
    fuel.value = 100;
    assert.equal(call("count", 60), 60);
    assert.equal(fuel.value, 40);
    assert.throws(() => call("count", 41), /unreachable/);
    assert.equal(fuel.value, -1);
  });

  test("takes fuel for what it copies and fills, by its length", async () => {
    const { call, fuel } = await module(`(func (export "fill") (param i32)
        (memory.fill (i32.const 0) (i32.const 1) (local.get 0)))
      (func (export "copy") (param i32) (memory.copy (i32.const 0) (i32.const 8) (local.get 0)))`);
    fuel.value = 1000;
    call("fill", 3200);
    call("copy", 6400);
    assert.equal(fuel.value, 700);
    assert.throws(() => call("fill", 32_000), /unreachable/);
  });

  test("takes of its stack for each call and gives it back, however the function is left", async () => {
    const { call, stack } = await module(`(func $down (export "down") (param i32) (result i32)
      (if (i32.eqz (local.get 0)) (then (return (i32.const 42))))
      (block (result i32)
        (br_if 1 (call $down (i32.sub (local.get 0) (i32.const 1))) (i32.and (local.get 0) (i32.const 1)))))
      (func (export "void") (param i32) (drop (call $down (local.get 0))) (if (local.get 0) (then (return))))`);
    stack.value = 20_000;
    assert.equal(call("down", 100), 42);
    call("void", 3);
    assert.equal(stack.value, 20_000);
    assert.throws(() => call("down", 10_000), /unreachable/);
    assert.ok(stack.value < 0);
  });

  test("of QuickJS is a valid one, with both meters", async () => {
    const path = createRequire(import.meta.url).resolve("@jitl/quickjs-wasmfile-release-sync/wasm");
    const bytes = metered(await readFile(path));
    await webAssembly.compile(bytes);
    assert.ok(Buffer.from(bytes).includes(FUEL_EXPORT) && Buffer.from(bytes).includes(STACK_EXPORT));
  });

  test("is not made of what it does not know, or of what is cut off", async () => {
    const whole = compiler
      .parseWat("test.wat", '(module (import "a" "b" (func)) (global i32 (i32.const 1)) (func (export "f")))')
      .toBinary({}).buffer;
    assert.ok(metered(whole).length > whole.length);
    for (let length = 9; length < whole.length; length++) {
      try {
        metered(whole.slice(0, length));
      } catch (error) {
        assert.ok(error instanceof RangeError, `${length} bytes: ${error}`);
      }
    }
    assert.throws(() => metered(whole.slice(0, -1)), RangeError);
    assert.throws(() => metered(compiler.parseWat("test.wat", "(module)").toBinary({}).buffer), /no section/);
  });
});
