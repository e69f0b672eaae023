import assert from "node:assert/strict";
import { test } from "node:test";
import type { PacketRow } from "../../../src/engine/protocol/index.ts";
import { MAX_PAGES, PAGE, RowPages } from "./row-pages.ts";

const row = (number: number): PacketRow => ({
  number,
  event: number,
  time: 0,
  source: "",
  destination: "",
  protocol: "TCP",
  length: 60,
  info: "",
  nic: "",
  direction: "out",
  group: "tcp",
  notes: [],
});

/** A view of so many rows, whose answers come when they are let. */
function view(size: { total: number }) {
  const asked: number[] = [];
  const waiting: (() => void)[] = [];
  let changes = 0;
  const pages = new RowPages(
    (from, count) =>
      new Promise((resolve) => {
        asked.push(from);
        const rows = Array.from({ length: Math.max(0, Math.min(count, size.total - from)) }, (_, i) =>
          row(from + i + 1),
        );
        waiting.push(() => resolve({ from, rows }));
      }),
    () => changes++,
  );
  const answer = async () => {
    for (const go of waiting.splice(0)) go();
    await Promise.resolve();
    await Promise.resolve();
  };
  return { pages, asked, answer, changes: () => changes };
}

test("rows come by the page, each page asked for once", async () => {
  const { pages, asked, answer, changes } = view({ total: 1000 });
  pages.want(90, 130, 1000);
  pages.want(95, 135, 1000);
  assert.deepEqual(asked, [0, PAGE]);
  assert.equal(pages.row(100), undefined);
  await answer();
  assert.equal(pages.row(100)?.number, 101);
  assert.equal(changes(), 2);
  pages.want(90, 130, 1000);
  assert.equal(asked.length, 2);
});

test("a page that was not full is asked for again when the view has grown, and shows its rows meanwhile", async () => {
  const size = { total: 30 };
  const { pages, asked, answer } = view(size);
  pages.want(0, 30, 30);
  await answer();
  pages.want(0, 30, 30);
  assert.equal(asked.length, 1);
  size.total = 60;
  pages.want(0, 60, 60);
  assert.equal(asked.length, 2);
  assert.equal(pages.row(29)?.number, 30);
  await answer();
  assert.equal(pages.row(59)?.number, 60);
});

test("only some pages are kept, those used last", async () => {
  const { pages, answer } = view({ total: 100_000 });
  for (let from = 0; from < 50 * PAGE; from += PAGE) {
    pages.want(from, from + 40, 100_000);
    await answer();
  }
  assert.ok(pages.size <= MAX_PAGES);
  assert.equal(pages.row(0), undefined);
  assert.equal(pages.row(49 * PAGE)?.number, 49 * PAGE + 1);
});

test("an answer to a filter that is no more is not shown", async () => {
  const { pages, answer, changes } = view({ total: 100 });
  pages.want(0, 40, 100);
  pages.clear();
  await answer();
  assert.equal(pages.row(0), undefined);
  assert.equal(changes(), 0);
});

test("what could not be had is asked for again", async () => {
  let calls = 0;
  const pages = new RowPages(
    async (from) => {
      calls++;
      if (calls === 1) throw new Error("closed");
      return { from, rows: [row(1)] };
    },
    () => undefined,
  );
  pages.want(0, 1, 1);
  await new Promise(setImmediate);
  pages.want(0, 1, 1);
  await new Promise(setImmediate);
  assert.equal(pages.row(0)?.number, 1);
});
