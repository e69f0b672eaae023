/** Our dissection of application protocols is tshark's, field by field, on what the examples do not have. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { message } from "../../src/application/dns/message.ts";
import { name } from "../../src/application/dns/name.ts";
import type { Question, ResourceRecord } from "../../src/application/dns/record.ts";
import { writeMessage } from "../../src/application/dns/write-message.ts";
import { networkDissectors } from "../../src/network/dissectors.ts";
import { WrittenCapture } from "../fixtures/written-capture.ts";
import { requireTool } from "../require.ts";
import { differences } from "./dissection/compare.ts";
import { secretsIn } from "./dissection/secrets.ts";

const LAYERS = [
  ...["dns", "http", "json", "urlencoded-form", "mime_multipart", "media", "data", "data-text-lines"],
  ...["websocket", "websocket.fragments", "tls"],
];
/** Bytes that were put together or decompressed: we say where they are in those, Wireshark where the message begins. */
const ELSEWHERE = /http\.file_data place: ours 0\+/;

async function compare(capture: Uint8Array): Promise<string[]> {
  const found = await differences(capture, { ...networkDissectors(), layers: LAYERS });
  return found.filter((difference) => !ELSEWHERE.test(difference));
}

test("DNS of every type, sent again, on UDP and on TCP", async (t) => {
  if (!requireTool(t, "tshark")) return;
  const question: Question = { name: name("www.example.test"), type: "ANY", class: "IN" };
  const base = { name: name("a.example.test"), class: "IN", ttl: 90_061 } as const;
  const answers: ResourceRecord[] = [
    { ...base, type: "A", data: { address: "10.0.0.9" } },
    { ...base, type: "AAAA", data: { address: "2001:db8::1" } },
    { ...base, type: "NS", data: { host: name("ns.example.test") } },
    { ...base, type: "CNAME", data: { target: name("b.example.test") } },
    { ...base, type: "PTR", data: { target: name(".") } },
    { ...base, type: "MX", data: { preference: 10, exchange: name("mail.example.test") } },
    { ...base, type: "TXT", data: { texts: ["one", ""] } },
    {
      ...{ ...base, name: name("_http._tcp.example.test"), type: "SRV" },
      data: { priority: 1, weight: 2, port: 80, target: name("www.example.test") },
    } as ResourceRecord,
    {
      ...base,
      type: "SOA",
      data: {
        ...{ primary: name("ns.example.test"), mailbox: name("host.example.test"), serial: 1 },
        ...{ refresh: 3_600, retry: 900, expire: 604_800, minimum: 300 },
      },
    },
    { ...base, type: "TYPE65280", data: { bytes: Uint8Array.of(1, 2, 3) } },
  ];
  const options = [
    { code: 10, data: new Uint8Array(16) },
    { code: 8, data: Uint8Array.of(0, 1, 24, 0, 10, 0, 0) },
    { code: 15, data: Uint8Array.of(0, 18, 110, 111) },
    { code: 12, data: new Uint8Array(3) },
  ];
  const query = writeMessage(message({ id: 7, recursionDesired: true, questions: [question] }));
  const edns = { udpSize: 1232, version: 0, dnssecOk: true, options };
  const response = writeMessage(message({ id: 7, response: true, questions: [question], answers, edns }));
  const capture = new WrittenCapture();
  for (const from of [0, 0, 1, 1] as const) capture.datagram(from, 4_000, 53, from === 0 ? query : response);
  capture.datagram(1, 4_001, 53, response);
  for (const length of [5, 20, 60, 200]) capture.datagram(1, 4_002, 53, response.subarray(0, length));
  const framed = (bytes: Uint8Array): Uint8Array => Uint8Array.from([bytes.length >> 8, bytes.length & 255, ...bytes]);
  capture.connection(53, [
    [0, framed(query).subarray(0, 20)],
    [0, framed(query).subarray(20)],
    [1, Uint8Array.from([...framed(response), ...framed(response)])],
  ]);
  assert.deepEqual(await compare(capture.file()), []);
});

const get = (path: string): readonly [0, string] => [0, `GET ${path} HTTP/1.1\r\nHost: www.test\r\n\r\n`];
const answer = (head: string, body: string): readonly [1, string] => [
  1,
  `HTTP/1.1 200 OK\r\n${head}Content-Length: ${new TextEncoder().encode(body).length}\r\n\r\n${body}`,
];

