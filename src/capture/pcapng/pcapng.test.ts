import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { PcapngReader, readPcapng } from "./reader.ts";
import { COMMENT_LIMIT, type PacketRecord, PcapngWriter } from "./writer.ts";

const EPOCH = new Date("2026-01-01T00:00:00Z");
const MAC = Uint8Array.of(2, 0, 0, 0, 0, 1);

/** What a writer gave its sink, as one file. */
function written(write: (writer: PcapngWriter) => void): Uint8Array {
  const pieces: Uint8Array[] = [];
  const writer = new PcapngWriter((bytes) => pieces.push(bytes.slice()), EPOCH);
  write(writer);
  writer.flush();
  return Uint8Array.from(Buffer.concat(pieces));
}

const record = (more: Partial<PacketRecord> = {}): PacketRecord => ({
  interfaceId: 0,
  time: 0,
  flags: 1,
  packetId: 7,
  comments: [],
  ...more,
});

const frame = (length: number, fill = 0xab): Uint8Array => new Uint8Array(length).fill(fill);
const NONE = new Uint8Array(0);

/** Two interfaces and packets of every kind. */
const sample = (): Uint8Array =>
  written((writer) => {
    writer.addInterface("pc1.eth0", MAC);
    writer.addInterface("größe.eth1", MAC);
    writer.packet(record(), NONE, frame(60), 0, 60);
    writer.packet(record({ interfaceId: 1, flags: 2, time: 2 ** 52 + 5 }), frame(14, 1), frame(100), 31, 78);
    writer.packet(
      record({ comments: ["dropped: cable-loss", "corrupted"], packetId: 2 ** 40 }),
      NONE,
      frame(61),
      0,
      61,
    );
  });

test("what is written is read back: names, times to the nanosecond, directions, comments, ids and bytes", () => {
  const { problem, interfaces, captured } = readPcapng(sample());
  assert.equal(problem, undefined);
  assert.deepEqual(
    interfaces.map(({ id, name, linkType, mac }) => ({ id, name, linkType, mac })),
    [
      { id: 0, name: "pc1.eth0", linkType: 1, mac: MAC },
      { id: 1, name: "größe.eth1", linkType: 1, mac: MAC },
    ],
  );
  const epoch = BigInt(EPOCH.getTime()) * 1_000_000n;
  assert.deepEqual(
    captured.map(({ time, direction, packetId, comments }) => ({ time, direction, packetId, comments })),
    [
      { time: epoch, direction: "in", packetId: 7n, comments: [] },
      { time: epoch + 2n ** 52n + 5n, direction: "out", packetId: 7n, comments: [] },
      { time: epoch, direction: "in", packetId: 2n ** 40n, comments: ["dropped: cable-loss", "corrupted"] },
    ],
  );
  assert.deepEqual(captured[1]?.data, Uint8Array.from([...frame(14, 1), ...frame(47)]));
  assert.equal(captured[2]?.originalLength, 61);
});

test("a comment goes to the packet it is for, whatever was written since", () => {
  const comments = fc.array(fc.record({ to: fc.nat(9), text: fc.string({ unit: "binary", maxLength: 60 }) }), {
    maxLength: 20,
  });
  fc.assert(
    fc.property(fc.array(fc.nat(200), { minLength: 1, maxLength: 10 }), comments, (lengths, added) => {
      const expected = lengths.map((): string[] => []);
      const file = written((writer) => {
        writer.addInterface("a", MAC);
        const handles = lengths.map((length, i) => writer.packet(record(), NONE, frame(length, i), 0, length));
        for (const { to, text } of added) {
          writer.comment(handles[to % handles.length] as number, text);
          expected[to % handles.length]?.push(text);
        }
      });
      const { captured, problem } = readPcapng(file);
      assert.equal(problem, undefined);
      assert.deepEqual(
        captured.map(({ data, comments }) => ({ data, comments })),
        lengths.map((length, i) => ({ data: frame(length, i), comments: expected[i] })),
      );
    }),
  );
});

test("a comment without end is cut, between characters", () => {
  const file = written((writer) => {
    writer.addInterface("a", MAC);
    writer.packet(record({ comments: ["€".repeat(COMMENT_LIMIT)] }), NONE, frame(60), 0, 60);
  });
  assert.equal(readPcapng(file).captured[0]?.comments[0], "€".repeat(Math.floor(COMMENT_LIMIT / 3)));
});

test("every call of the sink leaves a whole file", () => {
  let file = Buffer.alloc(0);
  let calls = 0;
  const writer = new PcapngWriter((bytes) => {
    calls++;
    file = Buffer.concat([file, bytes]);
    assert.equal(readPcapng(file).problem, undefined);
  }, EPOCH);
  writer.addInterface("a", MAC);
  for (let i = 0; i < 1000; i++) {
    writer.packet(record({ time: i }), NONE, frame(1000 + i), 0, 1000 + i);
    if (i % 3 === 0) writer.settle();
  }
  writer.flush();
  assert.ok(calls > 5, "it is handed on as it grows");
  assert.equal(readPcapng(file).packets, 1000);
});

