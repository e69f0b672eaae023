/**
 * `node emulator.ts CELL SEED NAMESPACE NAMESPACE`: a cable of ours between the kernels of two network namespaces, in real
 * time. Each end is a tunnel (the TAP device nt0 there); what one kernel sends is put on the cable as it comes, waits for
 * the line, flies or is lost, and is handed to the other at its instant. Says `ready` when both tunnels are there; when
 * its input ends it prints what it saw as JSON.
 *
 * The doors that a network file opens are read and timed by Node's event loop, in whole milliseconds. Here that would be
 * a tenth of the shortest round trip, so this waits by ppoll(2), to the microsecond.
 */
import { closeSync, openSync } from "node:fs";
import koffi from "koffi";
import { ZERO_MAC } from "../../src/address/mac.ts";
import { Random } from "../../src/base/random.ts";
import { Cable } from "../../src/link/cable.ts";
import { Nic } from "../../src/link/nic.ts";
import { PacketPool } from "../../src/packet/packet-pool.ts";
import { openTap } from "../../src/platform/node/tunnel.ts";
import { type Instant, milliseconds, NEVER } from "../../src/time/instant.ts";
import { Scheduler } from "../../src/time/scheduler.ts";
import { type Cell, queueLimit } from "./cells.ts";

/** What the machine did to a run: how far real time was from the cable's. */
export interface Emulation {
  /** Milliseconds that frames were handed over after their instant: median, 99th and 99.9th of a hundred, most. */
  readonly late: readonly [median: number, p99: number, p999: number, most: number];
  /** Frames that came, were lost by chance, found the queue full, and were refused by a kernel. */
  readonly frames: number;
  readonly lost: number;
  readonly overflowed: number;
  refused: number;
}

/** Frames taken from one tunnel before the other has its turn. */
const BATCH = 32;
const LONGEST_WAIT = 100e6;
const CLONE_NEWNET = 0x40000000;
const PR_SET_TIMERSLACK = 29;
const POLLIN = 1;
/** Lateness is counted in steps of 10 µs. */
const STEP = 10_000;
const STEPS = 100_000;

const [cellText = "", seedText = "", ...namespaces] = process.argv.slice(2);
const cell = JSON.parse(cellText) as Cell;
const libc = koffi.load(null);
const setns = libc.func("int setns(int fd, int kind)");
const prctl = libc.func("int prctl(int option, ulong a, ulong b, ulong c, ulong d)");
const read = libc.func("long read(int fd, void *into, ulong count)");
const write = libc.func("long write(int fd, void *from, ulong count)");
const ppoll = libc.func("int ppoll(void *fds, ulong count, void *timeout, void *mask)");

const scheduler = new Scheduler();
const pool = new PacketPool();
const began = performance.now();
const wall = (): number => Math.floor((performance.now() - began) * 1e6);
const late = new Uint32Array(STEPS);
let refused = 0;

const files: number[] = [];
for (const namespace of namespaces) files.push(await openIn(namespace));
prctl(PR_SET_TIMERSLACK, 1, 0, 0, 0);

const nics = files.map((_, index) => {
  const nic = new Nic({ device: `tunnel${index}`, name: "eth0", mac: ZERO_MAC, scheduler, pool });
  nic.promiscuous = true;
  return nic;
});
const [a, b] = nics as [Nic, Nic];
const way = {
  delay: milliseconds(cell.roundTrip / 2),
  rate: cell.rate * 1e6,
  loss: cell.loss / 100,
  queue: queueLimit(cell),
};
new Cable(a, b, { scheduler, pool, random: new Random(Number(seedText), "goodput"), ...way });
const incoming = Buffer.alloc(2048);
const outgoing = Buffer.alloc(2048);
for (const [index, nic] of nics.entries()) {
  nic.receiver = (packet) => {
    late[Math.min(Math.floor((wall() - scheduler.now) / STEP), STEPS - 1)]!++;
    outgoing.set(packet.data());
    if (write(files[index], outgoing, packet.length) < 0) refused++;
    packet.release();
  };
}

console.log("ready");
run();
console.log(JSON.stringify(report()));

async function openIn(namespace: string): Promise<number> {
  const fd = openSync(namespace, "r");
  if (setns(fd, CLONE_NEWNET) !== 0) throw new Error(`the namespace ${namespace} cannot be entered`);
  closeSync(fd);
  return openTap("nt0");
}

/** Until the input ends. */
function run(): void {
  const polled = Buffer.alloc(24);
  for (const [index, fd] of [...files, 0].entries()) {
    polled.writeInt32LE(fd, index * 8);
    polled.writeInt16LE(POLLIN, index * 8 + 4);
  }
  const timeout = Buffer.alloc(16);
  for (;;) {
    scheduler.runUntil(wall() as Instant);
    if (takeIn()) continue;
    const next = Math.min(scheduler.next === NEVER ? LONGEST_WAIT : scheduler.next - wall(), LONGEST_WAIT);
    if (next <= 0) continue;
    timeout.writeUInt32LE(Math.floor(next), 8);
    ppoll(polled, 3, timeout, null);
    if (polled.readInt16LE(2 * 8 + 6) !== 0) return;
  }
}

/** Puts on the cable what came. @returns whether more may be there */
function takeIn(): boolean {
  let more = false;
  for (const [index, nic] of nics.entries()) {
    for (let left = BATCH; left > 0; left--) {
      const length = read(files[index], incoming, incoming.length);
      if (length <= 0) break;
      nic.transmit(pool.from(incoming.subarray(0, length)));
      if (left === 1) more = true;
    }
  }
  return more;
}

function report(): Emulation {
  const total = late.reduce((sum, count) => sum + count, 0);
  const quantile = (part: number): number => {
    let left = Math.ceil(total * part);
    const step = late.findIndex((count) => {
      left -= count;
      return left <= 0;
    });
    return (step + 1) / (1e6 / STEP);
  };
  const drops = (reason: "cable-loss" | "queue-full"): number =>
    nics.reduce((sum, nic) => sum + (nic.counters.drops.get(reason) ?? 0), 0);
  return {
    late: [quantile(0.5), quantile(0.99), quantile(0.999), quantile(1)],
    frames: nics.reduce((sum, nic) => sum + nic.counters.sentFrames, 0),
    lost: drops("cable-loss"),
    overflowed: drops("queue-full"),
    refused,
  };
}
