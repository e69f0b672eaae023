import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, test } from "node:test";
import { Random } from "./random.ts";
import { sha1 } from "./sha1.ts";
import { sha256 } from "./sha256.ts";

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

describe("SHA-1 and SHA-256", () => {
  test("give FIPS 180's own examples", () => {
    assert.equal(hex(sha1(utf8("abc"))), "a9993e364706816aba3e25717850c26c9cd0d89d");
    assert.equal(hex(sha256(utf8("abc"))), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  });

  test("agree with another's over every length about the ends of blocks, and over views into larger memory", () => {
    const random = new Random(1);
    for (let length = 0; length <= 300; length++) {
      const memory = random.fill(new Uint8Array(length + 7));
      const message = memory.subarray(3, 3 + length);
      assert.equal(hex(sha1(message)), createHash("sha1").update(message).digest("hex"), `${length}`);
      assert.equal(hex(sha256(message)), createHash("sha256").update(message).digest("hex"), `${length}`);
    }
  });
});
