import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { CaptureDissection } from "./capture-dissection.ts";
import { define } from "./define.ts";
import type { StreamDissector } from "./dissector.ts";
import type { Field } from "./field.ts";
import type { FrameAbout, FrameBytes, FrameSource } from "./frames.ts";

const SYN = 2;
const ACK = 16;
const PUSH = 8;

/** Frames that a test writes down. */
class WrittenFrames implements FrameSource {
  readonly epoch = 1_767_225_600_000_000_000n;
  readonly frames: { bytes: Uint8Array; time: number; link: number }[] = [];

  get count(): number {
    return this.frames.length;
  }

  add(bytes: Uint8Array, link = 0): void {
    this.frames.push({ bytes, time: this.frames.length * 1_000_000, link });
  }

  read(number: number, into: FrameBytes): boolean {
    const frame = this.frames[number - 1];
    if (frame === undefined) return false;
    into.bytes = frame.bytes;
    into.view = new DataView(frame.bytes.buffer);
    into.start = 0;
    into.end = frame.bytes.length;
    into.time = frame.time;
    into.link = frame.link;
    return true;
  }

  about(): FrameAbout {
    return {};
  }
}

interface SegmentWritten {
  readonly from: "client" | "server";
  readonly sequence: number;
  readonly ack?: number;
  readonly flags?: number;
  readonly data?: string;
}

/** A TCP segment between 10.0.0.1:40000 and 10.0.0.2:99, in an Ethernet frame. */
function segment({ from, sequence, ack = 0, flags = ACK | PUSH, data = "" }: SegmentWritten): Uint8Array {
  const bytes = new Uint8Array(54 + data.length);
  const view = new DataView(bytes.buffer);
  const [source, destination] = from === "client" ? [1, 2] : [2, 1];
  view.setUint16(12, 0x0800);
  bytes.set([0x45, 0, 0, 40 + data.length, 0, 1, 0, 0, 64, 6, 0, 0, 10, 0, 0, source, 10, 0, 0, destination], 14);
  view.setUint16(34, from === "client" ? 40_000 : 99);
  view.setUint16(36, from === "client" ? 99 : 40_000);
  view.setUint32(38, sequence);
  view.setUint32(42, ack);
  view.setUint16(46, 0x5000 | flags);
  view.setUint16(48, 1000);
  bytes.set(new TextEncoder().encode(data), 54);
  return bytes;
}

const toy = define.protocol("toy", "Toy");
const word = define.text("toy.word", "Word");

/** Words that end with a full stop. */
const words: StreamDissector = {
  protocol: "toy",
  between: "",
  fields: [toy, word],
  ports: [99],
  converse: () => ({
    cut: (_direction, bytes) => {
      const end = bytes.indexOf(46);
      return end < 0 ? undefined : { length: end + 1, about: undefined };
    },
  }),
  dissect: (bytes, _about, tree) => {
    const text = new TextDecoder().decode(bytes);
    tree.open(toy, 0, bytes.length);
    tree.add(word, 0, bytes.length - 1, text.slice(0, -1));
    tree.close();
    tree.columns({ protocol: "TOY", info: text });
  },
};

function dissectionOf(frames: WrittenFrames, perLink = false): CaptureDissection {
  const dissection = new CaptureDissection({ frames, datagrams: [], streams: [words], perLink });
  dissection.examine(frames.count);
  return dissection;
}

function handshake(): WrittenFrames {
  const frames = new WrittenFrames();
  frames.add(segment({ from: "client", sequence: 100, flags: SYN }));
  frames.add(segment({ from: "server", sequence: 500, ack: 101, flags: SYN | ACK }));
  frames.add(segment({ from: "client", sequence: 101, ack: 501, flags: ACK }));
  return frames;
}

const find = (fields: readonly Field[], name: string): Field[] =>
  fields.flatMap((field) => [...(field.definition.name === name ? [field] : []), ...find(field.children, name)]);

const wordsIn = (dissection: CaptureDissection, number: number): unknown[] =>
  find(dissection.dissect(number).layers, "toy.word").map((field) => field.value);

