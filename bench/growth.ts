import { ANY, type IpAddress, ip } from "../src/address/ip.ts";
import { Random } from "../src/base/random.ts";
import { Network } from "../src/network/network.ts";
import { type Instant, NEVER } from "../src/time/instant.ts";
import { Scheduler } from "../src/time/scheduler.ts";
import { Timer } from "../src/time/timer.ts";
import type { Connection } from "../src/transport/tcp/connection.ts";
import { TwoHosts } from "./hosts.ts";
import { type Benchmark, timed, verify } from "./measure.ts";
import { collectGarbage } from "./memory.ts";

/** Each gives the nanoseconds of one piece of work in a world of that size. */
type Cost = (size: number) => Promise<number>;

/** One of many armed timers goes off and is armed again. */
const timers: Cost = async (size) => {
  const scheduler = new Scheduler();
  const random = new Random(size);
  const times = 400_000;
  let expired = 0;
  for (let index = 0; index < size; index++) {
    const timer = new Timer("growth", (now) => {
      expired++;
      scheduler.arm(timer, (now + 1 + random.below(1e9)) as Instant);
    });
    scheduler.arm(timer, random.below(1e9) as Instant);
  }
  const spent = await timed(() => {
    scheduler.runUntil(NEVER, times);
  });
  verify(expired === times, `${expired} timers went off`);
  return (spent.cpu * 1e9) / times;
};

/** A message of one of many connections there and back. */
const connections: Cost = async (size) => {
  const hosts = new TwoHosts("cable");
  const message = new Uint8Array(64);
  const into = new Uint8Array(64);
  const clients: Connection[] = [];
  let answers = 0;
  const listener = hosts.listen(7, 1000);
  listener.onReady = () => {
    const server = listener.accept();
    if (server === undefined) return;
    server.onReady = () => {
      const count = server.read(into);
      if (typeof count === "number" && count > 0) server.write(into.subarray(0, count));
    };
  };
  for (let index = 0; index < size; index++) {
    const client = hosts.connect(7);
    clients.push(client);
    client.onReady = () => {
      if (client.read(into) === message.length) answers++;
    };
    if (index % 500 === 499) hosts.scheduler.runUntil(NEVER);
  }
  const trips = 40_000;
  const random = new Random(size);
  const spent = await timed(() => {
    for (let trip = 0; trip < trips; trip++) {
      clients[random.below(size)]?.write(message);
      hosts.scheduler.runUntil((hosts.scheduler.now + 10_000) as Instant);
    }
  });
  verify(answers === trips, `${answers} answers to ${trips} messages`);
  return (spent.cpu * 1e9) / trips;
};

/** A host is built, cabled to a switch of ten, and opens a connection to another. */
const hosts: Cost = async (size) => {
  let open = 0;
  const spent = await timed(() => {
    const network = new Network();
    const lan = (index: number) => Math.floor(index / 10);
    const address = (index: number) => `10.${lan(index) >> 8}.${lan(index) & 255}.${(index % 10) + 1}`;
    const built = Array.from({ length: size }, (_, index) => {
      if (index % 10 === 0) network.switch(`switch${lan(index)}`);
      const host = network.host(`host${index}`, { address: `${address(index)}/24` });
      network.cable(host, `switch${lan(index)}`);
      const binding = host.tcp.bind(ANY, 7, false);
      verify(typeof binding !== "string", "the port is free");
      host.tcp.listen(binding, 1);
      return host;
    });
    for (const [index, host] of built.entries()) {
      const connection = host.tcp.connect(undefined, ip(address(lan(index) * 10 + ((index + 1) % 10))), 7);
      verify(typeof connection !== "string", "the attempt begins");
      connection.onReady = () => {
        if (connection.established) open++;
      };
    }
    network.scheduler.runUntil(1e9 as Instant);
  });
  verify(open >= size, `${open} of ${size} connections are open`);
  return (spent.cpu * 1e9) / size;
};

/** The way to a destination is found among many routes. */
const routes: Cost = async (size) => {
  const world = new TwoHosts("cable");
  const { client } = world;
  const network = (index: number) => (0x14000000 + index * 256) | 0;
  for (let index = 0; index < size; index++) {
    const length = index % 2 ? 24 : 25;
    const mask = (-1 << (32 - length)) | 0;
    client.addRoute({ address: network(index) as IpAddress, length, mask }, "10.0.0.2");
  }
  const local = ip("10.0.0.1");
  const random = new Random(size);
  const times = 200_000;
  let found = 0;
  const spent = await timed(() => {
    for (let turn = 0; turn < times; turn++) {
      const remote = (network(random.below(size)) + 9) as IpAddress;
      if (typeof client.internet.route(remote, local) !== "string") found++;
    }
  });
  verify(found === times, `${found} of ${times} routes were found`);
  return (spent.cpu * 1e9) / times;
};

const GROWING: readonly [what: string, size: number, cost: Cost][] = [
  ["timers", 20_000, timers],
  ["connections", 10_000, connections],
  ["hosts", 250, hosts],
  ["routes", 10_000, routes],
];

/** How much dearer one piece of work gets when there is twice as much of something: 1 would be not at all. */
export const growth: Benchmark = {
  name: "growth",
  summary: "the cost of one timer, message, host and route when their number doubles",
  async round() {
    const figures: Record<string, number> = {};
    for (const [what, size, cost] of GROWING) {
      collectGarbage();
      const once = await cost(size);
      collectGarbage();
      const twice = await cost(2 * size);
      figures[`growth.${what}.nsEach`] = once;
      figures[`growth.${what}.factor`] = twice / once;
    }
    return figures;
  },
};
