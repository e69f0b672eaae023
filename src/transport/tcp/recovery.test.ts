import assert from "node:assert/strict";
import test from "node:test";
import { bytes, Dialogue } from "../../../test/fixtures/tcp.ts";
import { ip } from "../../address/ip.ts";
import { milliseconds } from "../../time/instant.ts";

const SEGMENT = 1000;
/** A connection to a peer 100 ms away that has SACK, with so many segments of 1,000 bytes under way. */
function sending(segments: number, settings = {}, syn = {}) {
  const host = new Dialogue(settings);
  const connection = host.established({ sackPermitted: true, ...syn }, milliseconds(100));
  connection.congestion.window = segments * SEGMENT;
  connection.write(bytes("x".repeat(60 * SEGMENT)));
  assert.equal(host.take().length, segments);
  return { host, connection };
}
/** Where segment n begins, counted from 0. */
const at = (segment: number): number => 1 + segment * SEGMENT;
const block = (from: number, to: number): [number, number] => [at(from), at(to)];
const numbers = (host: Dialogue): (number | undefined)[] => host.take().map(({ seq }) => seq);

test("what is reported beyond a gap of three segments brings the lost one back at once (RFC 8985 §6.2, RFC 6675 §5)", () => {
  const { host, connection } = sending(10);
  host.wait(milliseconds(100));
  host.peer({ flags: ".", seq: 1, ack: at(0), sack: [block(1, 3)] });
  assert.deepEqual(numbers(host), [at(10), at(11)], "two report, so two new ones leave (RFC 3042)");
  host.peer({ flags: ".", seq: 1, ack: at(0), sack: [block(1, 4)] });
  assert.equal(connection.mode, "recovery");
  assert.equal(numbers(host)[0], at(0));
});

test("only what is lost is sent again, and what the peer holds is not (RFC 2018 §5)", () => {
  const { host, connection } = sending(20);
  host.wait(milliseconds(100));
  host.peer({ flags: ".", seq: 1, ack: at(0), sack: [block(5, 20), block(1, 2), block(3, 4)] });
  assert.equal(connection.sent.sacked, 17 * SEGMENT);
  assert.deepEqual(numbers(host).slice(0, 3), [at(0), at(2), at(4)]);
});

test("a block that covers a part of a segment counts for that part (RFC 2018 §3)", () => {
  const { host, connection } = sending(10);
  host.wait(milliseconds(100));
  host.peer({ flags: ".", seq: 1, ack: at(0), sack: [[at(4) + 300, at(7)]] });
  assert.equal(connection.sent.sacked, 2700);
  host.peer({ flags: ".", seq: 1, ack: at(7) });
  assert.equal(connection.sent.outstanding % SEGMENT, 0);
});

test("blocks of what was never sent, or was acknowledged, change nothing", () => {
  const { host, connection } = sending(10);
  host.peer({ flags: ".", seq: 1, ack: at(0), sack: [block(8, 200), block(9, 9), [at(3), at(2)]] });
  assert.equal(connection.sent.sacked, 0);
  assert.equal(connection.mode, "open");
});

test("where reordering was seen a quarter of the round trip is waited before a loss is believed (RFC 8985 §6.2.4)", () => {
  const { host, connection } = sending(10);
  host.wait(milliseconds(100));
  host.peer({ flags: ".", seq: 1, ack: at(0), sack: [block(1, 2)] });
  host.peer({ flags: ".", seq: 1, ack: at(3), sack: [] });
  connection.recovery.rack.reorderingSeen = true;
  host.take();
  host.peer({ flags: ".", seq: 1, ack: at(3), sack: [block(4, 8)] });
  assert.equal(connection.mode, "open");
  assert.ok(!numbers(host).includes(at(3)));
  host.wait(milliseconds(24));
  assert.deepEqual(numbers(host), []);
  host.wait(milliseconds(2));
  assert.deepEqual(numbers(host), [at(3)]);
  assert.equal(connection.mode, "recovery");
});

test("a retransmission that is lost goes again without a timeout, once what was sent later has arrived (RFC 8985 §3.1)", () => {
  const { host, connection } = sending(10);
  host.wait(milliseconds(100));
  host.peer({ flags: ".", seq: 1, ack: at(0), sack: [block(1, 10)] });
  assert.deepEqual(numbers(host).slice(0, 1), [at(0)]);
  host.wait(milliseconds(101));
  host.peer({ flags: ".", seq: 1, ack: at(0), sack: [block(1, 11)] });
  assert.equal(numbers(host)[0], at(0), "again");
  assert.equal(connection.mode, "recovery");
});

