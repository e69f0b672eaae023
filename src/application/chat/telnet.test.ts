import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { SKIPPED, SUBNEGOTIATION_BYTES, TelnetFilter, TIMING_MARK } from "./telnet.ts";

describe("Telnet commands", () => {
  const through = (...bytes: number[]): number[] => {
    const filter = new TelnetFilter();
    return bytes.map((byte) => filter.take(byte)).filter((taken) => taken !== SKIPPED);
  };

  test("commands of two and of three bytes are skipped", () => {
    assert.deepEqual(through(65, 255, 241, 66, 255, 244, 67), [65, 66, 67]);
    assert.deepEqual(through(65, 255, 251, 1, 255, 254, 34, 66), [65, 66]);
  });

  test("a subnegotiation is skipped up to its end, doubled IACs inside it included", () => {
    assert.deepEqual(through(65, 255, 250, 31, 0, 80, 255, 255, 240, 24, 255, 240, 66), [65, 66]);
  });

  test("a subnegotiation that never ends is given up", () => {
    const endless = new Array(SUBNEGOTIATION_BYTES).fill(88);
    assert.deepEqual(through(255, 250, ...endless, 65), [65]);
  });

  test("IAC IAC is the byte 255", () => {
    assert.deepEqual(through(65, 255, 255, 66), [65, 255, 66]);
  });

  test("an IAC before what is no command is skipped alone, so that no line end is lost", () => {
    assert.deepEqual(through(255, 10, 65), [10, 65]);
  });

  test("a request for a timing mark is told", () => {
    assert.deepEqual(through(255, 244, 255, 253, 6), [TIMING_MARK]);
    assert.deepEqual(through(255, 251, 6), []);
  });
});
