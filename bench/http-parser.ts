/** Heads of HTTP requests into what a server looks at, beside the parser inside node:http, llhttp. */
import { createRequire } from "node:module";
import { MessageParser } from "../src/application/http/message/index.ts";
import { plugLatin1 } from "../src/platform/node/latin1.ts";
import { type Benchmark, verify } from "./measure.ts";

const SMALL = "GET / HTTP/1.1\r\nHost: 127.0.0.1:8080\r\n\r\n";
/** As a browser writes it: twelve fields. */
const BROWSER = [
  "GET /articles/2026/a-page.html?from=list&page=2 HTTP/1.1",
  "Host: www.example.com",
  "Connection: keep-alive",
  "Cache-Control: max-age=0",
  'sec-ch-ua: "Chromium";v="149", "Not?A_Brand";v="24"',
  "sec-ch-ua-mobile: ?0",
  "Upgrade-Insecure-Requests: 1",
  "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/149.0.0.0 Safari/537.36",
  "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8",
  "Referer: https://www.example.com/articles/2026/",
  "Accept-Encoding: gzip, deflate, br, zstd",
  "Accept-Language: en-GB,en;q=0.9,de;q=0.8",
  "Cookie: session=3c1f0a77b2d94e5f8a6b1c2d3e4f5a6b; theme=dark",
  "",
  "",
].join("\r\n");

const PIECE = 16;
const ROUND = 200_000;

/** As much of node:http's parser as is used here: its callbacks are put at numbered places. */
interface NativeParser {
  initialize(type: number, resource: object): void;
  execute(bytes: Buffer): number | Error;
  [callback: number]: (...facts: unknown[]) => unknown;
}

/** Requests a second of our parser, given `PIECE` pipelined requests at a time. A server's look at each head is included. */
function ours(bytes: Buffer, fields: number): number {
  plugLatin1();
  const parser = new MessageParser("request");
  let seen = 0;
  return perSecond(() => {
    let pos = 0;
    for (;;) {
      pos = parser.parse(bytes, pos, bytes.length);
      if (parser.event === "more") break;
      const { head } = parser;
      if (parser.event === "head") seen += head.fields.size + head.target.length + head.method.length;
      verify(parser.event !== "error", "a request is refused");
    }
    return seen;
  }, fields);
}

function theirs(bytes: Buffer, fields: number): number {
  const { HTTPParser } = createRequire(import.meta.url)("_http_common") as {
    HTTPParser: (new () => NativeParser) & { REQUEST: number; kOnHeadersComplete: number };
  };
  const parser = new HTTPParser();
  parser.initialize(HTTPParser.REQUEST, {});
  let seen = 0;
  parser[HTTPParser.kOnHeadersComplete] = (_major, _minor, headers, _method, url) => {
    seen += (headers as string[]).length / 2 + (url as string).length + 3;
    return 0;
  };
  return perSecond(() => {
    parser.execute(bytes);
    return seen;
  }, fields);
}

function perSecond(read: () => number, expected: number): number {
  let seen = 0;
  const start = performance.now();
  for (let done = 0; done < ROUND; done += PIECE) seen = read();
  const seconds = (performance.now() - start) / 1000;
  verify(seen === (ROUND / PIECE) * PIECE * expected, `${seen} parts read, not ${ROUND * expected}`);
  return ROUND / seconds;
}

const piece = (request: string): Buffer => Buffer.from(request.repeat(PIECE), "latin1");

export const httpParser: Benchmark = {
  name: "http-parser",
  summary: "heads of requests a second, small and as a browser's, by our parser and by node:http's",
  round: () => ({
    "http.parser.small.perSecond": ours(piece(SMALL), 1 + 1 + 3),
    "http.parser.browser.perSecond": ours(piece(BROWSER), 12 + BROWSER.indexOf(" HTTP") - 4 + 3),
    "llhttp.small.perSecond": theirs(piece(SMALL), 1 + 1 + 3),
    "llhttp.browser.perSecond": theirs(piece(BROWSER), 12 + BROWSER.indexOf(" HTTP") - 4 + 3),
  }),
};
