import assert from "node:assert/strict";
import { test } from "node:test";
import { type Shown, showConnection } from "../../../../test/fixtures/messages-shown.ts";
import { tls as tlsWith } from "./dissector.ts";

const tls = tlsWith();
const PORTS = [40_000, 443] as const;
const has = (shown: Shown | undefined, ...lines: readonly string[]): void => {
  for (const line of lines) assert.ok(shown?.lines.includes(line), `${line}\nis not in\n${shown?.lines.join("\n")}`);
};

const sized = (width: number, bytes: readonly number[]): number[] => {
  const length = Array.from({ length: width }, (_, at) => (bytes.length >> (8 * (width - 1 - at))) & 0xff);
  return [...length, ...bytes];
};
const extension = (type: number, data: readonly number[]): number[] => [type >> 8, type & 0xff, ...sized(2, data)];
const record = (type: number, body: readonly number[]): number[] => [type, 3, 3, ...sized(2, body)];
const handshake = (type: number, body: readonly number[]): number[] => record(22, [type, ...sized(3, body)]);
const random = new Array<number>(32).fill(7);
const ascii = (text: string): number[] => [...new TextEncoder().encode(text)];

const clientHello = handshake(1, [
  ...[3, 3, ...random, 0, ...sized(2, [0x13, 0x01, 0xc0, 0x2b]), 1, 0],
  ...sized(2, [
    ...extension(0, sized(2, [0, ...sized(2, ascii("www.example.test"))])),
    ...extension(10, sized(2, [0, 0x1d])),
    ...extension(43, sized(1, [3, 4, 3, 3])),
  ]),
]);
const serverHello = (version: number): number[] =>
  handshake(2, [
    ...[3, 3, ...random, 0, 0xc0, 0x2b, 0],
    ...sized(2, version === 4 ? extension(43, [3, 4]) : extension(16, sized(2, sized(1, ascii("h2"))))),
  ]);

const at = (...records: readonly (readonly number[])[]): Uint8Array => Uint8Array.from(records.flat());

test("a client's hello tells the server's name, and which version came of it", () => {
  const [hello, answer] = showConnection(
    tls,
    [
      { from: 0, bytes: at(clientHello) },
      { from: 1, bytes: at(serverHello(4), record(20, [1]), record(23, [1, 2, 3])) },
    ],
    PORTS,
  );
  assert.deepEqual([hello?.columns.protocol, hello?.columns.info], ["TLSv1.3", "Client Hello"]);
  has(
    hello,
    "  TLSv1.3 Record Layer: Handshake Protocol: Client Hello",
    "        Cipher Suite: TLS_AES_128_GCM_SHA256 (0x1301)",
    "          Server Name: www.example.test",
    "        Supported Version: TLS 1.3 (0x0304)",
    "      JA3 Fullstring: 771,4865-49195,0-10-43,29,",
  );
  assert.equal(answer?.columns.info, "Server Hello, Change Cipher Spec, Application Data");
  has(answer, "    Opaque Type: Application Data (23)", "    Application Data Protocol: Hypertext Transfer Protocol");
});

test("before TLS 1.3 what comes behind a change of cipher cannot be read, and is said to be ciphered", () => {
  const [, , finished, end] = showConnection(
    tls,
    [
      { from: 0, bytes: at(clientHello) },
      { from: 1, bytes: at(serverHello(3), handshake(14, [])) },
      { from: 0, bytes: at(record(20, [1]), record(22, new Array<number>(40).fill(9))) },
      { from: 0, bytes: at(record(21, new Array<number>(26).fill(9))) },
    ],
    PORTS,
  );
  assert.equal(finished?.columns.info, "Change Cipher Spec, Encrypted Handshake Message");
  assert.equal(end?.columns.info, "Encrypted Alert");
});

test("an alert in the clear tells what is wrong", () => {
  const [alert] = showConnection(tls, [{ from: 0, bytes: at(record(21, [2, 48])) }], PORTS);
  has(
    alert,
    "  TLSv1.2 Record Layer: Alert (Level: Fatal, Description: Unknown CA)",
    "      Description: Unknown CA (48)",
  );
});

test("records that came whole in a segment stand together, one from an earlier segment alone", () => {
  const data = record(23, [1, 2, 3, 4]);
  const [first, second] = showConnection(
    tls,
    [
      { from: 1, bytes: at(data, data.slice(0, 6)) },
      { from: 1, bytes: at(data.slice(6), data, data) },
    ],
    PORTS,
  );
  assert.equal(first?.lines.filter((line) => line === "Transport Layer Security").length, 1);
  assert.equal(second?.lines.filter((line) => line === "Transport Layer Security").length, 2);
  assert.equal(second?.columns.info, "Application Data, Application Data, Application Data");
});

test("a hello whose lengths promise too much shows what there is, and that it is malformed", () => {
  const broken = Uint8Array.from(clientHello);
  broken[44] = 0xff; // the length of the cipher suites
  const [shown] = showConnection(tls, [{ from: 0, bytes: broken }], PORTS);
  has(shown, "[Malformed Packet: TLS]");
});
