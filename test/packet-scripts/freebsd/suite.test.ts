import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { LEFT_OUT, NOT_SHARED } from "./groups.ts";
import { openScripts, report, runOne, shared } from "./suite.ts";

const CLOSED = "0 < S 0:0(0) win 5000\n+0 > R. 0:0(0) ack 1 win 77\n";

test("scripts are chosen by their paths, run without windows, and told apart by groups", async () => {
  const folder = mkdtempSync(join(tmpdir(), "scripts-"));
  try {
    const names = Array.from({ length: 40 }, (_, index) => `script-${index}.pkt`);
    for (const name of names) writeFileSync(join(folder, name), CLOSED);
    const open = openScripts(folder);
    assert.ok(open.length > 5 && open.length < 35, "about half");
    const [first = "", second = ""] = open;
    writeFileSync(join(folder, second), CLOSED.replace("ack 1", "ack 2"));
    writeFileSync(join(folder, "snd-syn-ipv6.pkt"), CLOSED);
    const outcomes = [];
    for (const path of [first, second, "snd-syn-ipv6.pkt"]) outcomes.push(await runOne(folder, path));
    assert.deepEqual(
      outcomes.map(({ ok, group }) => [ok, group?.name]),
      [
        [true, undefined],
        [false, undefined],
        [false, "IPv6"],
      ],
    );
    const { passed, failed } = shared(outcomes);
    assert.deepEqual([passed.length, failed.length], [1, 1]);
    assert.match(failed[0]?.message ?? "", /ack: expected 2, came 1/);
    assert.match(report(outcomes, "0123456789abc"), /\| of these pass \| 1 \(50\.0 %\) \|[\s\S]*ack: expected 2/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("every group cites what it rests on", () => {
  for (const { clause, why } of [...LEFT_OUT, ...NOT_SHARED]) {
    assert.match(clause, /^RFC \d+|^draft-/);
    assert.ok(why.length > 20);
  }
});
