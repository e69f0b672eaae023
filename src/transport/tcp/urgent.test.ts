import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { bytes, Dialogue, readAll } from "../../../test/fixtures/tcp.ts";
import type { Connection } from "./connection.ts";
import { readableAtOnce } from "./urgent.ts";

const one = new Uint8Array(1);
const text = (count: number | string): string => (count === 1 ? String.fromCharCode(one[0] as number) : `${count}`);
const urgent = (connection: Connection): string => text(connection.readUrgent(one));

describe("urgent data that arrives (RFC 9293 §3.8.5, RFC 6093)", () => {
  test("is a byte beside the stream, at which reading stops (MUST-30, MUST-33)", () => {
    const host = new Dialogue();
    const connection = host.established();
    host.peer({ flags: "U.", seq: 1, ack: 1, data: "before!after", urgent: 7 });
    assert.ok(connection.hasUrgent && connection.readable && !connection.atMark);
    assert.equal(readableAtOnce(connection), 6);
    assert.equal(readAll(connection), "before");
    assert.ok(connection.atMark);
    assert.equal(urgent(connection), "!");
    assert.equal(urgent(connection), "EINVAL", "it is read once");
    assert.equal(readAll(connection), "after");
    assert.ok(!connection.atMark && !connection.hasUrgent);
  });

  test("is told before it is here, also beyond a gap (MUST-32)", () => {
    const host = new Dialogue();
    const connection = host.established();
    let told = 0;
    connection.onReady = () => told++;
    host.peer({ flags: "U.", seq: 1, ack: 1, urgent: 3 });
    assert.deepEqual([told, connection.hasUrgent, connection.readable], [1, true, false]);
    assert.equal(urgent(connection), "EAGAIN");
    host.peer({ flags: "U.", seq: 3, ack: 1, data: "cd", urgent: 1 });
    assert.equal(urgent(connection), "c", "it overtakes what is missing");
    host.peer({ flags: ".", seq: 1, ack: 1, data: "ab" });
    assert.equal(readAll(connection), "ab");
    assert.equal(readAll(connection), "d");
  });

  test("stays in the stream with SO_OOBINLINE", () => {
    const host = new Dialogue({ urgentInline: true });
    const connection = host.established();
    host.peer({ flags: "U.", seq: 1, ack: 1, data: "before!after", urgent: 7 });
    assert.equal(urgent(connection), "EINVAL");
    assert.equal(readAll(connection), "before");
    assert.ok(connection.atMark);
    assert.equal(readAll(connection), "!after");
    assert.ok(!connection.atMark);
  });

  test("moves its mark on, never back (RFC 6093 §2.1)", () => {
    const host = new Dialogue();
    const connection = host.established();
    host.peer({ flags: "U.", seq: 1, ack: 1, data: "ab", urgent: 2 });
    host.peer({ flags: "U.", seq: 3, ack: 1, data: "cd", urgent: 2 });
    host.peer({ flags: "U.", seq: 1, ack: 1, data: "ab", urgent: 1 });
    assert.equal(readAll(connection), "abc", "the earlier mark is forgotten, its byte in the stream");
    assert.equal(urgent(connection), "d");
  });

  test("loses a byte that waits at the head when the next comes", () => {
    const host = new Dialogue();
    const connection = host.established();
    host.peer({ flags: "U.", seq: 1, ack: 1, data: "a", urgent: 1 });
    assert.equal(connection.readable, false, "nothing but the urgent byte");
    host.peer({ flags: "U.", seq: 2, ack: 1, data: "bc", urgent: 2 });
    assert.equal(readAll(connection), "b");
    assert.equal(urgent(connection), "c");
  });

  test("does not hide the end of the stream", () => {
    const host = new Dialogue();
    const connection = host.established();
    host.peer({ flags: "UF.", seq: 1, ack: 1, data: "a!", urgent: 2 });
    assert.equal(readAll(connection), "a");
    assert.ok(connection.readable);
    assert.equal(connection.read(one), 0);
    assert.equal(urgent(connection), "!");
  });

  test("is ignored where it was read already, and after the end", () => {
    const host = new Dialogue();
    const connection = host.established();
    host.peer({ flags: ".", seq: 1, ack: 1, data: "abc" });
    host.peer({ flags: "U.", seq: 4, ack: 1, urgent: 0 });
    assert.equal(connection.hasUrgent, true, "a pointer of 0 is read as 1, as on Linux");
    host.peer({ flags: "F.", seq: 4, ack: 1 });
    assert.equal(urgent(connection), "0", "the end came first");
    host.peer({ flags: "U.", seq: 5, ack: 1, urgent: 9 });
    assert.equal(readAll(connection), "abc");
  });
});

test("whatever is urgent, the stream brings every byte once but those of marks, in order", () => {
  const piece = fc.record({ length: fc.nat(20), pointer: fc.option(fc.nat(40)), read: fc.nat(30), take: fc.boolean() });
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), fc.boolean(), (pieces, urgentInline) => {
      const host = new Dialogue({ urgentInline });
      const connection = host.established();
      const marks = new Set<number>();
      const into = new Uint8Array(64);
      let [sent, next] = [0, 0];
      const read = (size: number): number => {
        const count = connection.read(into.subarray(0, size));
        if (typeof count !== "number") return 0;
        for (const byte of into.subarray(0, count)) {
          while (next < sent && byte !== 33 + (next % 90))
            assert.ok(marks.has(next++) && !urgentInline, "only a mark is missing");
          assert.ok(next++ < sent);
        }
        return count;
      };
      for (const { length, pointer, read: size, take } of pieces) {
        const data = String.fromCharCode(...Array.from({ length }, (_, index) => 33 + ((sent + index) % 90)));
        const words = { seq: 1 + sent, ack: 1, data };
        if (pointer === null) host.peer({ ...words, flags: "." });
        else {
          marks.add(sent + Math.max(pointer, 1) - 1);
          host.peer({ ...words, flags: ".U", urgent: pointer });
        }
        sent += length;
        if (take) connection.readUrgent(into);
        if (size > 0) read(size);
      }
      while (connection.readable) if (read(64) === 0) break;
      for (; next < sent; next++) assert.ok(marks.has(next), "nothing is left behind");
    }),
  );
});

describe("urgent data that is sent", () => {
  test("has a pointer behind it until it is acknowledged (MUST-62, RFC 6093 §3.2), however long it is (MUST-31)", () => {
    const host = new Dialogue();
    const connection = host.established();
    connection.congestion.window = 200_000;
    connection.set({ sendBuffer: 200_000 });
    connection.write(new Uint8Array(100_000), { outOfBand: true });
    const sent = host.take();
    assert.deepEqual([sent[0]?.flags, sent[0]?.urgent], [".U", 0xffff], "as much as the field can say");
    assert.ok(connection.urgent?.sendEnd !== undefined);
    assert.deepEqual([sent[64]?.flags, sent[64]?.urgent], [".U", 36_000]);
  });

  test("ends with its acknowledgment, so that old numbers do not come back", () => {
    const host = new Dialogue();
    const connection = host.established();
    connection.write(bytes("now"), { outOfBand: true });
    host.expect({ flags: "P.U", seq: 1, data: "now", urgent: 3 });
    host.peer({ flags: ".", seq: 1, ack: 4 });
    assert.equal(connection.urgent?.sendEnd, undefined);
    connection.write(bytes("later"));
    host.expect({ flags: "P.", seq: 4, data: "later" });
  });
});
