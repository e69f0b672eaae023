import assert from "node:assert/strict";
import { test } from "node:test";
import { describeSummary, type Summary } from "./summary.ts";

const summary = (drops: Summary["drops"]): string =>
  describeSummary({
    name: "",
    file: "x.yaml",
    document: "",
    seed: 1,
    end: "stopped",
    virtualNanoseconds: 2e9,
    wallNanoseconds: 1e9,
    speed: 2,
    forgiven: { milliseconds: 0, times: 0 },
    inputs: 0,
    frames: { sent: 9, received: 9, sentBytes: 900, receivedBytes: 900 },
    drops,
    connections: { opened: 1, accepted: 1 },
    programs: [],
    trace: null,
  });

test("frames for others, as a hub gives to all, are told apart from those that were lost", () => {
  const frames = "2.000 s of virtual time in 1.000 s, seed 1\n9 frames sent, 1 connection opened";
  assert.equal(
    summary({ "cable-loss": 2, "not-for-us": 5008, "queue-full": 1 }),
    `${frames}\n5008 frames were for others\ndropped: 2 cable-loss, 1 queue-full`,
  );
  assert.equal(summary({ "not-for-us": 1 }), `${frames}\n1 frame was for others\ndropped: nothing`);
  assert.equal(summary({}), `${frames}\ndropped: nothing`);
});
