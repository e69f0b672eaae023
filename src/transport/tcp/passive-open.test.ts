import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { bytes, Dialogue, readAll, type SegmentWords } from "../../../test/fixtures/tcp.ts";
import { milliseconds, seconds } from "../../time/instant.ts";
import { COOKIE_EPOCH } from "./syn-cookies.ts";

const COOKIES = { synCookies: "always" } as const;
const OFFER: SegmentWords = { flags: "S", segmentSize: 1400, scale: 7, options: [4, 2, 1, 1], timestamp: [77, 0] };

/** A SYN is answered. @returns the SYN-ACK */
function answerTo(host: Dialogue, syn: SegmentWords = { flags: "S", segmentSize: 1400 }): SegmentWords {
  host.iss = undefined;
  host.peer(syn);
  const [answer, ...more] = host.take();
  assert.ok(answer?.flags === "S." && answer.ack === 1 && more.length === 0);
  return answer;
}

describe("a request", () => {
  test("is no connection until the peer's ACK, and shows in a snapshot", () => {
    const host = new Dialogue();
    host.listening();
    host.peer({ flags: "S", segmentSize: 1000 });
    assert.deepEqual([host.tcp.connections.size, host.tcp.passive.requests.size], [0, 1]);
    assert.equal(host.tcp.snapshot().connections[0]?.state, "SYN-RECEIVED");
    host.peer({ flags: ".", seq: 1, ack: 1 });
    assert.deepEqual([host.tcp.connections.size, host.tcp.passive.requests.size], [1, 0]);
  });

  test("answers again by the timer, each pause twice the last, and is forgotten after the last retransmission", () => {
    const host = new Dialogue({ synAckRetries: 3 });
    host.listening();
    host.peer({ flags: "S" });
    host.wait(seconds(20));
    assert.deepEqual(
      host.take().map(({ flags, at }) => [flags, at]),
      [
        ["S.", 0],
        ["S.", 1000],
        ["S.", 3000],
        ["S.", 7000],
      ],
    );
    assert.equal(host.tcp.passive.requests.size, 0);
    host.peer({ flags: ".", seq: 1, ack: 1 });
    host.expect({ flags: "R", seq: 1 });
  });

  test("of many, each keeps its own time, in the order of their SYNs", () => {
    const host = new Dialogue({ synAckRetries: 1 });
    host.listening();
    for (const [peerPort, pause] of [
      [4000, 300],
      [4001, 0],
      [4002, 500],
    ] as const) {
      host.peerPort = peerPort;
      host.peer({ flags: "S" });
      host.wait(milliseconds(pause));
    }
    host.take();
    host.wait(seconds(10));
    assert.deepEqual(
      host.take().map(({ at }) => at),
      [1000, 1300, 1300],
    );
    assert.equal(host.tcp.passive.requests.size, 0);
  });

  test("measures the round trip of a SYN-ACK that went out once, and of no other (MUST-18)", () => {
    for (const again of [false, true]) {
      const host = new Dialogue();
      const listener = host.listening();
      host.peer({ flags: "S" });
      if (again) host.peer({ flags: "S" });
      host.wait(milliseconds(70));
      host.peer({ flags: ".", seq: 1, ack: 1 });
      assert.equal(listener.accept()?.rto.smoothed, again ? 0 : 70e6);
    }
  });

  test("answers segments that may be forged, but not one after the other (RFC 5961 §3.2, §4.2; RFC 7323 §5.3)", () => {
    const forged: SegmentWords[] = [
      { flags: "R", seq: 2 },
      { flags: "S", seq: 5 },
      { flags: ".", seq: 100_000, ack: 1 },
      { flags: ".", seq: 1, ack: 1, timestamp: [10, 0] },
    ];
    for (const words of forged) {
      const host = new Dialogue({ timestamps: true });
      const listener = host.listening();
      host.peer({ flags: "S", timestamp: [20, 0] });
      host.take();
      host.peer(words);
      host.expect({ flags: ".", seq: 1, ack: 1 });
      host.peer(words);
      host.expect();
      host.wait(milliseconds(500));
      host.peer(words);
      host.expect({ flags: ".", seq: 1, ack: 1 });
      host.peer({ flags: ".", seq: 1, ack: 1, timestamp: [21, 0] });
      assert.ok(listener.accept(), "the handshake ends all the same");
    }
  });

  test("is ended by a reset of the very next number, and by ICMP errors that quote the SYN-ACK (as Linux)", () => {
    const host = new Dialogue();
    host.listening();
    host.peer({ flags: "S" });
    host.peer({ flags: "R", seq: 2 });
    assert.equal(host.tcp.passive.requests.size, 1);
    host.peer({ flags: "R", seq: 1 });
    assert.equal(host.tcp.passive.requests.size, 0);
    host.take();
    for (const [kind, offset, ended] of [
      ["port-unreachable", 0, false],
      ["host-unreachable", 1, false],
      ["host-unreachable", 0, true],
    ] as const) {
      host.peerPort++;
      answerTo(host, { flags: "S" });
      const before: number = host.tcp.passive.requests.size;
      const view = new DataView(new ArrayBuffer(8));
      view.setUint16(0, host.port);
      view.setUint16(2, host.peerPort);
      view.setInt32(4, ((host.iss ?? 0) + offset) | 0);
      const { here: local, there: remote } = host.internet;
      host.tcp.failed({ kind, errno: "EHOSTUNREACH", hard: false, from: remote, local, remote, view, at: 0, end: 8 });
      assert.equal(host.tcp.passive.requests.size < before, ended, `${kind} ${offset}`);
    }
  });

  test("is reset when its listener goes, and leaves no timer behind", () => {
    const host = new Dialogue();
    const listener = host.listening();
    host.peer({ flags: "S" });
    host.take();
    listener.close();
    host.expect({ flags: "R.", seq: 1, ack: 1 });
    assert.equal(host.tcp.passive.requests.size, 0);
    host.wait(seconds(100));
    host.expect();
  });
});

