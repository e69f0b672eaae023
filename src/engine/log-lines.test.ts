import assert from "node:assert/strict";
import { test } from "node:test";
import type { LogLine } from "../network/programs.ts";
import type { Instant } from "../time/instant.ts";
import { LINES_LIMIT, LogLines } from "./log-lines.ts";

const line = (n: number): LogLine => {
  return { at: n as Instant, host: "pc1", program: "p", code: "said", parameters: { n }, text: `line ${n}\x1b` };
};

test("lines are told from a number on, without what would move a terminal's cursor, and the oldest go", () => {
  const lines = new LogLines();
  let heard = 0;
  lines.onLine = () => heard++;
  for (let n = 0; n < 2 * LINES_LIMIT + 10; n++) lines.add(line(n));
  assert.equal(heard, 2 * LINES_LIMIT + 10);
  assert.deepEqual([lines.first, lines.next], [LINES_LIMIT, heard]);
  assert.deepEqual(lines.from(heard - 1, 500), [
    {
      n: heard - 1,
      at: heard - 1,
      host: "pc1",
      program: "p",
      code: "said",
      params: { n: heard - 1 },
      text: `line ${heard - 1}\\033`,
    },
  ]);
  assert.deepEqual(
    lines.from(0, 2).map(({ n, at }) => [n, at]),
    [
      [LINES_LIMIT, LINES_LIMIT],
      [LINES_LIMIT + 1, LINES_LIMIT + 1],
    ],
  );
  assert.deepEqual(lines.from(heard, 10), []);
});
