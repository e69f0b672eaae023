import assert from "node:assert/strict";
import { connectTcp } from "../../../src/socket/tcp.ts";
import type { Scene } from "../conversations.ts";
import { errnoOf, hear, say, stage } from "../pairs.ts";
import { OUR_PORTS, THEIR_PORTS } from "../worlds.ts";

export function opening(scene: Scene): void {
  scene("where nobody listens a connection is refused", async (world) => {
    await stage(world, async ({ context, far }) => {
      const at = { address: world.them, port: THEIR_PORTS.nobody };
      assert.equal(await errnoOf(connectTcp(context.sockets, at)), "ECONNREFUSED");
      assert.equal(await errnoOf(far.connect(world.us, OUR_PORTS.nobody)), "ECONNREFUSED");
    });
  });
}

/** To tshark the SYN that a SYN-ACK repeats is a retransmission, so this is not captured. */
export function crossing(scene: Scene): void {
  scene("two that connect to each other at once have one connection", async (world) => {
    await stage(world, async ({ context, far }) => {
      const ours = context.sockets.socket("inet", "stream");
      await ours.bind({ address: "0.0.0.0", port: 17_001 });
      await world.ground.under({ delay: "400ms" }, async () => {
        const calling = far.connect(world.us, 17_001, {}, 17_002);
        await ours.connect({ address: world.them, port: 17_002 });
        const theirs = await calling;
        await say(ours, "hello");
        assert.equal(await theirs.recv(), "hello");
        await theirs.send("hello to you");
        assert.equal(await hear(ours), "hello to you");
        await theirs.close();
        assert.equal(await hear(ours), "");
      });
    });
  });
}
