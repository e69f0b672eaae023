/** What is no message of a protocol makes no dissector throw, nor go on without end: whatever it cuts has bytes, and is shown. */
import assert from "node:assert/strict";
import test from "node:test";
import { KeyLog } from "../../src/application/tls/dissect/key-log.ts";
import { networkDissectors } from "../../src/network/dissectors.ts";
import { ciphers } from "../fixtures/ciphers.ts";
import { show, showConnection } from "../fixtures/messages-shown.ts";
import * as rfc8448 from "../fixtures/rfc8448.ts";
import { size } from "../size.ts";
import { fuzz } from "./fuzz.ts";

const INPUTS = size(4_000, 200_000);
const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);
const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, "hex"));
const stream = (protocol: string): (typeof streams)[number] => {
  const found = streams.find((each) => each.protocol === protocol);
  assert.ok(found !== undefined);
  return found;
};
const { datagrams, streams } = networkDissectors();

const DNS = [
  hex(
    "8180850000010002000000010474696d65076578616d706c6504746573740000010001c00c000500010000000a000805636c6f636bc011c02f000100010000000a00040a00000d00002904d0000000000000",
  ),
  hex(
    "000181800001000300000000016104746573740000ff000103736f610000060001000000000026026e7303736f610004686f737403736f6100000007e800000e100000038400093a800000012c055f68747470045f74637003737276047465737400002100010000000500" +
      "0e0001000200500177047465737400037478740000100001000000050003026161",
  ),
];

test("DNS on UDP, and on TCP with its length in front", () => {
  const [dns] = datagrams;
  assert.ok(dns !== undefined);
  fuzz(
    "dissect dns",
    DNS,
    (bytes) => {
      const context = { sourcePort: 1, destinationPort: 53, memory: new Map(), number: 1, time: 0 };
      for (const first of [true, false]) show((tree) => dns.dissect(bytes, { ...context, first }, tree));
      const framed = Uint8Array.from([bytes.length >> 8, bytes.length & 255, ...bytes]);
      showConnection(stream("dns"), [{ from: 0, bytes: framed }]);
    },
    INPUTS,
  );
});

const HEAD = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";
const HTTP = [
  "POST /a?b=1&c HTTP/1.1\r\nHost: a\r\nCookie: a=1; b=2\r\nAuthorization: Basic QTpC\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 9\r\n\r\na=b&c=%20",
  `${HEAD}Content-Length: 23\r\n\r\n{"a":[1,{"b":"\\u00e9"}]}`,
  `${HEAD}Transfer-Encoding: chunked\r\n\r\n7\r\n{"a":[1\r\n2\r\n]}\r\n0\r\nDone: yes\r\n\r\n`,
  "POST / HTTP/1.1\r\nContent-Type: multipart/form-data; boundary=X\r\nContent-Length: 79\r\n\r\n--X\r\nContent-Disposition: form-data; name=n\r\nContent-Type: text/plain\r\n\r\nv\r\n--X--\r\n",
].map(ascii);

test("HTTP, with all that its bodies may be, in one segment and in two", () => {
  fuzz(
    "dissect http",
    HTTP,
    (bytes) => {
      const half = bytes.length >> 1;
      for (const from of [0, 1] as const) {
        showConnection(stream("http"), [{ from, bytes, last: true }]);
        showConnection(stream("http"), [
          { from, bytes: bytes.subarray(0, half) },
          { from, bytes: bytes.subarray(half), last: true },
        ]);
      }
    },
    INPUTS,
  );
});

test("WebSocket behind its handshake", () => {
  const upgrade = ascii("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n");
  const frames = [
    hex("818501020304696775686e01830102030469607180820102030469668882"),
    hex("817e0003616263880203e88900ff7f0000000000000001aa"),
  ];
  fuzz(
    "dissect websocket",
    frames,
    (bytes) => {
      showConnection(stream("http"), [
        { from: 1, bytes: upgrade },
        { from: 0, bytes },
        { from: 1, bytes, last: true },
      ]);
    },
    INPUTS,
  );
});

test("TLS: hellos with their extensions, certificates, tickets, alerts", () => {
  const hello =
    "16030100690100006503030707070707070707070707070707070707070707070707070707070707070707000004" +
    "1301c02b0100003800000015001300001077 77772e6578616d706c652e74657374000a000400020" +
    "01d000d0006000404030804002b0005040304030300330006000400aa000000230000";
  const answer =
    "160303003a0200003603030707070707070707070707070707070707070707070707070707070707070707" +
    "00c02b00000e0010000500030268320017000016030300090b0000050000020000ff15030300020230140303000101";
  const two = (length: number): number[] => [length >> 8, length & 255];
  const { length } = rfc8448.CERTIFICATE;
  const lengths = [...two(length + 10), 11, 0, ...two(length + 6), 0, ...two(length + 3), 0, ...two(length)];
  const certificate = Uint8Array.from([22, 3, 3, ...lengths, ...rfc8448.CERTIFICATE]);
  fuzz(
    "dissect tls",
    [hex(hello.replaceAll(" ", "")), hex(answer), certificate],
    (bytes) => {
      showConnection(stream("tls"), [
        { from: 0, bytes },
        { from: 1, bytes, last: true },
        { from: 0, bytes: bytes.subarray(3) },
      ]);
    },
    INPUTS,
  );
});

test("TLS that is deciphered, with bytes changed anywhere in it", () => {
  const keyLog = new KeyLog();
  keyLog.add(rfc8448.KEY_LOG.join("\n"));
  const opened = networkDissectors({ ciphers, keyLog }).streams.find(({ protocol }) => protocol === "tls");
  assert.ok(opened);
  const { CLIENT_HELLO, SERVER_HELLO, SERVER_FLIGHT, CLIENT_FINISHED, CLIENT_DATA } = rfc8448;
  const server = Uint8Array.from([...SERVER_HELLO, ...SERVER_FLIGHT]);
  const client = Uint8Array.from([...CLIENT_FINISHED, ...CLIENT_DATA]);
  fuzz(
    "dissect deciphered tls",
    [CLIENT_HELLO, server, client],
    (bytes) => {
      showConnection(opened, [
        { from: 0, bytes: CLIENT_HELLO },
        { from: 1, bytes: server.subarray(0, 400) },
        { from: 0, bytes },
        { from: 1, bytes: server.subarray(400) },
        { from: 1, bytes },
        { from: 0, bytes: client },
      ]);
    },
    INPUTS >> 2,
  );
});
