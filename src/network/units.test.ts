import assert from "node:assert/strict";
import test from "node:test";
import { formatRate, parseProbability, parseRate } from "./units.ts";

test("rates are read and printed as people write them", () => {
  assert.equal(parseRate("100Mbit/s"), 100e6);
  assert.equal(parseRate("1.5 Gbit/s"), 1.5e9);
  assert.equal(parseRate("300bit/s"), 300);
  for (const bad of ["", "100", "100Mbit", "100MB/s", "-1bit/s", "0bit/s", "0.1bit/s", "100mbit/s"]) {
    assert.equal(parseRate(bad), undefined, bad);
  }
  assert.equal(formatRate(100e6), "100Mbit/s");
  assert.equal(formatRate(9600), "9.6kbit/s");
  assert.equal(formatRate(Number.POSITIVE_INFINITY), "unlimited");
});

test("a probability is a percentage, or a number from 0 to 1", () => {
  assert.equal(parseProbability("1%"), 0.01);
  assert.equal(parseProbability("0.5 %"), 0.005);
  assert.equal(parseProbability(0.25), 0.25);
  for (const bad of ["", "1", "101%", "-1%", 2, -0.1, Number.NaN])
    assert.equal(parseProbability(bad), undefined, `${bad}`);
});
