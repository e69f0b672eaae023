import assert from "node:assert/strict";
import test from "node:test";
import { parseCacheControl } from "./cache-control.ts";

test("Cache-Control is read by RFC 9111 §5.2: names without case, tokens and quoted arguments, the first of two", () => {
  const read = (text: string | null) => Object.fromEntries(parseCacheControl(text));
  assert.deepEqual(read("No-Transform, max-age=60"), { "no-transform": "", "max-age": "60" });
  assert.deepEqual(read('private="set-cookie, x", max-age="5"'), { private: "set-cookie, x", "max-age": "5" });
  assert.deepEqual(read("max-age=1,max-age=2,,no-store"), { "max-age": "1", "no-store": "" });
  assert.deepEqual(read(null), {});
  assert.deepEqual(read('"'), {});
});
