import assert from "node:assert/strict";
import test from "node:test";
import { bytes, Dialogue, readAll } from "../../../test/fixtures/tcp.ts";
import type { Packet } from "../../packet/packet.ts";
import { milliseconds, minutes, seconds } from "../../time/instant.ts";
import { DEFAULT_SETTINGS } from "./settings.ts";

const letters = (count: number) => bytes("x".repeat(count));

test("data goes out in full segments, the last with PSH (RFC 9293 §3.9.1.2, MUST-61, SHLD-28)", () => {
  const host = new Dialogue();
  const connection = host.established();
  connection.write(letters(2500));
  const sent = host.take().map(({ flags, seq, data }) => [flags, seq, data?.length]);
  assert.deepEqual(sent, [
    [".", 1, 1000],
    [".", 1001, 1000],
    ["P.", 2001, 500],
  ]);
});

test("small writes wait while one is unacknowledged (Nagle, SHLD-7), unless told not to (MUST-17)", () => {
  const host = new Dialogue();
  const connection = host.established();
  connection.write(letters(10));
  host.expect({ flags: "P.", seq: 1 });
  connection.write(letters(20));
  connection.write(letters(30));
  host.expect();
  host.peer({ flags: ".", seq: 1, ack: 11 });
  const [segment] = host.take();
  assert.equal(segment?.data?.length, 50);
  connection.set({ noDelay: true });
  connection.write(letters(5));
  host.expect({ flags: "P.", seq: 61 });
});

test("an acknowledgment waits 40 ms for company, or for a second full segment (MUST-40, SHLD-18, SHLD-19)", () => {
  const host = new Dialogue();
  const connection = host.established();
  host.peer({ flags: ".", seq: 1, ack: 1, data: "a".repeat(1000) });
  host.wait(milliseconds(39));
  host.expect();
  host.wait(milliseconds(1));
  host.expect({ flags: ".", ack: 1001 });
  host.peer({ flags: ".", seq: 1001, ack: 1, data: "a".repeat(1000) });
  host.peer({ flags: ".", seq: 2001, ack: 1, data: "a".repeat(1000) });
  host.expect({ flags: ".", ack: 3001 });
  host.peer({ flags: ".", seq: 3001, ack: 1, data: "a" });
  connection.write(bytes("answer"));
  host.expect({ flags: "P.", ack: 3002, data: "answer" });
  host.wait(seconds(0.1));
  host.expect();
});

test("data out of order is acknowledged at once, with SACK blocks if agreed (RFC 2018 §4)", () => {
  const host = new Dialogue();
  const connection = host.established({ options: [4, 2] });
  host.peer({ flags: ".", seq: 5, ack: 1, data: "efgh" });
  host.expect({ flags: ".", ack: 1, sack: [[5, 9]] });
  host.peer({ flags: ".", seq: 11, ack: 1, data: "kl" });
  host.expect({
    flags: ".",
    ack: 1,
    sack: [
      [11, 13],
      [5, 9],
    ],
  });
  host.peer({ flags: ".", seq: 1, ack: 1, data: "abcd" });
  host.expect({ flags: ".", ack: 9, sack: [[11, 13]] });
  host.peer({ flags: ".", seq: 9, ack: 1, data: "ijkl" });
  host.expect({ flags: ".", ack: 13 });
  assert.equal(readAll(connection), "abcdefghijkl");
});

test("old data is acknowledged again, and what is new beside it is taken", () => {
  const host = new Dialogue();
  const connection = host.established();
  host.peer({ flags: ".", seq: 1, ack: 1, data: "abc" });
  host.wait(milliseconds(40));
  host.expect({ flags: ".", ack: 4 });
  host.peer({ flags: ".", seq: 1, ack: 1, data: "abc" });
  host.expect({ flags: ".", ack: 4 });
  host.peer({ flags: ".", seq: 2, ack: 1, data: "bcdef" });
  host.wait(milliseconds(40));
  host.expect({ flags: ".", ack: 7 });
  assert.equal(readAll(connection), "abcdef");
});

test("what lies beyond the window is cut off; a segment outside it is answered and dropped", () => {
  const host = new Dialogue({ receiveBuffer: 4 });
  const connection = host.established();
  host.peer({ flags: ".", seq: 1, ack: 1, data: "abcdef" });
  host.wait(milliseconds(40));
  host.expect({ flags: ".", ack: 5, window: 0 });
  host.peer({ flags: ".", seq: 100, ack: 1, data: "z" });
  host.expect({ flags: ".", ack: 5 });
  assert.equal(readAll(connection), "abcd");
  host.expect({ flags: ".", ack: 5, window: 4 });
});

