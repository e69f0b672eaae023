import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import * as tcp from "./tcp.ts";
import { synOptionsLength, TcpOptions, writeSack, writeSynOptions, writeTimestamps } from "./tcp-options.ts";

const bytesOf = (view: DataView, end: number) => Buffer.from(view.buffer, 0, end).toString("hex");

test("a header is written as RFC 9293 §3.1 draws it and read back", () => {
  const view = new DataView(new ArrayBuffer(32));
  tcp.writeHeader(view, 0, 0x1234, 80, 0x01020304, -1, 24, tcp.SYN | tcp.ACK, 0xabcd, 0);
  assert.equal(bytesOf(view, 20), "1234005001020304ffffffff6012abcd00000000");
  assert.equal(tcp.headerLength(view, 0), 24);
  assert.equal(tcp.flags(view, 0), tcp.SYN | tcp.ACK);
  assert.equal(tcp.acknowledgmentNumber(view, 0), -1);
  assert.ok(tcp.isWellFormed(view, 0, 24));
  assert.ok(!tcp.isWellFormed(view, 0, 23), "the options end past the segment");
  assert.ok(!tcp.isWellFormed(view, 0, 19));
  view.setUint8(12, 0x40);
  assert.ok(!tcp.isWellFormed(view, 0, 24), "a data offset below five words");
});

test("every mix of SYN options is a whole number of words and reads back (MUST-14, MUST-69)", () => {
  for (const windowScale of [undefined, 0, 7, 14]) {
    for (const sackPermitted of [false, true]) {
      for (const timestamps of [false, true]) {
        const view = new DataView(new ArrayBuffer(60));
        const offer = { maximumSegmentSize: 1460, windowScale, sackPermitted, timestamps };
        const end = writeSynOptions(view, 20, offer, 77, -5);
        assert.equal(end - 20, synOptionsLength(offer));
        assert.equal((end - 20) % 4, 0);
        const options = new TcpOptions();
        options.read(view, 20, end);
        assert.equal(options.maximumSegmentSize, 1460);
        assert.equal(options.windowScale, windowScale ?? -1);
        assert.equal(options.sackPermitted, sackPermitted);
        assert.equal(options.timestamps, timestamps);
        if (timestamps) assert.deepEqual([options.timestampValue, options.timestampEcho], [77, -5]);
      }
    }
  }
});

test("timestamps and SACK blocks stand side by side", () => {
  const view = new DataView(new ArrayBuffer(60));
  const edges = Int32Array.of(10, 20, -30, -20, 5, 6);
  const end = writeSack(view, writeTimestamps(view, 20, 1, 2), edges, 3);
  assert.equal(end, 60, "three blocks beside timestamps fill the option space (RFC 2018 §3)");
  const options = new TcpOptions();
  options.read(view, 20, end);
  assert.equal(options.sackCount, 3);
  assert.deepEqual([...options.sackEdges.subarray(0, 6)], [...edges]);
  assert.ok(options.timestamps);
});

test("unknown options are passed over, and a wrong length ends the reading (MUST-6, MUST-7, MUST-68)", () => {
  const read = (...bytes: number[]) => {
    const options = new TcpOptions();
    options.read(new DataView(Uint8Array.from(bytes).buffer), 0, bytes.length);
    return options;
  };
  assert.equal(read(254, 4, 1, 2, 2, 4, 5, 0xb4).maximumSegmentSize, 1460);
  assert.equal(read(1, 2, 4, 5, 0xb4, 0).maximumSegmentSize, 1460, "not aligned to a word (MUST-64)");
  assert.equal(read(254, 0, 2, 4, 5, 0xb4).maximumSegmentSize, 0);
  assert.equal(read(2, 40, 5, 0xb4).maximumSegmentSize, 0);
  assert.equal(read(0, 2, 4, 5, 0xb4).maximumSegmentSize, 0, "nothing counts after the end of the list");
  assert.equal(read(3, 3, 200).windowScale, 14, "RFC 7323 §2.3");
  assert.equal(read(2).maximumSegmentSize, 0);
});

test("no bytes at all make the reader throw", () => {
  const options = new TcpOptions();
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      options.read(new DataView(Uint8Array.from(bytes).buffer), 0, bytes.length);
      assert.ok(options.sackCount <= 4);
    }),
  );
});
