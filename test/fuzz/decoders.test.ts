/** Every decoder survives mutated input: nothing is thrown, nothing leaks, and it still works afterwards. */
import assert from "node:assert/strict";
import test from "node:test";
import { answerToForeign } from "../../src/application/chat/foreign.ts";
import { LineInput } from "../../src/application/chat/line-input.ts";
import { PROGRAMS } from "../../src/application/index.ts";
import { PcapngReader, readPcapng } from "../../src/capture/pcapng/reader.ts";
import { PcapngWriter } from "../../src/capture/pcapng/writer.ts";
import { formatEnd, formatHeader, formatInput, parseRecord, RecordError } from "../../src/network/input-record.ts";
import { readDocument } from "../../src/platform/document/index.ts";
import { FrameSplitter } from "../../src/platform/node/frame-splitter.ts";
import type { Instant } from "../../src/time/instant.ts";
import { size } from "../size.ts";
import { fuzz } from "./fuzz.ts";

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

function sampleCapture(): Uint8Array {
  const pieces: Uint8Array[] = [];
  const writer = new PcapngWriter((bytes) => pieces.push(bytes.slice()), new Date(0));
  writer.addInterface("pc1.eth0", new Uint8Array(6));
  const record = { interfaceId: 0, time: 5, flags: 1, packetId: 3, comments: ["dropped: cable-loss"] };
  for (let i = 0; i < 3; i++) writer.packet(record, new Uint8Array(0), new Uint8Array(60 + i), 0, 60 + i);
  writer.flush();
  return Uint8Array.from(Buffer.concat(pieces));
}

test("the pcapng reader, fed in one piece and in two", () => {
  const sample = sampleCapture();
  fuzz("pcapng", [sample], (input) => {
    const whole = readPcapng(input);
    let packets = 0;
    const reader = new PcapngReader({ packet: () => packets++ });
    reader.write(input.subarray(0, input.length >> 1));
    reader.write(input.subarray(input.length >> 1));
    assert.deepEqual(reader.end(), { problem: whole.problem, offset: whole.offset, packets });
  });
  assert.equal(readPcapng(sample).packets, 3);
});

test("the splitter of a stream of frames", () => {
  const sample = Uint8Array.from([0, 0, 0, 5, 1, 2, 3, 4, 5, 0, 0, 0, 60, ...new Array<number>(60).fill(7)]);
  let frames = 0;
  const splitter = new FrameSplitter((frame) => {
    frames++;
    assert.ok(frame.length > 0);
  });
  fuzz("frames", [sample], (input) => {
    if (!splitter.write(input)) splitter.reset();
  });
  splitter.reset();
  frames = 0;
  assert.ok(splitter.write(sample));
  assert.equal(frames, 2);
});

test("the chat room's input, of a conversation in pieces", () => {
  const samples = [
    utf8("hello\r\n/nick Ann\nGrüße 😀\r/who\r\0"),
    utf8("GET / HTTP/1.1\r\nHost: x\r\n\r\n"),
    Uint8Array.from([0xff, 0xfd, 6, 0xff, 0xfa, 24, 1, 0xff, 0xf0, 0x68, 0x69, 0xff, 0xff, 0x0a, 0xff, 0xf1]),
  ];
  let input = new LineInput(80);
  let pieces = 0;
  fuzz("chat", samples, (bytes) => {
    if (++pieces % 50 === 0) input = new LineInput(80);
    const found = input.push(bytes);
    const rest = pieces % 3 === 0 ? input.silence() : undefined;
    for (const each of rest === undefined ? found : [...found, rest]) {
      if (each === "timing mark") continue;
      assert.ok(utf8(each.text).length <= 80 * 3);
      assert.ok(!/[\r\n]/.test(each.text));
      answerToForeign(each.text);
    }
  });
});

test("the record of inputs", () => {
  const at = 5 as Instant;
  const input = { n: 1, at, door: "frames nt0", kind: "frame", bytes: Uint8Array.of(1, 2, 3), number: 0, count: 0 };
  const header = { netarium: "0.1.0", document: "ab", seed: 1, clock: "paced" } as const;
  const sample = utf8(formatHeader(header) + formatInput(input) + formatInput({ ...input, n: 2 }) + formatEnd(at));
  fuzz("record", [sample], (bytes) => {
    try {
      parseRecord(new TextDecoder().decode(bytes));
    } catch (error) {
      if (!(error instanceof RecordError)) throw error;
    }
  });
});

const FILE = `
netarium: 1
seed: 7
tcp: { sack: false, delayedAck: 40ms }
devices:
  hub: { kind: hub, ports: 4 }
  pc: &pc { kind: host, address: 10.0.1.2/24, gateway: 10.0.1.1, programs: [echo-server] }
  r: { kind: router, interfaces: { eth0: 10.0.1.1/24, eth1: { address: [10.0.2.1/24], mtu: 1400 } } }
  s:
    kind: host
    address: 10.0.2.2/24
    routes: [{ to: 10.0.1.0/24, via: 10.0.2.1 }]
    programs:
      - { run: chat-user, with: { server: "pc:8888", name: Ann }, at: 1s }
cables:
  - { between: [pc, hub], delay: 1ms, rate: 10Mbit/s, loss: 1%, from: { pc: { corruption: 0.5 } } }
  - { between: [r.eth0, hub] }
  - { between: [r.eth1, s], queue: 10 }
  - { between: [far, hub] }
doors:
  join: { publish: tcp, real: "127.0.0.1:8888", from: pc, to: "s:8888" }
  far: { stream: "unix:x.sock", listen: true }
faults:
  - { cable: [pc, hub], at: 3s, for: 1s, do: cut }
`;

// Reading one takes a hundred times as long as an input of the others.
test("the network file", () => {
  assert.deepEqual(readDocument(FILE, { programs: PROGRAMS }).problems, []);
  fuzz(
    "file",
    [utf8(FILE)],
    (bytes) => {
      const { document, problems } = readDocument(new TextDecoder().decode(bytes), { programs: PROGRAMS });
      assert.ok(document !== undefined || problems.length > 0);
    },
    size(2_000, 1_000_000),
  );
});
