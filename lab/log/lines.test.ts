import assert from "node:assert/strict";
import { test } from "node:test";
import type { LogEntry } from "../../src/engine/protocol/index.ts";

Object.assign(globalThis, {
  window: {
    location: { protocol: "http:", host: "127.0.0.1:1", hash: "", pathname: "/", search: "" },
    document: { querySelector: () => null },
    sessionStorage: { getItem: () => null, setItem() {} },
    history: { replaceState() {} },
  },
});
const { fitting, joined, LINES_LIMIT } = await import("./lines.ts");

const line = (n: number, host = "pc1", text = "hello"): LogEntry => ({
  n,
  at: n,
  host,
  program: "chat",
  code: "said",
  params: {},
  text,
});

test("lines come once, whichever way they come, and the oldest go", () => {
  const some = joined([line(0), line(1)], [line(1), line(2)]);
  assert.deepEqual(
    some.map(({ n }) => n),
    [0, 1, 2],
  );
  assert.equal(joined(some, [line(2)]), some);
  const many = joined(
    [],
    Array.from({ length: LINES_LIMIT + 5 }, (_, n) => line(n)),
  );
  assert.deepEqual([many.length, many[0]?.n], [LINES_LIMIT, 5]);
});

test("a host and letters in any case are looked for together", () => {
  const lines = [line(0, "pc1", "Hello"), line(1, "pc2", "hello"), line(2, "pc1", "bye")];
  assert.deepEqual(
    fitting(lines, "pc1", " HELL").map(({ n }) => n),
    [0],
  );
  assert.equal(fitting(lines, "", " "), lines);
});
