import assert from "node:assert/strict";
import { test } from "node:test";
import { Dialogue } from "../../../test/fixtures/tcp.ts";
import { NEVER, seconds } from "../../time/instant.ts";
import type { Connection } from "./connection.ts";
import { NO_BYTES, NO_SEGMENTS, NOTHING_RECEIVED } from "./rest.ts";
import { NO_TIMERS } from "./timers.ts";

const holdsNothing = (c: Connection) =>
  c.timers === NO_TIMERS && c.sendBuffer === NO_BYTES && c.receiveBuffer === NOTHING_RECEIVED && c.sent === NO_SEGMENTS;

/** A message each way, acknowledged. */
function talk(host: Dialogue, connection: Connection, words: string, mine: number, theirs: number): void {
  connection.write(new TextEncoder().encode(words));
  host.peer({ flags: "P.", seq: theirs, ack: mine + words.length, data: words });
  const into = new Uint8Array(100);
  assert.equal(connection.read(into), words.length);
  assert.equal(new TextDecoder().decode(into.subarray(0, words.length)), words);
}

test("an open connection holds nothing before it is used, and nothing again a while after", () => {
  const host = new Dialogue();
  const connection = host.established();
  host.scheduler.runUntil(NEVER);
  assert.ok(holdsNothing(connection), "not used yet");
  talk(host, connection, "one", 1, 1);
  assert.ok(!holdsNothing(connection));
  host.scheduler.runUntil(NEVER);
  assert.ok(holdsNothing(connection), "at rest");
  talk(host, connection, "again", 4, 4);
  host.scheduler.runUntil(NEVER);
  assert.ok(holdsNothing(connection), "at rest once more");
  assert.equal(connection.state, "ESTABLISHED");
});

test("what waits is not given back: unread data, unacknowledged data, a gap", () => {
  const host = new Dialogue({ userTimeout: seconds(5) });
  const connection = host.established();
  host.peer({ flags: "P.", seq: 1, ack: 1, data: "unread" });
  host.scheduler.runUntil(NEVER);
  assert.equal(connection.timers, NO_TIMERS);
  assert.equal(connection.receiveBuffer.length, 6);
  host.peer({ flags: "P.", seq: 10, ack: 1, data: "later" });
  host.scheduler.runUntil(NEVER);
  assert.ok(connection.receiveBuffer.hasGap);
  host.peer({ flags: "P.", seq: 7, ack: 1, data: "now" });
  const into = new Uint8Array(100);
  assert.equal(connection.read(into), 14);
  assert.equal(new TextDecoder().decode(into.subarray(0, 14)), "unreadnowlater");
});

test("deadlines go to the next connection only when the last has none", () => {
  const host = new Dialogue();
  const connection = host.established();
  connection.write(new Uint8Array(10));
  const { timers } = connection;
  connection.abort();
  assert.equal(connection.timers, NO_TIMERS);
  const next = host.tcp.connect(undefined, host.internet.there, 81);
  assert.ok(typeof next !== "string");
  assert.equal(next.timers, timers);
  assert.equal(timers.connection, next);
  assert.ok(timers.retransmission > host.scheduler.now, "its SYN waits for an answer");
});

test("what all share stays empty", () => {
  const host = new Dialogue();
  const connection = host.established();
  talk(host, connection, "words", 1, 1);
  connection.shutdownWrite();
  connection.close();
  host.scheduler.runUntil(NEVER);
  assert.equal(NO_BYTES.capacity, 0);
  assert.equal(NO_SEGMENTS.count, 0);
  assert.ok(NOTHING_RECEIVED.isIdle && !NOTHING_RECEIVED.hasGap);
  assert.equal(NO_TIMERS.connection, undefined);
  assert.ok([NO_TIMERS.retransmission, NO_TIMERS.keepAlive, NO_TIMERS.linger].every((at) => at === NEVER));
});
