/** Our HTTP client with servers that others wrote, on the operating system. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { HttpClient } from "../../src/application/http/client/client.ts";
import { CookieJar } from "../../src/application/http/client/cookie-jar.ts";
import { Authority } from "../../src/platform/node/certificates/authority.ts";
import { osContext } from "../../src/platform/node/index.ts";
import { findTool, requireTool } from "../require.ts";
import { freePort } from "../support/free-port.ts";
import { startNginx } from "./http/nginx.ts";
import { type Ending, listening } from "./serving.ts";

const stop = new AbortController();
const context = osContext({ signal: stop.signal });
const folder = mkdtempSync(join(tmpdir(), "netarium-origin-"));
const PAGE = "<p>hello</p>\n".repeat(200);
const BIG = Buffer.alloc(3_000_000, "netarium ");

before(() => {
  mkdirSync(join(folder, "site", "sub"), { recursive: true });
  writeFileSync(join(folder, "site", "page.html"), PAGE);
  writeFileSync(join(folder, "site", "sub", "index.html"), "below\n");
  writeFileSync(join(folder, "site", "big.bin"), BIG);
});

const ends: (() => void | Promise<void>)[] = [];
/** What is started before the tests ends after them. */
const suite: Ending = { after: (end) => void ends.push(end) };

after(async () => {
  stop.abort();
  for (const end of ends) await end();
  rmSync(folder, { recursive: true, force: true });
});

describe("python's http.server", () => {
  let base = "";
  before(async () => {
    if (findTool("python3") === undefined) return;
    const port = await freePort();
    const directory = join(folder, "site");
    const module = ["-m", "http.server", "--bind", "127.0.0.1", "--directory", directory];
    await listening(suite, port, "/usr/bin/python3", ...module, String(port));
    base = `http://127.0.0.1:${port}`;
  });

  test("gives files by HTTP/1.0, closing after each, and its answers to HEAD, to what is not there, and to folders", async (t) => {
    if (!requireTool(t, "python3")) return;
    const client = new HttpClient(context);
    const page = await client.fetch(`${base}/page.html`);
    assert.deepEqual([page.status, page.headers.get("content-type")], [200, "text/html"]);
    assert.equal(await page.text(), PAGE);
    assert.ok(Buffer.from(await (await client.fetch(`${base}/big.bin`)).bytes()).equals(BIG));
    const head = await client.fetch(`${base}/page.html`, { method: "HEAD" });
    assert.deepEqual([head.headers.get("content-length"), await head.text()], [String(PAGE.length), ""]);
    assert.equal((await client.fetch(`${base}/missing`)).status, 404);
    const sub = await client.fetch(`${base}/sub`);
    assert.deepEqual([sub.redirected, sub.url, await sub.text()], [true, `${base}/sub/`, "below\n"]);
    const post = await client.fetch(`${base}/page.html`, { method: "POST", body: "x" });
    assert.equal(post.status, 501);
    await post.text();
    await client.close();
  });
});

