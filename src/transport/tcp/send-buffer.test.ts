import assert from "node:assert/strict";
import { test } from "node:test";
import { Dialogue } from "../../../test/fixtures/tcp.ts";

test("the send buffer has room for some congestion windows, and never less than before", () => {
  const host = new Dialogue({ initialWindow: 10 });
  const connection = host.established();
  assert.equal(connection.congestion.window, 10_000);
  assert.equal(connection.sendLimit, 60_000);
  assert.equal(connection.write(new Uint8Array(100_000)), 60_000);
  assert.equal(connection.write(new Uint8Array(1)), "EAGAIN");
  assert.equal(connection.writable, false);
  for (let ack = 2001; ack <= 10_001; ack += 2000) host.peer({ flags: ".", seq: 1, ack });
  assert.equal(connection.sendLimit, 6 * connection.congestion.window);
  assert.ok(connection.sendLimit > 60_000 && connection.writable);
  connection.write(new Uint8Array(1));
  const before = connection.sendLimit;
  connection.congestion.window = 1000;
  assert.equal(connection.sendLimit, before);
  connection.congestion.window = 20_000.3; // CUBIC counts parts of bytes, a buffer does not
  assert.ok(Number.isInteger(connection.sendLimit));
});

test("the send buffer stays at a size that is given, and below the maximum", () => {
  const given = new Dialogue({ sendBuffer: 3000 }).established();
  assert.equal(given.sendLimit, 3000);
  given.set({ sendBuffer: 5000 });
  assert.equal(given.sendLimit, 5000);
  assert.equal(new Dialogue({ maximumSendBuffer: 20_000 }).established().sendLimit, 20_000);
  assert.equal(new Dialogue({ initialWindow: 1 }).established().sendLimit, 16_384);
});
