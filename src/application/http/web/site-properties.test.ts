import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { ask } from "../../../../test/fixtures/handler.ts";
import { nodeCompression, VirtualClock } from "../../../../test/fixtures/machine.ts";
import { requestInfo } from "../../../../test/fixtures/request-info.ts";
import { size } from "../../../../test/size.ts";
import { Random } from "../../../base/random.ts";
import { LITERAL_NAMES } from "../../../socket/names.ts";
import type { Sockets } from "../../../socket/socket.ts";
import { Scheduler } from "../../../time/scheduler.ts";
import type { ProgramContext } from "../../program.ts";
import { Headers } from "../headers.ts";
import { type Incoming, Request } from "../request.ts";
import { ownResponse } from "./response.ts";
import { siteHandler } from "./site-handler.ts";

const context: ProgramContext = {
  sockets: undefined as unknown as Sockets,
  names: LITERAL_NAMES,
  compression: nodeCompression,
  clock: new VirtualClock(new Scheduler(), Date.UTC(2026, 0, 1)),
  random: new Random(1),
  log: () => {},
  work: (promise) => promise,
  signal: new AbortController().signal,
};
const FILES = {
  "index.html": "<p>top".repeat(400),
  "a.txt": "0123456789".repeat(30),
  "a.txt.br": "compressed",
  "page.en.html": "english",
  "page.zh.html": "chinese",
  "large.bin": "x".repeat(100_000),
  "sub/empty": "",
};

/** A request as it comes over a connection, with whatever target and fields. */
const came = (method: string, target: string, given: readonly (readonly [string, string])[]): Request => {
  const incoming: Incoming = {
    method,
    target,
    content: null,
    signal: new AbortController().signal,
    targetUri: () => (target.startsWith("/") ? `http://a.test${target}` : "http://a.test/"),
    makeHeaders: () => new Headers(given),
  };
  return Request.incoming(incoming);
};

/** What a field's value may hold (RFC 9110 §5.5), a character each. */
const OCTETS = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code)).filter((each) =>
  /[\t\x20-\x7e\x80-\xff]/.test(each),
);
const ETAG = '"x", W/"y"';
const values = fc.oneof(
  fc.constantFrom(
    "*",
    ETAG,
    "bytes=0-5",
    "bytes=0-,-5",
    "bytes=50000-50010,1-2",
    "bytes=-0",
    "bytes=999999-",
    "gzip, br;q=0.5",
    "identity;q=0",
  ),
  fc.constantFrom(
    "Thu, 01 Jan 2026 00:00:00 GMT",
    "Sunday, 06-Nov-94 08:49:37 GMT",
    "zh, en;q=0.1",
    "text/*, application/json;q=0.9",
    "https://a.test",
  ),
  fc.string({ maxLength: 12, unit: fc.constantFrom(...OCTETS) }),
);
const fields = fc.array(
  fc.tuple(
    fc.constantFrom(
      ...[
        "If-Match",
        "If-None-Match",
        "If-Modified-Since",
        "If-Unmodified-Since",
        "If-Range",
        "Range",
        "Accept",
        "Accept-Encoding",
      ],
      ...["Accept-Language", "Origin", "Access-Control-Request-Method", "Authorization", "Cookie", "Content-Type"],
    ),
    values,
  ),
  { maxLength: 6 },
);
const targets = fc.oneof(
  fc.constantFrom(
    "/",
    "/a.txt",
    "/page.html",
    "/large.bin",
    "/sub",
    "/sub/",
    "/sub/empty",
    "/nothing",
    "/old",
    "/secret/x",
    "*",
  ),
  fc
    .array(fc.constantFrom("/", "..", ".", "%2e", "%2f", "a.txt", "sub", "%", "%00", "%c3%bc", "?", "//", "\\"), {
      maxLength: 6,
    })
    .map((parts) => `/${parts.join("")}`),
);
const methods = fc.constantFrom("GET", "GET", "GET", "HEAD", "POST", "PUT", "OPTIONS", "TRACE", "BREW");

test("whatever is asked of a site has an answer that is right in itself", async () => {
  const handler = await siteHandler(context, {
    name: "main",
    files: FILES,
    listing: true,
    compression: true,
    precompressed: true,
    languages: ["en", "zh"],
    cors: { origins: ["https://a.test"] },
    auth: { realm: "r", users: { ann: "pw" }, paths: ["/secret"] },
    redirects: [{ from: "/old", to: "/" }],
    forms: [{ path: "/sign", redirect: "/" }],
  });
  await fc.assert(
    fc.asyncProperty(methods, targets, fields, async (method, target, given) => {
      const response = ownResponse(await handler(came(method, target, given), requestInfo()));
      const { status, headers } = response;
      assert.ok(status >= 200 && status < 500 ? true : status === 501, `${status}`);
      const told = headers.get("content-length");
      const body = await response.bytes();
      if (status === 304 || status === 204) assert.equal(body.length, 0);
      else if (told !== null && method !== "HEAD") assert.equal(body.length, Number(told));
      if (status === 405) assert.ok(headers.has("allow"));
      if (status === 401) assert.ok(headers.has("www-authenticate"));
      if (status === 416) assert.match(headers.get("content-range") ?? "", /^bytes \*\/\d+$/);
      if (status === 206) {
        const isMultipart = headers.get("content-type")?.startsWith("multipart/byteranges") === true;
        assert.equal(headers.has("content-range"), !isMultipart);
        assert.ok(body.length > 0 && method === "GET");
      }
      if (status === 304) assert.ok(headers.has("etag") && method !== "POST");
      if (headers.has("content-encoding")) assert.ok(headers.get("vary")?.includes("Accept-Encoding"));
      if (status >= 300 && status < 400 && status !== 304) assert.match(headers.get("location") ?? "", /^\/(?![/\\])/);
    }),
    { numRuns: size(1500, 100_000) },
  );
});

test("a whole, its parts and its compressed form are the same bytes", async () => {
  const handler = await siteHandler(context, { name: "main", files: FILES, compression: true });
  const whole = await (await ask(handler, { url: "/large.bin" })).bytes();
  await fc.assert(
    fc.asyncProperty(fc.nat(whole.length - 1), fc.nat(whole.length - 1), async (a, b) => {
      const [from, to] = [Math.min(a, b), Math.max(a, b)];
      const part = await ask(handler, { url: "/large.bin", headers: { Range: `bytes=${from}-${to}` } });
      assert.equal(part.status, 206);
      assert.deepEqual(await part.bytes(), whole.slice(from, to + 1));
    }),
    { numRuns: 50 },
  );
});
