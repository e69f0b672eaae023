/** One run of ours on a cell: two hosts in simulated time, and between them the cable of that cell. */
import { ip } from "../../src/address/ip.ts";
import { Random } from "../../src/base/random.ts";
import { Host } from "../../src/device/host.ts";
import { Switch } from "../../src/device/switch.ts";
import { Cable } from "../../src/link/cable.ts";
import type { Nic } from "../../src/link/nic.ts";
import type { Tap } from "../../src/link/tap.ts";
import { PacketPool } from "../../src/packet/packet-pool.ts";
import { type Instant, microseconds, milliseconds } from "../../src/time/instant.ts";
import { Scheduler } from "../../src/time/scheduler.ts";
import { Timer } from "../../src/time/timer.ts";
import type { Connection } from "../../src/transport/tcp/connection.ts";
import type { TcpSettings } from "../../src/transport/tcp/settings.ts";
import type { ConnectionSnapshot } from "../../src/transport/tcp/snapshot.ts";
import { verify } from "../measure.ts";
import { type Cell, queueLimit, RUN_SECONDS } from "./cells.ts";

const PIECE = 256 * 1024;
const PORT = 5001;
/**
 * What a host's own cable may hold a frame back: about what the tunnels of the kernel's runs did. Without it all clocks are exact,
 * seeds make no difference where nothing is lost, and two flows keep the phase in which always the same one finds the queue full
 * (Floyd and Jacobson, On Traffic Phase Effects in Packet-Switched Gateways, 1992).
 */
const JITTER = microseconds(100);
const zeros = new Uint8Array(PIECE);

export interface SimulationOptions {
  readonly flows?: number;
  /** {@link RUN_SECONDS} unless told. */
  readonly seconds?: number;
  readonly settings?: Partial<TcpSettings>;
  /** Sees all that the sender's Nic sees. */
  readonly tap?: Tap;
  /** Called every so many milliseconds with what the senders say of themselves, and the frames that wait for the line. */
  readonly sampleEvery?: number;
  readonly onSample?: (at: number, senders: readonly ConnectionSnapshot[], waiting: number) => void;
}

export interface Simulation {
  /** Mbit/s of each flow: bytes that the application received, by the time. */
  readonly goodput: readonly number[];
  /** Frames that found the queue full. */
  readonly overflowed: number;
}

/**
 * The receivers connect at about the same time and read all that comes; the sender sends zeros. The hosts' own cables have no
 * rate and hardly a length, so that the queue of the cell is not theirs: they do not see it.
 */
export function simulate(cell: Cell, seed: number, options: SimulationOptions = {}): Simulation {
  const { flows = 1, seconds = RUN_SECONDS, settings } = options;
  const scheduler = new Scheduler();
  const pool = new PacketPool();
  const random = new Random(seed, "goodput");
  const parts = { scheduler, pool, random };
  const [near, far] = ["near", "far"].map((name) => new Switch({ name, ...parts })) as [Switch, Switch];
  const [sender, receiver] = [near, far].map((box, index) => {
    const host = new Host({ name: index === 0 ? "sender" : "receiver", ...parts, tcpSettings: settings });
    const nic = host.addNic("eth0");
    host.configure(nic, `10.9.0.${index + 1}`, 24);
    new Cable(nic, box.addPort(), { ...parts, jitter: JITTER });
    return host;
  }) as [Host, Host];
  const line = near.addPort();
  const way = { delay: milliseconds(cell.roundTrip / 2), rate: cell.rate * 1e6, loss: cell.loss / 100 };
  new Cable(line, far.addPort(), { ...parts, ...way, queue: queueLimit(cell) });
  if (options.tap !== undefined) for (const nic of sender.nics) nic.addTap(options.tap);
  serve(sender);
  const received = new Array<number>(flows).fill(0);
  const starts = random.stream("starts");
  for (let flow = 0; flow < flows; flow++) {
    const at = Math.floor(starts.real() * milliseconds(10)) as Instant;
    const count = (bytes: number) => {
      received[flow] = (received[flow] ?? 0) + bytes;
    };
    scheduler.arm(new Timer("flow", () => receive(receiver, count)), at);
  }
  sample(scheduler, sender, line, options);
  scheduler.runUntil((seconds * 1e9) as Instant);
  return {
    goodput: received.map((bytes) => (bytes * 8) / 1e6 / seconds),
    overflowed: line.counters.drops.get("queue-full") ?? 0,
  };
}

function serve(host: Host): void {
  const binding = host.tcp.bind(ip("10.9.0.1"), PORT, true);
  verify(typeof binding !== "string", "the port is free");
  const listener = host.tcp.listen(binding, 5);
  verify(typeof listener !== "string", "the port is listened on");
  listener.onReady = () => {
    const connection = listener.accept();
    if (connection === undefined) return;
    connection.onReady = () => {
      while (typeof connection.write(zeros) === "number");
    };
    connection.onReady();
  };
}

function receive(host: Host, count: (bytes: number) => void): void {
  const connection = host.tcp.connect(undefined, ip("10.9.0.1"), PORT);
  verify(typeof connection !== "string", "the attempt begins");
  const into = new Uint8Array(PIECE);
  connection.onReady = () => read(connection, into, count);
}

function read(connection: Connection, into: Uint8Array, count: (bytes: number) => void): void {
  for (;;) {
    const bytes = connection.read(into);
    if (typeof bytes !== "number" || bytes === 0) return;
    count(bytes);
  }
}

function sample(scheduler: Scheduler, sender: Host, line: Nic, { sampleEvery, onSample }: SimulationOptions): void {
  if (sampleEvery === undefined || onSample === undefined) return;
  const timer = new Timer("sample", (now) => {
    onSample(now / 1e9, sender.tcp.snapshot().connections, line.queued.packets);
    scheduler.arm(timer, (now + sampleEvery * 1e6) as Instant);
  });
  scheduler.arm(timer, scheduler.now);
}
