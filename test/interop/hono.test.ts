/** One app of Hono on our server and on Hono's own for Node: the same answers, field by field and byte by byte. */
import assert from "node:assert/strict";
import { type IncomingHttpHeaders, request as nodeRequest } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, describe, test } from "node:test";
import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { accepts } from "hono/accepts";
import { basicAuth } from "hono/basic-auth";
import { bodyLimit } from "hono/body-limit";
import { compress } from "hono/compress";
import { contextStorage, getContext } from "hono/context-storage";
import { deleteCookie, getCookie, getSignedCookie, setCookie, setSignedCookie } from "hono/cookie";
import { cors } from "hono/cors";
import { etag } from "hono/etag";
import { HTTPException } from "hono/http-exception";
import { poweredBy } from "hono/powered-by";
import { prettyJSON } from "hono/pretty-json";
import { secureHeaders } from "hono/secure-headers";
import { stream, streamSSE, streamText } from "hono/streaming";
import { timeout } from "hono/timeout";
import { trimTrailingSlash } from "hono/trailing-slash";
import { validator } from "hono/validator";
import { type HttpServer, type Response as OwnResponse, serveHttp } from "../../src/application/http/index.ts";
import { osContext } from "../../src/platform/node/index.ts";

const SECRET = "a secret of the test";

/** Everything that the issue names of Hono, but WebSocket. */
function makeApp(): Hono {
  const app = new Hono();
  routes(app);
  bodies(app);
  streams(app);
  middleware(app);
  app.notFound((c) => c.text(`nothing at ${c.req.path}`, 404));
  app.onError((error, c) =>
    error instanceof HTTPException ? error.getResponse() : c.text(`oh: ${error.message}`, 500),
  );
  return app;
}

function routes(app: Hono): void {
  app.get("/", (c) => c.text("hello"));
  app.get("/html", (c) => c.html("<h1>grüße</h1>"));
  app.get("/json", (c) => c.json({ a: [1, 2, 3], text: "日本" }));
  app.get("/users/:id{[0-9]+}", (c) => c.json({ id: c.req.param("id"), q: c.req.query(), all: c.req.queries("a") }));
  app.get("/wild/*", (c) => c.text(c.req.path));
  app.get("/headers", (c) =>
    c.json({
      host: c.req.header("host") !== undefined,
      x: c.req.header("x-test") ?? null,
      cookie: c.req.header("cookie") ?? null,
    }),
  );
  app.get("/url", (c) => c.text(new URL(c.req.url).pathname + new URL(c.req.url).search));
  app.get("/redirect", (c) => c.redirect("/", 301));
  app.get("/no-content", (c) => c.body(null, 204));
  app.get("/not-modified", (c) => c.body(null, 304));
  app.get("/teapot", (c) => c.text("short and stout", 418, { "X-Handle": "here" }));
  app.get(
    "/platform",
    () =>
      new Response("the platform's", {
        headers: [
          ["Set-Cookie", "a=1"],
          ["Set-Cookie", "b=2"],
        ],
      }),
  );
  app.get("/throw", () => {
    throw new Error("broken");
  });
  app.get("/exception", () => {
    throw new HTTPException(403, { message: "not you" });
  });
  app.on(["PUT", "DELETE", "PATCH"], "/method", (c) => c.text(c.req.method));
  app.all("/any", (c) => c.text(c.req.method));
  app.get("/cookies", (c) => {
    setCookie(c, "plain", "v=1; no", { path: "/" });
    setCookie(c, "strict", "x", { httpOnly: true, sameSite: "Strict", maxAge: 60, secure: true });
    deleteCookie(c, "old");
    return c.json(getCookie(c));
  });
  app.get("/signed", async (c) => {
    await setSignedCookie(c, "signed", "value", SECRET);
    return c.json({ was: await getSignedCookie(c, SECRET, "signed") });
  });
}