test("a lost segment is sent again after the timeout, which doubles (RFC 6298 §5, MUST-19)", () => {
  const host = new Dialogue();
  const connection = host.established();
  connection.write(bytes("lost"));
  host.expect({ flags: "P.", data: "lost" });
  host.wait(seconds(4));
  const again = { data: "lost", flags: "P.", seq: 1 };
  host.expect({ ...again, at: 200 }, { ...again, at: 600 }, { ...again, at: 1400 }, { ...again, at: 3000 });
  host.wait(minutes(30));
  assert.equal(connection.state, "CLOSED", "R2 (MUST-20)");
  assert.equal(connection.takeError(), "ETIMEDOUT");
});

test("three duplicate ACKs bring the lost segment back at once (RFC 5681 §3.2), partial ACKs the next (RFC 6582)", () => {
  const host = new Dialogue();
  const connection = host.established();
  connection.write(letters(10_000));
  assert.equal(host.take().length, 10);
  for (let duplicate = 0; duplicate < 2; duplicate++) host.peer({ flags: ".", seq: 1, ack: 1 });
  host.expect();
  host.peer({ flags: ".", seq: 1, ack: 1 });
  host.expect({ flags: ".", seq: 1 });
  host.peer({ flags: ".", seq: 1, ack: 3001 });
  host.expect({ flags: ".", seq: 3001 });
  host.peer({ flags: ".", seq: 1, ack: 10_001 });
  host.expect();
  assert.equal(connection.congestion.window, 7000, "seven tenths of what was in flight (RFC 9438 §4.6)");
});

test("the first two duplicates each let a new segment out (RFC 3042)", () => {
  const host = new Dialogue();
  const connection = host.established();
  connection.write(letters(20_000));
  assert.equal(host.take().length, 10);
  host.peer({ flags: ".", seq: 1, ack: 1 });
  host.peer({ flags: ".", seq: 1, ack: 1 });
  assert.deepEqual(
    host.take().map(({ seq }) => seq),
    [10_001, 11_001],
  );
});

test("slow start sends two segments for each that is acknowledged", () => {
  const host = new Dialogue();
  const connection = host.established();
  connection.write(letters(40_000));
  assert.equal(host.take().length, DEFAULT_SETTINGS.initialWindow);
  host.peer({ flags: ".", seq: 1, ack: 2001 });
  assert.equal(host.take().length, 4);
});

test("a closed window is probed with doubling pauses for as long as the peer answers (MUST-36, MUST-37, SHLD-29, SHLD-30)", () => {
  const host = new Dialogue();
  const connection = host.established({ window: 1000 });
  connection.write(letters(1500));
  assert.equal(host.take().length, 1);
  host.peer({ flags: ".", seq: 1, ack: 1001, window: 0 });
  host.wait(seconds(4));
  const probe = { flags: ".", seq: 1000 };
  host.expect({ ...probe, at: 200 }, { ...probe, at: 600 }, { ...probe, at: 1400 }, { ...probe, at: 3000 });
  host.peer({ flags: ".", seq: 1, ack: 1001, window: 0 });
  for (let turn = 0; turn < 60; turn++) {
    host.wait(minutes(1));
    host.take();
    host.peer({ flags: ".", seq: 1, ack: 1001, window: 0 });
  }
  assert.equal(connection.state, "ESTABLISHED");
  host.peer({ flags: ".", seq: 1, ack: 1001, window: 1000 });
  const [segment] = host.take();
  assert.deepEqual([segment?.seq, segment?.data?.length], [1001, 500]);
});

test("the pauses between probes double although each is answered (SHLD-30)", () => {
  const host = new Dialogue();
  const connection = host.established({ window: 0 });
  connection.write(letters(1500));
  const sentAt: (number | undefined)[] = [];
  for (let second = 0; second < 60; second++) {
    host.wait(seconds(1));
    for (const { at } of host.take()) {
      sentAt.push(at);
      host.peer({ flags: ".", seq: 1, ack: 1, window: 0 });
    }
  }
  assert.deepEqual(sentAt, [200, 600, 1400, 3000, 6200, 12_600, 25_400, 51_000]);
});

