import assert from "node:assert/strict";
import test from "node:test";
import { Random } from "./random.ts";

const draw = (random: Random, count: number) => Array.from({ length: count }, () => random.uint32());

test("the same seed and name give the same numbers; another of either gives others", () => {
  assert.deepEqual(draw(new Random(7, "pc1"), 20), draw(new Random(7, "pc1"), 20));
  assert.notDeepEqual(draw(new Random(7, "pc1"), 20), draw(new Random(8, "pc1"), 20));
  assert.notDeepEqual(draw(new Random(7, "pc1"), 20), draw(new Random(7, "pc2"), 20));
  assert.notDeepEqual(draw(new Random(1), 20), draw(new Random(1 + 2 ** 32), 20), "the seed's high half counts");
});

test("a component's stream does not depend on what others drew", () => {
  const network = new Random(3);
  const first = draw(network.stream("tcp"), 5);
  draw(network, 100);
  draw(network.stream("udp"), 100);
  assert.deepEqual(draw(network.stream("tcp"), 5), first);
});

test("draws stay in range and are spread evenly", () => {
  const random = new Random(1, "spread");
  const counts = new Array<number>(10).fill(0);
  for (let turn = 0; turn < 100_000; turn++) {
    const drawn = random.below(10);
    counts[drawn] = (counts[drawn] ?? 0) + 1;
    const real = random.real();
    assert.ok(real >= 0 && real < 1);
  }
  for (const count of counts) assert.ok(Math.abs(count - 10_000) < 500, `a digit came ${count} times of 10,000`);
});

test("a chance of 0 or 1 is certain and draws nothing", () => {
  const random = new Random(5);
  assert.equal(random.chance(0), false);
  assert.equal(random.chance(1), true);
  assert.deepEqual(draw(random, 3), draw(new Random(5), 3));
});