test("the rate falls in proportion to what arrives, and ends at the threshold (RFC 9937)", () => {
  const { host, connection } = sending(20);
  host.wait(milliseconds(100));
  let sent = 0;
  for (let segment = 2; segment <= 20; segment++) {
    host.peer({ flags: ".", seq: 1, ack: at(0), sack: [block(1, segment)] });
    sent += host.take().length;
  }
  const threshold = connection.congestion.slowStartThreshold;
  assert.equal(threshold, 14 * SEGMENT);
  assert.equal(connection.inFlight, threshold);
  assert.ok(sent >= 14 && sent <= 16, `${sent} segments went out for 19 that arrived`);
  host.peer({ flags: ".", seq: 1, ack: at(20) });
  host.peer({ flags: ".", seq: 1, ack: at(20 + 14) });
  assert.equal(connection.mode, "open");
  assert.equal(connection.congestion.slowStartThreshold, threshold);
});

test("when every retransmission turns out to be a duplicate the reduction is undone (RFC 2883, RFC 3708, as Linux)", () => {
  const { host, connection } = sending(10);
  host.wait(milliseconds(100));
  host.peer({ flags: ".", seq: 1, ack: at(0), sack: [block(1, 4)] });
  assert.equal(connection.mode, "recovery");
  host.take();
  host.peer({ flags: ".", seq: 1, ack: at(4) });
  host.peer({ flags: ".", seq: 1, ack: at(4), sack: [block(0, 1)] });
  assert.equal(connection.mode, "open");
  assert.ok(connection.congestion.window >= 10 * SEGMENT, `the window is ${connection.congestion.window}`);
});

test("an echo from before the retransmission undoes the reduction (RFC 3522)", () => {
  const { host, connection } = sending(10, { timestamps: true }, { timestamp: [1, 0], segmentSize: SEGMENT + 12 });
  const stamp = connection.timestampAt(connection.now);
  host.wait(milliseconds(100));
  host.peer({ flags: ".", seq: 1, ack: at(0), sack: [block(1, 4)], timestamp: [2, stamp] });
  assert.equal(connection.mode, "recovery");
  host.peer({ flags: ".", seq: 1, ack: at(4), timestamp: [3, stamp] });
  assert.equal(connection.mode, "open");
  assert.ok(connection.congestion.window >= 10 * SEGMENT);
});

test("a timeout was spurious if what was never sent again arrives: F-RTO (RFC 5682 §3.1)", () => {
  const { host, connection } = sending(10, {});
  host.wait(milliseconds(900));
  assert.equal(connection.mode, "loss");
  host.take();
  host.peer({ flags: ".", seq: 1, ack: at(1) });
  assert.deepEqual(numbers(host), [at(11), at(12)], "new data tells, instead of what may not be lost (step 2b)");
  host.peer({ flags: ".", seq: 1, ack: at(2) });
  assert.equal(connection.mode, "open");
  assert.equal(connection.sent.lost, 0);
  assert.ok(connection.congestion.window >= 10 * SEGMENT);
});

test("a timeout was real if the new data is reported beyond a gap: all that is lost goes again (step 3a)", () => {
  const { host, connection } = sending(10, {});
  host.wait(milliseconds(900));
  host.take();
  host.peer({ flags: ".", seq: 1, ack: at(1) });
  host.take();
  host.peer({ flags: ".", seq: 1, ack: at(1), sack: [block(11, 13)] });
  assert.equal(connection.mode, "loss");
  assert.equal(numbers(host)[0], at(1));
});

test("a peer that forgets what it reported is sent everything again after a timeout (RFC 2018 §8)", () => {
  const { host, connection } = sending(10);
  host.wait(milliseconds(100));
  host.peer({ flags: ".", seq: 1, ack: at(0), sack: [block(1, 10)] });
  host.take();
  host.peer({ flags: ".", seq: 1, ack: at(1) });
  host.wait(milliseconds(5000));
  assert.equal(connection.sent.sacked, 0);
  assert.ok(numbers(host).includes(at(1)));
});

test("the last segments of a burst are asked after before the timeout (RFC 8985 §7)", () => {
  const host = new Dialogue();
  const connection = host.established({ sackPermitted: true }, milliseconds(100));
  connection.write(bytes("x".repeat(3 * SEGMENT)));
  host.take();
  host.wait(milliseconds(201));
  assert.deepEqual(numbers(host), []);
  host.wait(milliseconds(2));
  assert.deepEqual(numbers(host), [at(2)], "the last one, after two round trips");
  const window = connection.congestion.window;
  host.wait(milliseconds(100));
  host.peer({ flags: ".", seq: 1, ack: at(0), sack: [block(2, 3)] });
  assert.equal(connection.sent.lost, 2 * SEGMENT, "its report shows the others to be lost");
  assert.deepEqual(numbers(host), [at(0)]);
  assert.ok(connection.congestion.slowStartThreshold < window);
});

test("new data is the tail probe where there is some, whatever the congestion window", () => {
  const { host } = sending(4);
  host.wait(milliseconds(203));
  assert.deepEqual(numbers(host), [at(4)]);
});

