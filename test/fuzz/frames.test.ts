/** Whatever a frame holds, its dissection ends, throws nothing, and points at no byte that is not there. */
import assert from "node:assert/strict";
import test from "node:test";
import { CaptureDissection } from "../../src/capture/dissect/capture-dissection.ts";
import { CapturedFrames } from "../../src/capture/dissect/captured-frames.ts";
import type { Dissection, Field } from "../../src/capture/dissect/field.ts";
import { toText, toTsharkJson } from "../../src/capture/dissect/tshark-json.ts";
import { type CapturedPacket, readPcapng } from "../../src/capture/pcapng/reader.ts";
import { networkDissectors } from "../../src/network/dissectors.ts";
import { writtenSegments } from "../interop/dissection/written.ts";
import { size } from "../size.ts";
import { mutatorOf } from "./fuzz.ts";

const CAPTURES = size(60, 3_000);
/** Frames of one capture: what one says of a stream, the others are read by. */
const FRAMES = 60;

const samples = readPcapng(writtenSegments()).captured;

function inBounds({ sources, number }: Dissection, fields: readonly Field[]): void {
  for (const field of fields) {
    const bytes = sources[field.source]?.bytes;
    assert.ok(bytes !== undefined, `frame ${number}: ${field.definition.name} stands in no source`);
    const ends = field.offset + field.length;
    const within = field.length === 0 || (field.offset >= 0 && field.length >= 0 && ends <= bytes.length);
    assert.ok(
      within,
      `frame ${number}: ${field.definition.name} at ${field.offset}+${field.length} of ${bytes.length}`,
    );
    inBounds({ sources, number } as Dissection, field.children);
  }
}

test("mutated frames, each among others of its conversation", () => {
  const mutator = mutatorOf(
    "dissect frames",
    samples.map(({ data }) => data),
  );
  const [model] = samples;
  assert.ok(model !== undefined);
  for (let capture = 0; capture < CAPTURES; capture++) {
    const packets: CapturedPacket[] = [];
    for (let number = 0; number < FRAMES; number++) {
      const data =
        number % 3 === 0 ? (samples[(capture + number) % samples.length] as CapturedPacket).data : mutator.next();
      packets.push({ ...model, data, originalLength: data.length, time: BigInt(number) * 1_000_000n });
    }
    const frames = new CapturedFrames(packets);
    const perLink = capture % 2 === 0;
    const dissection = new CaptureDissection({ frames, ...networkDissectors(), perLink, checkChecksums: !perLink });
    dissection.examine(frames.count);
    for (let number = 1; number <= frames.count; number++) {
      const hex = Buffer.from((packets[number - 1] as CapturedPacket).data).toString("hex");
      try {
        const found = dissection.dissect(number);
        inBounds(found, found.layers);
        assert.ok(toTsharkJson(found, "2026-01-01").length > 0);
        assert.ok(toText(found).length > 0);
        assert.doesNotThrow(() => JSON.parse(toTsharkJson(found, "2026-01-01")));
      } catch (error) {
        throw new Error(`capture ${capture}, frame ${number}: ${hex}`, { cause: error });
      }
    }
  }
});
