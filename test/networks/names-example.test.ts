/** `examples/names.yaml` does what it says. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { PROGRAMS } from "../../src/application/registry.ts";
import { build } from "../../src/network/build.ts";
import type { LogLine } from "../../src/network/programs.ts";
import { readDocument } from "../../src/platform/document/index.ts";
import { after, minutes } from "../../src/time/instant.ts";
import { runLoopOf } from "../support/run-loop.ts";

test("the client of examples/names.yaml finds its server though the first name server is away for a while", async () => {
  const text = readFileSync(new URL("../../examples/names.yaml", import.meta.url), "utf8");
  const { document, problems } = readDocument(text, { programs: PROGRAMS });
  assert.deepEqual(problems, []);
  assert.ok(document);
  const network = build(document);
  const log: LogLine[] = [];
  network.onLog((line) => log.push(line));
  await runLoopOf(network).run(after(network.now, minutes(2)));
  const seconds = (wanted: (line: LogLine) => boolean) => log.filter(wanted).map(({ at }) => Math.floor(at / 1e9));
  assert.deepEqual(
    seconds(({ host, code }) => host === "client" && code === "got"),
    [1, 16, 36, 51, 66, 81, 96, 111],
    "five seconds later while the first name server is away",
  );
  const asked = (server: string) => seconds(({ host, code }) => host === server && code === "answered");
  assert.deepEqual(asked("ns1"), [1, 16, 51, 66, 81, 96, 111], "what it said is too old the next time");
  assert.deepEqual(asked("ns2"), [36]);
  assert.deepEqual(
    log.filter(({ code }) => code === "program-failed" || code === "failed"),
    [],
  );
});