describe("messages in streams", () => {
  test("several in one segment are layers of one frame, each at its place", () => {
    const frames = handshake();
    frames.add(segment({ from: "client", sequence: 101, ack: 501, data: "one.two." }));
    const dissection = dissectionOf(frames);
    assert.deepEqual(wordsIn(dissection, 4), ["one", "two"]);
    const [, second] = find(dissection.dissect(4).layers, "toy");
    assert.deepEqual([second?.source, second?.offset, second?.length], [0, 58, 4]);
    assert.equal(dissection.columns(4).info, "one.two.");
  });

  test("data of a port that has a colour group is in that group, and is data", () => {
    const frames = handshake();
    frames.add(segment({ from: "client", sequence: 101, ack: 501, data: "hello" }));
    const options = { frames, datagrams: [], streams: [], perLink: false, plain: new Map([[99, "chat"]]) };
    const dissection = new CaptureDissection(options);
    dissection.examine(frames.count);
    assert.deepEqual([dissection.group(1), dissection.group(4)], ["tcp", "chat"]);
    assert.equal(find(dissection.dissect(4).layers, "data").length, 1);
  });

  test("one in several segments is shown with the last, put together", () => {
    const frames = handshake();
    frames.add(segment({ from: "client", sequence: 101, ack: 501, data: "on" }));
    frames.add(segment({ from: "client", sequence: 103, ack: 501, data: "e.tw" }));
    frames.add(segment({ from: "client", sequence: 107, ack: 501, data: "o." }));
    const dissection = dissectionOf(frames);
    assert.deepEqual(
      [4, 5, 6].map((number) => wordsIn(dissection, number)),
      [[], ["one"], ["two"]],
    );
    const last = dissection.dissect(5);
    assert.equal(last.sources[1]?.name, "Reassembled TCP (4 bytes)");
    assert.deepEqual(
      find(last.layers, "tcp.segment").map((field) => field.value),
      [4, 5],
    );
    assert.deepEqual(
      find(last.layers, "tcp.reassembled_in").map((field) => field.value),
      [6],
    );
    assert.match(dissection.columns(4).info, /\[TCP segment of a reassembled PDU\]$/);
  });

  test("segments out of order are put in order, and what overlaps counts once", () => {
    const frames = handshake();
    frames.add(segment({ from: "client", sequence: 105, ack: 501, data: "two." }));
    frames.add(segment({ from: "client", sequence: 101, ack: 501, data: "one.t" }));
    const dissection = dissectionOf(frames);
    assert.deepEqual(wordsIn(dissection, 5), ["one", "two"]);
  });

  test("what is sent again is a retransmission, and no message again", () => {
    const frames = handshake();
    frames.add(segment({ from: "client", sequence: 101, ack: 501, data: "one." }));
    for (let wait = 0; wait < 5; wait++)
      frames.add(segment({ from: "server", sequence: 501, ack: 101, flags: ACK }), 1);
    frames.add(segment({ from: "client", sequence: 101, ack: 501, data: "one." }));
    const dissection = dissectionOf(frames);
    assert.deepEqual(wordsIn(dissection, 4), ["one"]);
    assert.ok(
      dissection.notes(10).some((note) => /etransmission/.test(note)),
      dissection.notes(10).join(),
    );
  });
});

describe("conversations", () => {
  test("a segment that is forwarded is a retransmission as one conversation, and none kept by links", () => {
    const frames = new WrittenFrames();
    for (const link of [0, 1]) frames.add(segment({ from: "client", sequence: 100, flags: SYN }), link);
    assert.deepEqual(dissectionOf(frames).notes(2), ["retransmission"]);
    const apart = dissectionOf(frames, true);
    assert.deepEqual(apart.notes(2), []);
    assert.deepEqual(
      apart.conversations.map(({ stream }) => stream),
      [0, 1],
    );
  });

  test("know their frames, and frames their conversation and protocols", () => {
    const frames = handshake();
    frames.add(segment({ from: "client", sequence: 101, ack: 501, data: "one." }));
    const dissection = dissectionOf(frames);
    const [conversation] = dissection.conversations;
    assert.deepEqual([...(conversation?.frames ?? [])], [1, 2, 3, 4]);
    assert.equal(dissection.conversationOf(4), conversation);
    assert.equal(dissection.stream("tcp", 0), conversation);
    assert.notEqual(dissection.protocols(4) & dissection.bitOf("toy"), 0);
    assert.equal(dissection.protocols(3) & dissection.bitOf("toy"), 0);
    assert.deepEqual(
      [3, 4].map((number) => dissection.group(number)),
      ["tcp", "toy"],
    );
  });
});

/** Whether a field or one under it has a name. */
const has = (fields: readonly Field[], name: string): boolean =>
  fields.some(({ definition, children }) => definition.name === name || has(children, name));

test("a frame is dissected the same whenever it is asked for", () => {
  const frames = handshake();
  frames.add(segment({ from: "client", sequence: 101, ack: 501, data: "one." }));
  const dissection = dissectionOf(frames);
  assert.deepEqual(dissection.dissect(4), dissection.dissect(4));
  assert.ok(has(dissection.dissect(4).layers, "tcp.analysis.bytes_in_flight"));
  assert.deepEqual(dissection.dissect(99).layers, []);
});
