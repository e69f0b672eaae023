/** A flood of SYNs through a router: who means it still connects, and memory has its bounds (RFC 4987). */
import assert from "node:assert/strict";
import test from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { ANY, ip } from "../../src/address/ip.ts";
import { finish, sum } from "../../src/base/checksum.ts";
import { Random } from "../../src/base/random.ts";
import type { Nic } from "../../src/link/nic.ts";
import { after, type Instant, milliseconds, seconds } from "../../src/time/instant.ts";
import { Timer } from "../../src/time/timer.ts";
import { pseudoHeaderSum } from "../../src/transport/pseudo-header.ts";
import type { Connection } from "../../src/transport/tcp/connection.ts";
import { DEFAULT_SETTINGS } from "../../src/transport/tcp/settings.ts";
import { ETHERTYPE_IPV4, writeEthernetHeader } from "../../src/wire/ethernet.ts";
import { PROTOCOL_TCP, writeIpv4Header } from "../../src/wire/ipv4.ts";
import { CHECKSUM_AT, SYN, TCP_HEADER, writeHeader } from "../../src/wire/tcp.ts";
import { Lab } from "../fixtures/hosts.ts";
import { size } from "../size.ts";

const RATE = 100_000;
const SYNS = size(20_000, 1_000_000);
/** Each millisecond brings so many. */
const BATCH = RATE / 1000;
const CLIENTS = size(10, 100);
const SERVER = ip("10.0.2.1");
const MEGABYTE = 2 ** 20;

/** Sends SYNs of senders that nobody is, each of another number. */
class Flood {
  readonly timer: Timer;
  sent = 0;
  /** The most packets at once that the whole network had. */
  peak = 0;
  readonly #nic: Nic;
  readonly #router: Nic;
  readonly #random = new Random(1, "flood");

  constructor(nic: Nic, router: Nic) {
    this.#nic = nic;
    this.#router = router;
    this.timer = new Timer("flood", (now) => this.#go(now));
  }

  #go(now: Instant): void {
    for (let left = BATCH; left > 0; left--) this.#syn();
    this.peak = Math.max(this.peak, this.#nic.pool.inUse);
    if (this.sent < SYNS) this.#nic.scheduler.arm(this.timer, after(now, milliseconds(1)));
  }

  #syn(): void {
    this.sent++;
    const random = this.#random;
    const source = ip("100.0.0.0") + random.below(2 ** 24);
    const packet = this.#nic.pool.allocate(0);
    const { view } = packet;
    const at = packet.push(TCP_HEADER);
    const [port, sequence] = [1024 + random.below(60_000), random.uint32() | 0];
    writeHeader(view, at, port, 80, sequence, 0, TCP_HEADER, SYN, 65_535, 0);
    const pseudo = pseudoHeaderSum(source as typeof SERVER, SERVER, PROTOCOL_TCP, TCP_HEADER);
    view.setUint16(at + CHECKSUM_AT, finish(sum(view, at, packet.end, pseudo)));
    const from = source as typeof SERVER;
    writeIpv4Header(view, packet.push(20), 20 + TCP_HEADER, 0, 0, 0, 64, PROTOCOL_TCP, from, SERVER);
    writeEthernetHeader(view, packet.push(14), this.#router.mac, this.#nic.mac, ETHERTYPE_IPV4);
    this.#nic.transmit(packet);
  }
}

/** A client – router – server, and beside the router where the flood comes from and its answers go to. */
function network() {
  const lab = new Lab();
  const { a: client, r: router, b: server } = lab.routed();
  const outside = lab.nic(router, "10.0.9.254/24");
  const attacker = lab.host("attacker");
  const nic = lab.nic(attacker, "10.0.9.1/24");
  lab.cable(outside, nic);
  router.addRoute("0.0.0.0/0", "10.0.9.1");
  const binding = server.tcp.bind(ANY, 80, false);
  assert.ok(typeof binding !== "string");
  const listener = server.tcp.listen(binding, 128);
  assert.ok(typeof listener !== "string");
  return { lab, client, server, listener, flood: new Flood(nic, outside) };
}

/** Bytes that are in use, garbage left out. */
function heapUsed(): number {
  setFlagsFromString("--expose-gc");
  runInNewContext("gc")();
  return process.memoryUsage().heapUsed;
}

/** Answers each client with what it has sent. */
function serve(listener: { accept: () => Connection | undefined }, served: Connection[]): void {
  const into = new Uint8Array(1000);
  for (let c = listener.accept(); c !== undefined; c = listener.accept()) served.push(c);
  for (const c of served) {
    const count = c.read(into);
    if (typeof count === "number" && count > 0) c.write(into.subarray(0, count));
  }
}

test(`${RATE} SYNs a second keep nobody out who means it`, (context) => {
  const { lab, client, server, listener, flood } = network();
  const { scheduler, pool } = lab;
  scheduler.arm(flood.timer, seconds(1) as number as Instant);
  const heap = heapUsed();
  const clients: Connection[] = [];
  const served: Connection[] = [];
  const greeted = new Set<Connection>();
  const heard = new Uint8Array(100);
  let answers = 0;
  let requests = 0;
  const step = milliseconds((SYNS / RATE / CLIENTS) * 1000);
  for (let turn = 0; turn < CLIENTS + 20; turn++) {
    scheduler.runUntil(((turn === 0 ? seconds(1) : scheduler.now) + step) as Instant);
    if (turn < CLIENTS) {
      const c = client.tcp.connect(undefined, SERVER, 80);
      assert.ok(typeof c !== "string");
      clients.push(c);
    }
    for (let trip = 0; trip < 4; trip++) {
      serve(listener, served);
      for (const c of clients) {
        if (c.state === "ESTABLISHED" && !greeted.has(c) && c.write(Uint8Array.of(1, 2, 3)) === 3) greeted.add(c);
      }
      scheduler.runUntil(after(scheduler.now, milliseconds(1)));
      for (const c of clients) if (c.read(heard) === 3) answers++;
    }
    requests = Math.max(requests, server.tcp.passive.requests.size);
  }
  const { counters } = server.tcp.snapshot();
  const grown = (heapUsed() - heap) / MEGABYTE;
  context.diagnostic(
    `${flood.sent} SYNs; ${counters.synCookiesSent} cookies; ${answers} of ${CLIENTS} clients were answered; at most ` +
      `${flood.peak} packets and ${requests} requests; the heap grew by ${grown.toFixed(1)} MiB`,
  );
  assert.equal(flood.sent, SYNS);
  assert.ok(clients.every(({ state }) => state === "ESTABLISHED"));
  assert.equal(answers, CLIENTS, "each client's data came back");
  assert.ok(requests <= DEFAULT_SETTINGS.synBacklog && server.tcp.connections.size === CLIENTS);
  assert.ok(counters.synCookiesReceived >= CLIENTS / 2, "most of them by cookies");
  assert.ok(counters.synCookiesSent > SYNS - 2 * DEFAULT_SETTINGS.synBacklog - CLIENTS);
  assert.ok(flood.peak < 20 * BATCH, `${flood.peak} packets at once`);
  assert.equal(pool.inUse, 0);
  assert.ok(grown < 16, `${grown} MiB`);
  assert.ok(server.internet.snapshot().routes.length < 10);
});
