import { Network } from "../src/network/network.ts";
import { runLoop } from "../src/platform/node/run-loop.ts";
import type { Socket } from "../src/socket/socket.ts";
import { after, milliseconds, minutes, NEVER, START } from "../src/time/instant.ts";
import { TwoHosts } from "./hosts.ts";
import { type Benchmark, timed, verify } from "./measure.ts";
import { LONG_BULK_BYTES } from "./sizes.ts";
import { Transfer } from "./transfer.ts";

const RATE = 100e6;

/** Simulated time: a cable with a rate and a delay, and a transfer that keeps it full. */
export const frames: Benchmark = {
  name: "frames",
  summary: "simulated frames a second: 1 GiB over a cable of 100 Mbit/s and 5 ms, MTU 1500",
  async round() {
    const hosts = new TwoHosts("cable", { rate: RATE, delay: milliseconds(5) });
    const transfer = new Transfer(hosts, LONG_BULK_BYTES);
    const spent = await timed(() => {
      hosts.scheduler.runUntil(NEVER);
    });
    transfer.verify();
    const virtual = transfer.lastAt / 1e9;
    verify(virtual > (LONG_BULK_BYTES * 8) / RATE, `${virtual} virtual seconds are too few for the cable's rate`);
    return {
      "sim.frames.perSecond": hosts.frames / spent.wall,
      "sim.frames.perCpuSecond": hosts.frames / spent.cpu,
      "sim.frames.lineUse": (LONG_BULK_BYTES * 8) / RATE / virtual,
    };
  },
};

const HOSTS = 10;

async function serve(listener: Socket, accepted: Socket[]): Promise<void> {
  await listener.bind({ address: "0.0.0.0", port: 7 });
  await listener.listen();
  accepted.push(await listener.accept());
}

async function keepAlive(socket: Socket, address: string): Promise<void> {
  socket.setsockopt("SO_KEEPALIVE", true);
  socket.setsockopt("TCP_KEEPIDLE", 60);
  await socket.connect({ address, port: 7 });
}

/** Ten hosts at a switch, each with a connection to the next that is kept alive, and nothing else to do for an hour. */
export const idleHour: Benchmark = {
  name: "idle-hour",
  summary: "a virtual hour of 10 hosts with a keepalive every 60 s: wall milliseconds",
  async round() {
    const network = new Network();
    network.switch("switch");
    const hosts = Array.from({ length: HOSTS }, (_, index) =>
      network.host(`host${index}`, { address: `10.0.0.${index + 1}/24` }),
    );
    for (const host of hosts) network.cable(host, "switch", { delay: "1ms" });
    const accepted: Socket[] = [];
    const clients = hosts.map((host) => host.sockets.socket("inet", "stream"));
    const begun = [
      ...hosts.map((host) => serve(host.sockets.socket("inet", "stream"), accepted)),
      ...clients.map((socket, index) => keepAlive(socket, `10.0.0.${((index + 1) % HOSTS) + 1}`)),
    ];
    const loop = runLoop(network);
    await loop.run(after(START, minutes(1)));
    await Promise.all(begun);
    const sentFrames = () =>
      network.nics.reduce((sum, nic) => sum + (nic.medium === "loopback" ? 0 : nic.counters.sentFrames), 0);
    const before = sentFrames();
    const spent = await timed(async () => {
      await loop.run(after(START, minutes(61)));
    });
    const alive = [...clients, ...accepted].every((socket) => !socket.poll().hangup);
    verify(alive && accepted.length === HOSTS, "all connections are still open");
    const count = sentFrames() - before;
    // A probe and its answer, each over two cables, each minute but one.
    verify(count >= HOSTS * 59 * 4, `${count} frames are too few for the keepalives of an hour`);
    return {
      "sim.idleHour.wallMs": spent.wall * 1000,
      "sim.idleHour.cpuMs": spent.cpu * 1000,
      "sim.idleHour.frames": count,
    };
  },
};
