import assert from "node:assert/strict";
import { test } from "node:test";
import { type Shown, show, showConnection } from "../../../../test/fixtures/messages-shown.ts";
import { message } from "../message.ts";
import { name } from "../name.ts";
import type { Question, ResourceRecord } from "../record.ts";
import { writeMessage } from "../write-message.ts";
import { dnsDatagrams, dnsStream } from "./dissectors.ts";

const question: Question = { name: name("www.example.test"), type: "A", class: "IN" };
const address: ResourceRecord = { ...question, type: "A", ttl: 90_061, data: { address: "10.0.0.9" } };
const query = writeMessage(message({ id: 0x1234, recursionDesired: true, questions: [question] }));
const response = writeMessage(message({ id: 0x1234, response: true, questions: [question], answers: [address] }));

const SECOND = 1_000_000_000;

/** Datagrams of one conversation, as frames of a capture; each at a time in seconds. */
function showDatagrams(...datagrams: readonly (readonly [at: number, bytes: Uint8Array])[]): Shown[] {
  const memory = new Map<string, unknown>();
  const frames = datagrams.map(([at, bytes], index) => ({
    bytes,
    context: { sourcePort: 4_000, destinationPort: 53, memory, first: true, number: index + 1, time: at * SECOND },
  }));
  for (const { bytes, context } of frames) show((tree) => dnsDatagrams.dissect(bytes, context, tree));
  return frames.map(({ bytes, context }) =>
    show((tree) => dnsDatagrams.dissect(bytes, { ...context, first: false }, tree)),
  );
}

const has = (shown: Shown | undefined, ...lines: readonly string[]): void => {
  for (const line of lines) assert.ok(shown?.lines.includes(line), `${line}\nis not in\n${shown?.lines.join("\n")}`);
};

test("a query and its response tell of each other", () => {
  const [first, second] = showDatagrams([0, query], [0.004, response]);
  assert.equal(first?.columns.info, "Standard query 0x1234 A www.example.test");
  has(
    first,
    "Domain Name System (query)",
    "  Transaction ID: 0x1234",
    "    .... ...1 .... .... = Recursion desired: Do query recursively",
    "    www.example.test: type A, class IN",
    "      Name Length: 16",
    "  Response In: 2",
  );
  assert.equal(second?.columns.info, "Standard query response 0x1234 A www.example.test A 10.0.0.9");
  has(
    second,
    "  Flags: 0x8000 Standard query response, No error",
    "    www.example.test: type A, class IN, addr 10.0.0.9",
    "      Time to live: 90061 (1 day, 1 hour, 1 minute, 1 second)",
    "      Address: 10.0.0.9",
    "  Request In: 1",
    "  Time: 0.004000000 seconds",
  );
});

test("a query that comes again within five seconds is one that was sent again, later it is a new one", () => {
  const [, again, fresh] = showDatagrams([0, query], [4, query], [6, query]);
  has(again, "  Retransmitted request. Original request in: 1", "  Retransmission: True");
  assert.ok(!fresh?.lines.includes("  Retransmission: True"));
});

test("a response without a query is unsolicited, a second one is the first sent again", () => {
  has(showDatagrams([0, response])[0], "  Unsolicited: True");
  const [, , again] = showDatagrams([0, query], [1, response], [9, response]);
  has(again, "  Retransmitted response. Original response in: 2");
});

test("each type of record shows its data", () => {
  const records: ResourceRecord[] = [
    { name: name("a"), class: "IN", ttl: 1, type: "MX", data: { preference: 10, exchange: name("mail.a") } },
    { name: name("a"), class: "IN", ttl: 1, type: "TXT", data: { texts: ["one", "two"] } },
    {
      ...{ name: name("_http._tcp.a"), class: "IN", ttl: 1, type: "SRV" },
      data: { priority: 1, weight: 2, port: 80, target: name("b") },
    } as ResourceRecord,
    { name: name("a"), class: "IN", ttl: 1, type: "AAAA", data: { address: "2001:db8::1" } },
    { name: name("a"), class: "IN", ttl: 1, type: "TYPE65280", data: { bytes: Uint8Array.of(1, 2) } },
  ];
  const [shown] = showDatagrams([0, writeMessage(message({ id: 1, response: true, answers: records }))]);
  has(
    shown,
    "    a: type MX, class IN, preference 10, mx mail.a",
    "      TXT: two",
    "    _http._tcp.a: type SRV, class IN, priority 1, weight 2, port 80, target b",
    "      Service: _http",
    "      AAAA Address: 2001:db8::1",
    "      Data: 0102",
  );
});

test("what EDNS says is shown, with its options", () => {
  const edns = { udpSize: 1232, version: 0, dnssecOk: true, options: [{ code: 10, data: new Uint8Array(8) }] };
  const [shown] = showDatagrams([0, writeMessage(message({ id: 1, questions: [question], edns }))]);
  has(
    shown,
    "    <Root>: type OPT",
    "        1... .... .... .... = DO bit: Accepts DNSSEC security RRs",
    "      Option: COOKIE",
    "        Server Cookie: <MISSING>",
  );
});

test("a message that ends too early shows what there is, and that it is malformed", () => {
  for (let length = 0; length < response.length; length++) {
    const [shown] = showDatagrams([0, response.subarray(0, length)]);
    has(shown, "[Malformed Packet: DNS]");
  }
});

test("a name that leads to itself, or on, is no name but is read to its end", () => {
  const looped = Uint8Array.from([0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 97, 0xc0, 12, 0, 1, 0, 1]);
  has(showDatagrams([0, looped])[0], "      Name: <Name contains a pointer that loops>", "      Class: IN (0x0001)");
});

test("messages on TCP have their length in front, however the segments cut them", () => {
  const framed = (bytes: Uint8Array): number[] => [bytes.length >> 8, bytes.length & 255, ...bytes];
  const both = Uint8Array.from([...framed(query), ...framed(query.with(1, 0x35))]);
  const [first, second, third] = showConnection(dnsStream, [
    { from: 0, bytes: both.subarray(0, 40) },
    { from: 0, bytes: both.subarray(40) },
    { from: 1, bytes: Uint8Array.from(framed(response)) },
  ]);
  has(first, `  Length: ${query.length}`, "  Response In: 3");
  has(second, "  Transaction ID: 0x1235");
  has(third, "  Request In: 1", "  Time: 0.002000000 seconds");
});