test("without a user a connection does not wait for ever for a window that stays closed", () => {
  const host = new Dialogue();
  const connection = host.established({ window: 0 });
  connection.write(letters(1500));
  connection.close();
  for (let turn = 0; turn < 10 * 60; turn++) {
    host.wait(seconds(1));
    if (host.take().length > 0) host.peer({ flags: ".", seq: 1, ack: 1, window: 0 });
  }
  assert.equal(connection.state, "CLOSED");
});

test("the user timeout counts from when there was something to send", () => {
  const host = new Dialogue();
  const connection = host.established({ window: 0 });
  connection.set({ userTimeout: seconds(30) });
  host.wait(minutes(10));
  connection.write(letters(10));
  host.wait(seconds(25));
  assert.equal(connection.state, "ESTABLISHED");
  host.wait(seconds(60));
  assert.deepEqual([connection.state, connection.takeError()], ["CLOSED", "ETIMEDOUT"]);
});

test("a small window is not filled with crumbs (MUST-38), but is used when nothing else moves", () => {
  const host = new Dialogue();
  const connection = host.established({ window: 4000 });
  connection.write(letters(3000));
  host.take();
  host.peer({ flags: ".", seq: 1, ack: 3001, window: 100 });
  connection.write(letters(3000));
  host.expect();
  host.wait(milliseconds(250));
  const [crumb] = host.take();
  assert.deepEqual([crumb?.seq, crumb?.data?.length], [3001, 100]);
});

test("a reader that frees little is not announced; one that frees much is (MUST-39)", () => {
  const host = new Dialogue({ receiveBuffer: 10_000 });
  const connection = host.established();
  for (let seq = 1; seq < 10_000; seq += 1000) host.peer({ flags: ".", seq, ack: 1, data: "a".repeat(1000) });
  assert.equal(host.take().at(-1)?.window, 0);
  connection.read(new Uint8Array(500));
  host.expect();
  connection.read(new Uint8Array(4500));
  host.expect({ flags: ".", window: 5000 });
});

test("a writer is told to wait when its buffer is full, and told when a third of it is free", () => {
  const host = new Dialogue({ sendBuffer: 3000 });
  const connection = host.established({ window: 1000 });
  let ready = 0;
  connection.onReady = () => ready++;
  assert.equal(connection.write(letters(5000)), 3000);
  assert.equal(connection.write(letters(1)), "EAGAIN");
  assert.equal(connection.writable, false);
  host.peer({ flags: ".", seq: 1, ack: 1001, window: 1000 });
  assert.ok(connection.writable && ready > 0);
  assert.equal(connection.write(letters(5000)), 1000);
});

test("timestamps are echoed, and a segment that is older than the last is dropped (PAWS, RFC 7323 §5.3)", () => {
  const host = new Dialogue({ timestamps: true });
  const connection = host.established({ timestamp: [1000, 0] });
  host.peer({ flags: ".", seq: 1, ack: 1, data: "new", timestamp: [1500, 0] });
  host.wait(milliseconds(40));
  const [ack] = host.take();
  assert.equal(ack?.timestamp?.[1], 1500);
  host.peer({ flags: ".", seq: 4, ack: 1, data: "old", timestamp: [1400, 0] });
  host.expect({ flags: ".", ack: 4 });
  assert.deepEqual(host.drops, ["tcp-old-timestamp"]);
  assert.equal(readAll(connection), "new");
});

test("a segment outside the window says nothing of the time at the peer (RFC 7323 §5.3, R2 before R3)", () => {
  const host = new Dialogue({ timestamps: true });
  const connection = host.established({ timestamp: [1000, 0] });
  host.peer({ flags: ".", seq: -100_000, ack: 1, timestamp: [0x4000_0000, 0] });
  host.peer({ flags: ".", seq: 1, ack: 1, data: "real", timestamp: [1010, 0] });
  assert.equal(readAll(connection), "real");
});

test("an ACK of something not sent, or from long ago, is challenged and changes nothing (RFC 5961 §5)", () => {
  const host = new Dialogue();
  const connection = host.established();
  host.peer({ flags: ".", seq: 1, ack: 500, data: "forged" });
  host.expect({ flags: ".", ack: 1 });
  host.peer({ flags: ".", seq: 1, ack: -100_000, data: "forged" });
  host.expect();
  assert.equal(connection.read(new Uint8Array(1)), "EAGAIN");
});

