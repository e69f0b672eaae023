import assert from "node:assert/strict";
import test from "node:test";
import { type IpAddress, ip } from "../../address/ip.ts";
import { Random } from "../../base/random.ts";
import { Identifications } from "./identification.ts";

const OWN = ip("10.0.0.1");

test("one pair of hosts gets each identification once before any comes again (RFC 6864 §4.3)", () => {
  const identifications = new Identifications(new Random(1));
  const seen = new Set<number>();
  for (let count = 0; count < 0x10000; count++) seen.add(identifications.next(OWN, ip("10.0.0.2"), 17));
  assert.equal(seen.size, 0x10000);
});

test("pairs begin at different places, drawn from the seed", () => {
  const firsts = (seed: number) => {
    const identifications = new Identifications(new Random(seed));
    return Array.from({ length: 100 }, (_, host) =>
      identifications.next(OWN, (ip("10.0.0.2") + host) as IpAddress, 17),
    );
  };
  assert.ok(new Set(firsts(1)).size > 90);
  assert.deepEqual(firsts(1), firsts(1));
  assert.notDeepEqual(firsts(1), firsts(2));
});
