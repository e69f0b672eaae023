import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { message } from "./message.ts";
import { name } from "./name.ts";
import { readMessage } from "./read-message.ts";
import type { ResourceRecord } from "./record.ts";
import { WireWriter } from "./wire-writer.ts";
import { writeMessage } from "./write-message.ts";

const hex = (writer: WireWriter): string => Buffer.from(writer.copy()).toString("hex");

describe("a writer of messages", () => {
  test("makes no pointers to what it has taken back", () => {
    const writer = new WireWriter(new Uint8Array(100));
    writer.name(name("a."));
    writer.name(name("b.a."));
    assert.equal(hex(writer), "016100" + "0162c000");
    writer.rewind(3);
    writer.name(name("b.a."));
    writer.name(name("c.b.a."));
    assert.equal(hex(writer), "016100" + "0162c000" + "0163c003");
  });

  test("notes what does not fit, and goes on when that is taken back", () => {
    const writer = new WireWriter(new Uint8Array(4));
    writer.uint16(1);
    for (const write of [
      () => writer.uint32(2),
      () => writer.raw(new Uint8Array(3)),
      () => writer.characters("abc"),
      () => writer.name(name("ab.")),
    ]) {
      write();
      assert.equal(writer.overflow, true);
      writer.rewind(2);
      assert.equal(writer.overflow, false);
    }
    writer.uint8(3);
    writer.uint8(4);
    assert.equal(hex(writer), "00010304");
    writer.uint8(5);
    assert.deepEqual([writer.overflow, hex(writer)], [true, "00010304"]);
  });

  test("makes pointers to the first 16,384 bytes only (RFC 1035 §4.1.4)", () => {
    const answers = [...Array(800).keys()].flatMap((n): ResourceRecord[] => {
      const own = { name: name(`h.zone${n}.`), class: "IN", ttl: n } as const;
      return [
        { ...own, type: "A", data: { address: "10.0.0.1" } },
        { ...own, type: "NS", data: { host: name(`ns.zone${n}.`) } },
      ];
    });
    const bytes = writeMessage(message({ id: 1, answers }));
    assert.ok(bytes.length > 2 * 16_384);
    assert.deepEqual(readMessage(bytes)?.message.answers, answers);
  });
});
