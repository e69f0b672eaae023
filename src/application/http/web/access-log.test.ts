import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ask } from "../../../../test/fixtures/handler.ts";
import { VirtualClock } from "../../../../test/fixtures/machine.ts";
import { Scheduler } from "../../../time/scheduler.ts";
import type { Handler } from "../handler.ts";
import { Response } from "../response.ts";
import { StatusError } from "../status-error.ts";
import { accessLog, refusalLog } from "./access-log.ts";

const clock = new VirtualClock(new Scheduler(), Date.UTC(2026, 9, 10, 13, 55, 36));
const logging = (handler: Handler): { handler: Handler; lines: string[] } => {
  const lines: string[] = [];
  return { handler: accessLog({ clock }, (line) => lines.push(line))(handler), lines };
};

describe("the access log", () => {
  test("is in the combined format", async () => {
    const { handler, lines } = logging(() => new Response("grüße", { status: 201 }));
    const headers = { Referer: "http://b.test/", "User-Agent": "test/1", Authorization: "Basic YW5uOng=" };
    await ask(handler, { url: "/a?b", method: "POST", headers });
    await ask(handler, { method: "HEAD" });
    assert.deepEqual(lines, [
      '192.0.2.7 - ann [10/Oct/2026:13:55:36 +0000] "POST /a?b HTTP/1.1" 201 7 "http://b.test/" "test/1"',
      '192.0.2.7 - - [10/Oct/2026:13:55:36 +0000] "HEAD / HTTP/1.1" 201 - "-" "-"',
    ]);
  });

  test("counts what was sent of a stream, when it has ended", async () => {
    async function* stream(): AsyncGenerator<Uint8Array> {
      yield new Uint8Array(10);
      yield new Uint8Array(10);
      yield new Uint8Array(10);
    }
    const { handler, lines } = logging(() => new Response(stream()));
    const whole = await ask(handler);
    assert.deepEqual(lines, []);
    await whole.bytes();
    const left = (await ask(handler)).pieces()[Symbol.asyncIterator]();
    await left.next();
    await left.next();
    await left.return?.();
    assert.deepEqual(
      lines.map((line) => / 200 (\S+) /.exec(line)?.[1]),
      ["30", "10"],
    );
  });

  test("tells of requests that were refused before they were understood", () => {
    const lines: string[] = [];
    refusalLog({ clock }, (line) => lines.push(line))({ address: "192.0.2.9", port: 4711 }, 400);
    assert.deepEqual(lines, ['192.0.2.9 - - [10/Oct/2026:13:55:36 +0000] "-" 400 - "-" "-"']);
  });

  test("cannot be forged by what clients write", async () => {
    const { handler, lines } = logging(() => new Response(""));
    const headers = { "User-Agent": 'x" 200 1 "\\\t[2J\x9b', Authorization: `Basic ${btoa('a b"c:x')}` };
    await ask(handler, { headers });
    assert.match(lines[0] ?? "", /^192\.0\.2\.7 - a\\x20b\\"c \[.*" 200 - "-" "x\\" 200 1 \\"\\\\\\x09\[2J\\x9b"$/);
  });

  test("tells a failure too", async () => {
    const { handler, lines } = logging(() => {
      throw new Error("broken");
    });
    await assert.rejects(ask(handler), /broken/);
    assert.match(lines[0] ?? "", / 500 - /);
    const refusing = logging(() => {
      throw new StatusError(413, "too much");
    });
    await assert.rejects(ask(refusing.handler), StatusError);
    assert.match(refusing.lines[0] ?? "", / 413 - /);
  });

  test("lets what leaves HTTP, and trailer fields, pass as they are", async () => {
    const leaving = new Response(null, { status: 101 });
    const { handler, lines } = logging(() => leaving);
    assert.equal(await ask(handler), leaving);
    assert.match(lines[0] ?? "", / 101 - /);
    const pieces = { trailers: { "X-Sum": "1" }, [Symbol.asyncIterator]: async function* () {} };
    const response = await ask(logging(() => new Response(pieces)).handler);
    assert.deepEqual(response.pieces().trailers, { "X-Sum": "1" });
  });
});
