import assert from "node:assert/strict";
import test from "node:test";
import { PcapngWriter } from "../src/capture/pcapng/writer.ts";
import { requireTool } from "./require.ts";
import { damagedFrames, lossFindings, summaries } from "./tshark.ts";

/** A capture of one interface with a TCP segment of ten bytes for each sequence number, or one with a wrong checksum. */
function capture(segments: { sequence: number; damaged?: boolean; comment?: string }[]): Uint8Array {
  const pieces: Uint8Array[] = [];
  const writer = new PcapngWriter((bytes) => pieces.push(bytes.slice()), new Date("2026-01-01T00:00:00Z"));
  writer.addInterface("pc1.eth0", new Uint8Array(6));
  for (const [index, { sequence, damaged = false, comment }] of segments.entries()) {
    const frame = new Uint8Array(64);
    const view = new DataView(frame.buffer);
    frame.set([8, 0, 0x45, 0, 0, 50, 0, 0, 0, 0, 64, 6, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2], 12);
    view.setUint16(34, 1000);
    view.setUint16(36, 2000);
    view.setUint32(38, sequence);
    view.setUint32(42, 1);
    frame.set([0x50, 0x10, 0xff, 0xff], 46);
    view.setUint16(24, complement(view, 14, 34, 0));
    view.setUint16(50, complement(view, 34, 64, 10 * 256 * 2 + 3 + 6 + 30) + (damaged ? 1 : 0));
    const record = { interfaceId: 0, time: index * 1e6, flags: 1, packetId: index + 1 };
    const comments = comment === undefined ? [] : [comment];
    writer.packet({ ...record, comments }, new Uint8Array(0), frame, 0, frame.length);
  }
  writer.flush();
  return Uint8Array.from(Buffer.concat(pieces));
}

function complement(view: DataView, start: number, end: number, initial: number): number {
  let total = initial;
  for (let at = start; at < end; at += 2) total += view.getUint16(at);
  while (total > 0xffff) total = (total & 0xffff) + (total >>> 16);
  return ~total & 0xffff;
}

test("tshark is silent over a sound capture", async (t) => {
  if (!requireTool(t, "tshark")) return;
  const sound = capture([{ sequence: 1 }, { sequence: 11, comment: "dropped: tcp-no-connection" }]);
  assert.deepEqual(await damagedFrames(sound), []);
  assert.deepEqual(await lossFindings(sound), []);
  assert.match((await summaries(sound))[0] ?? "", /^pc1\.eth0 TCP .*1000 .*2000/);
});

test("tshark's findings come through, but frames whose comment says corrupted are no surprise", async (t) => {
  if (!requireTool(t, "tshark")) return;
  const damaged = capture([
    { sequence: 1 },
    { sequence: 11, damaged: true, comment: "corrupted" },
    { sequence: 21, damaged: true, comment: "dropped: tcp-checksum" },
  ]);
  const found = await damagedFrames(damaged);
  assert.equal(found.length, 1);
  assert.match(found[0] ?? "", /^3 .*dropped: tcp-checksum$/);
});

test("a gap and a repetition are found", async (t) => {
  if (!requireTool(t, "tshark")) return;
  assert.equal((await lossFindings(capture([{ sequence: 1 }, { sequence: 31 }]))).length, 1);
  assert.equal((await lossFindings(capture([{ sequence: 1 }, { sequence: 11 }, { sequence: 1 }]))).length, 1);
});