describe("nginx", () => {
  let base = "";
  before(async () => {
    if (findTool("nginx") === undefined) return;
    writeFileSync(join(folder, "users"), "me:{PLAIN}secret\n");
    const { port } = await startNginx(suite, () => ({
      http: "types { text/html html; } gzip on; gzip_min_length 100; keepalive_timeout 1s; keepalive_requests 5;",
      server: `root ${folder}/site;
        location /sub/ { auth_basic "x"; auth_basic_user_file ${folder}/users; }
        location /moved { return 301 /page.html; }
        location /number { add_header X-Requests $connection_requests; return 200 "n"; }
        location /refuse { client_max_body_size 1k; proxy_pass http://127.0.0.1:1; }
        location /close { keepalive_timeout 0; return 200 "close"; }`,
    }));
    base = `http://127.0.0.1:${port}`;
  });

  test("is asked on one connection until it has had enough requests", async (t) => {
    if (!requireTool(t, "nginx")) return;
    const client = new HttpClient(context);
    const numbers: string[] = [];
    for (let n = 0; n < 12; n++) {
      const response = await client.fetch(`${base}/number`);
      await response.text();
      numbers.push(response.headers.get("x-requests") ?? "");
    }
    assert.equal(numbers.join(""), "123451234512");
    assert.equal(await (await client.fetch(`${base}/close`)).text(), "close");
    assert.equal(client.snapshot().connections, 0);
    await client.close();
  });

  test("compresses, gives ranges, knows what has not changed, redirects, and asks who we are", async (t) => {
    if (!requireTool(t, "nginx")) return;
    const client = new HttpClient(context);
    const page = await client.fetch(`${base}/moved`);
    assert.deepEqual([page.url, page.headers.get("content-encoding")], [`${base}/page.html`, "gzip"]);
    assert.equal(page.headers.get("transfer-encoding"), "chunked");
    assert.equal(await page.text(), PAGE);
    const etag = (await client.fetch(`${base}/big.bin`, { method: "HEAD" })).headers.get("etag") ?? "";
    assert.equal((await client.fetch(`${base}/big.bin`, { headers: { "If-None-Match": etag } })).status, 304);
    const range = await client.fetch(`${base}/big.bin`, { headers: { Range: "bytes=9-16" } });
    assert.deepEqual([range.status, await range.text()], [206, "netarium"]);
    assert.ok(Buffer.from(await (await client.fetch(`${base}/big.bin`)).bytes()).equals(BIG));
    assert.equal((await client.fetch(`${base}/sub/`)).status, 401);
    const headers = { Authorization: `Basic ${btoa("me:secret")}` };
    assert.equal(await (await client.fetch(`${base}/sub/`, { headers })).text(), "below\n");
    await client.close();
  });

  test("refuses a body that is too long, with and without being asked first", async (t) => {
    if (!requireTool(t, "nginx")) return;
    for (const expectContinueAbove of [0, undefined]) {
      const client = new HttpClient(context, { expectContinueAbove });
      const response = await client.fetch(`${base}/refuse`, { method: "POST", body: new Uint8Array(2_000_000) });
      assert.equal(response.status, 413);
      await response.text();
      await client.close();
    }
  });

  test("serves on while it closes connections that rest", async (t) => {
    if (!requireTool(t, "nginx")) return;
    const client = new HttpClient(context, { pool: { perOrigin: 4 } });
    const all = Array.from({ length: 60 }, async (_, n) => {
      await setTimeout((n % 6) * 220);
      return (await client.fetch(`${base}/page.html`)).text();
    });
    assert.ok((await Promise.all(all)).every((text) => text === PAGE));
    await client.close();
  });
});

