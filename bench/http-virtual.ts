/** Requests inside a virtual network: our fetch on one host, our server on the other, real frames between. */
import { HttpClient, Response, serveHttp } from "../src/application/http/index.ts";
import type { ProgramContext } from "../src/application/program.ts";
import type { Host } from "../src/device/host.ts";
import { VirtualClock } from "../src/network/virtual-clock.ts";
import { nodePlatform } from "../src/platform/node/runtime.ts";
import { LITERAL_NAMES } from "../src/socket/names.ts";
import { milliseconds } from "../src/time/instant.ts";
import { TwoHosts } from "./hosts.ts";
import { BODY } from "./http/sizes.ts";
import { type Benchmark, timed, verify } from "./measure.ts";

const REQUESTS = 40_000;
/** Who ask at the same time, each on a connection of its own. */
const CLIENTS = 16;

function contextOf(hosts: TwoHosts, host: Host, signal: AbortSignal): ProgramContext {
  return {
    sockets: host.sockets,
    names: LITERAL_NAMES,
    clock: new VirtualClock(hosts.scheduler),
    random: hosts.random.stream(host.name),
    log: () => {},
    work: (promise) => promise,
    signal,
  };
}

async function ask(client: HttpClient, count: number): Promise<number> {
  let right = 0;
  for (let i = 0; i < count; i++) {
    const response = await client.fetch("http://10.0.0.2/");
    if ((await response.text()) === BODY) right++;
  }
  return right;
}

export const httpVirtual: Benchmark = {
  name: "http-virtual",
  summary: "requests from a virtual host's fetch to a virtual host's server, over real frames",
  async round() {
    const hosts = new TwoHosts("cable");
    const stop = new AbortController();
    const handler = () => new Response(BODY, { headers: { "Content-Type": "text/plain" } });
    const context = contextOf(hosts, hosts.server, stop.signal);
    const server = await serveHttp(context, { address: "0.0.0.0", port: 80, handler });
    const client = new HttpClient(contextOf(hosts, hosts.client, stop.signal));
    let right = -1;
    let running = true;
    const spent = await timed(async () => {
      const all = Promise.all(Array.from({ length: CLIENTS }, () => ask(client, REQUESTS / CLIENTS)));
      const done = all.then((counts) => {
        right = counts.reduce((sum, count) => sum + count, 0);
        running = false;
      });
      await nodePlatform.settle();
      while (running) {
        hosts.scheduler.runUntil((hosts.scheduler.now + milliseconds(10)) as typeof hosts.scheduler.now);
        await nodePlatform.settle();
      }
      await done;
    });
    stop.abort();
    await server.ended;
    verify(right === REQUESTS, `${right} of ${REQUESTS} answers are right`);
    return {
      "http.virtual.requestsPerSecond": REQUESTS / spent.wall,
      "http.virtual.requestsPerCpuSecond": REQUESTS / spent.cpu,
    };
  },
};
