import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { giveSlab, SHARED_MEMORY, type Slab, sharedView, takeSlab } from "./slab.ts";

const isShared = (slab: Slab): boolean => slab.view === sharedView;
const overlap = (one: Slab, other: Slab): boolean =>
  one.start < other.start + other.length && other.start < one.start + one.length;

test("slabs in use never overlap, and come zeroed whoever had their memory before", () => {
  const action = fc.oneof(
    fc.integer({ min: 1, max: 64 }).map((units) => ({ take: units * 64, give: 0 })),
    fc.nat(20).map((give) => ({ take: 0, give })),
  );
  fc.assert(
    fc.property(fc.array(action, { maxLength: 60 }), (actions) => {
      const slabs: Slab[] = [];
      for (const { take, give } of actions) {
        if (take > 0) {
          const slab = takeSlab(take);
          assert.equal(slab.length, take);
          assert.ok(slab.bytes.subarray(slab.start, slab.start + take).every((byte) => byte === 0));
          slab.bytes.fill(0xa5, slab.start, slab.start + take);
          assert.ok(!slabs.some((other) => isShared(slab) && isShared(other) && overlap(slab, other)));
          slabs.push(slab);
        } else if (slabs.length > 0) giveSlab(slabs.splice(give % slabs.length, 1)[0] as Slab);
      }
      for (const slab of slabs) giveSlab(slab);
    }),
  );
});

test("what was given back is one piece again", () => {
  const pieces = [1, 2, 3].map(() => takeSlab(SHARED_MEMORY / 4));
  for (const index of [1, 0, 2]) giveSlab(pieces[index] as Slab);
  const large = takeSlab((SHARED_MEMORY / 4) * 3);
  assert.ok(isShared(large));
  giveSlab(large);
});

test("a slab for which the shared memory has no room has a memory of its own", () => {
  const all = takeSlab(SHARED_MEMORY);
  const one = takeSlab(1024);
  assert.ok(isShared(all) && !isShared(one));
  assert.deepEqual([one.start, one.bytes.length, one.view.byteLength], [0, 1024, 1024]);
  giveSlab(one);
  giveSlab(all);
  const again = takeSlab(1024);
  assert.ok(isShared(again));
  giveSlab(again);
});

test("a slab that was given back twice is given back once", () => {
  const [one, two] = [takeSlab(64), takeSlab(64)];
  giveSlab(one);
  giveSlab(one);
  const three = takeSlab(64);
  assert.ok(!overlap(two, three));
  giveSlab(two);
  giveSlab(three);
});
