import assert from "node:assert/strict";
import { test } from "node:test";
import { ip } from "../../address/ip.ts";
import { Random } from "../../base/random.ts";
import { Host } from "../../device/host.ts";
import { Cable } from "../../link/cable.ts";
import { PacketPool } from "../../packet/packet-pool.ts";
import { type Instant, milliseconds, seconds } from "../../time/instant.ts";
import { Scheduler } from "../../time/scheduler.ts";
import type { Connection } from "../../transport/tcp/connection.ts";
import type { Listener } from "../../transport/tcp/listener.ts";
import { Inputs } from "../input-log.ts";
import type { PublishLog } from "./publish.ts";
import { StreamDoor, TRANSIT_LIMIT } from "./stream-door.ts";

/** A door at one host whose clients go to port 80 of another, and an outside that notes what it is told. */
function world() {
  const scheduler = new Scheduler();
  const pool = new PacketPool();
  const inputs = new Inputs(scheduler);
  const random = new Random(1);
  const [entry, server] = ["entry", "server"].map((name, index) => {
    const host = new Host({ name, scheduler, random, pool });
    host.configure(host.addNic(), `10.0.0.${index + 1}`, 24);
    return host;
  }) as [Host, Host];
  const cable = new Cable(entry.nics[1]!, server.nics[1]!, { scheduler, pool, random, delay: milliseconds(1) });
  const log: string[] = [];
  const lost: unknown[] = [];
  const to = { address: ip("10.0.0.2"), port: 80 };
  const note: PublishLog = (code, { lost: count }) => {
    log.push(code);
    if (count !== undefined) lost.push(count);
  };
  const door = new StreamDoor({ name: "web", host: entry, to, inputs, log: note });
  const told: string[] = [];
  const received = new Map<number, number>();
  door.outside = {
    taken: (number, count) => told.push(`${number} taken ${count}`),
    data: (number, bytes) => received.set(number, (received.get(number) ?? 0) + bytes.length),
    end: (number) => told.push(`${number} end`),
    reset: (number) => told.push(`${number} reset`),
  };
  const run = (duration: number = seconds(1)) => {
    const limit = (scheduler.now + duration) as Instant;
    while (scheduler.runUntil(limit) !== "reached");
  };
  const listen = (): Listener => {
    const binding = server.tcp.bind(to.address, 80, false);
    assert.ok(typeof binding === "object");
    const listener = server.tcp.listen(binding, 10);
    assert.ok(typeof listener === "object");
    return listener;
  };
  const accept = (listener: Listener): Connection => {
    run();
    const connection = listener.accept();
    assert.ok(connection !== undefined);
    return connection;
  };
  return { door, entry, cable, log, lost, told, received, run, listen, accept, inputs };
}

const into = new Uint8Array(1024 * 1024);

test("a client's bytes wait until the connection is there, and its end comes after them", () => {
  const { door, told, log, listen, accept } = world();
  const listener = listen();
  door.open(1, "127.0.0.1:5000");
  door.data(1, new Uint8Array(10_000));
  door.end(1);
  const connection = accept(listener);
  assert.equal(connection.read(into), 10_000);
  assert.equal(connection.read(into), 0);
  assert.deepEqual(told, ["1 taken 10000"]);
  assert.deepEqual(log, ["opened"]);
  assert.deepEqual(door.snapshot().clients.length, 1);
  assert.equal(door.snapshot().clients[0]?.real, "127.0.0.1:5000");
});

test("a connection that has ended both ways is forgotten", () => {
  const { door, told, log, received, run, listen, accept } = world();
  const listener = listen();
  door.open(1, "127.0.0.1:5000");
  const connection = accept(listener);
  connection.write(new Uint8Array(300));
  connection.shutdownWrite();
  run();
  assert.equal(received.get(1), 300);
  assert.deepEqual(told, ["1 end"]);
  assert.equal(door.snapshot().clients.length, 1, "the client may still send");
  door.data(1, new Uint8Array(5));
  door.end(1);
  run();
  assert.equal(connection.read(into), 5);
  assert.equal(connection.read(into), 0);
  assert.equal(door.snapshot().clients.length, 0);
  assert.deepEqual(log, ["opened", "closed"]);
});

test("no more goes out than may be in transit, until the outside has got rid of it", () => {
  const { door, received, run, listen, accept } = world();
  const listener = listen();
  door.open(1, "127.0.0.1:5000");
  const connection = accept(listener);
  connection.set({ sendBuffer: 1_000_000 });
  assert.equal(connection.write(new Uint8Array(1_000_000)), 1_000_000);
  run(seconds(10));
  assert.equal(received.get(1), TRANSIT_LIMIT);
  door.drained(1, 1000);
  run();
  assert.equal(received.get(1), TRANSIT_LIMIT + 1000);
  for (let i = 0; i < 10; i++) {
    door.drained(1, TRANSIT_LIMIT);
    run(seconds(5));
  }
  assert.equal(received.get(1), 1_000_000);
});

test("what the virtual side refuses or resets is told once, with the bytes that are lost, and nothing after it", () => {
  const { door, told, log, lost, run, listen, accept } = world();
  door.open(1, "127.0.0.1:5000");
  door.data(1, new Uint8Array(5));
  run();
  assert.deepEqual(told, ["1 reset"]);
  assert.deepEqual(log, ["opened", "refused"]);
  door.data(1, new Uint8Array(5));
  door.end(1);
  const listener = listen();
  door.open(2, "127.0.0.1:5001");
  accept(listener).abort();
  run();
  assert.deepEqual(told, ["1 reset", "2 reset"]);
  assert.deepEqual(log, ["opened", "refused", "opened", "reset"]);
  assert.deepEqual(lost, [5, 0]);
  assert.equal(door.snapshot().clients.length, 0);
});

test("an absent server resets the client when TCP or ARP gives up", () => {
  const { door, told, log, cable, run } = world();
  cable.setConditions("both", { cut: true });
  door.open(1, "127.0.0.1:5000");
  run(seconds(10));
  assert.deepEqual(told, ["1 reset"]);
  assert.deepEqual(log, ["opened", "refused"]);
});

test("a client that goes without a word resets the virtual side", () => {
  const { door, told, log, lost, run, listen, accept } = world();
  const listener = listen();
  door.open(1, "127.0.0.1:5000");
  const connection = accept(listener);
  door.data(1, new Uint8Array(10_000_000));
  run(seconds(20));
  door.reset(1);
  run();
  assert.equal(connection.takeError(), "ECONNRESET");
  assert.deepEqual(log, ["opened", "left"]);
  const taken = told.map((line) => Number(/^1 taken (\d+)$/.exec(line)?.[1])); // it knows that it has gone
  assert.deepEqual(lost, [10_000_000 - taken.reduce((sum, count) => sum + count, 0)]);
});
