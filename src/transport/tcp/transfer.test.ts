import assert from "node:assert/strict";
import test from "node:test";
import { pair, type Weather } from "../../../test/fixtures/tcp.ts";
import { Random } from "../../base/random.ts";
import { milliseconds, minutes, NEVER } from "../../time/instant.ts";
import type { Connection } from "./connection.ts";
import type { TcpSettings } from "./settings.ts";

/** Sends seeded bytes each way at once, closes, and checks every byte. */
function exchange(weather: Weather, size: number, seed: number, settings: Partial<TcpSettings> = {}) {
  const net = pair(weather, seed, settings);
  const binding = net.server.bind(net.serverAddress, 80, false);
  assert.ok(typeof binding !== "string");
  const listener = net.server.listen(binding, 5);
  assert.ok(typeof listener !== "string");
  const done: string[] = [];
  const drive = (name: string, connection: Connection, mine: number, theirs: number) => {
    const data = new Random(seed, `data ${mine}`).fill(new Uint8Array(size));
    const expected = new Random(seed, `data ${theirs}`).fill(new Uint8Array(size));
    const into = new Uint8Array(4096);
    let sent = 0;
    let received = 0;
    const turn = () => {
      for (;;) {
        const count = connection.read(into);
        if (count === "EAGAIN") break;
        assert.ok(typeof count === "number", `${name} reads: ${count}`);
        if (count === 0) {
          if (!done.includes(name)) {
            done.push(name);
            assert.equal(received, size, `${name} received everything`);
          }
          break;
        }
        assert.deepEqual(into.subarray(0, count), expected.subarray(received, received + count));
        received += count;
      }
      while (sent < size && connection.established) {
        const count = connection.write(data.subarray(sent));
        if (count === "EAGAIN") break;
        assert.ok(typeof count === "number", `${name} writes: ${count}`);
        sent += count;
        if (sent === size) connection.shutdownWrite();
      }
    };
    connection.onReady = turn;
    turn();
  };
  listener.onReady = () => drive("server", listener.accept() as Connection, 1, 2);
  const client = net.client.connect(undefined, net.serverAddress, 80);
  assert.ok(typeof client !== "string");
  drive("client", client, 2, 1);
  assert.equal(net.scheduler.runUntil(NEVER), "idle");
  assert.deepEqual(done.sort(), ["client", "server"]);
  assert.equal(net.pool.inUse, 0, "every packet was given back");
  assert.equal(net.client.connections.size + net.server.connections.size, 0, "every connection was forgotten");
  return { net, client };
}

const delay = milliseconds(10);

test("a stream arrives both ways at once, byte for byte, and both ends close", () => {
  exchange({ delay }, 200_000, 1);
});

for (const [name, weather] of Object.entries({
  loss: { delay, loss: 0.1 },
  duplication: { delay, duplication: 0.2 },
  reordering: { delay, reordering: 0.2 },
  "all of these": { delay, loss: 0.1, duplication: 0.1, reordering: 0.2 },
})) {
  test(`a stream survives ${name}, whatever was agreed in the SYNs`, () => {
    for (let seed = 1; seed <= 8; seed++) {
      const settings = {
        timestamps: seed % 2 === 0,
        sack: seed % 3 === 0,
        windowScaling: seed % 4 < 2,
        noDelay: seed % 2 === 0,
      };
      exchange(weather, 100_000, seed, settings);
    }
  });
}

test("a reader with a small buffer slows its writer and loses nothing", () => {
  exchange({ delay }, 100_000, 3, { receiveBuffer: 3000 });
  exchange({ delay, loss: 0.05 }, 50_000, 4, { receiveBuffer: 1000, sendBuffer: 2000 });
});

test("the same seed gives the same packets", () => {
  const run = () => exchange({ delay, loss: 0.1, reordering: 0.1 }, 50_000, 9).net;
  const first = run();
  const second = run();
  assert.equal(first.counts.packets, second.counts.packets);
  assert.equal(first.scheduler.now, second.scheduler.now);
  assert.ok(first.scheduler.now < minutes(10));
});