test("HTTP with bodies of many types, with none, and one in many segments", async (t) => {
  if (!requireTool(t, "tshark")) return;
  const parts =
    '--X\r\nContent-Disposition: form-data; name="f"; filename="a.txt"\r\nContent-Type: text/plain\r\n\r\nfile\r\n--X--\r\n';
  const post = (type: string, body: string): readonly [0, string] => [
    0,
    `POST /p?a=1&b HTTP/1.1\r\nHost: www.test\r\nContent-Type: ${type}\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  ];
  const typed = (type: string, body: string) => answer(`Content-Type: ${type}\r\n`, body);
  const capture = new WrittenCapture();
  capture.connection(80, [
    get("/lines"),
    typed("text/plain; charset=utf-8", "zw\u00f6lf\r\nb\rc\n\nd"),
    post("application/x-www-form-urlencoded", "name=Ann+Lee&note=50%25&empty="),
    typed("application/json", '{"a":[1,-2.5,{"b":"\\u00e9\\n."}],"c":{},"d":[],"e":null}'),
    post("multipart/form-data; boundary=X", parts),
    typed("application/octet-stream", "bytes"),
    [0, "HEAD / HTTP/1.1\r\nHost: www.test\r\nCookie: a=1; b=2\r\nAuthorization: Basic QTpC\r\n\r\n"],
    [1, "HTTP/1.1 304 Not Modified\r\nETag: x\r\n\r\n"],
    [0, "PUT /x HTTP/1.1\r\nHost: www.test\r\nContent-Length: 4\r\n\r\nbody"],
    [1, "HTTP/1.1 299\r\nContent-Type: image/webp\r\nContent-Length: 6\r\n\r\nab"],
    [1, "cdef"],
  ]);
  for (const type of ["text/html", "application/json", "image/webp"]) {
    const body = gzipSync('{"a":"compressed compressed compressed"}');
    const head = `HTTP/1.1 200 OK\r\nContent-Type: ${type}\r\nContent-Encoding: gzip\r\nContent-Length: ${body.length}\r\n\r\n`;
    capture.connection(80, [get("/gzip"), [1, Uint8Array.from([...Buffer.from(head), ...body])]]);
  }
  capture.connection(1_234, [get("/"), [1, "HTTP/1.0 200 OK\r\nContent-Type: application/pdf\r\n\r\nup to"]]);
  capture.connection(8_080, [[0, "GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n"]]);
  assert.deepEqual(await compare(capture.file()), []);
});

test("WebSocket with every kind of frame, with masks and in fragments", async (t) => {
  if (!requireTool(t, "tshark")) return;
  const frame = (first: number, payload: readonly number[]): Uint8Array => {
    const length = payload.length < 126 ? [payload.length] : [126, payload.length >> 8, payload.length & 255];
    return Uint8Array.from([first, ...length, ...payload]);
  };
  const masked = (first: number, payload: readonly number[]): Uint8Array =>
    Uint8Array.from([first, 0x80 | payload.length, 1, 2, 3, 4, ...payload.map((byte, at) => byte ^ ((at & 3) + 1))]);
  const ascii = (text: string): number[] => [...new TextEncoder().encode(text)];
  const capture = new WrittenCapture();
  capture.connection(80, [
    [0, "GET /s HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n\r\n"],
    [1, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"],
    [0, masked(0x81, ascii("hello\nworld"))],
    [1, frame(0x82, new Array<number>(200).fill(5))],
    [0, masked(0x01, ascii("frag"))],
    [0, masked(0x80, ascii("ment"))],
    [1, Uint8Array.from([...frame(0x81, ascii("one")), ...frame(0x89, ascii("?")), ...frame(0x8a, [])])],
    [0, masked(0x88, [3, 0xe8, ...ascii("bye")])],
    [1, frame(0x88, [0x0f, 0xa0])],
  ]);
  assert.deepEqual(await compare(capture.file()), []);
});

interface Recorded {
  readonly connections: readonly {
    readonly port: number;
    readonly secrets?: readonly string[];
    readonly pieces: readonly (readonly [0 | 1, string])[];
  }[];
}

/** A capture of connections that were written down. */
function captureOf(file: string): Uint8Array {
  const { connections } = JSON.parse(readFileSync(join(import.meta.dirname, "dissection", file), "utf8")) as Recorded;
  const capture = new WrittenCapture();
  for (const { secrets = [] } of connections) if (secrets.length > 0) capture.secrets(secrets);
  for (const { port, pieces } of connections) {
    capture.connection(
      port,
      pieces.map(([from, bytes]) => [from, Uint8Array.from(Buffer.from(bytes, "base64"))] as const),
    );
  }
  return capture.file();
}

test("TLS of both versions, whole, resumed and refused", async (t) => {
  if (!requireTool(t, "tshark")) return;
  assert.deepEqual(await compare(captureOf("tls.json")), []);
});

test("TLS whose secrets are known: HTTP, WebSocket and others, over the boundaries of records and segments", async (t) => {
  if (!requireTool(t, "tshark")) return;
  const capture = captureOf("tls-keys.json");
  const found = await differences(capture, networkDissectors(secretsIn(capture)));
  // tshark tells of flags that are none; and the place of a message in its own bytes as if it were one in the frame.
  const isTheirs = (difference: string): boolean => /frame\.packet_flags|tcp\.pdu\.size place/.test(difference);
  assert.deepEqual(
    found.filter((difference) => !isTheirs(difference)),
    [],
  );
});