function bodies(app: Hono): void {
  app.post("/text", async (c) => c.text(`${(await c.req.text()).length}`));
  app.post("/json", async (c) => c.json(await c.req.json()));
  app.post("/bytes", async (c) => c.body((await c.req.arrayBuffer()).slice(0, 10)));
  app.post("/form", async (c) => {
    const form = await c.req.parseBody({ all: true });
    const told = Object.entries(form).map(([name, value]) =>
      [value].flat().map((each) => (typeof each === "string" ? [name, each] : [name, each.name, each.type, each.size])),
    );
    return c.json(told);
  });
  app.post("/echo", (c) =>
    c.body(c.req.raw.body as ReadableStream, 200, { "Content-Type": c.req.header("content-type") ?? "x/y" }),
  );
  app.post("/clone", async (c) => {
    const copy = c.req.raw.clone();
    return c.json([await copy.text(), await c.req.text()]);
  });
  app.post("/blob", async (c) => {
    const { size, type } = await c.req.blob();
    return c.json({ size, type });
  });
  app.post("/reader", async (c) => {
    const reader = c.req.raw.body?.getReader();
    let length = 0;
    for (let next = await reader?.read(); next !== undefined && !next.done; next = await reader?.read()) {
      length += next.value.length;
    }
    return c.json({ length, used: c.req.raw.bodyUsed });
  });
  app.post("/form-data", async (c) => c.json([...(await c.req.formData()).keys()]));
  app.get("/no-body", async (c) => c.json({ body: c.req.raw.body, text: await c.req.text() }));
  app.post("/ignore", (c) => c.text("not read"));
  app.post("/limited", bodyLimit({ maxSize: 100, onError: (c) => c.text("too large", 413) }), async (c) =>
    c.text(await c.req.text()),
  );
}

function streams(app: Hono): void {
  app.get("/stream", (c) =>
    stream(c, async (out) => {
      for (let part = 0; part < 5; part++) await out.write(new Uint8Array(1000).fill(65 + part));
    }),
  );
  app.get("/stream-text", (c) =>
    streamText(c, async (out) => {
      await out.writeln("one");
      await out.sleep(5);
      await out.write("two");
    }),
  );
  app.get("/sse", (c) =>
    streamSSE(c, async (out) => {
      for (const id of ["1", "2"]) await out.writeSSE({ data: `tick\n${id}`, event: "tick", id });
    }),
  );
  app.get("/web-stream", () => {
    const parts = ["a", "b", "c"];
    const body = new ReadableStream({
      pull: (controller) => {
        const part = parts.shift();
        if (part === undefined) controller.close();
        else controller.enqueue(new TextEncoder().encode(part.repeat(70_000)));
      },
    });
    return new Response(body, { headers: { "Content-Type": "text/x" } });
  });
}

function middleware(app: Hono): void {
  app.use("/cors/*", cors({ origin: "https://a.test", allowMethods: ["PUT"], maxAge: 5, credentials: true }));
  app.get("/cors/x", (c) => c.text("x"));
  app.use("/etag/*", etag());
  app.get("/etag/x", (c) => c.text("tagged"));
  app.use("/secure/*", secureHeaders(), poweredBy());
  app.get("/secure/x", (c) => c.text("x"));
  app.use("/private/*", basicAuth({ username: "ann", password: "pw" }));
  app.get("/private/x", (c) => c.text("in"));
  app.use("/pretty/*", prettyJSON());
  app.get("/pretty/x", (c) => c.json({ a: 1 }));
  app.use("/trim/*", trimTrailingSlash());
  app.get("/trim/x", (c) => c.text("x"));
  app.use("/late/*", async (c, next) => {
    await next();
    c.res.headers.append("X-Late", "yes");
    c.res = new Response(`[${await c.res.text()}]`, c.res);
  });
  app.get("/late/x", (c) => c.text("x"));
  app.use("/small/*", compress());
  app.get("/small/x", (c) => c.text("compressed ".repeat(1000)));
  app.use("/slow/*", timeout(20));
  app.get("/slow/x", async (c) => {
    await new Promise((resolve) => c.req.raw.signal.addEventListener("abort", resolve));
    return c.text("never");
  });
  app.mount(
    "/mounted",
    async (request: Request) =>
      new Response(
        `${request.method} ${new URL(request.url).pathname} ${await request.text()} ${request.headers.get("x-test")}`,
      ),
  );
  app.use("/context/*", contextStorage());
  app.get("/context/x", (c) => c.text(getContext().req.path === c.req.path ? "same" : "other"));
  app.use("/accept/*", async (c) => {
    return c.text(accepts(c, { supports: ["en", "zh"], default: "en", header: "Accept-Language" }));
  });
  app.get(
    "/validated",
    validator("query", (value, c) => (value.n === "1" ? { n: 1 } : c.text("bad", 400))),
    (c) => c.json(c.req.valid("query")),
  );
  const sub = new Hono().basePath("/sub").get("/x", (c) => c.text("sub"));
  app.route("/", sub);
}

