/** A site that uses what there is, and what clients ask of it, right and wrong: the exchanges by which rules are judged. */
import {
  byMethod,
  formatSetCookie,
  type Handler,
  layered,
  Response,
  rateLimit,
  redirectToHttps,
  siteHandler,
  strictTransport,
} from "../../src/application/http/index.ts";
import { Fields } from "../../src/application/http/message/index.ts";
import type { TlsFacts } from "../../src/socket/tls.ts";
import { seconds } from "../../src/time/instant.ts";
import { ask } from "../fixtures/handler.ts";
import { HttpScene } from "../fixtures/http-server.ts";
import { type Exchange, exchangeOf } from "./exchange.ts";

const PAGE = `<!doctype html>${"<p>A page of some length, so that it has parts.</p>".repeat(100)}`;

async function* pieces(): AsyncGenerator<Uint8Array> {
  for (const text of ["one", "two"]) yield new TextEncoder().encode(text);
}

/** Answers of handlers, at paths of their own. */
const HANDLERS: Readonly<Record<string, Handler>> = {
  "/cookie": () => {
    const response = new Response("set");
    response.headers.append("Set-Cookie", formatSetCookie("a", "1", { path: "/", expires: 0, maxAge: 0 }));
    response.headers.append("Set-Cookie", formatSetCookie("b", "2", { secure: true, sameSite: "Strict" }));
    return response;
  },
  "/204": () => new Response(null, { status: 204, headers: { "Content-Length": "7" } }),
  "/205": () => new Response(null, { status: 205 }),
  "/stream": () => new Response(pieces()),
  "/upgrade": (_, info) => info.upgrade({}, async () => {}),
  "/body": async (request) => new Response(await request.text()),
  "/patch": byMethod({ GET: () => new Response("x"), PATCH: () => new Response("x") }),
};

async function makeHandler(scene: HttpScene): Promise<Handler> {
  const limited = rateLimit(scene.context, { rate: 0.5, burst: 1 })(() => new Response("x"));
  const site = await siteHandler(scene.context, {
    name: "rules",
    files: {
      "index.html": PAGE,
      "list/a.txt": "a",
      "two.en.html": "<p>in English</p>",
      "two.de.html": "<p>auf Deutsch</p>",
      "packed.txt": "packed",
      "packed.txt.gz": "as if it were packed",
      "private/x.txt": "x",
    },
    listing: true,
    precompressed: true,
    languages: ["en", "de"],
    cache: "public, max-age=60",
    cors: { origins: ["https://app.example"], credentials: true, expose: ["ETag"], maxAge: 60, headers: ["X-A"] },
    auth: { realm: "private", users: { ann: "secret" }, paths: ["/private"] },
    redirects: [301, 302, 303, 307, 308].map((status) => ({ from: `/to/${status}`, to: "/index.html?a=b", status })),
    forms: [{ path: "/form", redirect: "/" }],
  });
  return (request, info) => {
    if (request.method === "CONNECT") return info.upgrade({}, async () => {});
    const { pathname } = new URL(request.url);
    if (pathname === "/limited") return limited(request, info);
    return (HANDLERS[pathname] ?? site)(request, info);
  };
}

const HOST = "Host: a.test\r\n";
const get = (path: string, fields = ""): string => `GET ${path} HTTP/1.1\r\n${HOST}${fields}\r\n`;

