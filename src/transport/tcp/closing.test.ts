import assert from "node:assert/strict";
import test from "node:test";
import { bytes, Dialogue, readAll } from "../../../test/fixtures/tcp.ts";
import { minutes, seconds } from "../../time/instant.ts";
import { distance } from "./sequence.ts";

test("we close first: FIN-WAIT-1, FIN-WAIT-2, TIME-WAIT, and CLOSED after two MSL (RFC 9293 §3.6, MUST-13)", () => {
  const host = new Dialogue();
  const connection = host.established();
  connection.shutdownWrite();
  assert.equal(connection.state, "FIN-WAIT-1");
  host.expect({ flags: "F.", seq: 1, ack: 1 });
  host.peer({ flags: ".", seq: 1, ack: 2 });
  assert.equal(connection.state, "FIN-WAIT-2");
  host.peer({ flags: ".", seq: 1, ack: 2, data: "still here" });
  assert.equal(readAll(connection), "still here", "a half-closed connection receives");
  host.wait(seconds(0.1));
  host.take();
  host.peer({ flags: "F.", seq: 11, ack: 2 });
  assert.equal(connection.state, "TIME-WAIT");
  host.expect({ flags: ".", seq: 2, ack: 12 });
  assert.equal(readAll(connection), "");
  host.wait(seconds(40));
  host.peer({ flags: "F.", seq: 11, ack: 2 });
  host.expect({ flags: ".", seq: 2, ack: 12 });
  host.wait(seconds(59));
  assert.equal(connection.state, "TIME-WAIT", "a repeated FIN starts the two MSL anew");
  host.wait(seconds(1));
  assert.equal(connection.state, "CLOSED");
});

test("the peer closes first: CLOSE-WAIT, LAST-ACK, CLOSED", () => {
  const host = new Dialogue();
  const connection = host.established();
  host.peer({ flags: "F.", seq: 1, ack: 1, data: "bye" });
  assert.equal(connection.state, "CLOSE-WAIT");
  host.expect({ flags: ".", seq: 1, ack: 5 });
  assert.equal(readAll(connection), "bye");
  assert.equal(readAll(connection), "");
  assert.equal(connection.write(bytes("answer")), 6, "a half-closed connection sends");
  host.expect({ flags: "P.", seq: 1, ack: 5, data: "answer" });
  connection.close();
  assert.equal(connection.state, "LAST-ACK");
  host.expect({ flags: "F.", seq: 7, ack: 5 });
  host.peer({ flags: ".", seq: 5, ack: 8 });
  assert.equal(connection.state, "CLOSED");
});

test("both close at once: CLOSING, TIME-WAIT (RFC 9293 §3.6, figure 13)", () => {
  const host = new Dialogue();
  const connection = host.established();
  connection.shutdownWrite();
  host.expect({ flags: "F.", seq: 1, ack: 1 });
  host.peer({ flags: "F.", seq: 1, ack: 1 });
  assert.equal(connection.state, "CLOSING");
  host.expect({ flags: ".", seq: 2, ack: 2 });
  host.peer({ flags: ".", seq: 2, ack: 2 });
  assert.equal(connection.state, "TIME-WAIT");
});

test("a FIN that acknowledges ours goes straight to TIME-WAIT", () => {
  const host = new Dialogue();
  const connection = host.established();
  connection.shutdownWrite();
  host.peer({ flags: "F.", seq: 1, ack: 2 });
  assert.equal(connection.state, "TIME-WAIT");
});

test("a FIN waits for the data before it, and is sent again when it is lost", () => {
  const host = new Dialogue();
  const connection = host.established();
  host.peer({ flags: "F.", seq: 4, ack: 1, data: "def" });
  assert.equal(connection.state, "ESTABLISHED");
  host.expect({ flags: ".", ack: 1 });
  host.peer({ flags: ".", seq: 1, ack: 1, data: "abc" });
  assert.equal(connection.state, "CLOSE-WAIT");
  host.expect({ flags: ".", ack: 8 });
  assert.equal(readAll(connection), "abcdef");
  connection.close();
  host.expect({ flags: "F.", seq: 1 });
  host.wait(seconds(0.3));
  host.expect({ flags: "F.", seq: 1 });
});

test("a reset ends the connection and is told (MUST-12); what had arrived can still be read", () => {
  const host = new Dialogue();
  const connection = host.established();
  host.peer({ flags: ".", seq: 1, ack: 1, data: "last words" });
  host.peer({ flags: "R", seq: 11 });
  assert.equal(connection.state, "CLOSED");
  assert.equal(readAll(connection), "last words");
  assert.equal(connection.read(new Uint8Array(1)), "ECONNRESET");
  assert.equal(connection.read(new Uint8Array(1)), 0);
  assert.equal(connection.write(bytes("x")), "EPIPE");
});

test("a blind reset within the window is challenged, and one outside is ignored (RFC 5961 §3.2)", () => {
  const host = new Dialogue();
  const connection = host.established();
  host.peer({ flags: "R", seq: 100 });
  host.expect({ flags: ".", seq: 1, ack: 1 });
  host.peer({ flags: "R", seq: 200 });
  host.expect();
  host.peer({ flags: "R", seq: -5 });
  host.peer({ flags: "R", seq: 2_000_000 });
  host.expect();
  assert.equal(connection.state, "ESTABLISHED");
  assert.deepEqual(new Set(host.drops), new Set(["tcp-reset-ignored"]));
});

