import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { decodeTcpOptions, encodeTcpOptions, formatTcpOption, type TcpOption } from "./tcp-option.ts";

const number = fc.integer({ min: 0, max: 0xffffffff });
const option: fc.Arbitrary<TcpOption> = fc.oneof(
  fc.record({ kind: fc.constant("mss" as const), size: fc.integer({ min: 0, max: 65535 }) }),
  fc.record({ kind: fc.constant("wscale" as const), shift: fc.integer({ min: 0, max: 255 }) }),
  fc.constantFrom({ kind: "sackOK" as const }, { kind: "nop" as const }),
  fc.record({ kind: fc.constant("TS" as const), value: number, echo: number }),
  fc.record({
    kind: fc.constant("sack" as const),
    blocks: fc.array(fc.record({ left: number, right: number }), { minLength: 1, maxLength: 4 }),
  }),
  fc.record({
    kind: fc.constant("FO" as const),
    cookie: fc.array(fc.integer({ min: 0, max: 255 }), { maxLength: 16 }),
  }),
);

test("what is written is read again, with the padding behind it", () => {
  fc.assert(
    fc.property(fc.array(option, { maxLength: 5 }), (options) => {
      const bytes = encodeTcpOptions(options);
      assert.equal(bytes.length % 4, 0);
      const read = decodeTcpOptions(Uint8Array.from(bytes));
      assert.deepEqual(read.slice(0, options.length), structuredClone(options)); // without null prototypes
      assert.ok(read.slice(options.length).every(({ kind }) => kind === "eol"));
    }),
  );
});

test("an option of a wrong length ends the list", () => {
  assert.deepEqual(decodeTcpOptions(Uint8Array.of(1, 2, 9, 0)), [{ kind: "nop" }]);
  assert.deepEqual(decodeTcpOptions(Uint8Array.of(1, 3, 0)), [{ kind: "nop" }]);
});

test("options are printed as scripts write them", () => {
  const printed = [...decodeTcpOptions(Uint8Array.of(2, 4, 5, 180, 8, 10, 0, 0, 0, 1, 0, 0, 0, 2, 30, 3, 255))].map(
    formatTcpOption,
  );
  assert.deepEqual(printed, ["mss 1460", "TS val 1 ecr 2", "option 30 ff"]);
});
