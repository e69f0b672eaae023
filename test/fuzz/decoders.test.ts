/** Every decoder survives mutated input: nothing is thrown, nothing leaks, and it still works afterwards. */
import assert from "node:assert/strict";
import test from "node:test";
import { Random } from "../../src/base/random.ts";
import { PcapngReader, readPcapng } from "../../src/capture/pcapng/reader.ts";
import { PcapngWriter } from "../../src/capture/pcapng/writer.ts";
import { FrameSplitter } from "../../src/platform/node/frame-splitter.ts";
import { size } from "../size.ts";
import { Mutator } from "./mutator.ts";

const INPUTS = size(20_000, 1_000_000);
const SEED = 1;

/** Feeds mutated samples one by one. An error names the input that raised it. */
function fuzz(name: string, samples: readonly Uint8Array[], feed: (input: Uint8Array) => void): void {
  const mutator = new Mutator(samples, new Random(SEED, name));
  for (let n = 0; n < INPUTS; n++) {
    const input = mutator.next();
    try {
      feed(input);
    } catch (error) {
      throw new Error(`${name}: input ${n}, ${Buffer.from(input).toString("hex")}`, { cause: error });
    }
  }
}

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
