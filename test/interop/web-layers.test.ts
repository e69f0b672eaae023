/** What passes through all layers of a site as netarium serve has them: WebSockets and event streams of a server behind it. */
import assert from "node:assert/strict";
import { createServer, get } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, type TestContext, test } from "node:test";
import { createGunzip } from "node:zlib";
import { WebSocket, WebSocketServer } from "ws";
import type { SiteDescription } from "../../src/application/http/index.ts";
import { serveSite } from "../support/web-site.ts";

/** A server of Node's that echoes over ws, and sends events until its client has gone. */
async function upstream(t: TestContext): Promise<{ url: string; gone: Promise<void> }> {
  let tellGone = (): void => {};
  const gone = new Promise<void>((resolve) => {
    tellGone = resolve;
  });
  const server = createServer((request, response) => {
    response.writeHead(200, { "Content-Type": "text/event-stream" });
    response.write("data: first\n\n");
    request.socket.on("close", tellGone);
  });
  const sockets = new WebSocketServer({ server });
  sockets.on("connection", (socket) =>
    socket.on("message", (data, isBinary) => socket.send(data, { binary: isBinary })),
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    for (const socket of sockets.clients) socket.terminate();
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, gone };
}

const layers = (url: string): Partial<SiteDescription> => ({
  proxy: [{ path: "/", to: [{ url }] }],
  headers: { "X-Layer": "seen" },
  cors: { origins: ["https://app.test"] },
  redirects: [{ from: "/old", to: "/" }],
});

describe("through the layers of a site", { timeout: 300_000 }, () => {
  test("a WebSocket passes, and is in the access log", async (t) => {
    const { url } = await upstream(t);
    const site = await serveSite(t, layers(url), { rateLimit: { rate: 100, burst: 100 } });
    const echoed = await new Promise((resolve, reject) => {
      const socket = new WebSocket(`ws://127.0.0.1:${site.port}/chat`);
      t.after(() => socket.terminate());
      socket.on("open", () => socket.send("grüße")).on("error", reject);
      socket.on("message", (data) => resolve(String(data)));
    });
    assert.equal(echoed, "grüße");
    assert.match(site.log[0] ?? "", /"GET \/chat HTTP\/1\.1" 101 - /);
  });

  test("events come one by one, compressed too, and the server behind hears that the client has gone", async (t) => {
    const { url, gone } = await upstream(t);
    const site = await serveSite(t, layers(url));
    await new Promise<void>((resolve, reject) => {
      const request = get(`${site.url}events`, { headers: { "Accept-Encoding": "gzip" }, agent: false }, (response) => {
        assert.equal(response.headers["content-encoding"], "gzip");
        assert.equal(response.headers["x-layer"], "seen");
        response.pipe(createGunzip()).once("data", (data: Buffer) => {
          assert.equal(String(data), "data: first\n\n");
          request.destroy();
          resolve();
        });
      });
      request.on("error", reject);
    });
    await gone;
  });
});
