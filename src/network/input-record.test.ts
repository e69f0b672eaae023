import assert from "node:assert/strict";
import test from "node:test";
import type { Instant } from "../time/instant.ts";
import type { Input } from "./input-log.ts";
import { formatEnd, formatHeader, formatInput, parseRecord, RecordError, type RecordHeader } from "./input-record.ts";

const header: RecordHeader = { netarium: "0.1.0", document: "ab12", seed: 3, clock: "paced" };
const inputs: Input[] = [
  { n: 1, at: 5 as Instant, door: "tcp 127.0.0.1:8888", kind: "open", number: 1, count: 0, bytes: new Uint8Array(0) },
  {
    n: 2,
    at: 7 as Instant,
    door: "tcp 127.0.0.1:8888",
    kind: "data",
    number: 1,
    count: 9,
    bytes: Uint8Array.of(0, 255),
  },
];
const text = formatHeader(header) + inputs.map(formatInput).join("");

test("a record is read as it was written, a line of JSON for each input", () => {
  assert.deepEqual(parseRecord(text + formatEnd(9 as Instant)), { header, inputs, end: 9 });
  assert.deepEqual(JSON.parse(formatInput(inputs[0] as Input)), {
    n: 1,
    t: 5,
    door: "tcp 127.0.0.1:8888",
    kind: "open",
    number: 1,
  });
  assert.equal(JSON.parse(formatInput(inputs[1] as Input)).bytes, "AP8=");
});

test("a record that was cut off ends with its last whole line", () => {
  assert.deepEqual(parseRecord(text), { header, inputs, end: undefined });
  assert.deepEqual(parseRecord(text.slice(0, -3)), { header, inputs: inputs.slice(0, 1), end: undefined });
});

test("what is no record is refused with the line", () => {
  const bad: [string, number][] = [
    ["", 1],
    ["{}\n", 1],
    ["netarium: 1\n", 1],
    [formatHeader({ ...header, seed: 0.5 }), 1],
    [`${text}[]\n`, 4],
    [`${text}{"n":3,"t":-1,"door":"x","kind":"y"}\n`, 4],
    [`${text}{"n":3,"t":8,"door":"x","kind":"y","bytes":"?"}\n`, 4],
    [`${text}${formatEnd(9 as Instant)}{}\n`, 5],
  ];
  for (const [record, line] of bad) {
    assert.throws(
      () => parseRecord(record),
      (error) => error instanceof RecordError && error.line === line,
      record,
    );
  }
});
