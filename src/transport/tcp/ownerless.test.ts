import assert from "node:assert/strict";
import test from "node:test";
import { Dialogue } from "../../../test/fixtures/tcp.ts";
import { ORPHANS_LIMIT, TIME_WAIT_LIMIT } from "./ownerless.ts";

/** Opens a connection from another port of the peer each time. */
function* connections(host: Dialogue) {
  const listener = host.listening(10);
  for (let count = 0; ; count++) {
    host.peerPort = 1 + (count % 65_535);
    if (count === 65_535) host.peerIss += 1_000_000;
    host.iss = undefined;
    host.peer({ flags: "S", segmentSize: 1000 });
    host.peer({ flags: ".", seq: 1, ack: 1 });
    host.take();
    const connection = listener.accept();
    assert.ok(connection);
    yield connection;
  }
}

test("beyond its limit the oldest TIME-WAIT is forgotten", () => {
  const host = new Dialogue();
  const opened = [];
  for (const connection of connections(host)) {
    opened.push(connection);
    connection.shutdownWrite();
    host.peer({ flags: "F.", seq: 1, ack: 2 });
    host.take();
    if (opened.length > TIME_WAIT_LIMIT) break;
  }
  assert.equal(host.tcp.ownerless.timeWait, TIME_WAIT_LIMIT);
  assert.deepEqual([opened[0]?.state, opened[1]?.state, opened.at(-1)?.state], ["CLOSED", "TIME-WAIT", "TIME-WAIT"]);
});

test("beyond its limit a connection whose user has gone is reset", () => {
  const host = new Dialogue();
  let count = 0;
  for (const connection of connections(host)) {
    connection.close();
    const [last] = host.take().slice(-1);
    assert.equal(last?.flags, ++count > ORPHANS_LIMIT ? "R." : "F.");
    if (count > ORPHANS_LIMIT) break;
  }
  assert.equal(host.tcp.connections.size, ORPHANS_LIMIT);
});
