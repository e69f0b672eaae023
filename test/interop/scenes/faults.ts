import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { isLong, size } from "../../size.ts";
import { damagedFrames, tshark } from "../../tshark.ts";
import type { Scene } from "../conversations.ts";
import { exchange, OPENERS, stage } from "../pairs.ts";

const FAULTS = { delay: "20ms", loss: "1%", reordering: "1%", duplication: "1%" };

export function faults(scene: Scene): void {
  const mebibytes = size(2, 16);
  for (const opener of isLong() ? OPENERS : (["we"] as const)) {
    scene(`${mebibytes} MiB arrive intact each way over a bad cable, where ${opener} connect`, async (world) => {
      const data = randomBytes(mebibytes * 2 ** 20);
      const file = world.path("faulty");
      writeFileSync(file, data);
      const capture = world.ground.capture();
      const play = () => stage(world, async (s) => exchange(await s.pair(opener), data, file));
      await world.ground.under(FAULTS, play);
      const seen = capture();
      assert.deepEqual(await damagedFrames(seen), []);
      assert.deepEqual(await tshark(seen, "tcp.analysis.ack_lost_segment", ["frame.number"]), []);
    });
  }
}
