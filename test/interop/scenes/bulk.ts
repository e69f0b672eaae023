import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { size } from "../../size.ts";
import type { Scene } from "../conversations.ts";
import { exchange, OPENERS, stage } from "../pairs.ts";

const PIECE = 16 * 2 ** 20;

export function bulk(scene: Scene): void {
  for (const opener of OPENERS) {
    const again = size(0, opener === "we" ? 63 : 15);
    scene(`${16 * (again + 1)} MiB pass each way at once where ${opener} connect`, async (world) => {
      const data = randomBytes(PIECE);
      const file = world.path("bulk");
      writeFileSync(file, data);
      await stage(world, async (s) => exchange(await s.pair(opener), data, file, again));
    });
  }
}
