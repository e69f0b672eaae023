import assert from "node:assert/strict";
import test from "node:test";
import { Dialogue } from "../../../test/fixtures/tcp.ts";
import { size } from "../../../test/size.ts";
import { Random } from "../../base/random.ts";
import { milliseconds } from "../../time/instant.ts";
import * as wire from "../../wire/tcp.ts";
import type { Connection } from "./connection.ts";

/** A plausible segment: numbers near those that count, any flags, options and data, sometimes a broken header. */
function segment(random: Random, host: Dialogue, connection: Connection): void {
  const near = (value: number) =>
    (value + random.below(5) - 2 + (random.chance(0.2) ? random.below(3000) - 1500 : 0)) | 0;
  const header = random.chance(0.5) ? 20 : 20 + 4 * random.below(11);
  const data = random.chance(0.5) ? 0 : random.below(1200);
  const packet = host.pool.from(random.fill(new Uint8Array(header + data)));
  const seq = near(connection.state === "SYN-SENT" ? host.peerIss : connection.rcvNxt);
  const bits = random.chance(0.7) ? wire.ACK | (random.chance(0.1) ? random.below(8) : 0) : random.below(256);
  const window = random.chance(0.2) ? 0 : random.below(65536);
  wire.writeHeader(
    packet.view,
    packet.start,
    host.peerPort,
    host.port,
    seq,
    near(connection.sndNxt),
    header,
    bits,
    window,
    0,
  );
  if (random.chance(0.05)) packet.view.setUint8(packet.start + 12, random.below(256));
  packet.checksumAt = 1; // as if never on a wire: the sum would stop nearly all
  host.receive(packet);
}

test("no segment at all makes the state machine throw, leak or run away", () => {
  const random = new Random(1, "fuzz");
  const states = new Set<string>();
  const rounds = size(400, 20_000);
  for (let round = 0; round < rounds; round++) {
    const host = new Dialogue({ timestamps: random.chance(0.5), receiveBuffer: 1 + random.below(20_000) });
    const connection = random.chance(0.3) ? host.connecting() : host.established();
    let delivered = 0;
    for (let step = 0; step < 50; step++) {
      states.add(connection.state);
      const action = random.below(20);
      if (action === 0) connection.write(new Uint8Array(random.below(5000)));
      else if (action === 1) {
        const count = connection.read(new Uint8Array(500));
        if (typeof count === "number") delivered += count;
      } else if (action === 2 && random.chance(0.3)) connection.shutdownWrite();
      else if (action === 3 && random.chance(0.1)) connection.close();
      else if (action === 4) host.wait(milliseconds(random.below(2000)));
      else segment(random, host, connection);
      assert.ok(host.take().length < 100, "one input never starts a storm");
      assert.ok(connection.rcvWnd >= 0, "the window is never negative");
    }
    assert.ok(delivered <= 50 * 1200);
    assert.equal(host.pool.inUse, 0, "every packet was given back");
    connection.abort();
    assert.equal(connection.state, "CLOSED");
  }
  assert.ok(states.size >= 9, `reached ${[...states].join(", ")}`);
});