describe("SYN cookies", () => {
  test("answer SYNs beyond the SYN backlog, and make connections of the ACKs that bring them back (RFC 4987 §3.6)", () => {
    const host = new Dialogue({ synBacklog: 2 });
    const listener = host.listening();
    for (const peerPort of [4000, 4001]) {
      host.peerPort = peerPort;
      host.peer({ flags: "S" });
    }
    host.take();
    host.peerPort = 4002;
    answerTo(host);
    assert.equal(host.tcp.passive.requests.size, 2);
    host.wait(seconds(50));
    host.take();
    host.peer({ flags: ".", seq: 1, ack: 1, window: 500, data: "hello" });
    const connection = listener.accept();
    assert.ok(connection?.state === "ESTABLISHED");
    assert.equal(readAll(connection), "hello", "data with the ACK is taken");
    assert.equal(connection.sndWnd, 500);
    assert.equal(connection.segmentSize, 1300, "the largest of the table that the peer takes");
    connection.write(bytes("world"));
    host.expect({ flags: "P.", seq: 1, ack: 6, data: "world" });
    const { synCookiesSent, synCookiesReceived, synCookiesFailed } = host.tcp.snapshot().counters;
    assert.deepEqual([synCookiesSent, synCookiesReceived, synCookiesFailed], [1, 1, 0]);
  });

  test("carry scaling and SACK in the timestamp", () => {
    const host = new Dialogue({ ...COOKIES, timestamps: true });
    const listener = host.listening();
    const answer = answerTo(host, OFFER);
    assert.ok(answer.scale === 7 && answer.timestamp?.[1] === 77, "it offers what both can do");
    assert.equal(host.tcp.passive.requests.size, 0, "nothing is kept");
    host.peer({ flags: ".", seq: 1, ack: 1, window: 100, timestamp: [78, answer.timestamp[0]] });
    const connection = listener.accept();
    assert.ok(connection);
    assert.deepEqual([connection.sndScale, connection.rcvScale, connection.sndWnd], [7, 7, 12_800]);
    assert.deepEqual([connection.sackPermitted, connection.timestamps, connection.tsRecent], [true, true, 78]);
    assert.equal(connection.segmentSize, 1300 - 12);
    assert.equal(connection.rto.smoothed, 0, "its timestamp was changed: it measures nothing");
  });

  test("without timestamps offer neither, since nothing could bring them back", () => {
    const host = new Dialogue({ ...COOKIES, timestamps: true });
    const listener = host.listening();
    const answer = answerTo(host, { flags: "S", segmentSize: 1460, scale: 7, options: [4, 2] });
    assert.deepEqual([answer.scale, answer.timestamp, answer.segmentSize], [undefined, undefined, 1460]);
    host.peer({ flags: ".", seq: 1, ack: 1, window: 100 });
    const connection = listener.accept();
    assert.ok(connection);
    assert.deepEqual([connection.sndScale, connection.rcvScale, connection.sackPermitted], [0, 0, false]);
  });

  test("are good for one or two epochs, and no ACK is looked at when none was sent for so long", () => {
    const host = new Dialogue(COOKIES);
    const listener = host.listening();
    host.peer({ flags: ".", seq: 1, ack: 1 });
    host.take();
    assert.equal(host.tcp.counters.synCookiesFailed, 0, "none was sent");
    answerTo(host);
    host.peer({ flags: ".", seq: 1, ack: 1000 });
    assert.equal(host.take()[0]?.flags, "R");
    assert.equal(host.tcp.counters.synCookiesFailed, 1);
    host.wait((2 * COOKIE_EPOCH - 1) as never);
    host.peer({ flags: ".", seq: 1, ack: 1 });
    assert.ok(listener.accept());
    host.peerPort++;
    answerTo(host);
    host.wait((2 * COOKIE_EPOCH) as never);
    host.peer({ flags: ".", seq: 1, ack: 1 });
    assert.equal(host.take()[0]?.flags, "R");
    assert.equal(listener.accept(), undefined);
  });

  test("open nothing while the accept backlog is full; the ACK counts again when there is room", () => {
    const host = new Dialogue(COOKIES);
    const listener = host.listening(1);
    answerTo(host);
    const first = host.iss;
    host.peerPort++;
    answerTo(host);
    host.peer({ flags: ".", seq: 1, ack: 1 });
    host.peerPort--;
    host.iss = first;
    host.peer({ flags: ".", seq: 1, ack: 1, data: "x" });
    host.peer({ flags: "S" });
    host.expect();
    assert.deepEqual(host.drops, ["tcp-backlog-full", "tcp-backlog-full"]);
    assert.ok(listener.accept());
    host.peer({ flags: ".", seq: 1, ack: 1, data: "x" });
    assert.equal(readAll(listener.accept() as never), "x");
  });

  test("may be switched off: a SYN beyond the SYN backlog is dropped", () => {
    const host = new Dialogue({ synBacklog: 1, synCookies: "never" });
    host.listening();
    host.peer({ flags: "S" });
    host.take();
    host.peerPort++;
    host.peer({ flags: "S" });
    host.expect();
    assert.deepEqual(host.drops, ["tcp-backlog-full"]);
  });
});