describe("node:http", () => {
  let server: Server;
  let base = "";
  before(async () => {
    server = createServer((request, response) => {
      const { url = "" } = request;
      if (url === "/trailers") {
        response.writeEarlyHints({ link: "</style.css>; rel=preload" });
        response.writeHead(200, { Trailer: "X-Sum" });
        response.write("body");
        response.addTrailers({ "X-Sum": "4" });
        response.end();
      } else if (url === "/cookie") {
        response.setHeader("Set-Cookie", ["a=1", "b=2; Path=/cookie"]);
        response.end(request.headers.cookie ?? "none");
      } else if (url === "/cut") {
        response.writeHead(200, { "Content-Length": 100 });
        response.write("part");
        setTimeout(20).then(() => request.socket.destroy());
      } else if (url === "/never") {
        request.resume();
      } else {
        request.pipe(response);
      }
    });
    server.on("upgrade", (_request, socket) => {
      socket.write("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\nhi");
      socket.pipe(socket);
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(() => server.closeAllConnections());
  after(() => void server.close());

  test("echoes bodies that come in chunks, in both directions at once", async () => {
    async function* pieces(): AsyncGenerator<Uint8Array, void, void> {
      for (let n = 0; n < 50; n++) yield BIG.subarray(0, 60_000);
    }
    const client = new HttpClient(context);
    const response = await client.fetch(base, { method: "POST", body: pieces() });
    let length = 0;
    for await (const piece of response.pieces()) length += piece.length;
    assert.equal(length, 50 * 60_000);
    assert.equal(await (await client.fetch(base, { method: "PUT", body: "again" })).text(), "again");
    assert.equal(client.snapshot().connections, 1);
    await client.close();
  });

  test("sends early hints, trailers and cookies, and switches protocols", async () => {
    const client = new HttpClient(context, { cookies: new CookieJar(context) });
    const pieces = (await client.fetch(`${base}/trailers`)).pieces();
    for await (const _ of pieces);
    assert.deepEqual([...(pieces.trailers as Iterable<unknown>)], [["X-Sum", "4"]]);
    assert.equal(await (await client.fetch(`${base}/cookie`)).text(), "none");
    assert.equal(await (await client.fetch(`${base}/cookie`)).text(), "b=2; a=1");
    const { socket, head } = await client.upgrade(base, "echo");
    assert.equal(Buffer.from(head ?? []).toString() || Buffer.from((await socket?.recv(9)) ?? []).toString(), "hi");
    await socket?.send(Buffer.from("there"));
    assert.equal(Buffer.from((await socket?.recv(100)) ?? []).toString(), "there");
    await socket?.close();
    await client.close();
  });

  test("is given up without harm", async () => {
    const client = new HttpClient(context);
    await assert.rejects(client.fetch(`${base}/never`, { signal: AbortSignal.timeout(50) }), { name: "TimeoutError" });
    await assert.rejects(async () => (await client.fetch(`${base}/cut`)).text(), { code: "ECONNRESET" });
    assert.deepEqual(client.snapshot(), { connections: 0, resting: 0, waiting: 0 });
    await client.close();
  });
});

test("a proxy makes a tunnel to https, one that knows us, and TLS is with the far end", async () => {
  const validity = { from: new Date(Date.now() - 86_400_000), to: new Date(Date.now() + 86_400_000) };
  const authority = await Authority.create({ name: "Interop", keys: "ecdsa", validity });
  const { certificate: cert, key } = await authority.issue(["far.test"], validity);
  const origin = createTlsServer({ cert, key }, (request, response) =>
    response.end(`${request.method} ${request.url}`),
  );
  const asked: string[] = [];
  const proxy = createServer().on("connect", (request, socket, early) => {
    asked.push(`${request.url} ${request.headers.host} ${request.headers["proxy-authorization"]}`);
    if (request.url === "no.test:443") {
      socket.end("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
      return;
    }
    const far = connect((origin.address() as AddressInfo).port, "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      far.write(early);
      socket.pipe(far).pipe(socket);
    });
    for (const each of [far, socket]) each.on("error", () => {});
  });
  for (const server of [origin, proxy]) {
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
  }
  const by = `http://me:secret@127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  const client = new HttpClient(context, { proxy: by, tls: { authorities: [authority.identity.certificate] } });
  try {
    for (const path of ["a", "b"]) {
      assert.equal(await (await client.fetch(`https://far.test/${path}`)).text(), `GET /${path}`);
    }
    await assert.rejects(client.fetch("https://no.test/"), /the proxy refused a tunnel to no\.test:443: 403 Forbidden/);
    const trusting = new HttpClient(context, { proxy: by });
    await assert.rejects(trusting.fetch("https://far.test/"), (error: Error) =>
      /certificate/.test(String(error.cause)),
    );
    const credentials = `Basic ${btoa("me:secret")}`;
    assert.equal(asked[0], `far.test:443 far.test:443 ${credentials}`);
    assert.equal(asked.length, 3, "the second request went through the first tunnel");
    await trusting.close();
  } finally {
    await client.close();
    origin.close();
    proxy.close();
    origin.closeAllConnections();
    proxy.closeAllConnections();
  }
});
