import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { describe, test } from "node:test";
import { bulkClient } from "../../src/application/bulk/client.ts";
import { bulkServer } from "../../src/application/bulk/server.ts";
import { echoServer } from "../../src/application/echo/server.ts";
import { echoClient } from "../../src/application/echo/tcp-client.ts";
import { udpEchoClient } from "../../src/application/echo/udp-client.ts";
import { timeClient } from "../../src/application/time/client.ts";
import { timeServer } from "../../src/application/time/server.ts";
import { udpReceiver } from "../../src/application/udp-receiver/receiver.ts";
import { udpSender } from "../../src/application/udp-receiver/sender.ts";
import { milliseconds } from "../../src/time/instant.ts";
import { RunningProgram } from "../fixtures/running-program.ts";
import { Talker } from "../fixtures/talker.ts";
import { requireTool } from "../require.ts";

const HERE = { address: "127.0.0.1", port: 0 };
const TIME = /^Current time is \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC\n$/;

const PYTHON_TIME = `
import socket, sys
s = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
data = b""
while chunk := s.recv(1024): data += chunk
print(data.decode(), end="")
`;

const PYTHON_UDP = `
import socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("127.0.0.1", 0))
s.sendto("grüße\\n".encode(), ("127.0.0.1", int(sys.argv[1])))
print(s.getsockname()[1])
`;

describe("programs on the operating system", { timeout: 300_000 }, () => {
  const withServer = async (server: RunningProgram, use: (port: number) => Promise<void>): Promise<void> => {
    try {
      await use(await server.port());
    } finally {
      await server.stop();
    }
  };

  test("the time server tells the time to Python, to a client that spoke before, and to our own", async (t) => {
    if (!requireTool(t, "python3")) return;
    await withServer(RunningProgram.start(timeServer, HERE), async (port) => {
      const python = Talker.process("python3", "-c", PYTHON_TIME, String(port));
      await python.ended;
      assert.match(python.heard, TIME);
      const rude = Talker.socket(port);
      rude.say("GET / HTTP/1.1\r\n\r\n");
      await rude.hears(/UTC\n/);
      rude.end();
      await rude.ended;
      assert.match(rude.heard, TIME);
      const client = RunningProgram.start(timeClient, { server: { ...HERE, port } });
      await client.ended;
      assert.match(`${client.log[0]?.parameters.line}\n`, TIME);
    });
  });

  test("the UDP receiver logs what Python and our own sender send, and from where", async (t) => {
    if (!requireTool(t, "python3")) return;
    const receiver = RunningProgram.start(udpReceiver, HERE);
    await withServer(receiver, async (port) => {
      const python = Talker.process("python3", "-c", PYTHON_UDP, String(port));
      await python.ended;
      const from = Number(python.heard);
      const logged = await receiver.logged("received");
      assert.deepEqual(logged, { text: "grüße", address: "127.0.0.1", port: from });
      const every = milliseconds(1);
      await RunningProgram.start(udpSender, { to: { ...HERE, port }, texts: ["a", "b"], every }).ended;
      await receiver.logged("received", ({ text }) => text === "a");
      await receiver.logged("received", ({ text }) => text === "b");
    });
  });

  test("the echo server echoes on TCP and UDP", async () => {
    await withServer(RunningProgram.start(echoServer, HERE), async (port) => {
      const server = { ...HERE, port };
      const texts = ["hello", "x".repeat(3_000_000)];
      const client = RunningProgram.start(echoClient, { server, texts, every: milliseconds(1) });
      await client.ended;
      assert.equal(client.log.length, 2);
      const pings = RunningProgram.start(udpEchoClient, { server, count: 3, every: milliseconds(1) });
      await pings.ended;
      assert.deepEqual(pings.log.at(-1), { code: "done", parameters: { count: 3, back: 3 } });
    });
  });

  test("the UDP echo server does not answer a port that would answer for ever", async (t) => {
    await withServer(RunningProgram.start(echoServer, HERE), async (port) => {
      const [loop, honest] = [createSocket("udp4"), createSocket("udp4")];
      const bound = await new Promise<boolean>((resolve) => {
        loop.once("error", () => resolve(false));
        loop.bind(19, "127.0.0.1", () => resolve(true));
      });
      try {
        if (!bound) {
          t.skip("needs the right to bind port 19");
          return;
        }
        const heard: string[] = [];
        loop.on("message", (data) => heard.push(data.toString()));
        loop.send("loop", port, "127.0.0.1");
        await new Promise<void>((resolve) => {
          honest.once("message", () => resolve());
          honest.send("ping", port, "127.0.0.1");
        });
        assert.deepEqual(heard, []);
      } finally {
        loop.close();
        honest.close();
      }
    });
  });

  test("bulk transfers arrive, each byte checked, both ways", async () => {
    await withServer(RunningProgram.start(bulkServer, HERE), async (port) => {
      const client = RunningProgram.start(bulkClient, { server: { ...HERE, port }, bytes: 8 * 2 ** 20, seed: 7 });
      await client.ended;
      assert.deepEqual(
        client.log.map(({ parameters }) => [parameters.direction, parameters.bytes]),
        [
          ["upload", 8 * 2 ** 20],
          ["download", 8 * 2 ** 20],
        ],
      );
    });
  });

  test("a port that is taken fails the program with EADDRINUSE", async () => {
    await withServer(RunningProgram.start(timeServer, HERE), async (port) => {
      await assert.rejects(RunningProgram.start(timeServer, { ...HERE, port }).ended, { code: "EADDRINUSE" });
      await assert.rejects(RunningProgram.start(bulkServer, { ...HERE, port }).ended, { code: "EADDRINUSE" });
    });
  });

  test("a client without a server fails with ECONNREFUSED", async () => {
    const server = RunningProgram.start(timeServer, HERE);
    const port = await server.port();
    await server.stop();
    await assert.rejects(RunningProgram.start(timeClient, { server: { ...HERE, port } }).ended, {
      code: "ECONNREFUSED",
    });
  });
});