test("keepalive is off unless asked for; then it probes, and gives up on silence (MUST-24–29)", () => {
  const quiet = new Dialogue();
  quiet.established();
  quiet.wait(minutes(600));
  quiet.expect();

  const host = new Dialogue();
  const connection = host.established();
  connection.set({ keepAlive: true, keepAliveIdle: seconds(60), keepAliveInterval: seconds(10), keepAliveProbes: 3 });
  host.wait(seconds(59));
  host.expect();
  host.wait(seconds(1));
  host.expect({ flags: ".", seq: 0 });
  host.peer({ flags: ".", seq: 1, ack: 1 });
  host.wait(seconds(59));
  host.expect();
  host.wait(seconds(30));
  assert.equal(host.take().length, 3);
  assert.equal(connection.state, "ESTABLISHED");
  host.wait(seconds(10));
  assert.equal(connection.takeError(), "ETIMEDOUT");
});

test("a window that the field cannot say is not announced, with each read, as opened", () => {
  const host = new Dialogue({ windowScaling: false });
  const connection = host.established();
  host.peer({ flags: ".", seq: 1, ack: 1, data: "abc" });
  assert.equal(readAll(connection), "abc");
  host.expect();
  host.wait(milliseconds(40));
  host.expect({ flags: ".", ack: 4 });
});

test("a FIN beyond a gap is answered at once (RFC 5681 §4.2)", () => {
  const host = new Dialogue();
  host.established();
  host.peer({ flags: "F.", seq: 100, ack: 1 });
  host.expect({ flags: ".", ack: 1 });
});

test("data and FIN that come with a SYN-ACK are taken (RFC 9293 §3.10.7.3)", () => {
  const host = new Dialogue();
  const connection = host.connecting();
  host.peer({ flags: "SF.", seq: 0, ack: 1, data: "early" });
  assert.equal(connection.state, "CLOSE-WAIT");
  host.expect({ flags: ".", seq: 1, ack: 7 });
  assert.equal(readAll(connection), "early");
});

test("a peer's probe is answered, and is no drop", () => {
  const host = new Dialogue();
  host.established();
  host.peer({ flags: ".", seq: 0, ack: 1 });
  host.expect({ flags: ".", seq: 1, ack: 1 });
  assert.deepEqual(host.drops, []);
});

test("a shorter path cuts segments down and sends again what was too big (RFC 1191)", () => {
  const host = new Dialogue();
  const connection = host.established();
  connection.write(letters(1000));
  host.expect({ flags: "P.", seq: 1 });
  host.internet.payloadLimit = 520;
  const quoted = new DataView(new ArrayBuffer(8));
  quoted.setUint16(0, host.port);
  quoted.setUint16(2, host.peerPort);
  quoted.setInt32(4, ((host.iss ?? 0) + 1) | 0);
  const report = { from: connection.remoteAddress, local: connection.localAddress, remote: connection.remoteAddress };
  const failure = { ...report, errno: "EMSGSIZE" as const, hard: true, view: quoted, at: 0, end: 8 };
  host.tcp.failed({ ...failure, kind: "packet-too-big" });
  assert.deepEqual(
    host.take().map(({ seq, data }) => [seq, data?.length]),
    [
      [1, 500],
      [501, 500],
    ],
  );
  assert.equal(connection.state, "ESTABLISHED");
});

test("an echo from before the last sending again does not count the timeout as a round trip (MUST-18)", () => {
  const host = new Dialogue({ timestamps: true });
  const connection = host.established({ timestamp: [1000, 0] });
  connection.write(bytes("x"));
  const [first] = host.take();
  host.wait(seconds(3));
  assert.ok(host.take().length > 2);
  host.peer({ flags: ".", seq: 1, ack: 2, timestamp: [4000, first?.timestamp?.[0] ?? 0] });
  assert.ok(connection.rto.smoothed < 1e6, "the first sending was acknowledged by an ACK that was lost");
  connection.write(bytes("y"));
  host.wait(milliseconds(210));
  const again = host.take().at(-1);
  host.wait(milliseconds(50));
  host.peer({ flags: ".", seq: 1, ack: 3, timestamp: [5000, again?.timestamp?.[0] ?? 0] });
  assert.ok(connection.rto.smoothed > 5e6, "the echo of the second sending measures");
});

