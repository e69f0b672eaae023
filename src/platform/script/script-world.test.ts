import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { runScripts } from "../../../test/fixtures/script-run.ts";

/** What a script writes when it runs by itself. */
const output = async (source: string): Promise<string[]> => {
  const run = await runScripts({ a: source });
  assert.equal(run.end("a"), "done");
  return run.output("a");
};

describe("a script", () => {
  test("has its host's time: virtual, in UTC, with timers that take it", async () => {
    const zone = process.env.TZ;
    process.env.TZ = "America/New_York";
    try {
      const lines = await output(`
const began = new Date();
console.log(began.toISOString(), began.getTimezoneOffset(), String(new Date(2026, 6, 1, 12)), Date.parse("2026-07-01 12:00"));
await new Promise((resolve) => setTimeout(resolve, 90_000));
console.log(Date.now() - began.getTime(), performance.now());
let count = 0;
const timer = setInterval(() => { if (++count === 3) clearInterval(timer); }, 0.5);
await new Promise<void>((resolve) => setTimeout(resolve, 100));
console.log(count);
queueMicrotask(() => console.log("soon"));`);
      assert.deepEqual(lines, [
        "2026-01-01T00:00:00.000Z 0 Wed Jul 01 2026 12:00:00 GMT+0000 1782907200000",
        "90000 90000",
        "3",
        "soon",
      ]);
    } finally {
      if (zone === undefined) delete process.env.TZ;
      else process.env.TZ = zone;
    }
  });

  test("may wait for what is rejected as late as in the same turn", async () => {
    const lines = await output(`
const fails = async (): Promise<never> => { throw new Error("x"); };
const one = fails();
for (let i = 0; i < 10; i++) await 0;
await one.catch(() => console.log("caught"));
await Promise.allSettled([fails(), fails()]);
for (let i = 0; i < 1000; i++) fails().then(() => {}, () => {});
console.log(await Promise.race([fails().catch(() => 1), new Promise((resolve) => setTimeout(resolve, 5))]));`);
    assert.deepEqual(lines, ["caught", "1"]);
  });

  test("draws chance from the seed", async () => {
    const draw = "console.log(Math.random(), Math.random())";
    const [one, same, other] = await Promise.all([1, 1, 2].map((seed) => runScripts({ a: draw }, { seed })));
    assert.deepEqual(one?.output("a"), same?.output("a"));
    assert.notDeepEqual(one?.output("a"), other?.output("a"));
  });

  test("writes what people read", async () => {
    const lines = await output(`
console.log("a", 1, -0, 1n, null, undefined, true, [1, "b", [2]], { a: { b: [] } }, new Map([["k", 1]]), new Set([1]));
console.log(new Uint8Array([1, 2]), () => 1, Symbol("s"), new Date(0), /x/g, [[[[[1]]]]]);
const own: any = {}; own.own = own; console.log(own);
console.group("in"); console.error("x\\ny"); console.groupEnd(); console.log("\\u0000ok\\ud800");`);
    assert.deepEqual(lines, [
      'a 1 -0 1n null undefined true [1, "b", [2]] { a: { b: [] } } Map(1) { "k" => 1 } Set(1) { 1 }',
      "Uint8Array(2) [1, 2] [function] Symbol(s) 1970-01-01T00:00:00.000Z /x/g [[[[[…]]]]]",
      "{ own: [circular] }",
      "in",
      "  x",
      "  y",
      "\u0000ok\ud800",
    ]);
  });

  test("turns text into bytes and back, piece by piece too", async () => {
    const lines = await output(`
const bytes = new TextEncoder().encode("ä€😀\\u0000\\ud800");
console.log(bytes.join());
const decoder = new TextDecoder();
let text = "";
for (const byte of bytes) text += decoder.decode(new Uint8Array([byte]), { stream: true });
console.log(text + decoder.decode() === "ä€😀\\u0000\\ufffd", new TextDecoder().decode(new Uint8Array([0xef, 0xbb, 0xbf, 65])));
try { new TextDecoder("utf-8", { fatal: true }).decode(new Uint8Array([255])) } catch (error) { console.log(String(error)) }
try { new TextDecoder("latin1") } catch (error) { console.log((error as Error).name) }
console.log(new TextEncoder().encodeInto("ä€", new Uint8Array(4)));`);
    assert.deepEqual(lines, [
      "195,164,226,130,172,240,159,152,128,0,239,191,189",
      "true A",
      "TypeError: The encoded data was not valid for encoding utf-8",
      "RangeError",
      "{ read: 1, written: 2 }",
    ]);
  });

  test("finds nothing beside its sockets", async () => {
    const lines = await output(`
const global = (0, eval)("this");
const made = [Function, (async () => {}).constructor, (function* () {}).constructor].map((each) =>
  (each as any)("return typeof globalThis.process")());
console.log(made[0], ["fetch", "WebSocket", "XMLHttpRequest", "indexedDB", "process", "require", "Deno", "self", "window",
  "postMessage", "importScripts", "navigator", "WebAssembly", "SharedArrayBuffer", "Atomics", "std", "os", "netariumHost",
  "localStorage", "crypto", "Worker", "module", "global", "Buffer"].filter((name) => name in global).join());
console.log((this as any)?.constructor === undefined, global === globalThis);
for (const name of ["fs", "node:fs", "std", "os", "./other.ts", "https://example.test/x.js", "data:text/javascript,1", "__proto__"])
  await import(name).then(() => console.log("found", name), () => {});
const { sockets } = await import("netarium/socket");
const socket = sockets.socket("inet", "stream");
const escape = (value: any) => value.constructor.constructor("return typeof process + typeof fetch")();
console.log(escape(socket), escape(sockets), escape(console.log), escape(socket.close()));
try { sockets.socket("inet6", "stream") } catch (error) { console.log(escape(error)) }
console.log(Object.keys(import.meta).join());`);
    assert.deepEqual(lines, [
      "undefined ",
      "true true",
      ...["undefinedundefined undefinedundefined undefinedundefined undefinedundefined", "undefinedundefined"],
      "",
    ]);
  });

  test("that changes what it is built of changes nothing outside", async () => {
    const before = Object.getOwnPropertyNames(Object.prototype).length;
    const run = await runScripts({
      bad: `
const host: any[] = [];
const steal = (name: "call" | "apply") => {
  const old: any = Function.prototype[name];
  Function.prototype[name] = function (this: any, ...args: any[]) { host.push(this, ...args); return old.apply(this, args); };
};
steal("call");
Object.prototype.toString = () => { for (;;); };
(Object.prototype as any).polluted = "yes";
(Array.prototype as any).toJSON = () => ({ __proto__: { x: 1 } });
JSON.parse = JSON.stringify = () => { throw new Error("mine"); };
Map.prototype.get = () => undefined;
Promise.prototype.then = function () { return this; };
const { sockets } = await import("netarium/socket");
const socket = sockets.socket("inet", "dgram");
socket.setsockopt("__proto__" as any, { polluted: 1 } as any);`,
      good: `
import { sockets } from "netarium/socket";
const socket = sockets.socket("inet", "dgram");
await socket.bind({ address: "0.0.0.0", port: 1 });
console.log(socket.getsockname().port, (({}) as any).polluted);`,
    });
    assert.match(run.end("bad"), /^failed/);
    assert.equal(run.end("good"), "done");
    assert.deepEqual(run.output("good"), ["1 undefined"]);
    assert.equal(Object.getOwnPropertyNames(Object.prototype).length, before);
    assert.equal(({} as { polluted?: string }).polluted, undefined);
  });
});