test("a tail probe that made a loss good reduces the window (RFC 8985 §7.4.2)", () => {
  const host = new Dialogue();
  const connection = host.established({ sackPermitted: true }, milliseconds(100));
  connection.write(bytes("x".repeat(2 * SEGMENT)));
  host.wait(milliseconds(210));
  assert.equal(host.take().length, 3);
  host.peer({ flags: ".", seq: 1, ack: at(2) });
  assert.equal(connection.congestion.slowStartThreshold, Number.POSITIVE_INFINITY, "not known yet");
  connection.write(bytes("y".repeat(SEGMENT)));
  host.peer({ flags: ".", seq: 1, ack: at(3) });
  assert.ok(connection.congestion.slowStartThreshold < Number.POSITIVE_INFINITY);
});

test("a tail probe whose both copies arrive changes nothing", () => {
  const host = new Dialogue();
  const connection = host.established({ sackPermitted: true }, milliseconds(100));
  connection.write(bytes("x".repeat(2 * SEGMENT)));
  host.wait(milliseconds(210));
  host.peer({ flags: ".", seq: 1, ack: at(2) });
  host.peer({ flags: ".", seq: 1, ack: at(2), sack: [block(1, 2)] });
  connection.write(bytes("y".repeat(SEGMENT)));
  host.peer({ flags: ".", seq: 1, ack: at(3) });
  assert.equal(connection.congestion.slowStartThreshold, Number.POSITIVE_INFINITY);
});

test("an ECN echo reduces the window once, and new data tells that it has (RFC 3168 §6.1.2)", () => {
  const host = new Dialogue();
  const connection = host.established({ flags: "SEC", sackPermitted: true }, milliseconds(100));
  assert.ok(connection.ecnCapable);
  connection.write(bytes("x".repeat(60 * SEGMENT)));
  assert.ok(host.take().every(({ codepoint }) => codepoint === 2));
  host.wait(milliseconds(100));
  host.peer({ flags: ".E", seq: 1, ack: at(2) });
  assert.equal(connection.mode, "cwr");
  assert.equal(connection.congestion.slowStartThreshold, 7 * SEGMENT);
  host.peer({ flags: ".E", seq: 1, ack: at(4) });
  host.peer({ flags: ".E", seq: 1, ack: at(6) });
  assert.equal(connection.congestion.slowStartThreshold, 7 * SEGMENT);
  const flags = host.take().map((segment) => segment.flags);
  assert.equal(flags[0], ".C");
  assert.ok(flags.slice(1).every((each) => each === "."));
  host.peer({ flags: ".", seq: 1, ack: at(10) });
  assert.equal(Math.floor(connection.congestion.window / SEGMENT), 7);
});

test("a mark is echoed until the sender says that it has slowed down (RFC 3168 §6.1.3)", () => {
  const host = new Dialogue();
  const connection = host.established({ flags: "SEC" });
  host.peer({ flags: ".", seq: 1, ack: 1, data: "a", codepoint: 3 });
  host.expect({ flags: ".E", ack: 2 });
  host.peer({ flags: ".", seq: 2, ack: 1, data: "b", codepoint: 2 });
  connection.write(bytes("c"));
  host.expect({ flags: "P.E" });
  host.peer({ flags: "C.", seq: 3, ack: 2, data: "d", codepoint: 2 });
  host.wait(milliseconds(50));
  host.expect({ flags: ".", ack: 4 });
});

test("a SYN that goes unanswered is sent again without ECN (RFC 3168 §6.1.1.1)", () => {
  const host = new Dialogue({ ecn: "on" });
  const connection = host.tcp.connect(undefined, ip("10.0.0.2"), host.peerPort);
  assert.ok(typeof connection !== "string");
  host.expect({ flags: "SEC" });
  host.wait(milliseconds(1100));
  host.expect({ flags: "S" });
});

test("after a pause the window halves for each timeout of silence, down to the initial one (RFC 2861 §3.1, as Linux)", () => {
  const host = new Dialogue({ noDelay: true });
  const connection = host.established({ sackPermitted: true }, milliseconds(100));
  connection.congestion.window = 40 * SEGMENT;
  connection.write(bytes("x"));
  host.peer({ flags: ".", seq: 1, ack: 2 });
  host.wait(milliseconds(700)); // two timeouts of about 300 ms
  connection.write(bytes("y"));
  assert.equal(connection.congestion.window, 10 * SEGMENT);
  assert.equal(connection.congestion.slowStartThreshold, Number.POSITIVE_INFINITY);
});

