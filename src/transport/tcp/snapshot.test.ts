import assert from "node:assert/strict";
import test from "node:test";
import { bytes, Dialogue } from "../../../test/fixtures/tcp.ts";

test("a snapshot shows what is listened on, and each connection's state, queues and windows", () => {
  const host = new Dialogue();
  const connection = host.established();
  connection.write(bytes("unacknowledged"));
  host.peer({ flags: ".", seq: 1, ack: 1, data: "unread" });
  const { listening, connections, counters } = host.tcp.snapshot();
  assert.deepEqual(listening, [{ local: "10.0.0.1:80", pending: 0, backlog: 5 }]);
  assert.deepEqual([counters.opened, counters.accepted, counters.resetsSent], [0, 1, 0]);
  const [first] = connections;
  assert.equal(connections.length, 1);
  assert.equal(first?.local, "10.0.0.1:80");
  assert.equal(first.remote, "10.0.0.2:4000");
  assert.equal(first.state, "ESTABLISHED");
  assert.deepEqual([first.receiveQueue, first.sendQueue, first.flight], [6, 14, 14]);
  assert.deepEqual([first.congestionWindow, first.sendWindow, first.segmentSize], [10_000, 65_535, 1000]);
  assert.deepEqual(structuredClone(host.tcp.snapshot()), host.tcp.snapshot(), "plain data");
});
