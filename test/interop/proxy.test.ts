import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { createReadStream, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { connect } from "node:net";
import { join } from "node:path";
import { describe, type TestContext, test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { WebSocket, WebSocketServer } from "ws";
import { filtered, type Handler, type ProxyOptions, Response, reverseProxy } from "../../src/application/http/index.ts";
import { requireTool } from "../require.ts";
import { size } from "../size.ts";
import { temporaryFolder } from "../support/cli.ts";
import { freePort } from "../support/free-port.ts";
import { startNginx } from "./http/nginx.ts";
import { ran, Serving } from "./serving.ts";

const MIB = 1024 * 1024;

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** What the process holds, its garbage taken away. */
function bytesInUse(): number {
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

function proxyTo(
  t: TestContext,
  ports: readonly number[],
  given: Partial<ProxyOptions> = {},
  around = (each: Handler) => each,
) {
  const routes = [{ path: "/", to: ports.map((port) => ({ url: `http://127.0.0.1:${port}` })) }];
  return Serving.start(t, (context) => around(reverseProxy(context, { routes, ...given }).handler));
}

/** node's own server, to show what comes through. */
async function nodeServer(
  t: TestContext,
  handler: Parameters<typeof createServer>[1],
): Promise<{ server: Server; port: number }> {
  const server = createServer(handler);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { server, port: (server.address() as { port: number }).port };
}

const hashOf = (path: string): string => createHash("sha256").update(readFileSync(path)).digest("hex");

/** Speaks by the standard library alone. */
const PYTHON_CLIENT = `
import http.client, sys
connection = http.client.HTTPConnection("127.0.0.1", int(sys.argv[1]), timeout=20)
for turn in range(3):
    connection.request("POST", "/echo?turn=%d" % turn, body=(b"x" * 1000 for _ in range(5)), encode_chunked=True,
                       headers={"Transfer-Encoding": "chunked", "X-Turn": str(turn)})
    answer = connection.getresponse()
    print(answer.status, len(answer.read()), answer.getheader("X-Turn"))
connection.request("HEAD", "/")
answer = connection.getresponse()
print(answer.status, answer.getheader("Content-Length"), len(answer.read()))
`;

describe("the reverse proxy among programs of others", { timeout: 600_000 }, () => {
  test("nginx as origin behind it: files, ranges, conditions, errors, kept connections", async (t) => {
    if (!requireTool(t, "nginx", "curl")) return;
    const { port, folder } = await startNginx(t, (at) => ({
      server: `root ${at}/html; location /old { return 301 /new; }`,
    }));
    writeFileSync(join(folder, "html", "a.txt"), "hello from nginx\n");
    const { url } = await proxyTo(t, [port]);
    const whole = await fetch(`${url}/a.txt`);
    assert.deepEqual([await whole.text(), whole.headers.get("content-length")], ["hello from nginx\n", "17"]);
    const tag = whole.headers.get("etag") ?? "";
    assert.equal((await fetch(`${url}/a.txt`, { headers: { "If-None-Match": tag } })).status, 304);
    const part = await fetch(`${url}/a.txt`, { headers: { Range: "bytes=0-4" } });
    assert.deepEqual([part.status, await part.text()], [206, "hello"]);
    const parts = await fetch(`${url}/a.txt`, { headers: { Range: "bytes=0-0,2-3" } });
    assert.match(parts.headers.get("content-type") ?? "", /^multipart\/byteranges/);
    assert.equal((await fetch(`${url}/none`)).status, 404);
    const head = await ran("curl", ["-sI", `${url}/a.txt`]);
    assert.match(head.stdout.toString(), /\r\nContent-Length: 17\r\n/i);
    const moved = await fetch(`${url}/old`, { redirect: "manual" });
    assert.deepEqual([moved.status, new URL(moved.headers.get("location") ?? "", url).href], [301, `${url}/new`]);
    const log = readFileSync(join(folder, "access.log"), "utf8").trimEnd().split("\n");
    assert.equal(log.length, 7);
  });

  test("nginx as proxy before our server: answers, uploads, and what was wrong", async (t) => {
    if (!requireTool(t, "nginx", "curl")) return;
    const ours = await Serving.start(t, () => async (request) => {
      if (request.target === "/throws") throw new Error("by design");
      const body = await request.bytes();
      const seen = [request.method, request.target, request.headers.get("x-forwarded-for"), body.length].join(" ");
      return new Response(`${seen}\n`, { headers: { "Set-Cookie": "a=1" } });
    });
    const to = `proxy_http_version 1.1; proxy_set_header Connection ""; proxy_set_header X-Forwarded-For $remote_addr;`;
    const { port } = await startNginx(t, () => ({
      server: `location / { proxy_pass ${ours.url}; ${to} proxy_request_buffering off; }
        location /one/ { proxy_pass ${ours.url}; }`,
    }));
    const url = `http://127.0.0.1:${port}`;
    assert.equal(await (await fetch(`${url}/a?b=c`)).text(), "GET /a?b=c 127.0.0.1 0\n");
    assert.equal(await (await fetch(`${url}/one/x`)).text(), "GET /one/x  0\n");
    const form = await fetch(url, { method: "POST", body: Buffer.alloc(2 * MIB) });
    assert.equal(await form.text(), `POST / 127.0.0.1 ${2 * MIB}\n`);
    const stdin = await ran(
      "curl",
      ["-s", "-H", "Transfer-Encoding: chunked", "--data-binary", "@-", url],
      Buffer.alloc(MIB),
    );
    assert.equal(stdin.stdout.toString(), `POST / 127.0.0.1 ${MIB}\n`);
    assert.equal((await fetch(`${url}/throws`)).status, 500);
  });

  test("curl sends and gets 100 MiB through it, a filter and nginx, and the heap stays flat", async (t) => {
    if (!requireTool(t, "nginx", "curl")) return;
    const { port, folder } = await startNginx(t, (at) => ({
      server: `root ${at}/html; location /up { dav_methods PUT; root ${at}; }`,
    }));
    mkdirSync(join(folder, "up"));
    const bytes = size(100, 1024) * MIB;
    const file = join(folder, "html", "large");
    await ran("sh", ["-c", `head -c ${bytes} /dev/urandom > ${file}`]);
    let [passed, looked, most] = [0, 0, 0];
    const look = async function* (pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, void> {
      for await (const piece of pieces) {
        passed += piece.length;
        if (passed - looked > 10 * MIB) {
          looked = passed;
          most = Math.max(most, bytesInUse());
        }
        yield piece;
      }
    };
    const around = filtered({ request: look, response: look });
    const { url } = await proxyTo(t, [port], {}, around);
    const before = bytesInUse();
    const got = join(folder, "got");
    const down = await ran("curl", ["-sS", "-o", got, `${url}/large`]);
    assert.deepEqual([down.code, down.stderr], [0, ""]);
    const up = await ran("curl", ["-sS", "-T", file, `${url}/up/file`]);
    assert.deepEqual([up.code, up.stderr], [0, ""]);
    assert.deepEqual([hashOf(got), hashOf(join(folder, "up", "file"))], [hashOf(file), hashOf(file)]);
    assert.ok(passed >= 2 * bytes);
    const grown = Math.round((most - before) / MIB);
    assert.ok(most > 0 && grown < 64, `what is held has grown by ${grown} MiB`);
  });

  test("Python's http.client speaks chunks through it on one connection", async (t) => {
    if (!requireTool(t, "python3")) return;
    const { port } = await nodeServer(t, (request, response) => {
      response.setHeader("X-Turn", request.headers["x-turn"] ?? "");
      if (request.method === "HEAD") response.setHeader("Content-Length", 42).end();
      else request.pipe(response);
    });
    const proxy = await proxyTo(t, [port]);
    const { stdout, stderr } = await ran("python3", ["-c", PYTHON_CLIENT, String(proxy.port)]);
    assert.equal(stdout.toString(), "200 5000 0\n200 5000 1\n200 5000 2\n200 42 0\n", stderr);
  });

  test("a WebSocket of ws passes through it to a server of ws", async (t) => {
    const { server, port } = await nodeServer(t, (_, response) => void response.end());
    const sockets = new WebSocketServer({ server });
    sockets.on("connection", (socket) =>
      socket.on("message", (data, isBinary) => socket.send(data, { binary: isBinary })),
    );
    const proxy = await proxyTo(t, [port]);
    const client = new WebSocket(`ws://127.0.0.1:${proxy.port}/chat`, "chat");
    await new Promise((resolve, reject) => client.once("open", resolve).once("error", reject));
    for (const text of ["hello", "x".repeat(200_000)]) {
      const echo = new Promise<string>((resolve) => client.once("message", (data) => resolve(data.toString())));
      client.send(text);
      assert.equal(await echo, text);
    }
    const closed = new Promise<number>((resolve) => client.once("close", resolve));
    client.close(4000);
    assert.equal(await closed, 4000);
  });

  test("a server that is killed while it answers leaves curl with an error, and the next request goes elsewhere", async (t) => {
    if (!requireTool(t, "curl")) return;
    const bad = await nodeServer(t, (_, response) => {
      response.write("half");
      setImmediate(() => response.destroy());
    });
    const good = await nodeServer(t, (_, response) => void response.end("whole"));
    const gone = await freePort();
    const proxy = await proxyTo(t, [bad.port]);
    const cut = await ran("curl", ["-s", proxy.url]);
    assert.deepEqual([cut.stdout.toString(), cut.code === 0], ["half", false]);
    const both = await proxyTo(t, [gone, good.port]);
    for (const _ of [1, 2, 3])
      assert.equal(await (await fetch(both.url, { method: "POST", body: "x" })).text(), "whole");
    const failed = both.log.filter(([code]) => code === "upstream-failed");
    assert.equal(failed.length, 1);
    assert.equal(failed[0]?.[1].upstream, `127.0.0.1:${gone}`);
  });

  test("two hundred event streams are open through it, and others are served beside them", async (t) => {
    const { port } = await nodeServer(t, (request, response) => {
      if (request.url !== "/events") response.end("served");
      else response.writeHead(200, { "Content-Type": "text/event-stream" }).write("data: hello\n\n");
    });
    const proxy = await proxyTo(t, [port]);
    const close = new AbortController();
    const streams = await Promise.all(
      Array.from({ length: 200 }, async () => {
        const { body } = await fetch(`${proxy.url}/events`, { signal: close.signal });
        const { value } = (await body?.getReader().read()) ?? {};
        return Buffer.from(value ?? []).toString();
      }),
    );
    assert.ok(streams.every((text) => text === "data: hello\n\n"));
    assert.equal(await (await fetch(proxy.url)).text(), "served");
    close.abort();
  });

  test("many requests at once share its connections, and a slow reader holds nobody up", async (t) => {
    const file = join(temporaryFolder(t), "large");
    writeFileSync(file, Buffer.alloc(30 * MIB));
    let open = 0;
    const { server, port } = await nodeServer(t, (request, response) => {
      if (request.url === "/large") createReadStream(file).pipe(response);
      else response.end(request.url);
    });
    server.on("connection", () => open++);
    const proxy = await proxyTo(t, [port], { pool: { perOrigin: 32 } });
    const slow = connect(proxy.port, "127.0.0.1");
    t.after(() => slow.destroy());
    slow.on("error", () => {});
    slow.write("GET /large HTTP/1.1\r\nHost: a\r\n\r\n");
    await new Promise((resolve) => slow.once("readable", resolve));
    const paths = Array.from({ length: 500 }, (_, index) => `/${index}`);
    const texts = await Promise.all(paths.map(async (path) => (await fetch(proxy.url + path)).text()));
    assert.deepEqual(texts, paths);
    assert.ok(open <= 32, `${open} connections were made`);
  });
});
