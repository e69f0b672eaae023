import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { type Benchmark, type Figures, verify } from "./measure.ts";

const CLIENTS = 1_000;
/** Bytes of a message's text. */
const TEXT = "x".repeat(64);
const MARK = Buffer.from(TEXT);
/** Messages one by one, each when all have the one before; and so many at once. */
const ONE_BY_ONE = 100;
const [BURSTS, BURST] = [20, 10];

/** Clients that connect at once. */
const TOGETHER = 50;
/** An empty ping, and what answers it. */
const PING = 0x89;
const PONG = Buffer.from([0x8a, 0x80, 0, 0, 0, 0]);

/** A server in its own process, and its clients in this one, which only count. */
class Fanout {
  readonly #server: ChildProcess;
  readonly #sockets: Socket[] = [];
  #heard = 0;
  #wanted = Number.POSITIVE_INFINITY;
  #all: () => void = () => {};

  private constructor(server: ChildProcess) {
    this.#server = server;
  }

  static async start(kind: "chat" | "ws"): Promise<Fanout> {
    const server = fork(new URL("fanout-server.ts", import.meta.url), [kind, `${CLIENTS}`, TEXT]);
    const [{ port, cookies }] = (await once(server, "message")) as [{ port: number; cookies: string[] }];
    const fanout = new Fanout(server);
    for (let n = 0; n < CLIENTS; n += TOGETHER) {
      const some = Array.from({ length: TOGETHER }, (_, at) => fanout.#connect(port, cookies[n + at]));
      await Promise.all(some);
    }
    return fanout;
  }

  /** Says messages to all, so many at a time. @returns deliveries by CPU second of the server */
  async say(times: number, atOnce: number): Promise<number> {
    const before = await this.#cpu();
    const heard = this.#heard;
    for (let n = 1; n <= times; n++) {
      this.#wanted = heard + n * atOnce * CLIENTS;
      const all = new Promise<void>((resolve) => {
        this.#all = resolve;
      });
      this.#server.send({ say: atOnce });
      await all;
    }
    const spent = (await this.#cpu()) - before;
    const deliveries = this.#heard - heard;
    verify(deliveries === times * atOnce * CLIENTS, `${deliveries} messages were delivered`);
    return deliveries / spent;
  }

  stop(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.disconnect();
  }

  async #cpu(): Promise<number> {
    this.#server.send("cpu");
    const [{ cpu }] = (await once(this.#server, "message")) as [{ cpu: number }];
    return cpu;
  }

  async #connect(port: number, cookie: string | undefined): Promise<void> {
    const socket = connect(port, "127.0.0.1").setNoDelay();
    this.#sockets.push(socket);
    const path = cookie === undefined ? "/" : "/socket";
    const more = cookie === undefined ? "" : `Cookie: ${cookie}\r\n`;
    socket.write(
      `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nOrigin: http://127.0.0.1:${port}\r\n${more}` +
        "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n" +
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
    );
    const [answer] = (await once(socket, "data")) as [Buffer];
    verify(answer.toString("latin1").startsWith("HTTP/1.1 101 "), "the WebSocket is open");
    const joined = Buffer.from(JSON.stringify({ type: "join", room: "lobby" }));
    socket.write(Buffer.concat([Buffer.from([0x81, 0x80 | joined.length, 0, 0, 0, 0]), joined]));
    for (let said = ""; !said.includes('"rooms":'); ) said += ((await once(socket, "data")) as [Buffer])[0].toString();
    let rest = Buffer.alloc(0);
    socket.on("data", (data: Buffer) => {
      const bytes = rest.length === 0 ? data : Buffer.concat([rest, data]);
      if (data.includes(PING)) socket.write(PONG); // all else is ASCII
      let end = 0;
      for (let at = bytes.indexOf(MARK); at >= 0; at = bytes.indexOf(MARK, end)) {
        end = at + MARK.length;
        this.#heard++;
      }
      rest = Buffer.from(bytes.subarray(Math.max(end, bytes.length - MARK.length + 1)));
      if (this.#heard >= this.#wanted) this.#all();
    });
  }
}

let servers: { chat: Fanout; ws: Fanout } | undefined;
let turn = 0;

export const fanout: Benchmark = {
  name: "fanout",
  summary: "one message to 1,000 WebSocket clients: our chat room, and a broadcast loop of ws",
  async round(): Promise<Figures> {
    if (servers === undefined) {
      servers = { chat: await Fanout.start("chat"), ws: await Fanout.start("ws") };
      for (const each of Object.values(servers)) await each.say(ONE_BY_ONE, 1);
    }
    const figures: Figures = {};
    // Who comes first changes, so that a machine that gets slower or faster favours nobody.
    for (const kind of turn++ % 2 === 0 ? (["chat", "ws"] as const) : (["ws", "chat"] as const)) {
      figures[`${kind}.fanout.deliveriesPerCpuSecond`] = await servers[kind].say(ONE_BY_ONE, 1);
      figures[`${kind}.fanout.burst.deliveriesPerCpuSecond`] = await servers[kind].say(BURSTS, BURST);
    }
    const ratio = (key: string): number => (figures[`chat.${key}`] as number) / (figures[`ws.${key}`] as number);
    figures["chat.fanout.vsWs"] = ratio("fanout.deliveriesPerCpuSecond");
    figures["chat.fanout.burst.vsWs"] = ratio("fanout.burst.deliveriesPerCpuSecond");
    return figures;
  },
};
