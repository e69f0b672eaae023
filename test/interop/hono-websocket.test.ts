/** WebSockets of one app of Hono on our server and on Hono's own: ws hears the same from both. */
import assert from "node:assert/strict";
import type { AddressInfo } from "node:net";
import { after, before, describe, test } from "node:test";
import { serve, upgradeWebSocket } from "@hono/node-server";
import { Hono, type MiddlewareHandler } from "hono";
import type { UpgradeWebSocket } from "hono/ws";
import { WebSocket, WebSocketServer } from "ws";
import { type HttpServer, type Response as OwnResponse, serveHttp } from "../../src/application/http/index.ts";
import { honoWebSocket } from "../../src/application/websocket/index.ts";
import { osContext } from "../../src/platform/node/index.ts";

/** The app; only who upgrades differs. */
function makeApp(upgrade: UpgradeWebSocket): Hono {
  const app = new Hono();
  app.get(
    "/ws/:room",
    upgrade((c) => ({
      onOpen: (_event, socket) => socket.send(`welcome to ${c.req.param("room")}`),
      onMessage(event, socket) {
        const { data } = event;
        if (typeof data !== "string") socket.send(new Uint8Array(data as ArrayBuffer).toReversed());
        else if (data === "bye") socket.close(3001, "you said so");
        else if (data === "throw") throw new Error("broken");
        else socket.send(`${c.req.query("as")}: ${data}`);
      },
    })) as MiddlewareHandler,
    (c) => c.text("no upgrade", 400),
  );
  return app;
}

/** What a client of ws hears, and how it ends. */
function talk(port: number, path: string, says: readonly (string | Buffer)[]): Promise<unknown[]> {
  return new Promise((resolve, reject) => {
    const heard: unknown[] = [];
    const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, { perMessageDeflate: false });
    socket.on("open", () => {
      for (const each of says) socket.send(each);
    });
    socket.on("message", (data, isBinary) => heard.push(isBinary ? (data as Buffer).toString("hex") : String(data)));
    socket.on("close", (code, reason) => resolve([...heard, code, String(reason)]));
    socket.on("unexpected-response", (_request, { statusCode }) => resolve([statusCode]));
    socket.on("error", reject);
  });
}

type WebSocketServerLike = NonNullable<Parameters<typeof serve>[0]["websocket"]>["server"];

describe("WebSockets of an app of Hono are the same on our server and on Hono's", { timeout: 300_000 }, () => {
  const end = new AbortController();
  const wss = new WebSocketServer({ noServer: true });
  let theirs: ReturnType<typeof serve>;
  let ours: HttpServer;
  let ports: readonly number[] = [];

  before(async () => {
    const context = osContext({ signal: end.signal });
    const app = makeApp(honoWebSocket(context) as unknown as UpgradeWebSocket);
    const handler: Parameters<typeof serveHttp>[1]["handler"] = (request, info) =>
      app.fetch(request as unknown as Request, { info }) as Promise<OwnResponse>;
    ours = await serveHttp(context, { address: "127.0.0.1", port: 0, handler });
    const { fetch } = makeApp(upgradeWebSocket as UpgradeWebSocket);
    theirs = await new Promise((resolve) => {
      const server = serve(
        { fetch, port: 0, hostname: "127.0.0.1", websocket: { server: wss as WebSocketServerLike } },
        () => resolve(server),
      );
    });
    ports = [ours.address.port, (theirs.address() as AddressInfo).port];
  });
  after(async () => {
    end.abort();
    theirs.close();
    wss.close();
    await ours.ended;
  });

  const both = async (path: string, says: readonly (string | Buffer)[]): Promise<unknown[]> => {
    const [our, their] = await Promise.all(ports.map((port) => talk(port, path, says)));
    assert.deepEqual(our, their);
    return our ?? [];
  };

  test("texts, bytes, and a close with code and reason", async () => {
    const heard = await both("/ws/lobby?as=ann", [
      "hello",
      "grüße 日本",
      Buffer.from([1, 2, 3]),
      "x".repeat(100_000),
      "bye",
    ]);
    assert.deepEqual(heard.slice(0, 4), ["welcome to lobby", "ann: hello", "ann: grüße 日本", "030201"]);
    assert.deepEqual(heard.slice(-2), [3001, "you said so"]);
  });

  test("a request that asks for no upgrade goes on to the next handler", async () => {
    for (const port of ports) {
      const response = await fetch(`http://127.0.0.1:${port}/ws/lobby`);
      assert.deepEqual([response.status, await response.text()], [400, "no upgrade"]);
    }
  });

  test("a page of another origin is kept out by us", async () => {
    const [port = 0] = ports;
    const status = await new Promise((resolve, reject) => {
      const socket = new WebSocket(`ws://127.0.0.1:${port}/ws/x`, { origin: "http://evil.test" });
      socket.on("unexpected-response", (_request, { statusCode }) => resolve(statusCode));
      socket.on("error", reject).on("open", () => resolve("open"));
    });
    assert.equal(status, 403);
  });

  test("an error of the app leaves the connection open", async () => {
    const [port = 0] = ports;
    const heard = await talk(port, "/ws/x?as=a", ["throw", "still", "bye"]);
    assert.deepEqual(heard, ["welcome to x", "a: still", 3001, "you said so"]);
  });
});
