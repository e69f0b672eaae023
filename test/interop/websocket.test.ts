/** Our WebSocket against others', each way: the package `ws`, and Python's websockets. (Chromium's is in chat-page.test.ts.) */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { describe, test } from "node:test";
import { WebSocketServer, WebSocket as WsSocket } from "ws";
import { type HttpServer, serveHttp } from "../../src/application/http/server/server.ts";
import { openWebSocket, WebSocketError } from "../../src/application/websocket/client.ts";
import { upgradeWebSocket } from "../../src/application/websocket/server.ts";
import { Authority } from "../../src/platform/node/certificates/authority.ts";
import { osContext } from "../../src/platform/node/os-context.ts";
import type { TlsServerOptions } from "../../src/socket/tls.ts";
import { requireTool } from "../require.ts";

const LARGE = 3_000_000;
const limits = { messageBytes: 2 * LARGE, queueBytes: 8 * LARGE };

/** What both sides do: an echo of whatever comes, and at "bye" a close with a code. */
const PYTHON_SERVER = `
import asyncio, websockets
async def echo(socket):
    async for message in socket:
        if message == "bye":
            await socket.close(4001, "as you like")
        elif message == "in pieces":
            await socket.send(["in ", "pie", "", "ces"])
        else:
            await socket.send(message)
async def main():
    async with websockets.serve(echo, "127.0.0.1", 0, subprotocols=["echo"], max_size=2**23) as server:
        print(server.sockets[0].getsockname()[1], flush=True)
        await asyncio.Future()
asyncio.run(main())
`;

const PYTHON_CLIENT = `
import asyncio, sys, websockets
async def main():
    async with websockets.connect(sys.argv[1], subprotocols=["other", "echo"], origin="http://python.test", max_size=2**23) as socket:
        assert socket.subprotocol == "echo", socket.subprotocol
        for message in ["Grüße 😀", b"\\x00\\x01\\xff", "", "x" * ${LARGE}]:
            await socket.send(message)
            assert await socket.recv() == message
        await socket.send(["frag", "ments ", "", "😀"])
        assert await socket.recv() == "fragments 😀"
        waiter = await socket.ping(b"there?")
        await waiter
        await socket.send("bye")
        try:
            await socket.recv()
        except websockets.ConnectionClosed as closed:
            print(closed.rcvd.code, closed.rcvd.reason, closed.rcvd_then_sent)
asyncio.run(main())
`;

/** Our echo server. Only pages of python.test, and programs, may connect. */
async function serveEcho(signal: AbortSignal, tls?: Omit<TlsServerOptions, "role">): Promise<HttpServer> {
  const context = osContext({ signal });
  return serveHttp(context, {
    address: "127.0.0.1",
    port: 0,
    tls,
    handler: (request, info) => {
      const allows = (origin: string | null): boolean => origin === null || origin === "http://python.test";
      const options = { clock: context.clock, allows, protocols: ["echo"], limits };
      return upgradeWebSocket(request, info, options, async (socket) => {
        for await (const data of socket) {
          if (data === "bye") socket.close(4001, "as you like");
          else if (!socket.send(data)) await socket.drained();
        }
      });
    },
  });
}

/** Runs something beside a server of ours. */
async function besideOurs(run: (url: string) => Promise<void>): Promise<void> {
  const stop = new AbortController();
  const server = await serveEcho(stop.signal);
  try {
    await run(`ws://127.0.0.1:${server.address.port}/echo`);
  } finally {
    stop.abort();
    await server.ended;
  }
}

