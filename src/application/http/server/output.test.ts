import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { size } from "../../../../test/size.ts";
import type { Errno } from "../../../base/errno.ts";
import type { Socket } from "../../../socket/socket.ts";
import { Output } from "./output.ts";

/** A socket that takes as much at a time as it is told. */
class Mouth {
  readonly taken: number[] = [];
  writes = 0;
  readonly #sips: number[];

  constructor(sips: number[]) {
    this.#sips = sips;
  }

  write(bytes: Uint8Array): number | Errno {
    const sip = Math.min(this.#sips.shift() ?? bytes.length, bytes.length);
    if (sip === 0) return "EAGAIN";
    for (const byte of bytes.subarray(0, sip)) this.taken.push(byte);
    this.writes++;
    return sip;
  }
}

const piece = fc.oneof(fc.nat({ max: 300 }), fc.constantFrom(0, 1, 16_383, 16_384, 65_535, 65_536, 65_537, 140_000));
const step = fc.record({ length: piece, how: fc.constantFrom("latin1", "bytes", "utf8", "flush", "resume") });

test("whatever the socket takes at a time, all goes out, in order and once", () => {
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 8 }),
      fc.array(fc.nat({ max: 70_000 }), { maxLength: 8 }),
      (steps, sips) => {
        const mouth = new Mouth([...sips]);
        const output = new Output(mouth as unknown as Socket);
        const expected: number[] = [];
        for (const [index, { length, how }] of steps.entries()) {
          const byte = 33 + index;
          if (how === "flush" || how === "resume") {
            output[how]();
            continue;
          }
          for (let i = 0; i < length; i++) expected.push(byte);
          const text = String.fromCharCode(byte).repeat(length);
          if (how === "latin1") output.latin1(text);
          else if (how === "utf8") output.utf8(text, length);
          else output.bytes(new Uint8Array(length).fill(byte));
        }
        output.flush();
        for (let turn = 0; output.blocked; turn++) {
          assert.ok(turn < 20);
          output.resume();
        }
        assert.equal(output.sent, expected.length);
        assert.ok(Buffer.from(mouth.taken).equals(Buffer.from(expected)));
      },
    ),
    { numRuns: size(100, 5_000) },
  );
});

test("what is gathered goes out in one write, and what is large without anything small before it", () => {
  const mouth = new Mouth([]);
  const output = new Output(mouth as unknown as Socket);
  for (let i = 0; i < 16; i++) output.latin1("answer");
  output.flush();
  assert.equal(mouth.writes, 1);
  output.latin1("10000\r\n");
  output.bytes(new Uint8Array(65_536));
  output.latin1("\r\n");
  output.flush();
  assert.equal(mouth.writes, 3);
});

test("a socket that fails takes nothing more, and who waits is woken", async () => {
  const socket = { write: (): Errno => "EPIPE" };
  const output = new Output(socket as unknown as Socket);
  output.latin1("lost");
  output.flush();
  assert.equal(output.failure, "EPIPE");
  assert.ok(!output.blocked);
  await output.drained();
});
