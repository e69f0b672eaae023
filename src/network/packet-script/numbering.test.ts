import assert from "node:assert/strict";
import { test } from "node:test";
import { Numbering } from "./numbering.ts";

test("before the host's first SYN numbers are the wire's", () => {
  const numbering = new Numbering();
  assert.equal(numbering.toLive(300), 300);
  assert.equal(numbering.toScript(-1), 0xffffffff);
});

test("the script's count begins with the host's SYN, again with a new one, and wraps", () => {
  const numbering = new Numbering();
  numbering.begin(0xfffffff0, 0);
  assert.equal(numbering.toScript(5), 21);
  assert.equal(numbering.toLive(21), 5);
  assert.equal(numbering.toLive(0xffffffff) >>> 0, 0xffffffef);
  numbering.begin(0xfffffff0, 9);
  assert.equal(numbering.toScript(5), 21, "a SYN that is sent again changes nothing");
  numbering.begin(100, 7);
  assert.equal(numbering.toScript(101), 8);
});

test("timestamps are counted from the first, and echoed as they were", () => {
  const numbering = new Numbering();
  numbering.stamp(5000, 100);
  numbering.stamp(5017, 115);
  assert.equal(numbering.stampToScript(5017), 117);
  assert.equal(numbering.echoToLive(115), 5017);
  assert.equal(numbering.echoToLive(120), 5020, "one the script did not name lies where it would");
  const [stamp] = numbering.optionsToLive([{ kind: "TS", value: 1, echo: 100 }], true);
  assert.deepEqual(stamp, { kind: "TS", value: 1, echo: 5000 });
  const [first] = numbering.optionsToLive([{ kind: "TS", value: 1, echo: 0 }], false);
  assert.deepEqual(first, { kind: "TS", value: 1, echo: 0 });
});

test("selective acknowledgments are counted like any", () => {
  const numbering = new Numbering();
  numbering.begin(1000, 0);
  const [sack] = numbering.optionsToLive([{ kind: "sack", blocks: [{ left: 1, right: 2 }] }], true);
  assert.deepEqual(sack, { kind: "sack", blocks: [{ left: 1001, right: 1002 }] });
});
