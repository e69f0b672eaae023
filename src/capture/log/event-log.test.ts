import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import type { MacAddress } from "../../address/mac.ts";
import { Nic } from "../../link/nic.ts";
import type { TapDirection } from "../../link/tap.ts";
import type { DropReason } from "../../packet/drop-reason.ts";
import type { Packet } from "../../packet/packet.ts";
import { PacketPool } from "../../packet/packet-pool.ts";
import type { Instant } from "../../time/instant.ts";
import { Scheduler } from "../../time/scheduler.ts";
import { EVENTS_PER_CHUNK } from "./event-chunk.ts";
import { EventLog, type LoggedEvent } from "./event-log.ts";

const pool = new PacketPool();
const nics = Array.from({ length: 4 }, (_, index) => {
  const mac = (0x020000000001 + index) as MacAddress;
  const nic = new Nic({ device: `pc${index}`, name: "eth0", mac, scheduler: new Scheduler(), pool });
  nic.index = index;
  return nic;
});

/** A frame with headers and a payload that is its own. */
function frame(length: number, seed: number): Packet {
  const packet = pool.from(Uint8Array.from({ length }, (_, index) => (index * 7 + seed * 31) & 255));
  packet.link = packet.start;
  return packet;
}

/** What the log is to hold: a record for each event, with a copy of its own. */
class Model {
  readonly events: (Omit<LoggedEvent, "event"> & { bytes: Uint8Array })[] = [];
  readonly log: EventLog;
  now = 0;

  constructor(log: EventLog) {
    this.log = log;
  }

  saw(nic: number, direction: TapDirection, packet: Packet, reason?: DropReason): void {
    const at = ++this.now;
    this.log.saw(at as Instant, nics[nic] as Nic, direction, packet, reason);
    const { id, cause, original, corrupted, fcsError, length } = packet;
    const bytes = packet.data().slice();
    const outward = direction === "out";
    const about = { at, nic, direction, packet: id, cause, original, corrupted, fcsError, outward, length, bytes };
    this.events.push({ ...about, ...(reason !== undefined && { reason }) });
  }

  check(): void {
    const { log, events } = this;
    assert.equal(log.next, events.length);
    for (let event = log.first; event < log.next; event++) {
      const { bytes, ...about } = events[event] as (typeof events)[0];
      assert.deepEqual(log.event(event), { event, ...about });
      assert.deepEqual(Buffer.from(log.frame(event)), Buffer.from(bytes), `the bytes of event ${event}`);
    }
  }
}

const step = fc.record({
  packet: fc.nat(5),
  nic: fc.nat(3),
  what: fc.constantFrom("send", "carry", "bridge", "route", "copy", "corrupt", "new", "shorten"),
});

test("whatever frames do, the log has what each Nic saw", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const model = new Model(new EventLog());
      const packets = Array.from({ length: 6 }, (_, seed) => frame(60 + 240 * seed, seed));
      steps.forEach(({ packet: index, nic, what }, number) => {
        let packet = packets[index] as Packet;
        if (what === "new") packet = packets[index] = frame(60 + number * 20, number);
        if (what === "copy") packet = packets[index] = packet.copy();
        if (what === "route") packet.view.setUint16(packet.start + 22, number + 1);
        if (what === "shorten" && packet.length > 60) packet.end--;
        model.saw(nic, "out", packet);
        if (what === "send") return;
        if (what === "corrupt") {
          packet.view.setUint8(packet.start + (number % packet.length), number);
          packet.corrupted = packet.fcsError = true;
        }
        model.saw((nic + 1) % 4, "in", packet);
        if (what === "bridge") model.saw((nic + 2) % 4, "out", packet);
      });
      model.check();
    }),
  );
});

test("a frame that goes on unchanged is kept once, whatever crosses its way", () => {
  const log = new EventLog();
  const model = new Model(log);
  const empty = log.bytes;
  for (let round = 0; round < 200; round++) {
    const packet = frame(1500, round);
    for (let hop = 0; hop < 20; hop++) {
      model.saw(hop % 4, "out", packet);
      model.saw((hop + 1) % 4, "in", packet);
    }
    packet.release();
  }
  model.check();
  assert.ok(log.bytes - empty <= 2 * 2 ** 20, "300,000 octets of 12,000,000 that were seen");
});