test("ICMP ends an attempt, and only hints to an open connection (RFC 9293 §3.9.2.2, MUST-54, MUST-56)", () => {
  const report = (host: Dialogue, sequence: number) => {
    const view = new DataView(new ArrayBuffer(8));
    view.setUint16(0, host.port);
    view.setUint16(2, host.peerPort);
    view.setInt32(4, ((host.iss ?? 0) + sequence) | 0);
    const [connection] = host.tcp.connections;
    assert.ok(connection);
    const { localAddress: local, remoteAddress: remote } = connection;
    host.tcp.failed({
      kind: "host-unreachable",
      errno: "EHOSTUNREACH",
      hard: false,
      from: remote,
      local,
      remote,
      view,
      at: 0,
      end: 8,
    });
  };
  const attempt = new Dialogue();
  const connecting = attempt.connecting();
  report(attempt, 5000);
  assert.equal(connecting.state, "SYN-SENT", "not about a segment that is in flight");
  report(attempt, 0);
  assert.equal(connecting.takeError(), "EHOSTUNREACH");

  const host = new Dialogue();
  const open = host.established();
  open.write(bytes("x"));
  report(host, 1);
  assert.equal(open.state, "ESTABLISHED");
  host.wait(minutes(30));
  assert.equal(open.takeError(), "EHOSTUNREACH", "told when the connection times out");
});

test("a segment has the checksum of all its bytes and both addresses (MUST-2), and one that has not is dropped (MUST-3)", () => {
  const host = new Dialogue();
  const connection = host.established();
  let sent: Packet | undefined;
  const see = host.internet.sent;
  host.internet.sent = (packet) => {
    sent = packet.copy();
    see(packet);
  };
  connection.write(bytes("some data"));
  assert.ok(sent);
  // RFC 9293 §3.1, step by step: pseudo-header, header and data as words of 16 bits in one's complement.
  const header = [10, 0, 0, 1, 10, 0, 0, 2, 0, 6, 0, sent.length];
  const all = [...header, ...sent.bytes.subarray(sent.start, sent.end)];
  let total = 0;
  for (let at = 0; at < all.length; at += 2) total += (all[at] as number) * 256 + (all[at + 1] ?? 0);
  assert.equal(total % 0xffff, 0);
  host.take();
  const wrong = sent;
  wrong.view.setUint16(wrong.start, host.peerPort);
  wrong.view.setUint16(wrong.start + 2, host.port);
  wrong.bytes[wrong.end - 1] = (wrong.bytes[wrong.end - 1] as number) ^ 1;
  host.receive(wrong);
  assert.deepEqual(host.drops, ["tcp-checksum"]);
  host.expect();
});

test("the third repetition doubts the path, once (RFC 9293 §3.8.3, R1: MUST-20, SHLD-10)", () => {
  const host = new Dialogue();
  const connection = host.established();
  connection.write(letters(10));
  host.wait(seconds(1.2));
  assert.equal(host.take().length, 3, "sent, and twice again");
  assert.equal(host.internet.doubts, 0);
  host.wait(seconds(1));
  assert.equal(host.take().length, 1);
  assert.equal(host.internet.doubts, 1);
  host.wait(seconds(600));
  assert.equal(host.internet.doubts, 1);
});

test("the window counts up to 30 bits (RFC 9293 §3.1, REC-1; RFC 7323 §2.3)", () => {
  const host = new Dialogue();
  const connection = host.established({ scale: 14 });
  assert.equal(connection.sndWnd, 65_535 * 2 ** 14);
});

test("a segment whose acknowledgment is none of ours does not set TS.Recent, or a stranger could shut the peer out", () => {
  const host = new Dialogue({ timestamps: true });
  const connection = host.established({ timestamp: [100, 0] });
  host.peer({ flags: ".", seq: 1, ack: 5_000_000, data: "forged", timestamp: [1_000_000, 0] });
  assert.equal(connection.tsRecent, 100);
  host.peer({ flags: ".", seq: 1, ack: 1, data: "genuine", timestamp: [101, 0] });
  assert.equal(readAll(connection), "genuine");
});

test("a SYN is challenged whatever its number and timestamp, but not again at once (RFC 5961 §4.2)", () => {
  for (const words of [
    { seq: 500_000 },
    { seq: 2 },
    { seq: 2, data: "data" },
    { seq: 2, timestamp: [50, 0] as [number, number] },
  ]) {
    const host = new Dialogue({ timestamps: true });
    host.established({ timestamp: [100, 0] });
    for (const answers of [1, 0, 0]) {
      host.peer({ flags: "S", ...words });
      assert.equal(host.take().length, answers, JSON.stringify(words));
    }
  }
});
