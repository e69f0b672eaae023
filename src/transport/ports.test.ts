import assert from "node:assert/strict";
import test from "node:test";
import { Random } from "../base/random.ts";
import { chooseEphemeral, EPHEMERAL_FIRST, EPHEMERAL_LAST } from "./ports.ts";

test("ports are drawn at random from the range, by the seed (RFC 6056 §3.2, §3.3)", () => {
  const draw = (seed: number) => {
    const random = new Random(seed);
    return Array.from({ length: 50 }, () => chooseEphemeral(random, () => true) as number);
  };
  const ports = draw(1);
  assert.ok(ports.every((port) => port >= EPHEMERAL_FIRST && port <= EPHEMERAL_LAST));
  assert.ok(new Set(ports).size > 45, "hardly any twice");
  assert.deepEqual(draw(1), ports);
  assert.notDeepEqual(draw(2), ports);
});

test("a taken port is passed over; none is left when all are taken", () => {
  assert.equal(
    chooseEphemeral(new Random(1), (port) => port === EPHEMERAL_LAST),
    EPHEMERAL_LAST,
  );
  assert.equal(
    chooseEphemeral(new Random(1), () => false),
    undefined,
  );
});
