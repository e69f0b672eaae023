/** Ports of the real loopback, joined to ports of virtual hosts, with real clients at them. */
import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { connect, createServer, type Socket as NetSocket } from "node:net";
import { describe, test } from "node:test";
import { type StreamDoor, type StreamOutside, TRANSIT_LIMIT } from "../../src/network/doors/stream-door.ts";
import type { Input } from "../../src/network/input-log.ts";
import { Network } from "../../src/network/network.ts";
import type { LogLine } from "../../src/network/programs.ts";
import { RunLoop } from "../../src/network/run.ts";
import { type PublishedPort, publish } from "../../src/platform/node/publish.ts";
import { nodePlatform } from "../../src/platform/node/runtime.ts";
import type { Socket } from "../../src/socket/socket.ts";
import { milliseconds, seconds } from "../../src/time/instant.ts";
import { bytes, pattern, text } from "./sockets/world.ts";

/** A host where real clients enter, a router, and a server, with one program on it. */
class World {
  readonly network = new Network({ seed: 3 });
  readonly client = this.network.host("entry", { address: "10.0.0.1/24", gateway: "10.0.0.254" });
  readonly server = this.network.host("server", { address: "10.0.1.1/24", gateway: "10.0.1.254" });
  readonly log: LogLine[] = [];
  readonly record: Input[] = [];
  readonly loop: RunLoop;
  readonly #ports: PublishedPort[] = [];
  #running: Promise<unknown> | undefined;

  constructor() {
    const { network } = this;
    network.router("r", { interfaces: { eth0: "10.0.0.254/24", eth1: "10.0.1.254/24" } });
    network.cable("entry", "r.eth0", { delay: "200us", rate: "1Gbit/s" });
    network.cable("server", "r.eth1", { delay: "200us", rate: "1Gbit/s" });
    network.onLog((line) => this.log.push(line));
    network.inputs.onInput = (input) => this.record.push(input);
    const { scheduler, inputs, works } = network;
    this.loop = new RunLoop({ scheduler, inputs, works, platform: nodePlatform, speed: 1, isOpen: () => true });
  }

  door(protocol: "tcp" | "udp", port = 7) {
    return this.network.publish(protocol, protocol, "entry", { address: "10.0.1.1", port });
  }

  /** Publishes a port of the server, runs, and gives the real port. */
  async open(protocol: "tcp" | "udp"): Promise<number> {
    const published = await publish(this.door(protocol), { port: 0 });
    this.#ports.push(published);
    this.#running ??= this.loop.run();
    return published.at.port;
  }

  /** Serves each connection of port 7 on the virtual server. */
  async serve(handle: (socket: Socket) => Promise<void>): Promise<void> {
    const listener = this.server.sockets.socket("inet", "stream");
    await listener.bind({ address: "0.0.0.0", port: 7 });
    await listener.listen();
    const accept = async (): Promise<void> => {
      for (;;) void handle(await listener.accept());
    };
    void accept();
  }