/** What is asked, by what it tries. */
const REQUESTS: readonly (readonly [what: string, request: string])[] = [
  ["a page", get("/index.html")],
  ["an empty line first", `\r\n${get("/index.html")}`],
  ["the last request", get("/index.html", "Connection: close\r\n")],
  ["a page for HTTP/1.0", "GET /index.html HTTP/1.0\r\n\r\n"],
  ["the head of a page", `HEAD /index.html HTTP/1.1\r\n${HOST}\r\n`],
  ["a stream", get("/stream")],
  ["the head of a stream", `HEAD /stream HTTP/1.1\r\n${HOST}\r\n`],
  ["a stream for HTTP/1.0", "GET /stream HTTP/1.0\r\n\r\n"],
  ["a part", get("/index.html", "Range: bytes=2-5\r\n")],
  ["parts", get("/index.html", "Range: bytes=2-5, 3000-3009\r\n")],
  ["no part", get("/index.html", "Range: bytes=20000-\r\n")],
  ["parts of what is posted", `POST /body HTTP/1.1\r\n${HOST}Range: bytes=0-0\r\nContent-Length: 3\r\n\r\nabc`],
  ["a listing", get("/list/")],
  ["a folder without its slash", get("/list")],
  ["a language", get("/two.html", "Accept-Language: de\r\n")],
  ["a coding", get("/packed.txt", "Accept-Encoding: gzip\r\n")],
  ["another origin", get("/index.html", "Origin: https://app.example\r\n")],
  [
    "a preflight",
    `OPTIONS /index.html HTTP/1.1\r\n${HOST}Origin: https://app.example\r\nAccess-Control-Request-Method: PUT\r\nAccess-Control-Request-Headers: x-a\r\n\r\n`,
  ],
  ["a cookie", get("/cookie")],
  ["no user", get("/private/x.txt")],
  ["too often", get("/limited")],
  ["too often", get("/limited")],
  ["204", get("/204")],
  ["205", get("/205")],
  ["nothing there", get("/none")],
  ["a method not allowed", `DELETE /index.html HTTP/1.1\r\n${HOST}\r\n`],
  ["a method not allowed", `PUT /patch HTTP/1.1\r\n${HOST}Content-Length: 0\r\n\r\n`],
  ["an unknown method", `BREW /index.html HTTP/1.1\r\n${HOST}\r\n`],
  ["methods", `OPTIONS /patch HTTP/1.1\r\n${HOST}\r\n`],
  ["methods of all", `OPTIONS * HTTP/1.1\r\n${HOST}\r\n`],
  ["a form of a wrong type", `POST /form HTTP/1.1\r\n${HOST}Content-Type: text/plain\r\nContent-Length: 1\r\n\r\nx`],
  ["content too long", `POST /body HTTP/1.1\r\n${HOST}Content-Length: 99999\r\n\r\n`],
  ["a tunnel", `CONNECT a.test:80 HTTP/1.1\r\n${HOST}\r\n`],
  ["an upgrade", get("/upgrade", "Upgrade: x\r\nConnection: upgrade\r\n")],
  ["an upgrade that nobody asked for", get("/upgrade")],
  [
    "an upgrade after 100",
    `POST /upgrade HTTP/1.1\r\n${HOST}Upgrade: x\r\nConnection: upgrade\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n`,
  ],
  ["a body after 100", `POST /body HTTP/1.1\r\n${HOST}Expect: 100-continue\r\nContent-Length: 1\r\n\r\nx`],
  ...[301, 302, 303, 307, 308].map((status) => [String(status), get(`/to/${status}`)] as const),
  ["NUL in a value", get("/", "X: a\0b\r\n")],
  ["CR in a value", get("/", "X: a\rb\r\n")],
  ["LF in a value", get("/", "X: a\nb\r\n")],
  ["a bad host", "GET / HTTP/1.1\r\nHost: a b\r\n\r\n"],
  ["two hosts", `GET / HTTP/1.1\r\n${HOST}${HOST}\r\n`],
  ["no host", "GET / HTTP/1.1\r\n\r\n"],
  ["space before fields", `GET / HTTP/1.1\r\n ${HOST}\r\n`],
  ["space before a colon", `GET / HTTP/1.1\r\n${HOST}X : y\r\n\r\n`],
];

/** Asks all of it, each on a connection of its own. */
export async function exchanges(): Promise<Exchange[]> {
  let handler: Handler = () => new Response(null, { status: 500 });
  const scene = await HttpScene.serve((request, info) => handler(request, info), { contentLength: 10_000 });
  handler = await makeHandler(scene);
  const done: Exchange[] = [];
  for (const [what, request] of REQUESTS) done.push(exchangeOf(what, request, await scene.ask(request, 0.5)));
  const page = done[0] as Exchange;
  const known = get("/index.html", `If-None-Match: ${page.fields.get("etag")}\r\n`);
  done.push(exchangeOf("what is known", known, await scene.ask(known, 0.5)));
  return [...done, ...(await overTls())];
}

/** Answers of the handlers that concern TLS, which need no server. */
async function overTls(): Promise<Exchange[]> {
  const strict = layered([strictTransport(seconds(1_000))], () => new Response("x"));
  const tls = {} as TlsFacts;
  const tried: readonly (readonly [string, Handler, boolean])[] = [
    ["HSTS over TLS", strict, true],
    ["HSTS in the clear", strict, false],
    ["a browser that would rather have HTTPS", redirectToHttps(443), false],
  ];
  const done: Exchange[] = [];
  for (const [what, handler, ciphered] of tried) {
    const asked = new Fields([["Upgrade-Insecure-Requests", "1"]]);
    const response = await ask(handler, { headers: [...asked], info: { tls: ciphered ? tls : undefined } });
    const fields = new Fields([...response.headers, ["Date", "Mon, 05 Jan 2026 00:00:00 GMT"]]);
    const head = "HTTP/1.1 200 OK\r\n\r\n";
    const common = { what, method: "GET", minor: 1, asked, interim: [], body: "", head, closed: false, tls: ciphered };
    done.push({ ...common, status: response.status, fields });
  }
  return done;
}
