import assert from "node:assert/strict";
import { seconds } from "../../../src/time/instant.ts";
import { tshark } from "../../tshark.ts";
import type { Scene } from "../conversations.ts";
import type { Received } from "../far.ts";
import { receive, received, sendAll } from "../ground.ts";
import { OPENERS, stage } from "../pairs.ts";
import type { Traits } from "../worlds.ts";

const TEXT = "w".repeat(60_000);
const BYTES = new TextEncoder().encode(TEXT);
const SMALL = 8192;
/** Both kinds lie just below the window, and tshark takes a probe without data for a keepalive. */
const PROBE = "(tcp.analysis.zero_window_probe || tcp.analysis.keep_alive)";

export function windows(scene: Scene, { relayed }: Traits): void {
  scene("a reader that sleeps closes the window and is probed until it wakes", async (world) => {
    const capture = world.ground.capture();
    await stage(world, async (s) => {
      const sending: Promise<void>[] = [];
      const wakes: (() => Promise<Received>)[] = [];
      for (const opener of OPENERS) {
        const theyRead = await s.pair(opener, { far: { SO_RCVBUF: SMALL } });
        const weRead = await s.pair(opener, { buffer: SMALL });
        sending.push(
          sendAll(theyRead.ours, BYTES).then(() => theyRead.ours.shutdown("write")),
          weRead.theirs.send(TEXT).then(() => weRead.theirs.shutdown()),
        );
        wakes.push(
          () => theyRead.theirs.drain(),
          () => receive(weRead.ours),
        );
      }
      await s.context.clock.sleep(seconds(2.2));
      for (const got of await Promise.all(wakes.map((wake) => wake()))) assert.deepEqual(got, received(BYTES));
      await Promise.all(sending);
    });
    const seen = await tshark(capture(), `${PROBE} || tcp.analysis.zero_window`, [
      "ip.src",
      "tcp.analysis.zero_window",
    ]);
    const closed = seen.filter(([, zero]) => zero !== "");
    const probes = seen.filter(([, zero]) => zero === "");
    const ours = ([from]: string[]): boolean => from === world.ground.address;
    assert.ok(probes.filter(ours).length >= 2, `${probes.filter(ours).length} probes of ours`);
    // Not every probe is answered: the kernel limits how often it does. passt sends none and waits to be told.
    assert.ok(closed.length > closed.filter(ours).length, "their window was closed");
    if (relayed) return;
    assert.ok(probes.length >= probes.filter(ours).length + 2, `${probes.length} probes, of both`);
    assert.ok(closed.filter(ours).length >= 3, `ours was closed ${closed.filter(ours).length} times`);
  });
}
