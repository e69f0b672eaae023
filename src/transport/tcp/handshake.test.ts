import assert from "node:assert/strict";
import test from "node:test";
import { bytes, Dialogue, readAll } from "../../../test/fixtures/tcp.ts";
import { milliseconds, minutes, seconds } from "../../time/instant.ts";

test("a passive open: SYN, SYN-ACK, ACK (RFC 9293 §3.5, figure 6)", () => {
  const host = new Dialogue();
  const listener = host.listening();
  host.peer({ flags: "S", segmentSize: 1000, scale: 3 });
  host.expect({ flags: "S.", seq: 0, ack: 1, segmentSize: 1460, scale: 7, window: 64240 });
  assert.equal(listener.accept(), undefined, "not before the peer's ACK");
  host.peer({ flags: ".", seq: 1, ack: 1, window: 100 });
  const connection = listener.accept();
  assert.equal(connection?.state, "ESTABLISHED");
  assert.equal(connection.sndWnd, 800, "the window is scaled from now on (RFC 7323 §2.3)");
  host.expect();
});

test("an active open, with what both offered", () => {
  const host = new Dialogue();
  const connection = host.connecting();
  assert.equal(connection.state, "SYN-SENT");
  host.peer({ flags: "S.", seq: 0, ack: 1, segmentSize: 1000 });
  host.expect({ flags: ".", seq: 1, ack: 1 });
  assert.equal(connection.state, "ESTABLISHED");
  assert.equal(connection.rcvScale, 0, "a peer that does not scale is not scaled to (RFC 7323 §2.2)");
  assert.equal(connection.segmentSize, 1000);
});

test("the window scale can be chosen, and a SYN-ACK has one only if the SYN had (RFC 7323 §2.2)", () => {
  const host = new Dialogue({ windowScale: 3 });
  host.listening();
  host.peer({ flags: "S", scale: 0 });
  host.expect({ flags: "S.", scale: 3 });
  const other = new Dialogue({ windowScale: 3 });
  other.listening();
  other.peer({ flags: "S" });
  assert.equal(other.take()[0]?.scale, undefined);
});

test("a peer without an MSS option gets segments of 536 bytes (MUST-15)", () => {
  const host = new Dialogue();
  const connection = host.connecting();
  host.peer({ flags: "S.", seq: 0, ack: 1 });
  assert.equal(connection.segmentSize, 536);
});

test("a simultaneous open: both SYNs cross (RFC 9293 §3.5, figure 7, MUST-10)", () => {
  const host = new Dialogue();
  const connection = host.connecting();
  host.peer({ flags: "S", seq: 0 });
  assert.equal(connection.state, "SYN-RECEIVED");
  host.expect({ flags: "S.", seq: 0, ack: 1 });
  host.peer({ flags: "S.", seq: 0, ack: 1 });
  assert.equal(connection.state, "ESTABLISHED");
});

test("the SYN-ACK of a simultaneous open may bring data, and its window is not scaled (RFC 7323 §2.2)", () => {
  const host = new Dialogue();
  const connection = host.connecting();
  host.peer({ flags: "S", seq: 0, segmentSize: 1000, scale: 7 });
  host.expect({ flags: "S.", seq: 0, ack: 1 });
  host.peer({ flags: "S.", seq: 0, ack: 1, window: 2000, data: "abc" });
  assert.deepEqual([connection.state, readAll(connection), connection.sndWnd], ["ESTABLISHED", "abc", 2000]);
});

test("a refused connection, and a reset that is none of ours (RFC 9293 §3.10.7.3)", () => {
  const host = new Dialogue();
  const connection = host.connecting();
  host.peer({ flags: "R.", seq: 0, ack: 7 });
  assert.equal(connection.state, "SYN-SENT", "a reset must acknowledge our SYN");
  host.peer({ flags: "R", seq: 0 });
  assert.equal(connection.state, "SYN-SENT");
  host.peer({ flags: "R.", seq: 0, ack: 1 });
  assert.equal(connection.state, "CLOSED");
  assert.equal(connection.takeError(), "ECONNREFUSED");
  host.expect();
});

test("an ACK of something never sent is reset, in SYN-SENT and SYN-RECEIVED (RFC 9293 §3.5.2)", () => {
  const host = new Dialogue();
  host.connecting();
  host.peer({ flags: ".", seq: 9, ack: 100 });
  host.expect({ flags: "R", seq: 100 });

  const server = new Dialogue();
  server.listening();
  server.peer({ flags: "S" });
  server.expect({ flags: "S." });
  for (const ack of [0, 2]) {
    server.peer({ flags: ".", seq: 1, ack });
    server.expect({ flags: "R", seq: ack });
  }
  server.peer({ flags: ".", seq: 1, ack: 1 });
  server.expect();
});

