import assert from "node:assert/strict";
import { test } from "node:test";
import { bodyOf, HttpScene } from "../../../../test/fixtures/http-server.ts";
import { nodePlatform } from "../../../../test/support/run-loop.ts";
import type { Socket } from "../../../socket/socket.ts";
import type { Tls, TlsFacts, TlsOptions, TlsSocket } from "../../../socket/tls.ts";
import { seconds } from "../../../time/instant.ts";
import { Response, serveHttp } from "../index.ts";

const FACTS: TlsFacts = {
  version: "TLSv1.3",
  cipher: "none",
  protocol: "http/1.1",
  serverName: "a.test",
  resumed: false,
  peer: undefined,
  unverified: undefined,
};
const identity = { certificate: "", key: "" };

/** Ciphers nothing, and takes a client's first byte for its handshake. */
class Plain implements Tls {
  readonly options: TlsOptions[] = [];

  async wrap(socket: Socket, options: TlsOptions): Promise<TlsSocket> {
    this.options.push(options);
    try {
      await socket.recv(1, { signal: options.signal });
    } catch (error) {
      await socket.close();
      throw error;
    }
    return Object.assign(socket, { tls: FACTS, onSession: undefined, failure: undefined });
  }
}

async function serve(tls: Tls | undefined): Promise<HttpScene> {
  const scene = new HttpScene();
  const handler = (request: { url: string }, info: { tls: TlsFacts | undefined }) =>
    new Response(`${request.url} ${info.tls?.serverName}`);
  const limits = { headTime: seconds(5), connections: 2 };
  const options = { address: "0.0.0.0", port: 80, handler, limits, tls: { identity } };
  const serving = serveHttp({ ...scene.context, tls }, options);
  serving.catch(() => {});
  await nodePlatform.settle();
  scene.server = await serving;
  return scene;
}

test("where there is no TLS, serving by it fails with EPROTONOSUPPORT", async () => {
  await assert.rejects(serve(undefined), { code: "EPROTONOSUPPORT" });
});

test("a ciphered request has an https URL and the facts of its connection; ALPN offers HTTP/1.1", async () => {
  const tls = new Plain();
  const scene = await serve(tls);
  assert.equal(bodyOf(await scene.ask("~GET /x HTTP/1.1\r\nHost: a.test\r\n\r\n")), "https://a.test/x a.test");
  const [{ role, alpn } = { role: undefined, alpn: undefined }] = tls.options;
  assert.deepEqual([role, alpn], ["server", ["http/1.1"]]);
});

test("a handshake has as long as a head, counts as a connection, and ends with the server", async () => {
  const scene = await serve(new Plain());
  const [first, second] = [await scene.connect(), await scene.connect()];
  const third = await scene.connect();
  assert.equal(third.read(), "<ECONNRESET>");
  await scene.lan.run(seconds(6));
  assert.deepEqual([first.read(), second.read()], ["<end>", "<end>"]);
  const fourth = await scene.connect();
  assert.equal(fourth.read(), "");
  const ended = scene.server.close({ graceful: true });
  await scene.lan.run(seconds(1));
  await ended;
  assert.equal(fourth.read(), "<end>");
  assert.equal(scene.lan.host("server").sockets.open.size, 0);
});