test("a SYN within an open connection is challenged (RFC 5961 §4.2)", () => {
  const host = new Dialogue();
  const connection = host.established();
  host.peer({ flags: "S", seq: 50 });
  host.expect({ flags: ".", seq: 1, ack: 1 });
  assert.equal(connection.state, "ESTABLISHED");
});

test("abort resets the peer (RFC 9293 §3.10.5)", () => {
  const host = new Dialogue();
  const connection = host.established();
  connection.abort();
  host.expect({ flags: "R.", seq: 1, ack: 1 });
  assert.equal(connection.state, "CLOSED");
});

test("close with unread data resets the peer, and so does data that comes after close (RFC 9293 §3.6.1)", () => {
  const host = new Dialogue();
  host.peer({ flags: "S" });
  host.take();
  host.iss = undefined;
  const unread = host.established();
  host.peer({ flags: ".", seq: 1, ack: 1, data: "unread" });
  unread.close();
  assert.equal(host.take().at(-1)?.flags, "R.");

  const other = new Dialogue();
  const connection = other.established();
  connection.close();
  other.expect({ flags: "F.", seq: 1 });
  other.peer({ flags: ".", seq: 1, ack: 1, data: "more" });
  other.expect({ flags: "R", seq: 1 });
  assert.equal(connection.state, "CLOSED");
});

test("without a user FIN-WAIT-2 ends by itself; with one it lasts", () => {
  const host = new Dialogue();
  const orphan = host.established();
  orphan.close();
  host.peer({ flags: ".", seq: 1, ack: 2 });
  assert.equal(orphan.state, "FIN-WAIT-2");
  host.wait(minutes(1));
  assert.equal(orphan.state, "CLOSED");

  const other = new Dialogue();
  const connection = other.established();
  connection.shutdownWrite();
  other.peer({ flags: ".", seq: 1, ack: 2 });
  other.wait(minutes(10));
  assert.equal(connection.state, "FIN-WAIT-2");
});

test("a new SYN takes over a connection in TIME-WAIT (MAY-2), an old one does not", () => {
  const host = new Dialogue();
  const connection = host.established();
  connection.shutdownWrite();
  host.peer({ flags: "F.", seq: 1, ack: 2 });
  host.take();
  host.peer({ flags: "S", seq: -100 });
  assert.equal(connection.state, "TIME-WAIT");
  host.take();
  host.peer({ flags: "S", seq: 100 });
  assert.equal(connection.state, "CLOSED");
  assert.equal(host.take()[0]?.flags, "S.");
});

test("a connection that takes over begins after all that the last one sent (MAY-2)", () => {
  const host = new Dialogue();
  const connection = host.established();
  connection.write(bytes("x".repeat(50_000)));
  while (host.take().length > 0) host.peer({ flags: ".", seq: 1, ack: 1 + 50_000 - connection.sendBuffer.length });
  connection.close();
  for (let acknowledged = 0; connection.state !== "FIN-WAIT-2"; acknowledged += 1000) {
    host.take();
    host.peer({ flags: ".", seq: 1, ack: Math.min(acknowledged, distance(connection.sndNxt, connection.iss)) });
  }
  host.peer({ flags: "F.", seq: 1, ack: 50_002 });
  assert.equal(connection.state, "TIME-WAIT");
  host.take();
  host.peer({ flags: "S", seq: 1000 });
  const [answer] = host.take();
  assert.equal(answer?.flags, "S.");
  assert.ok((answer?.seq ?? 0) > 50_002, `it begins at ${answer?.seq}`);
});

test("where nobody listens a SYN does not end TIME-WAIT", () => {
  const host = new Dialogue();
  const connection = host.connecting();
  host.peer({ flags: "S.", seq: 0, ack: 1 });
  connection.close();
  host.peer({ flags: "F.", seq: 1, ack: 2 });
  assert.equal(connection.state, "TIME-WAIT");
  host.take();
  host.peer({ flags: "S", seq: 1000 });
  assert.equal(connection.state, "TIME-WAIT");
  host.expect({ flags: ".", ack: 2 });
});

test("shutdown of reading gives the end at once and drops what comes", () => {
  const host = new Dialogue();
  const connection = host.established();
  connection.shutdownRead();
  assert.equal(readAll(connection), "");
  host.peer({ flags: ".", seq: 1, ack: 1, data: "dropped" });
  assert.equal(readAll(connection), "");
  host.wait(seconds(1));
  host.expect({ flags: ".", ack: 8 });
});

test("shutdown of reading leaves what came before it to be read, also when a gap is filled afterwards", () => {
  const host = new Dialogue();
  const connection = host.established();
  host.peer({ flags: ".", seq: 1, ack: 1, data: "before" });
  host.peer({ flags: ".", seq: 10, ack: 1, data: "beyond" });
  connection.shutdownRead();
  host.take();
  host.peer({ flags: ".", seq: 7, ack: 1, data: "gap" });
  host.expect();
  host.peer({ flags: ".", seq: 12, ack: 1, data: "yond" });
  host.expect({ flags: ".", ack: 10 });
  host.peer({ flags: ".", seq: 10, ack: 1, data: "beyond" });
  host.wait(seconds(1));
  host.expect({ flags: ".", ack: 16 });
  assert.equal(readAll(connection), "before");
  assert.equal(readAll(connection), "");
});
