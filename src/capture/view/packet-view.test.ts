import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { MacAddress } from "../../address/mac.ts";
import { Nic } from "../../link/nic.ts";
import { PacketPool } from "../../packet/packet-pool.ts";
import type { Instant } from "../../time/instant.ts";
import { Scheduler } from "../../time/scheduler.ts";
import { EVENTS_PER_CHUNK } from "../log/event-chunk.ts";
import { EventLog } from "../log/event-log.ts";
import { PacketView } from "./packet-view.ts";

const KEPT = 4 * EVENTS_PER_CHUNK;

/** A log of frames that leave one Nic, of which so many are kept, and a list of them. */
function scene(frameLimit = Number.POSITIVE_INFINITY) {
  const pool = new PacketPool();
  const nic = new Nic({ device: "pc", name: "eth0", mac: 1 as MacAddress, scheduler: new Scheduler(), pool });
  const log = new EventLog({ eventLimit: KEPT });
  const nics = [{ device: "pc", name: "pc.eth0", mac: 1, isLoopback: false, opposite: -1 }];
  const about = { log, nics, vantage: { kind: "cables" }, epoch: 0n, datagrams: [], streams: [] } as const;
  let now = 0;
  const send = (frames: number): void => {
    for (let left = frames; left > 0; left--) {
      const packet = pool.from(new Uint8Array(60));
      log.saw(++now as Instant, nic, "out", packet);
      packet.release();
    }
  };
  return { log, send, view: new PacketView({ ...about, frameLimit }) };
}

function workOff(view: PacketView): void {
  while (view.isBehind) view.work(1000);
}

describe("a list that grows", () => {
  test("begins anew past its limit, says so, and has what is kept", () => {
    const { log, send, view } = scene(1.5 * KEPT);
    for (let sent = 0; sent < 1.5 * KEPT; sent += KEPT / 8) {
      send(KEPT / 8);
      workOff(view);
    }
    const all = 1.5 * KEPT;
    assert.deepEqual(view.state, { total: all, matched: all, examined: all, first: log.first });
    send(1);
    workOff(view);
    assert.equal(view.state.renewed, undefined);
    send(1);
    workOff(view);
    const kept = log.next - log.first;
    assert.deepEqual(view.state, { total: kept, matched: kept, examined: kept, first: 0, renewed: 1 });
    assert.equal(view.row(1).event, log.first);
  });

  test("shows the newest frames of a network that runs too fast for it, and all that are kept when there is time", () => {
    const { log, send, view } = scene();
    for (let round = 0; round < 40; round++) {
      send(KEPT / 2);
      view.work(100, true);
      const { matched, first, skipped } = view.state;
      if (log.first === 0) assert.equal(skipped, undefined);
      else if (skipped) assert.ok(matched - first > 0, "frames that are kept are listed");
    }
    assert.equal(view.state.skipped, true);
    assert.ok(view.isBehind);
    const before = view.state.renewed ?? 0;
    workOff(view);
    const { total, examined, first, renewed, skipped } = view.state;
    assert.deepEqual([total, examined, first], [log.next - log.first, log.next - log.first, 0]);
    assert.deepEqual([renewed, skipped], [before + 1, undefined]);
    assert.equal(view.row(1).event, log.first);
  });
});