test("what a hub's ports send is not compared with what came in, but for copies of what was changed meanwhile", () => {
  const [port, other] = [4, 5].map((index) => {
    const mac = 0 as MacAddress;
    const nic = new Nic({ device: "hub", name: `${index}`, mac, isRelay: true, scheduler: new Scheduler(), pool });
    nic.index = index;
    return nic;
  }) as [Nic, Nic];
  const [host, router] = nics as [Nic, Nic];
  const log = new EventLog();
  const packet = frame(600, 1);
  const copy = packet.copy();
  const frames: Buffer[] = [];
  const saw = (nic: Nic, direction: TapDirection, each: Packet): void => {
    log.saw(1 as Instant, nic, direction, each);
    frames.push(Buffer.from(each.data().slice()));
  };
  saw(host, "out", packet);
  saw(port, "in", packet);
  saw(other, "out", packet);
  saw(router, "in", packet);
  packet.view.setUint8(packet.start + 22, 1); // its time to live, on its way on
  saw(router, "out", packet);
  saw(port, "in", packet);
  saw(other, "out", copy); // it has waited for its line
  frames.forEach((bytes, event) => {
    assert.deepEqual(Buffer.from(log.frame(event)), bytes, `event ${event}`);
  });
});

test("a drop shows the frame that its Nic saw last, though headers were pulled and padding cut", () => {
  const log = new EventLog();
  const packet = frame(60, 1);
  const whole = packet.data().slice();
  log.saw(5 as Instant, nics[0] as Nic, "in", packet);
  packet.pull(34);
  packet.end -= 10;
  log.saw(5 as Instant, nics[0] as Nic, "drop", packet, "udp-no-socket");
  assert.deepEqual(Buffer.from(log.frame(1)), Buffer.from(whole));
  assert.deepEqual(
    [log.event(1).direction, log.event(1).reason, log.event(1).outward],
    ["drop", "udp-no-socket", false],
  );
});

test("a packet that dies before it was a frame gets a header made for it, or is shown without bytes", () => {
  const log = new EventLog();
  const packet = pool.from(new Uint8Array(28));
  packet.view.setUint8(packet.start, 0x45);
  packet.view.setUint16(packet.start + 2, 28);
  log.saw(1 as Instant, nics[1] as Nic, "drop", packet, "neighbor-unresolved");
  assert.equal(log.length(0), 42);
  assert.equal(Buffer.from(log.frame(0)).readUInt16BE(12), 0x0800);
  log.saw(1 as Instant, nics[1] as Nic, "drop", pool.from(new Uint8Array(3)), "ip-malformed");
  assert.equal(log.frame(1).length, 0);
});

test("the oldest events go at the limit, and those that are left are whole", () => {
  for (const limits of [{ eventLimit: 3 * EVENTS_PER_CHUNK }, { byteLimit: 5 * 2 ** 20 }]) {
    const log = new EventLog(limits);
    const model = new Model(log);
    const slow = frame(900, 7); // its bytes are referred to again and again
    for (let round = 0; log.next < 24 * EVENTS_PER_CHUNK; round++) {
      const packet = frame(60 + (round % 500), round);
      if (round % 8 === 0) model.saw(3, "out", slow);
      model.saw(0, "out", packet);
      model.saw(1, "in", packet);
      if (round % 8 === 0) model.saw(2, "in", slow);
      packet.release();
    }
    assert.ok(log.first > 0 && log.first % EVENTS_PER_CHUNK === 0);
    assert.equal(log.earliest, log.at(log.first));
    if (limits.byteLimit !== undefined) assert.ok(log.bytes <= limits.byteLimit && log.next - log.first > 4000);
    if (limits.eventLimit !== undefined) assert.ok(log.next - log.first <= limits.eventLimit);
    model.check();
  }
});

test("packets whose ids lie far apart keep them", () => {
  const log = new EventLog();
  const model = new Model(log);
  const packet = frame(100, 1);
  for (const id of [7, 2 ** 31 + 100, 2 ** 40, 8, 2 ** 40 + 1]) {
    packet.id = id;
    model.saw(0, "out", packet);
  }
  model.check();
  while (log.next < EVENTS_PER_CHUNK + 3) model.saw(0, "out", packet);
  packet.id = 9;
  model.saw(0, "out", packet);
  model.check();
});

test("an event is found by its time, a packet by its id and by its copies", () => {
  const log = new EventLog();
  const model = new Model(log);
  const packet = frame(100, 1);
  const copy = packet.copy();
  model.saw(0, "out", packet);
  model.saw(1, "in", packet);
  model.saw(2, "out", copy);
  model.saw(0, "out", frame(100, 2));
  assert.deepEqual(
    [0, 1, 2, 4, 5].map((time) => log.firstAt(time)),
    [0, 0, 1, 3, 4],
  );
  assert.deepEqual(log.path(copy.id, packet.id, 100), [0, 1, 2]);
  assert.deepEqual(log.path(packet.id, 0, 2), [0, 1]);
  assert.deepEqual([log.lastBefore(packet.id, 4), log.lastBefore(packet.id, 1), log.lastBefore(9999, 4)], [1, 0, -1]);
});
