import { nodePlatform } from "../src/platform/node/runtime.ts";
import type { Socket } from "../src/socket/socket.ts";
import { NEVER } from "../src/time/instant.ts";
import type { Connection } from "../src/transport/tcp/connection.ts";
import { TwoHosts } from "./hosts.ts";
import { type Benchmark, timed, verify } from "./measure.ts";
import { CONNECTS, MESSAGE_BYTES, ROUND_TRIPS } from "./sizes.ts";

const message = new Uint8Array(MESSAGE_BYTES).fill(120);
const one = message.slice(0, 1);

/** Where the echo reads: what it reads it writes at once. */
const into = new Uint8Array(2048);

/** Sends back what comes, and closes when the peer does. */
function echo(connection: Connection): void {
  connection.onReady = () => {
    for (;;) {
      const count = connection.read(into);
      if (count === 0) return connection.close();
      if (typeof count !== "number") return;
      connection.write(into.subarray(0, count));
    }
  };
  connection.onReady();
}

function serveEcho(hosts: TwoHosts): void {
  const listener = hosts.listen(7);
  listener.onReady = () => {
    const connection = listener.accept();
    if (connection !== undefined) echo(connection);
  };
}

export const pingPong: Benchmark = {
  name: "pingpong",
  summary: "64-byte round trips on the non-blocking half, one cable",
  async round() {
    const hosts = new TwoHosts("cable");
    serveEcho(hosts);
    const client = hosts.connect(7);
    const into = new Uint8Array(2048);
    let trips = 0;
    let bytes = 0;
    let begun = false;
    client.onReady = () => {
      if (!begun && client.established) {
        begun = true;
        client.write(message);
      }
      const count = client.read(into);
      if (typeof count !== "number" || count === 0) return;
      bytes += count;
      if (++trips < ROUND_TRIPS) client.write(message);
      else client.close();
    };
    const spent = await timed(() => {
      hosts.scheduler.runUntil(NEVER);
    });
    verify(trips === ROUND_TRIPS && bytes === ROUND_TRIPS * MESSAGE_BYTES, `${trips} round trips of ${bytes} bytes`);
    return {
      "tcp.pingpong.roundTripsPerSecond": ROUND_TRIPS / spent.wall,
      "tcp.pingpong.roundTripsPerCpuSecond": ROUND_TRIPS / spent.cpu,
    };
  },
};

async function answer(listener: Socket): Promise<void> {
  const peer = await listener.accept();
  for (;;) {
    const data = await peer.recv(2048);
    if (data.length === 0) return peer.close();
    await peer.send(data);
  }
}

async function ask(socket: Socket, count: number): Promise<number> {
  await socket.connect({ address: "10.0.0.2", port: 7 });
  let bytes = 0;
  for (let trip = 0; trip < count; trip++) {
    await socket.send(message);
    bytes += (await socket.recv(2048)).length;
  }
  await socket.close();
  return bytes;
}

export const pingPongByPromises: Benchmark = {
  name: "pingpong-promises",
  summary: "64-byte round trips by the BSD calls as promises, one cable",
  async round() {
    const count = ROUND_TRIPS;
    const hosts = new TwoHosts("cable");
    const listener = hosts.server.sockets.socket("inet", "stream");
    await listener.bind({ address: "10.0.0.2", port: 7 });
    await listener.listen();
    let bytes = -1;
    const spent = await timed(async () => {
      const ends = [answer(listener), ask(hosts.client.sockets.socket("inet", "stream"), count)] as const;
      let running = true;
      const done = Promise.all(ends).then(([, total]) => {
        bytes = total;
        running = false;
      });
      while (running) {
        hosts.scheduler.runUntil(NEVER);
        await nodePlatform.settle();
      }
      await done;
    });
    verify(bytes === count * MESSAGE_BYTES, `${bytes} bytes came back`);
    return {
      "tcp.pingpong.promiseRoundTripsPerSecond": count / spent.wall,
      "tcp.pingpong.promiseRoundTripsPerCpuSecond": count / spent.cpu,
    };
  },
};

/** Pairs of hosts a round, so that most of it runs as the compiler leaves it. */
const PAIRS = 4;

export const connects: Benchmark = {
  name: "connect",
  summary: "open, one byte each way, orderly close at both ends, one cable",
  async round() {
    let [wall, cpu] = [0, 0];
    for (let pair = 0; pair < PAIRS; pair++) {
      const spent = await openAndClose();
      wall += spent.wall;
      cpu += spent.cpu;
    }
    return {
      "tcp.connect.perSecond": (PAIRS * CONNECTS) / wall,
      "tcp.connect.perCpuSecond": (PAIRS * CONNECTS) / cpu,
    };
  },
};

/** As many connections one after another as a pair of hosts has ports for, and a while in which TIME-WAITs end. */
async function openAndClose(): Promise<{ wall: number; cpu: number }> {
  const hosts = new TwoHosts("cable");
  serveEcho(hosts);
  const into = new Uint8Array(16);
  let answered = 0;
  const begin = () => {
    const client = hosts.connect(7);
    let asked = false;
    client.onReady = () => {
      if (!asked && client.established) {
        asked = true;
        client.write(one);
      }
      if (client.read(into) !== 1) return;
      client.close();
      if (++answered < CONNECTS) begin();
    };
  };
  const spent = await timed(() => {
    begin();
    hosts.scheduler.runUntil(NEVER);
  });
  verify(answered === CONNECTS, `${answered} of ${CONNECTS} connections were answered`);
  for (const { tcp } of [hosts.client, hosts.server]) {
    verify(tcp.connections.size === 0 && tcp.counters.resetsSent === 0, "all ended in good order");
  }
  return spent;
}