interface Ask {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

const FORM = "application/x-www-form-urlencoded";
const MULTIPART = [
  ...["--b", 'Content-Disposition: form-data; name="t"', "", "grüße"],
  ...["--b", 'Content-Disposition: form-data; name="t"', "", "again"],
  ...[
    "--b",
    'Content-Disposition: form-data; name="f"; filename="a b.txt"',
    "Content-Type: text/plain",
    "",
    "file\r\nof lines",
    "--b--",
    "",
  ],
].join("\r\n");

const TABLE: readonly Ask[] = [
  ...[
    "/",
    "/html",
    "/json",
    "/users/42?a=1&a=2&b=%20x",
    "/users/x",
    "/wild/a/b%20c",
    "/headers",
    "/url?x=1&y",
    "/redirect",
  ],
  ...[
    "/no-content",
    "/not-modified",
    "/teapot",
    "/platform",
    "/throw",
    "/exception",
    "/any",
    "/cookies",
    "/signed",
    "/nothing",
  ],
  ...[
    "/stream",
    "/stream-text",
    "/sse",
    "/web-stream",
    "/cors/x",
    "/etag/x",
    "/secure/x",
    "/private/x",
    "/pretty/x?pretty",
  ],
  ...["/trim/x/", "/late/x", "/sub/x", "/wild/../html", "/wild/%2e%2e/html", "//html", "/%", "/url?%zz"],
].map((path): Ask => ({ path }));
const MORE: readonly Ask[] = [
  { path: "/headers", headers: { "X-Test": "a, b", Cookie: "a=b; c=d" } },
  { path: "/cookies", headers: { Cookie: 'plain=1; other="q"' } },
  { path: "/signed", headers: { Cookie: "signed=forged.xxx" } },
  { path: "/etag/x", headers: { "If-None-Match": "*" } },
  { path: "/private/x", headers: { Authorization: `Basic ${btoa("ann:pw")}` } },
  { path: "/private/x", headers: { Authorization: `Basic ${btoa("ann:no")}` } },
  { path: "/cors/x", headers: { Origin: "https://a.test" } },
  { method: "OPTIONS", path: "/cors/x", headers: { Origin: "https://a.test", "Access-Control-Request-Method": "PUT" } },
  ...["PUT", "DELETE", "PATCH", "POST"].map((method) => ({ method, path: "/method" })),
  ...["HEAD", "OPTIONS", "PUT", "DELETE"].map((method) => ({ method, path: "/any" })),
  ...["/", "/json", "/stream", "/nothing", "/cookies"].map((path) => ({ method: "HEAD", path })),
  { method: "POST", path: "/text", body: "x".repeat(300_000) },
  { method: "POST", path: "/text", body: "" },
  { method: "POST", path: "/text", body: "chunked", headers: { "Transfer-Encoding": "chunked" } },
  { method: "POST", path: "/json", body: '{"a":"ü"}', headers: { "Content-Type": "application/json" } },
  { method: "POST", path: "/json", body: "{broken", headers: { "Content-Type": "application/json" } },
  { method: "POST", path: "/bytes", body: Buffer.from([0, 255, 1, 254, 13, 10]) },
  { method: "POST", path: "/form", body: "a=1&a=2&b=x+y%26", headers: { "Content-Type": FORM } },
  { method: "POST", path: "/form", body: MULTIPART, headers: { "Content-Type": "multipart/form-data; boundary=b" } },
  {
    method: "POST",
    path: "/form",
    body: "no multipart",
    headers: { "Content-Type": "multipart/form-data; boundary=b" },
  },
  { method: "POST", path: "/form", body: "x", headers: { "Content-Type": "text/plain" } },
  { method: "POST", path: "/echo", body: "z".repeat(200_000), headers: { "Content-Type": "text/z" } },
  {
    method: "POST",
    path: "/echo",
    body: "chunked",
    headers: { "Transfer-Encoding": "chunked", "Content-Type": "a/b" },
  },
  ...[
    "/small/x",
    "/mounted",
    "/mounted/a?b",
    "/context/x",
    "/accept/x",
    "/validated?n=1",
    "/validated",
    "/no-body",
    "/slow/x",
  ].map((path) => ({ path })),
  { path: "/small/x", headers: { "Accept-Encoding": "gzip" } },
  { path: "/accept/x", headers: { "Accept-Language": "zh-CN, zh;q=0.9" } },
  { method: "POST", path: "/mounted/a", body: "posted", headers: { "X-Test": "y" } },
  ...["/clone", "/blob", "/reader"].map((path) => ({
    method: "POST",
    path,
    body: "b".repeat(150_000),
    headers: { "Content-Type": "a/b" },
  })),
  {
    method: "POST",
    path: "/form-data",
    body: MULTIPART,
    headers: { "Content-Type": "multipart/form-data; boundary=b" },
  },
  { method: "POST", path: "/ignore", body: "x".repeat(1000) },
  { method: "POST", path: "/limited", body: "small" },
  { method: "POST", path: "/limited", body: "x".repeat(101) },
];

interface Told {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Fields that belong to the connection, or differ by the moment. */
const APART = ["date", "connection", "keep-alive"];
/** A body that is there at once may have its length told or be chunked: Hono's server does now one, now the other. */
const FRAMING = ["transfer-encoding", "content-length"];

function ask(port: number, { method = "GET", path, headers = {}, body }: Ask): Promise<Told> {
  return new Promise((resolve, reject) => {
    const out = nodeRequest({ host: "127.0.0.1", port, method, path, headers, agent: false }, (response) => {
      const pieces: Buffer[] = [];
      response.on("data", (piece: Buffer) => pieces.push(piece));
      response.on("error", reject);
      response.on("end", () => {
        const body = Buffer.concat(pieces).toString("latin1");
        resolve({ status: response.statusCode, headers: comparable(response.headers, port), body });
      });
    });
    out.on("error", reject);
    out.end(body);
  });
}

/**
 * The fields as far as the app has made them. Hono's server has a Response of its own, whose default type has a space that the
 * Fetch standard's has not; it means nothing (RFC 9110 §5.6.6).
 */
function comparable(headers: IncomingHttpHeaders, port: number): IncomingHttpHeaders {
  const told = { ...headers };
  for (const name of APART) delete told[name];
  for (const name of ["content-type", "location"]) {
    const value = told[name];
    if (typeof value === "string") told[name] = value.replace("; charset", ";charset").replace(`:${port}/`, "/");
  }
  return told;
}

describe("an app of Hono answers the same on our server and on Hono's", { timeout: 300_000 }, () => {
  let theirs: ReturnType<typeof serve>;
  let ours: HttpServer;
  let ports: readonly [number, number];
  const end = new AbortController();

  before(async () => {
    const app = makeApp();
    theirs = await new Promise((resolve) => {
      const server = serve({ fetch: app.fetch, port: 0, hostname: "127.0.0.1" }, () => resolve(server));
    });
    const context = osContext({ signal: end.signal });
    ours = await serveHttp(context, {
      address: "127.0.0.1",
      port: 0,
      handler: (request) => app.fetch(request as unknown as Request) as Promise<OwnResponse>,
    });
    ports = [ours.address.port, (theirs.address() as AddressInfo).port];
  });
  after(async () => {
    end.abort();
    theirs.close();
    await ours.ended;
  });

  for (const each of [...TABLE, ...MORE]) {
    const { method = "GET", path, headers = {}, body } = each;
    const about = [...Object.keys(headers), ...(body === undefined ? [] : [`${body.length} bytes`])].join(", ");
    test(`${method} ${path}${about === "" ? "" : ` (${about})`}`, async () => {
      const [our, their] = await Promise.all(ports.map((port) => ask(port, each)));
      if (our?.headers["transfer-encoding"] !== their?.headers["transfer-encoding"]) {
        for (const name of FRAMING) for (const told of [our, their]) delete told?.headers[name];
      }
      assert.deepEqual(our, their);
    });
  }
});
