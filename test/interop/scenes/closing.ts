import assert from "node:assert/strict";
import type { Duration } from "../../../src/time/instant.ts";
import { milliseconds } from "../../../src/time/instant.ts";
import type { Scene } from "../conversations.ts";
import { receive, received, sendAll } from "../ground.ts";
import { errnoOf, hear, OPENERS, type Stage, say, stage } from "../pairs.ts";
import type { Traits, World } from "../worlds.ts";

const TEXT = "x".repeat(300_000);
const BYTES = new TextEncoder().encode(TEXT);

/** The states of our connections, those that only wait for strays left out. */
const states = ({ ground }: World): string[] => ground.host.tcp.snapshot().connections.map(({ state }) => state);

export function closing(scene: Scene, { relayed }: Traits): void {
  for (const opener of OPENERS) {
    scene(`the end that has closed its half still receives, where ${opener} connect`, async (world) => {
      await stage(world, async (s) => {
        const { ours, theirs } = await s.pair(opener);
        await theirs.send("first");
        await theirs.shutdown();
        assert.deepEqual(await receive(ours), received(new TextEncoder().encode("first")));
        await settled(s);
        const [there] = await Promise.all([theirs.drain(BYTES.length), sendAll(ours, BYTES)]);
        assert.deepEqual(there, received(BYTES));
        await ours.shutdown("write");
        assert.equal(await theirs.recv(), "");
        if (relayed) return; // passt of 2023 sends without end to one that has closed its half
        const other = await s.pair(opener);
        await other.ours.shutdown("write");
        assert.equal(await other.theirs.recv(), "");
        await settled(s);
        const sending = other.theirs.send(TEXT).then(() => other.theirs.shutdown());
        assert.deepEqual(await receive(other.ours), received(BYTES));
        await sending;
      });
    });
  }
  resets(scene, relayed);
  late(scene);
  if (!relayed) atOnce(scene);
}

function resets(scene: Scene, relayed: boolean): void {
  scene("a reset is told to the other end", async (world) => {
    await stage(world, async (s) => {
      const { ours, theirs } = await s.pair("we");
      await theirs.reset();
      assert.equal(await errnoOf(ours.recv(10)), "ECONNRESET");
      assert.equal(await errnoOf(say(ours, "too late")), "EPIPE");
      const other = await s.pair("they");
      other.ours.setsockopt("SO_LINGER", 0);
      await other.ours.close();
      assert.equal(await errnoOf(other.theirs.recv()), "ECONNRESET");
    });
  });

  scene("whoever closes with data unread resets the connection", async (world) => {
    await stage(world, async (s) => {
      const { ours, theirs } = await s.pair("we");
      await say(ours, "never read");
      await settled(s);
      await theirs.close();
      assert.equal(await errnoOf(ours.recv(10)), "ECONNRESET");
      const other = await s.pair("they");
      await other.theirs.send("never read");
      while (!other.ours.poll().readable) await settled(s);
      await other.ours.close();
      const errno = await errnoOf(other.theirs.recv());
      assert.ok(errno === "ECONNRESET" || (relayed && errno === undefined), errno); // passt may make an end of it
    });
  });
}

/** Time for what was sent to arrive, through a relay as well. */
const settled = ({ context }: Stage): Promise<void> => context.clock.sleep(milliseconds(150) as Duration);

function late(scene: Scene): void {
  scene("data for an end that has closed is answered by a reset", async (world) => {
    await stage(world, async (s) => {
      const { ours, theirs } = await s.pair("we");
      await theirs.close();
      assert.equal(await hear(ours), "");
      assert.equal(await refusal(s, () => say(ours, "is anybody there?")), "EPIPE");
      const other = await s.pair("they");
      await other.ours.close();
      assert.equal(await other.theirs.recv(), "");
      assert.match(await refusal(s, () => other.theirs.send("is anybody there?")), /^(EPIPE|ECONNRESET)$/);
    });
  });
}

/** Says something until it is refused: the reset that the first time is answered by has a way to go. */
async function refusal(s: Stage, send: () => Promise<void>): Promise<string> {
  await send();
  for (;;) {
    await settled(s);
    const errno = await errnoOf(send());
    if (errno !== undefined) return errno;
  }
}

function atOnce(scene: Scene): void {
  scene("both may close at once", async (world) => {
    await stage(world, async (s) => {
      await world.ground.under({ delay: "80ms" }, async () => {
        const { ours, theirs } = await s.pair("they");
        const before = states(world).length;
        await Promise.all([theirs.shutdown(), ours.shutdown("write")]);
        assert.ok(states(world).includes("FIN-WAIT-1"), states(world).join());
        assert.equal(await hear(ours), "");
        assert.ok(states(world).includes("CLOSING"), states(world).join());
        assert.equal(await theirs.recv(), "");
        await s.context.clock.sleep(milliseconds(250));
        // Each has seen the other's FIN before the acknowledgment of its own: both wait for strays.
        assert.equal(states(world).length, before);
        assert.match(states(world).join(), /^(TIME-WAIT|CLOSED)(,TIME-WAIT)*$/);
        assert.match(await theirs.state(), /^(TIME-WAIT|CLOSED)$/);
        await theirs.close();
      });
    });
  });
}
