/** What two ends of a connection expect of each other, ours and another stack's: the same tests for each {@link World}. */
import assert from "node:assert/strict";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { after, before, describe, test } from "node:test";
import { milliseconds } from "../../src/time/instant.ts";
import { damagedFrames, lossFindings } from "../tshark.ts";
import { bulk } from "./scenes/bulk.ts";
import { closing } from "./scenes/closing.ts";
import { faults } from "./scenes/faults.ts";
import { crossing, opening } from "./scenes/opening.ts";
import { programs } from "./scenes/programs.ts";
import { silence } from "./scenes/silence.ts";
import { windows } from "./scenes/windows.ts";
import type { Traits, World } from "./worlds.ts";

const TOOLS = ["tshark", "curl", "iperf", "nc"];

/** Milliseconds for which this process stood still: beyond, its timers may go off before it reads what has come. */
const TOO_LONG = 150;

/** A test of a world that is open. */
export type Scene = (name: string, play: (world: World) => Promise<void>) => void;

/** Tests of connections between our sockets and another stack's. */
export function conversations(traits: Traits): void {
  describe(`connections with ${traits.name}`, { timeout: 1_800_000 }, () => {
    let opened: World | undefined;
    const scene: Scene = (name, play) =>
      test(name, { timeout: 900_000 }, async (t) => {
        if (traits.needs(t, ...TOOLS)) await play(opened as World);
      });

    before(async () => {
      if (traits.needs({ skip: () => {} }, ...TOOLS)) opened = await traits.open();
    });
    after(() => opened?.close());

    bulk(scene);
    describe("on a clean cable", () => {
      let capture: (() => Uint8Array) | undefined;
      const pauses = monitorEventLoopDelay({ resolution: 10 });
      before(() => {
        // Long enough that a busy machine's pauses are no news to either end's timers.
        opened?.ground.cable.setConditions("both", { delay: milliseconds(50) });
        capture = opened?.ground.capture();
        pauses.enable();
      });
      if (!traits.relayed) opening(scene);
      closing(scene, traits);
      windows(scene, traits);
      programs(scene);
      scene("nothing on our wire was malformed, and nothing of ours lost or sent twice", async ({ ground }) => {
        const file = capture?.() as Uint8Array;
        assert.deepEqual(await damagedFrames(file), []);
        const longest = pauses.max / 1e6;
        pauses.disable();
        const found = await lossFindings(file, ground.address);
        assert.ok(found.length === 0 || longest > TOO_LONG, found.join("\n"));
      });
    });
    // passt of 2023 answers no keepalive, keeps nothing that comes out of order, and then gives up.
    if (!traits.relayed) {
      crossing(scene);
      silence(scene);
      faults(scene);
    }
  });
}
