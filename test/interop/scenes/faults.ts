import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { isLong, size } from "../../size.ts";
import { damagedFrames, tshark } from "../../tshark.ts";
import type { Scene } from "../conversations.ts";
import { randomText } from "../ground.ts";
import { exchange, OPENERS, stage } from "../pairs.ts";

const FAULTS = { delay: "20ms", loss: "1%", reordering: "1%", duplication: "1%" };
export function faults(scene: Scene): void {
  const mebibytes = size(2, 16);
  for (const opener of isLong() ? OPENERS : (["we"] as const)) {
    scene(`${mebibytes} MiB arrive intact each way over a bad cable, where ${opener} connect`, async (world) => {
      const { address, cable } = world.ground;
      const data = randomText(mebibytes * 2 ** 20);
      const file = world.path("faulty");
      writeFileSync(file, data);
      const lost = (): number => cable.a.counters.drops.get("cable-loss") ?? 0;
      const before = lost();
      const capture = world.ground.capture();
      const play = () => stage(world, async (s) => exchange(await s.pair(opener), data, file));
      await world.ground.under(FAULTS, play);
      const seen = capture();
      assert.deepEqual(await damagedFrames(seen), []);
      assert.deepEqual(await tshark(seen, "tcp.analysis.ack_lost_segment", ["frame.number"]), []);
      const again = `ip.src == ${address} && (tcp.analysis.retransmission || tcp.analysis.out_of_order)`;
      const repeated = (await tshark(seen, again, ["frame.number"])).length;
      // Not all that is lost is data; and what is held back, or its acknowledgment, may be taken for lost.
      const losses = lost() - before;
      assert.ok(repeated <= 2 * losses + 20, `${repeated} segments of ours were sent again, and ${losses} lost`);
    });
  }
}
