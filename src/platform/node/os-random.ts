import { randomFillSync } from "node:crypto";
import { Random } from "../../base/random.ts";

const pool = new Uint32Array(1024);
let next = pool.length;

/** Chance of the operating system, fit for keys and session names; never the same twice. */
export class OsRandom extends Random {
  constructor() {
    super(0);
  }

  override stream(): Random {
    return this;
  }

  override uint32(): number {
    if (next === pool.length) {
      randomFillSync(pool);
      next = 0;
    }
    return pool[next++] as number;
  }
}
