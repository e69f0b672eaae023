import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Fields } from "../message/fields.ts";
import { RequestBody } from "./request-body.ts";

const body = () => new RequestBody({ wanted: () => {}, taken: () => {} });

test("pieces of one byte that nobody waits for become few", async () => {
  const arriving = body();
  for (let n = 0; n < 10_000; n++) arriving.push(Uint8Array.of(0, n & 0xff, 0), 1, 2);
  assert.equal(arriving.size, 10_000);
  arriving.end(new Fields());
  let pieces = 0;
  let at = 0;
  for (let next = await arriving.next(); !next.done; next = await arriving.next()) {
    pieces++;
    for (const byte of next.value) assert.equal(byte, at++ & 0xff);
  }
  assert.equal(at, 10_000);
  assert.equal(arriving.size, 0);
  assert.ok(pieces < 10, `${pieces} pieces`);
});

test("what arrives is what is read, in pieces of any length and at any time", async () => {
  const step = fc.oneof(
    fc.uint8Array({ minLength: 1, maxLength: 20 }),
    fc.uint8Array({ minLength: 500, maxLength: 700 }),
    fc.constant("read" as const),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      const arriving = body();
      const reads: Promise<IteratorResult<Uint8Array, undefined>>[] = [];
      const sent: number[] = [];
      let waits = false;
      for (const each of steps) {
        if (each === "read") {
          if (waits) continue; // one at a time
          waits = arriving.size === 0;
          reads.push(arriving.next());
          continue;
        }
        const shared = Uint8Array.from(each);
        arriving.push(shared, 0, shared.length);
        shared.fill(0xff);
        sent.push(...each);
        waits = false;
      }
      arriving.end(new Fields());
      const got: number[] = [];
      for (const read of reads) got.push(...((await read).value ?? []));
      for (let next = await arriving.next(); !next.done; next = await arriving.next()) got.push(...next.value);
      assert.deepEqual(got, sent);
    }),
  );
});