test("a port nobody listens on answers with a reset, and a reset is never answered (RFC 9293 §3.10.7.1)", () => {
  const host = new Dialogue();
  host.iss = 0;
  host.peer({ flags: "S", seq: 0, data: "abc" });
  host.expect({ flags: "R.", seq: 0, ack: 4 });
  host.peer({ flags: ".", seq: 5, ack: 77 });
  host.expect({ flags: "R", seq: 77 });
  host.peer({ flags: "R", seq: 5 });
  host.expect();
});

test("a SYN is sent again with doubling pauses, for at least three minutes (RFC 9293 §3.8.3, MUST-22, MUST-23)", () => {
  const host = new Dialogue();
  const connection = host.connecting();
  for (const pause of [1, 2, 4, 8, 16, 32, 64]) {
    host.wait(seconds(pause - 0.001));
    host.expect();
    host.wait(milliseconds(1));
    host.expect({ flags: "S", seq: 0 });
  }
  host.wait(minutes(2));
  host.expect();
  assert.equal(connection.state, "CLOSED");
  assert.equal(connection.takeError(), "ETIMEDOUT");
});

test("a lost SYN-ACK is sent again when the SYN is, and by the timer", () => {
  const host = new Dialogue();
  host.listening();
  host.peer({ flags: "S" });
  host.expect({ flags: "S." });
  host.peer({ flags: "S" });
  host.expect({ flags: "S.", seq: 0, ack: 1 });
  host.wait(seconds(1));
  host.expect({ flags: "S.", seq: 0, ack: 1 });
});

test("a reset in SYN-RECEIVED goes back to LISTEN (MUST-11)", () => {
  const host = new Dialogue();
  const listener = host.listening(1);
  host.peer({ flags: "S" });
  host.expect({ flags: "S." });
  host.peer({ flags: "R", seq: 1 });
  host.peer({ flags: ".", seq: 1, ack: 1 });
  host.expect({ flags: "R", seq: 1 });
  host.peer({ flags: "S" });
  assert.equal(host.take()[0]?.flags, "S.", "the port still listens");
  assert.equal(listener.pending, 0);
});

test("a full backlog lets no more handshakes end, and none is lost once there is room", () => {
  const host = new Dialogue();
  const listener = host.listening(1);
  const initial = new Map<number, number | undefined>();
  for (const peerPort of [4000, 4001]) {
    host.peerPort = peerPort;
    host.iss = undefined;
    host.peer({ flags: "S" });
    host.expect({ flags: "S." });
    initial.set(peerPort, host.iss);
  }
  for (const peerPort of [4000, 4001]) {
    host.peerPort = peerPort;
    host.iss = initial.get(peerPort);
    host.peer({ flags: ".", seq: 1, ack: 1 });
  }
  assert.deepEqual(host.drops, ["tcp-backlog-full"]);
  host.peerPort = 4002;
  host.peer({ flags: "S" });
  assert.deepEqual(host.drops, ["tcp-backlog-full", "tcp-backlog-full"]);
  assert.ok(listener.accept());
  host.take();
  host.wait(seconds(1));
  host.expect({ flags: "S." });
  host.peerPort = 4001;
  host.peer({ flags: ".", seq: 1, ack: 1 });
  assert.ok(listener.accept(), "the repeated SYN-ACK was answered");
});

test("closing a listener resets who nobody has accepted", () => {
  const host = new Dialogue();
  const listener = host.listening();
  host.peer({ flags: "S" });
  host.peer({ flags: ".", seq: 1, ack: 1 });
  host.take();
  listener.close();
  host.expect({ flags: "R.", seq: 1, ack: 1 });
  host.peer({ flags: "S" });
  assert.equal(host.take()[0]?.flags, "R.");
});

test("data with the last ACK of the handshake is taken", () => {
  const host = new Dialogue();
  const listener = host.listening();
  host.peer({ flags: "S" });
  host.peer({ flags: ".", seq: 1, ack: 1, data: "early" });
  assert.equal(readAll(listener.accept() as never), "early");
});

test("nothing can be written before the connection is open; a write after a refusal tells why", () => {
  const host = new Dialogue();
  const connection = host.connecting();
  assert.equal(connection.write(bytes("x")), "EAGAIN");
  assert.equal(connection.read(new Uint8Array(1)), "EAGAIN");
  host.peer({ flags: "R.", seq: 0, ack: 1 });
  assert.equal(connection.write(bytes("x")), "ECONNREFUSED");
  assert.equal(connection.write(bytes("x")), "EPIPE");
});
