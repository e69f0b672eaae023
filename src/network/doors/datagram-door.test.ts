import assert from "node:assert/strict";
import { test } from "node:test";
import { ip } from "../../address/ip.ts";
import { Random } from "../../base/random.ts";
import { Host } from "../../device/host.ts";
import { Cable } from "../../link/cable.ts";
import { PacketPool } from "../../packet/packet-pool.ts";
import { type Instant, milliseconds, seconds } from "../../time/instant.ts";
import { Scheduler } from "../../time/scheduler.ts";
import { Inputs } from "../input-log.ts";
import { DatagramDoor, IDLE_EXPIRY } from "./datagram-door.ts";

/** A door at one host whose clients go to port 53 of another, and an outside that notes what it is told. */
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
  new Cable(entry.nics[1]!, server.nics[1]!, { scheduler, pool, random, delay: milliseconds(1) });
  const log: string[] = [];
  const told: string[] = [];
  const door = new DatagramDoor({
    name: "dns",
    host: entry,
    to: { address: ip("10.0.0.2"), port: 53 },
    inputs,
    scheduler,
    log: (code) => log.push(code),
  });
  door.outside = {
    taken: (count) => told.push(`taken ${count}`),
    data: (number, bytes) => told.push(`${number} data ${bytes}`),
    forget: (number) => told.push(`${number} forgotten`),
  };
  const run = (duration: number) => {
    const limit = (scheduler.now + duration) as Instant;
    while (scheduler.runUntil(limit) !== "reached");
  };
  return { door, server, log, told, run };
}

test("each client has a port of its own, and gets what is sent to that", () => {
  const { door, server, told, log, run } = world();
  const endpoint = server.udp.open();
  endpoint.bind(ip("10.0.0.2"), 53);
  for (const number of [1, 2]) {
    door.open(number, `127.0.0.1:500${number}`);
    door.data(number, new Uint8Array([number]));
  }
  run(seconds(1));
  const into = new Uint8Array(10);
  const ports = new Set<number>();
  for (const number of [1, 2]) {
    const received = endpoint.receive(into);
    assert.ok(typeof received === "object");
    assert.equal(into[0], number);
    ports.add(received.port);
    endpoint.send(new Uint8Array([number * 10]), received);
  }
  assert.equal(ports.size, 2);
  run(seconds(1));
  assert.deepEqual(told, ["taken 1", "taken 1", "1 data 10", "2 data 20"]);
  assert.deepEqual(log, ["opened", "opened"]);
});

test("a client is forgotten after silence both ways, and not before", () => {
  const { door, server, told, log, run } = world();
  const endpoint = server.udp.open();
  endpoint.bind(ip("10.0.0.2"), 53);
  door.open(1, "127.0.0.1:5001");
  door.data(1, new Uint8Array([1]));
  run(seconds(50));
  const received = endpoint.receive(new Uint8Array(10));
  assert.ok(typeof received === "object");
  endpoint.send(new Uint8Array([2]), received);
  run(seconds(50));
  door.data(1, new Uint8Array([3]));
  run(seconds(50));
  assert.equal(door.snapshot().clients.length, 1);
  run(IDLE_EXPIRY);
  assert.deepEqual(told, ["taken 1", "1 data 2", "taken 1", "1 forgotten"]);
  assert.deepEqual(log, ["opened", "expired"]);
  door.data(1, new Uint8Array([4]));
  run(seconds(1));
  assert.equal(door.dropped, 1, "its number is no more");
});

test("nobody at the port: a client may go on sending", () => {
  const { door, server, told, run } = world();
  door.open(1, "127.0.0.1:5001");
  door.data(1, new Uint8Array([1]));
  run(seconds(1));
  const endpoint = server.udp.open();
  endpoint.bind(ip("10.0.0.2"), 53);
  door.data(1, new Uint8Array([2]));
  run(seconds(1));
  assert.ok(typeof endpoint.receive(new Uint8Array(10)) === "object");
  assert.deepEqual(told, ["taken 1", "taken 1"]);
});
