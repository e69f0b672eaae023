import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { type Benchmark, timed, verify } from "./measure.ts";
import { BULK_BYTES, CONNECTS, MESSAGE_BYTES, ROUND_TRIPS } from "./sizes.ts";

/** The yardstick: a pair of Node's own sockets over the real loopback, both ends in this process. */
async function withServer(serve: (socket: Socket) => void, work: (port: number) => Promise<void>): Promise<void> {
  const server: Server = createServer(serve).listen(0, "127.0.0.1");
  await once(server, "listening");
  try {
    await work((server.address() as AddressInfo).port);
  } finally {
    server.close();
  }
}

export const nodeBulk: Benchmark = {
  name: "node-bulk",
  summary: "256 MiB over the real loopback, written in 1,460-byte pieces",
  async round() {
    let received = 0;
    const spent = await timed(() =>
      withServer(
        (socket) => socket.on("data", (chunk) => (received += chunk.length)),
        async (port) => {
          const socket = connect(port, "127.0.0.1");
          const piece = Buffer.alloc(1460, "x");
          for (let sent = 0; sent < BULK_BYTES; sent += piece.length) {
            if (!socket.write(sent + piece.length > BULK_BYTES ? piece.subarray(0, BULK_BYTES - sent) : piece)) {
              await once(socket, "drain");
            }
          }
          socket.end();
          await once(socket.resume(), "close");
        },
      ),
    );
    verify(received === BULK_BYTES, `${received} of ${BULK_BYTES} bytes arrived`);
    return {
      "node.net.loopback.mibPerSecond": BULK_BYTES / 2 ** 20 / spent.wall,
      "node.net.loopback.gbitPerSecond": (BULK_BYTES * 8) / 1e9 / spent.wall,
    };
  },
};

export const nodePingPong: Benchmark = {
  name: "node-pingpong",
  summary: "64-byte round trips over the real loopback",
  async round() {
    const count = ROUND_TRIPS / 10;
    let trips = 0;
    const spent = await timed(() =>
      withServer(
        (socket) => socket.setNoDelay().pipe(socket),
        async (port) => {
          const socket = connect(port, "127.0.0.1").setNoDelay();
          const message = Buffer.alloc(MESSAGE_BYTES, "x");
          let bytes = 0;
          socket.on("data", (chunk) => {
            bytes += chunk.length;
            if (bytes < MESSAGE_BYTES) return;
            bytes -= MESSAGE_BYTES;
            if (++trips < count) socket.write(message);
            else socket.end();
          });
          socket.write(message);
          await once(socket, "close");
        },
      ),
    );
    verify(trips === count, `${trips} of ${count} round trips`);
    return { "node.net.pingpong.roundTripsPerSecond": count / spent.wall };
  },
};

export const nodeConnects: Benchmark = {
  name: "node-connect",
  summary: "open, one byte each way, orderly close over the real loopback",
  async round() {
    const count = CONNECTS / 10;
    let done = 0;
    const spent = await timed(() =>
      withServer(
        (socket) => socket.once("data", (chunk) => socket.end(chunk)),
        async (port) => {
          for (let turn = 0; turn < count; turn++) {
            const socket = connect(port, "127.0.0.1");
            socket.write("x");
            const [answer] = (await once(socket, "data")) as [Buffer];
            if (answer.length === 1) done++;
            socket.end();
            await once(socket, "close");
          }
        },
      ),
    );
    verify(done === count, `${done} of ${count} connections`);
    return { "node.net.connect.perSecond": count / spent.wall };
  },
};
