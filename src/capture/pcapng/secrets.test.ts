import assert from "node:assert/strict";
import { test } from "node:test";
import { readPcapng } from "./reader.ts";
import { PcapngWriter } from "./writer.ts";

const EPOCH = new Date("2026-01-01T00:00:00Z");
const NOTHING = new Uint8Array(0);

/** The types of a file's blocks, and what its secrets are. */
function blocks(file: Uint8Array): (number | string)[] {
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  const found: (number | string)[] = [];
  for (let at = 0; at < file.length; at += view.getUint32(at + 4, true)) {
    const type = view.getUint32(at, true);
    assert.equal(view.getUint32(at + view.getUint32(at + 4, true) - 4, true), view.getUint32(at + 4, true));
    if (type !== 10) {
      found.push(type);
      continue;
    }
    assert.equal(view.getUint32(at + 8, true), 0x544c534b);
    found.push(new TextDecoder().decode(file.subarray(at + 16, at + 16 + view.getUint32(at + 12, true))));
  }
  return found;
}

test("secrets stand in front of the packets that are still open, which stay commentable, and behind those that are settled", () => {
  let file = new Uint8Array(0);
  const writer = new PcapngWriter((bytes) => {
    file = Buffer.concat([file, bytes]);
  }, EPOCH);
  writer.addInterface("pc1.eth0", new Uint8Array(6));
  const packet = (time: number) => {
    const record = { interfaceId: 0, time, flags: 0, packetId: time, comments: [] };
    return writer.packet(record, NOTHING, new Uint8Array(50 + time), 0, 50 + time);
  };
  packet(1);
  writer.settle();
  const second = packet(2);
  const third = packet(3);
  writer.secrets("A 1 2\n");
  writer.comment(second, "two");
  writer.comment(third, "three");
  writer.secrets("BB 1 2\n");
  const fourth = packet(4);
  writer.comment(fourth, "four");
  writer.settle();
  writer.secrets("C 1 2\n");
  writer.flush();
  const [section, description, enhanced] = [0x0a0d0d0a, 1, 6];
  const expected = [section, description, enhanced, "A 1 2\n", "BB 1 2\n", enhanced, enhanced, enhanced, "C 1 2\n"];
  assert.deepEqual(blocks(file), expected);
  const { captured, secrets, problem } = readPcapng(file);
  assert.equal(problem, undefined);
  assert.deepEqual(
    captured.map(({ data, comments }) => [data.length, ...comments]),
    [[51], [52, "two"], [53, "three"], [54, "four"]],
  );
  assert.deepEqual(secrets, ["A 1 2\n", "BB 1 2\n", "C 1 2\n"]);
});
