/** The event log beside what each Nic really saw, through hubs, switches, routers and fragments, on cables with faults. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { bulkClient, bulkServer } from "../../src/application/index.ts";
import type { Tap } from "../../src/link/tap.ts";
import { Network } from "../../src/network/network.ts";
import { logOf } from "../fixtures/packet-view.ts";
import { runLoopOf } from "../support/run-loop.ts";

for (const seed of [1, 2, 3, 4, 5]) {
  test(`the log has the very bytes that each Nic saw, though it keeps few of them (seed ${seed})`, async () => {
    const network = new Network({ seed });
    network.router("router", { interfaces: { near: "10.0.1.254/24", far: { address: "10.0.2.254/24", mtu: 1000 } } });
    network.hub("hub");
    network.switch("switch");
    for (const [name, net] of [
      ["client", 1],
      ["guest", 1],
      ["server", 2],
      ["other", 2],
    ] as const) {
      const address = `10.0.${net}.${name.length}/24`;
      network.host(name, { address, gateway: `10.0.${net}.254` });
    }
    const faults = {
      delay: "1ms",
      rate: "10Mbit/s",
      loss: "1%",
      corruption: "1%",
      duplication: "1%",
      reordering: "1%",
    };
    network.cable("client", "hub", { ...faults, pastFcs: true });
    network.cable("guest", "hub", faults);
    network.cable("router.near", "hub", faults);
    network.cable("router.far", "switch", faults);
    network.cable("server", "switch", faults);
    network.cable("other", "switch", faults);
    network.start("server", bulkServer, {});
    network.start("client", bulkClient, {
      ...{ server: { address: "10.0.2.6", port: 5001 }, bytes: 100_000, direction: "both", seed },
    });
    const log = logOf(network);
    const seen = { in: 0, out: 0, drop: 0 };
    let octets = 0;
    const witness: Tap = {
      saw(_now, nic, direction, packet) {
        const event = log.next - 1; // the log has just seen it
        seen[direction]++;
        assert.equal(log.nic(event), nic.index);
        if (direction === "drop") return;
        octets += packet.length;
        assert.equal(Buffer.compare(log.frame(event), packet.data()), 0, `event ${event} at ${nic.fullName}`);
      },
    };
    network.addTap(witness);
    await runLoopOf(network).run();
    assert.ok(seen.in > 1000 && seen.out > 1000 && seen.drop > 100);
    assert.equal(log.next, seen.in + seen.out + seen.drop);
    assert.ok(log.bytes < octets, "what goes on unchanged is kept once");
  });
}
