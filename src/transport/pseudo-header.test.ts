import assert from "node:assert/strict";
import test from "node:test";
import { ip } from "../address/ip.ts";
import { finish, sum } from "../base/checksum.ts";
import { pseudoHeaderSum } from "./pseudo-header.ts";

test("the pseudo-header sums as the twelve bytes of RFC 768 would", () => {
  const bytes = new Uint8Array([192, 168, 255, 254, 10, 0, 0, 1, 0, 17, 0x12, 0x34]);
  const written = finish(sum(new DataView(bytes.buffer), 0, 12));
  assert.equal(finish(pseudoHeaderSum(ip("192.168.255.254"), ip("10.0.0.1"), 17, 0x1234)), written);
});
