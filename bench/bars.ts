/** What a figure must reach and what it should; `least` when less is better. */
export interface Bar {
  readonly key: string;
  readonly what: string;
  readonly bar: number;
  readonly goal: number;
  readonly least?: boolean;
}

export const BARS: readonly Bar[] = [
  { key: "tcp.bulk.mtu1500.gbitPerCpuSecond", what: "bulk, MTU 1500", bar: 8, goal: 18 },
  { key: "tcp.bulk.offload.gbitPerCpuSecond", what: "bulk, offload", bar: 30, goal: 55 },
  { key: "tcp.pingpong.roundTripsPerSecond", what: "round trips", bar: 350_000, goal: 600_000 },
  {
    key: "tcp.pingpong.promiseRoundTripsPerSecond",
    what: "round trips by promises",
    bar: 180_000,
    goal: 300_000,
  },
  { key: "tcp.connect.perSecond", what: "connect and close", bar: 70_000, goal: 130_000 },
  { key: "tcp.idle.bytesPerConnection", what: "idle endpoint", bar: 1536, goal: 970, least: true },
  { key: "sim.frames.perSecond", what: "simulated frames", bar: 800_000, goal: 800_000 },
  { key: "sim.idleHour.wallMs", what: "idle hour", bar: 50, goal: 50, least: true },
  { key: "http.small.vsNodeHttp", what: "HTTP to node:http", bar: 1.8, goal: 2.1 },
  { key: "http.small.vsCanned", what: "HTTP to a canned answer", bar: 0.85, goal: 0.85 },
  { key: "http.pipelined.vsNginx", what: "pipelined to nginx", bar: 2, goal: 5 },
  { key: "http.file.1GiB.vsNodeHttp", what: "1 GiB to node:http", bar: 1, goal: 1 },
  { key: "http.virtual.requestsPerSecond", what: "virtual requests", bar: 20_000, goal: 20_000 },
  { key: "chat.fanout.vsWs", what: "fan-out to ws", bar: 1, goal: 1 },
  { key: "lab.watch.cpuPerFrame", what: "CPU of a watched frame", bar: 1.1, goal: 1.05, least: true },
  { key: "lab.page.framesPerSecond", what: "page's frames", bar: 45, goal: 60 },
  { key: "lab.page.frame95Ms", what: "95th percentile frame", bar: 50, goal: 17, least: true },
  { key: "lab.rows.heapMiB", what: "page of 10⁶ rows, heap", bar: 200, goal: 100, least: true },
];

/** Ours, and the yardstick in the same unit. */
export const RATIOS: readonly [name: string, ours: string, yardstick: string][] = [
  ["bulk, wall", "tcp.bulk.mtu1500.mibPerSecond", "node.net.loopback.mibPerSecond"],
  ["bulk, offload, wall", "tcp.bulk.offload.mibPerSecond", "node.net.loopback.mibPerSecond"],
  ["round trips", "tcp.pingpong.roundTripsPerSecond", "node.net.pingpong.roundTripsPerSecond"],
  ["round trips by promises", "tcp.pingpong.promiseRoundTripsPerSecond", "node.net.pingpong.roundTripsPerSecond"],
  ["connect and close", "tcp.connect.perSecond", "node.net.connect.perSecond"],
];