  async end(): Promise<void> {
    for (const port of this.#ports) port.close();
    this.loop.stop();
    await this.#running;
  }

  codes(): string[] {
    return this.log.map(({ code }) => code);
  }
}

/** Runs a test in a world, and ends it. */
const inWorld = (body: (world: World) => Promise<void>) => async () => {
  const world = new World();
  try {
    await body(world);
  } finally {
    await world.end();
  }
};

const echo = async (socket: Socket): Promise<void> => {
  for (;;) {
    const data = await socket.recv(65_536);
    if (data.length === 0) break;
    await socket.send(data);
  }
  await socket.close();
};

async function readAll(socket: NetSocket): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

const resetOf = async (socket: NetSocket): Promise<string | undefined> => {
  const [error] = (await once(socket.resume(), "error")) as [NodeJS.ErrnoException];
  return error.code;
};

/** Tells at every step how many bytes wait in the door, whichever way it is fuller. */
function watchTransit(world: World, tell: (bytes: number) => void): void {
  const door = world.network.published.get("tcp") as StreamDoor;
  const outside = door.outside as StreamOutside;
  let out = 0;
  let into = 0;
  const change = (outMore: number, intoMore: number): void => {
    out += outMore;
    into += intoMore;
    tell(Math.max(out, into));
  };
  door.outside = {
    taken: (number, count) => {
      change(0, -count);
      outside.taken(number, count);
    },
    data: (number, data) => {
      change(data.length, 0);
      outside.data(number, data);
    },
    end: (number) => outside.end(number),
    reset: (number) => outside.reset(number),
  };
  world.network.inputs.onInput = ({ kind, bytes: data, count }) => {
    if (kind === "data") change(0, data.length);
    if (kind === "drained") change(-count, 0);
  };
}

function signal(): { raised: Promise<void>; raise: () => void } {
  let raise = (): void => {};
  const raised = new Promise<void>((resolve) => {
    raise = resolve;
  });
  return { raised, raise };
}

describe("a published TCP port", () => {
  test(
    "carries bytes and half closes both ways, over virtual cables",
    inWorld(async (world) => {
      await world.serve(echo);
      const port = await world.open("tcp");
      const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
      const { localPort } = await once(socket, "connect").then(() => socket);
      socket.end("hello, network");
      assert.equal(String(await readAll(socket)), "hello, network");
      const opened = world.log.find(({ code }) => code === "opened");
      assert.match(opened?.text ?? "", /^127\.0\.0\.1:\d+ enters as 10\.0\.0\.1:\d+ and goes on to 10\.0\.1\.1:7$/);
      assert.equal(opened?.parameters.real, `127.0.0.1:${localPort}`);
      assert.ok((world.client.nics[1]?.counters.sentFrames ?? 0) > 5, "frames crossed the cable");
    }),
  );

  test(
    "serves many clients at once, each its own bytes",
    inWorld(async (world) => {
      await world.serve(echo);
      const port = await world.open("tcp");
      const ask = async (i: number): Promise<void> => {
        const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
        const data = pattern(i * 1000, 20_000 + i);
        socket.end(data);
        assert.equal(Buffer.compare(await readAll(socket), data), 0);
      };
      await Promise.all(Array.from({ length: 50 }, (_, i) => ask(i)));
    }),
  );

  test(
    "resets a real client that the virtual side refuses, and one whose connection is reset",
    inWorld(async (world) => {
      const port = await world.open("tcp");
      assert.equal(await resetOf(connect(port, "127.0.0.1")), "ECONNRESET");
      assert.deepEqual(world.codes(), ["opened", "refused"]);
      await world.serve(async (socket) => {
        await socket.recv(10);
        socket.setsockopt("SO_LINGER", 0);
        await socket.close();
      });
      const socket = connect(port, "127.0.0.1");
      socket.write("and then?");
      assert.equal(await resetOf(socket), "ECONNRESET");
      assert.deepEqual(world.codes().slice(2), ["opened", "reset"]);
    }),
  );

  test(
    "resets the virtual side when the real client vanishes",
    inWorld(async (world) => {
      const ends: Promise<unknown>[] = [];
      const come = signal();
      await world.serve(async (socket) => {
        await socket.recv(10);
        ends.push(socket.recv(10).catch((error) => error.code));
        come.raise();
      });
      const port = await world.open("tcp");
      const socket = connect(port, "127.0.0.1");
      socket.on("error", () => {});
      socket.write("here I am");
      await come.raised;
      socket.resetAndDestroy();
      assert.equal(await ends[0], "ECONNRESET");
      assert.equal(world.codes().at(-1), "left");
    }),
  );

  test(
    "carries back-pressure: a real reader that stops stops the virtual writer, and back",
    inWorld(async (world) => {
      const total = 24 * 1024 * 1024;
      let sent = 0;
      let read = 0;
      const finished = signal();
      await world.serve(async (socket) => {
        while (sent < total) sent += await socket.send(pattern(sent, 65_536));
        await socket.shutdown("write");
        for (;;) {
          const data = await socket.recv(65_536);
          if (data.length === 0) break;
          assert.equal(Buffer.compare(data, pattern(read, data.length, 5)), 0);
          read += data.length;
        }
        await socket.close();
        finished.raise();
      });
      const port = await world.open("tcp");
      const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
      await once(socket, "connect");
      let waiting = 0;
      watchTransit(world, (bytes) => {
        waiting = Math.max(waiting, bytes);
      });
      await world.loop.watch(() => sent > 4 * TRANSIT_LIMIT);
      let got = 0;
      for await (const chunk of socket) {
        assert.equal(Buffer.compare(chunk as Buffer, pattern(got, (chunk as Buffer).length)), 0);
        got += (chunk as Buffer).length;
      }
      assert.equal(got, total);
      for (let at = 0; at < total; at += 65_536) {
        if (!socket.write(pattern(at, 65_536, 5))) await once(socket, "drain");
      }
      socket.end();
      await finished.raised;
      assert.equal(read, total);
      assert.ok(waiting > TRANSIT_LIMIT / 2 && waiting <= TRANSIT_LIMIT, `${waiting} bytes waited in the door`);
    }),
  );

  test(
    "is refused with what to do when the port is in use",
    inWorld(async (world) => {
      const other = createServer().listen(0, "127.0.0.1");
      await once(other, "listening");
      const { port } = other.address() as { port: number };
      await assert.rejects(publish(world.door("tcp"), { port }), (error: Error & { code?: string }) => {
        assert.equal(error.code, "EADDRINUSE");
        assert.match(error.message, new RegExp(`tcp port ${port} of 127\\.0\\.0\\.1: another program has it\\. Stop`));
        return true;
      });
      other.close();
    }),
  );

  test("a record replays to the same without real clients", async () => {
    const first = new World();
    const serve = (socket: Socket) => echo(socket).catch(() => {}); // the last client resets, sooner or later
    await first.serve(serve);
    const port = await first.open("tcp");
    const ask = async (words: string): Promise<void> => {
      const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
      socket.end(words);
      await readAll(socket);
    };
    await Promise.all([ask("one"), ask("two"), ask("three")]);
    const client = connect(port, "127.0.0.1").on("error", () => {});
    await once(client, "connect");
    client.resetAndDestroy();
    while (!first.codes().includes("left")) await new Promise((resolve) => setImmediate(resolve));
    await first.end();

    const second = new World();
    second.door("tcp");
    await second.serve(serve);
    second.network.inputs.replay(first.record);
    second.loop.speed = "max";
    const ended = second.loop.run(first.network.now);
    await ended;
    assert.deepEqual(second.log, first.log);
    assert.deepEqual(
      second.network.nics.map(({ counters }) => counters),
      first.network.nics.map(({ counters }) => counters),
    );
  });
});

describe("a published UDP port", () => {
  const ask = async (port: number, words: string): Promise<string> => {
    const socket = createSocket("udp4");
    socket.send(words, port, "127.0.0.1");
    const [answer] = (await once(socket, "message")) as [Buffer];
    socket.close();
    return String(answer);
  };

  const answer = async (world: World): Promise<string[]> => {
    const froms: string[] = [];
    const socket = world.server.sockets.socket("inet", "dgram");
    await socket.bind({ address: "0.0.0.0", port: 7 });
    const serve = async (): Promise<void> => {
      for (;;) {
        const { data, from } = await socket.recvfrom(65_536);
        froms.push(`${from.address}:${from.port}`);
        await socket.sendto(bytes(`you said ${text(data)}`), from);
      }
    };
    void serve();
    return froms;
  };

  test(
    "gives each real client a virtual port of its own, and brings it the answers",
    inWorld(async (world) => {
      const froms = await answer(world);
      const port = await world.open("udp");
      const answers = await Promise.all(["a", "b", "c"].map((words) => ask(port, words)));
      assert.deepEqual(answers, ["you said a", "you said b", "you said c"]);
      assert.equal(new Set(froms).size, 3);
      assert.ok(froms.every((from) => from.startsWith("10.0.0.1:")));
    }),
  );

  test(
    "forgets a client after a virtual minute of silence, which may come again",
    inWorld(async (world) => {
      await answer(world);
      const port = await world.open("udp");
      const socket = createSocket("udp4");
      const say = async (words: string): Promise<string> => {
        socket.send(words, port, "127.0.0.1");
        return String((await once(socket, "message"))[0]);
      };
      assert.equal(await say("first"), "you said first");
      world.loop.speed = 1000;
      await world.loop.watch(() => world.codes().includes("expired"));
      world.loop.speed = 1;
      assert.equal(world.network.published.get("udp")?.snapshot().clients.length, 0);
      assert.equal(await say("again"), "you said again");
      socket.close();
      assert.deepEqual(world.codes(), ["opened", "expired", "opened"]);
      const [opened, expired] = world.log;
      assert.ok((expired?.at ?? 0) - (opened?.at ?? 0) >= seconds(60));
      assert.ok((expired?.at ?? 0) - (opened?.at ?? 0) <= seconds(60) + milliseconds(100));
    }),
  );
});