test("a window that is not used does not grow (RFC 2861 §3, as Linux)", () => {
  const host = new Dialogue({ noDelay: true });
  const connection = host.established({ sackPermitted: true }, milliseconds(1));
  connection.congestion.window = 30 * SEGMENT;
  for (let round = 0; round < 20; round++) {
    connection.write(bytes("x".repeat(SEGMENT)));
    host.peer({ flags: ".", seq: 1, ack: at(round + 1) });
  }
  assert.equal(connection.congestion.window, 30 * SEGMENT);
});

test("what waited behind a gap at a peer without SACK says nothing about the round trip", () => {
  const host = new Dialogue();
  const connection = host.established({}, milliseconds(100));
  connection.write(bytes("x".repeat(4 * SEGMENT)));
  host.wait(milliseconds(100));
  host.peer({ flags: ".", seq: 1, ack: at(1) });
  host.wait(milliseconds(2000));
  const { smoothed } = connection.rto;
  host.peer({ flags: ".", seq: 1, ack: at(4) });
  assert.equal(connection.rto.smoothed, smoothed);
});

test("the echo of a SYN that was sent again measures the round trip (RFC 7323 §4.1)", () => {
  const host = new Dialogue({ timestamps: true });
  const connection = host.tcp.connect(undefined, ip("10.0.0.2"), host.peerPort);
  assert.ok(typeof connection !== "string");
  host.wait(milliseconds(1050));
  const [, again] = host.take();
  host.peerPort = connection.remotePort;
  host.port = connection.localPort;
  host.peer({ flags: "S.", seq: 0, ack: 1, timestamp: [7, again?.timestamp?.[0] ?? 0] });
  assert.equal(connection.rto.smoothed, 50e6);
});

test("a timeout while new data goes first brings the earliest lost segment, not more new data (RFC 6298 (5.4))", () => {
  const { host, connection } = sending(10);
  host.wait(milliseconds(900));
  host.peer({ flags: ".", seq: 1, ack: at(1) });
  host.take();
  host.wait(milliseconds(700));
  assert.equal(connection.mode, "loss");
  assert.equal(numbers(host)[0], at(1));
});

test("what is still lost when the loss state ends begins a recovery", () => {
  const { host, connection } = sending(10);
  host.wait(milliseconds(900));
  host.peer({ flags: ".", seq: 1, ack: at(1) });
  host.peer({ flags: ".", seq: 1, ack: at(1), sack: [block(12, 13)] });
  assert.equal(connection.mode, "loss");
  host.take();
  host.wait(milliseconds(150));
  host.peer({ flags: ".", seq: 1, ack: at(11), sack: [block(12, 13)] });
  assert.equal(connection.recovery.mode, "recovery");
  assert.equal(numbers(host)[0], at(11));
});

test("a segment reported late, after something was sent again, says nothing about the round trip", () => {
  const { host, connection } = sending(10);
  host.wait(milliseconds(2000));
  const { smoothed } = connection.rto;
  host.peer({ flags: ".", seq: 1, ack: at(0), sack: [block(2, 5)] });
  assert.equal(connection.rto.smoothed, smoothed);
});

test("two small segments are not asked after while their acknowledgment may be delayed (RFC 8985 §7.2)", () => {
  const host = new Dialogue({ noDelay: true });
  const connection = host.established({ sackPermitted: true }, milliseconds(1));
  connection.write(bytes("a"));
  connection.write(bytes("b"));
  assert.equal(host.take().length, 2);
  host.wait(milliseconds(150));
  assert.deepEqual(numbers(host), []);
  host.wait(milliseconds(100));
  assert.equal(host.take().length, 1);
});

test("the timeout waits for the answer to the latest sending of the first segment (as Linux)", () => {
  const { host, connection } = sending(10);
  host.wait(milliseconds(100));
  host.peer({ flags: ".", seq: 1, ack: at(0), sack: [block(1, 4)] });
  assert.equal(numbers(host)[0], at(0));
  assert.equal(connection.timers.retransmission, connection.now + connection.rto.current);
});

test("a peer without SACK that was asked by new data in vain is sent what is lost at once the next time", () => {
  const host = new Dialogue();
  const connection = host.established({}, milliseconds(100));
  connection.congestion.window = 4 * SEGMENT;
  connection.write(bytes("x".repeat(40 * SEGMENT)));
  host.wait(milliseconds(400));
  host.take();
  host.peer({ flags: ".", seq: 1, ack: at(1) });
  assert.deepEqual(numbers(host), [at(4), at(5)]);
  host.peer({ flags: ".", seq: 1, ack: at(1) });
  host.peer({ flags: ".", seq: 1, ack: at(1) });
  assert.equal(numbers(host)[0], at(1));
  host.peer({ flags: ".", seq: 1, ack: at(4) });
  assert.equal(connection.mode, "open");
  host.take();
  host.wait(milliseconds(400));
  assert.deepEqual(numbers(host), [at(4)]);
  host.peer({ flags: ".", seq: 1, ack: at(5) });
  assert.equal(numbers(host)[0], at(5));
});