/** Our client says all there is to say to an echo. */
async function converse(url: string): Promise<void> {
  const stop = new AbortController();
  const context = osContext({ signal: stop.signal });
  const socket = await openWebSocket(context, url, { protocols: ["other", "echo"], limits });
  assert.equal(socket.protocol, "echo");
  const messages = socket[Symbol.asyncIterator]();
  for (const sent of ["Grüße 😀", "", "x".repeat(LARGE), "in pieces"]) {
    socket.send(sent);
    assert.equal((await messages.next()).value, sent);
  }
  const bytes = context.random.fill(new Uint8Array(100_003));
  socket.send(bytes);
  const { value } = await messages.next();
  assert.deepEqual(Buffer.from(value as Uint8Array), Buffer.from(bytes));
  const pong = new Promise<string>((resolve) => {
    socket.onpong = (payload) => resolve(Buffer.from(payload).toString());
  });
  socket.ping(Buffer.from("there?"));
  assert.equal(await pong, "there?");
  socket.send("bye");
  assert.equal((await messages.next()).done, true);
  assert.deepEqual(await socket.closed, { code: 4001, reason: "as you like", wasClean: true });
  await socket.ended;
}

describe("WebSocket with others, on the operating system", { timeout: 300_000 }, () => {
  test("the client of ws talks to our server", async () => {
    await besideOurs(async (url) => {
      const socket = new WsSocket(url, ["echo"]);
      await once(socket, "open");
      assert.equal(socket.protocol, "echo");
      assert.equal(socket.extensions, "", "no extension is taken");
      const answer = async () => ((await once(socket, "message")) as [Buffer, boolean])[0];
      for (const sent of ["Grüße 😀", "", "x".repeat(LARGE)]) {
        socket.send(sent);
        assert.equal((await answer()).toString(), sent);
      }
      for (const [index, piece] of ["frag", "ments ", "😀"].entries()) socket.send(piece, { fin: index === 2 });
      assert.equal((await answer()).toString(), "fragments 😀");
      socket.send(Buffer.alloc(70_000, 7));
      assert.deepEqual(await answer(), Buffer.alloc(70_000, 7));
      socket.ping("there?");
      assert.equal(String((await once(socket, "pong"))[0]), "there?");
      socket.send("bye");
      const [code, reason] = (await once(socket, "close")) as [number, Buffer];
      assert.deepEqual([code, reason.toString()], [4001, "as you like"]);
    });
  });

  test("frames of ws that break the rules are answered with the code that the RFC gives", async () => {
    await besideOurs(async (url) => {
      const cases: [number, (socket: WsSocket) => void][] = [
        [1007, (socket) => socket.send(Buffer.from([0xff, 0xfe]), { binary: false })],
        [1009, (socket) => socket.send(Buffer.alloc(limits.messageBytes + 1))],
        [1002, (socket) => socket.send("unmasked", { mask: false })],
      ];
      for (const [expected, send] of cases) {
        const socket = new WsSocket(url);
        await once(socket, "open");
        socket.on("error", () => {});
        const closed = once(socket, "close");
        send(socket);
        assert.equal((await closed)[0], expected);
      }
    });
  });

  test("a page of another origin, another version, and what is no handshake are refused", async () => {
    await besideOurs(async (url) => {
      const answer = async (options: object): Promise<number> => {
        const socket = new WsSocket(url, options);
        socket.on("error", () => {});
        const [, response] = (await once(socket, "unexpected-response")) as [unknown, { statusCode: number }];
        return response.statusCode;
      };
      assert.equal(await answer({ origin: "http://evil.test" }), 403);
      assert.equal(await answer({ protocolVersion: 8 }), 426);
      const plain = await fetch(url.replace("ws:", "http:"));
      assert.equal(plain.status, 426);
      assert.equal(plain.headers.get("sec-websocket-version"), "13");
      assert.equal((await fetch(url.replace("ws:", "http:"), { method: "POST" })).status, 405);
    });
  });

  test("our client talks to the server of ws", async () => {
    const server = new WebSocketServer({
      ...{ port: 0, host: "127.0.0.1", maxPayload: 2 * LARGE, perMessageDeflate: true },
      handleProtocols: (protocols) => (protocols.has("echo") ? "echo" : false),
    });
    server.on("connection", (socket) => {
      socket.on("message", (data: Buffer, binary) => {
        if (data.toString() === "bye") socket.close(4001, "as you like");
        else if (data.toString() === "in pieces") {
          for (const [index, piece] of ["in ", "pie", "", "ces"].entries()) socket.send(piece, { fin: index === 3 });
        } else socket.send(data, { binary });
      });
    });
    try {
      await once(server, "listening");
      await converse(`ws://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    } finally {
      server.close();
    }
  });

  test("Python's client talks to our server", async (t) => {
    if (!requireTool(t, "python3")) return;
    await besideOurs(async (url) => {
      const python = spawn("/usr/bin/python3", ["-c", PYTHON_CLIENT, url], { stdio: ["ignore", "pipe", "pipe"] });
      assert.equal(await outputOf(python), "4001 as you like True\n");
    });
  });

  test("our client talks to Python's server", async (t) => {
    if (!requireTool(t, "python3")) return;
    const python = spawn("/usr/bin/python3", ["-c", PYTHON_SERVER], { stdio: ["ignore", "pipe", "inherit"] });
    try {
      const [port] = (await once(python.stdout, "data")) as [Buffer];
      await converse(`ws://127.0.0.1:${Number(port.toString())}/`);
    } finally {
      python.kill("SIGKILL");
    }
  });

  test("over TLS, with a certificate that is verified, each way", async () => {
    const validity = { from: new Date(Date.now() - 86_400_000), to: new Date(Date.now() + 86_400_000) };
    const authority = await Authority.create({ name: "WebSocket", keys: "ecdsa", validity });
    const identity = await authority.issue(["127.0.0.1"], validity);
    const authorities = [authority.identity.certificate];
    const stop = new AbortController();
    const server = await serveEcho(stop.signal, { identity });
    try {
      const url = `wss://127.0.0.1:${server.address.port}/`;
      const theirs = new WsSocket(url, { ca: authorities });
      await once(theirs, "open");
      theirs.send("hello");
      assert.equal(String((await once(theirs, "message"))[0]), "hello");
      theirs.terminate();
      const context = osContext({ signal: stop.signal });
      await assert.rejects(openWebSocket(context, url), { name: "TlsError" });
      const ours = await openWebSocket(context, url, { limits, tls: { authorities } });
      ours.send("x".repeat(LARGE));
      const messages = ours[Symbol.asyncIterator]();
      assert.equal((await messages.next()).value?.length, LARGE);
      ours.send("bye");
      assert.equal((await ours.closed).code, 4001);
      await ours.ended;
    } finally {
      stop.abort();
      await server.ended;
    }
  });

  test("a server that does not know what it accepts is refused by our client", async () => {
    const answers: [answer: (key: string) => string, why: RegExp][] = [
      [() => "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", /answers 200/],
      [
        () => "HTTP/1.1 101 X\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: wrong\r\n\r\n",
        /Accept/,
      ],
      [(key) => `${good(key)}Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n`, /extension/],
      [(key) => `${good(key)}Sec-WebSocket-Protocol: chat\r\n\r\n`, /subprotocol/],
      [() => "SSH-2.0-server\r\n\r\n", /no HTTP/],
    ];
    const { createServer } = await import("node:net");
    for (const [answer, why] of answers) {
      const server = createServer((socket) => {
        socket.once("data", (data) => {
          const [, key = ""] = /Sec-WebSocket-Key: (\S+)/.exec(data.toString()) ?? [];
          socket.end(answer(key));
        });
        socket.on("error", () => {});
      }).listen(0, "127.0.0.1");
      await once(server, "listening");
      const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`;
      const context = osContext({ signal: new AbortController().signal });
      await assert.rejects(openWebSocket(context, url), (error) => {
        assert.ok(error instanceof WebSocketError);
        assert.match(error.message, why);
        return true;
      });
      server.close();
    }
  });
});

/** The head of a good answer, without its end. */
function good(key: string): string {
  const accept = createHash("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
  return `HTTP/1.1 101 X\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n`;
}

async function outputOf(child: ChildProcess): Promise<string> {
  let text = "";
  child.stdout?.on("data", (data) => (text += data));
  child.stderr?.on("data", (data) => (text += data));
  await once(child, "close");
  return text;
}
