import assert from "node:assert/strict";
import { seconds } from "../../../src/time/instant.ts";
import { lossFindings, tshark } from "../../tshark.ts";
import type { Scene } from "../conversations.ts";
import { errnoOf, hear, say, stage } from "../pairs.ts";

/** A probe after a second of silence, and the end after four without an answer: their time goes on while we stand still. */
const KEEP_ALIVE = { TCP_KEEPIDLE: 1, TCP_KEEPINTVL: 1, TCP_KEEPCNT: 4, SO_KEEPALIVE: 1 };

export function silence(scene: Scene): void {
  scene("a silent connection is kept alive by probes, and ended when they are not answered", async (world) => {
    const capture = world.ground.capture();
    await stage(world, async (s) => {
      const one = await s.pair("we"); // we probe
      one.ours.setsockopt("TCP_KEEPIDLE", 1);
      one.ours.setsockopt("TCP_KEEPINTVL", 1);
      one.ours.setsockopt("TCP_KEEPCNT", 2);
      one.ours.setsockopt("SO_KEEPALIVE", true);
      const other = await s.pair("they"); // they do
      await other.theirs.set(KEEP_ALIVE);
      await s.context.clock.sleep(seconds(4.5));
      for (const { ours, theirs } of [one, other]) {
        await say(ours, "still here");
        assert.equal(await theirs.recv(), "still here");
        await theirs.send("here too");
        assert.equal(await hear(ours), "here too");
      }
      await s.context.clock.sleep(seconds(0.3)); // what waits for an acknowledgment is not probed
      await world.ground.under({ cut: true }, async () => {
        const ends = [errnoOf(one.ours.recv(10)), errnoOf(other.theirs.recv())];
        const [ours, theirs] = await Promise.all(ends);
        assert.equal(ours, "ETIMEDOUT");
        assert.equal(theirs, "ETIMEDOUT");
      });
      other.ours.setsockopt("SO_LINGER", 0);
      await other.ours.close();
    });
    const file = capture();
    assert.deepEqual(await lossFindings(file, world.ground.address), []);
    const fields = ["ip.src", "tcp.analysis.keep_alive", "tcp.analysis.keep_alive_ack"];
    const seen = await tshark(file, "tcp.analysis.keep_alive || tcp.analysis.keep_alive_ack", fields);
    const count = (what: (row: readonly string[]) => boolean): number => seen.filter(what).length;
    const ours = (row: readonly string[]): boolean => row[0] === world.ground.address;
    const told = seen.map((row) => row.join(" ")).join("\n");
    assert.ok(count((row) => ours(row) && row[1] !== "") >= 5, told); // four answered, two not
    assert.ok(count((row) => !ours(row) && row[1] !== "") >= 3, told);
    assert.ok(count((row) => ours(row) && row[2] !== "") >= 3, told);
    assert.ok(count((row) => !ours(row) && row[2] !== "") >= 3, told);
  });
}