test("a file truncated anywhere opens: all complete packets, and that it is truncated", () => {
  const file = sample();
  const ends = [0, 0, 0]; // where each packet is complete
  const whole = readPcapng(file);
  assert.equal(whole.packets, 3);
  for (let length = file.length, left = 3; length >= 0; length--) {
    const { problem, packets, offset } = readPcapng(file.subarray(0, length));
    assert.ok(packets <= left, "no packet comes from fewer bytes than another time");
    if (packets < left) ends[--left] = length + 1;
    const atBlock = offset === length && length > 0;
    assert.equal(problem, atBlock ? undefined : "truncated", `${length} bytes`);
  }
  assert.ok(ends.every((end) => end > 0));
});

test("it does not matter in which pieces a file comes", () => {
  const file = sample();
  const expected = readPcapng(file);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1 }), (sizes) => {
      const interfaces: unknown[] = [];
      const captured: unknown[] = [];
      const secrets: unknown[] = [];
      const reader = new PcapngReader({
        interface: (i) => interfaces.push(i),
        packet: (p) => captured.push(p),
        secrets: (lines) => secrets.push(lines),
      });
      for (let at = 0, i = 0; at < file.length; i++) {
        const size = sizes[i % sizes.length] as number;
        reader.write(file.subarray(at, at + size));
        at += size;
      }
      assert.deepEqual({ ...reader.end(), interfaces, captured, secrets }, expected);
    }),
  );
});

/** A block in network order. */
function block(type: number, body: number[]): number[] {
  const size = 12 + body.length;
  const word = (value: number): number[] => [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
  return [...word(type), ...word(size), ...body, ...word(size)];
}

const SECTION = block(0x0a0d0d0a, [0x1a, 0x2b, 0x3c, 0x4d, 0, 1, 0, 0, ...new Array<number>(8).fill(255)]);
const NETWORK_ORDER = [
  ...SECTION,
  ...block(1, [0, 1, 0, 0, 0, 0, 0, 2, 0, 9, 0, 1, 0x81, 0, 0, 0, 0, 14, 0, 8, 0, 0, 0, 0, 0, 0, 0, 3]),
  ...block(99, [1, 2, 3, 4]),
  ...block(6, [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9, 0, 0, 0, 2, 0, 0, 0, 60, 8, 9, 0, 0]),
  ...block(3, [0, 0, 0, 60, 8, 9, 0, 0]),
  ...block(2, [0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 1, 7, 0, 0, 0]),
];

test("a file in network order is read, with its own time units, offset and old kinds of packets", () => {
  const { problem, captured, interfaces } = readPcapng(Uint8Array.from(NETWORK_ORDER));
  assert.equal(problem, undefined);
  assert.equal(interfaces[0]?.unitsPerSecond, 2n);
  assert.deepEqual(
    captured.map(({ time, data, originalLength }) => ({ time, data: [...data], originalLength })),
    [
      { time: 7_500_000_000n, data: [8, 9], originalLength: 60 },
      { time: undefined, data: [8, 9], originalLength: 60 },
      { time: 4_000_000_000n, data: [7], originalLength: 1 },
    ],
  );
});

test("damage is named and ends the reading, with what came before it", () => {
  const read = (...bytes: number[]) => readPcapng(Uint8Array.from(bytes));
  assert.equal(read(...new Array<number>(40).fill(0x41)).problem, "not-pcapng");
  assert.equal(read().problem, "truncated");
  assert.equal(read(...SECTION, 0, 0, 0, 6, 0, 0, 0, 13, 0, 0, 0, 0).problem, "malformed");
  assert.equal(read(...SECTION, 0, 0, 0, 6, 127, 0, 0, 0, 0, 0, 0, 0).problem, "block-too-long");
  assert.equal(read(...SECTION, ...block(6, new Array<number>(20).fill(0))).problem, "malformed", "no such interface");
  const { problem, packets, offset } = read(...NETWORK_ORDER, ...block(6, [0, 0]));
  assert.deepEqual({ problem, packets, offset }, { problem: "malformed", packets: 3, offset: NETWORK_ORDER.length });
});

test("a section starts its interfaces anew, in a byte order of its own", () => {
  const { problem, captured } = readPcapng(Uint8Array.from([...NETWORK_ORDER, ...sample()]));
  assert.equal(problem, undefined);
  assert.deepEqual(
    captured.map(({ interface: { name } }) => name),
    [undefined, undefined, undefined, "pc1.eth0", "größe.eth1", "pc1.eth0"],
  );
});
