/** Congestion control between whole stacks: how much of a line one connection uses, and how two of them share it. */
import assert from "node:assert/strict";
import test from "node:test";
import type { TcpSettings } from "../../src/transport/tcp/settings.ts";
import { Dumbbell, jain, type Line } from "../fixtures/dumbbell.ts";

/** What of a Mbit/s on the wire is left for data in full frames with timestamps. */
const DATA = 1448 / 1538;
const line: Line = { rate: 10, roundTrip: 50, queue: 80 };

const cubic: Partial<TcpSettings> = { congestionControl: "cubic" };
const newReno: Partial<TcpSettings> = { congestionControl: "newreno" };
const bbr: Partial<TcpSettings> = { congestionControl: "bbr" };

/** The part of the line that a lone flow uses, its start included. */
function use(over: Partial<Line>, settings: Partial<TcpSettings>, seconds = 20, seed = 1): number {
  const path = { ...line, ...over };
  const net = new Dumbbell(path, seed, { receiveBuffer: 4 << 20 });
  net.add({ ...settings, sendBuffer: 4 << 20 });
  return (net.measure(seconds)[0] as number) / (path.rate * DATA);
}

test("CUBIC and NewReno fill a line whose queue holds a round trip", () => {
  assert.ok(use({}, cubic) > 0.97);
  assert.ok(use({}, newReno) > 0.97);
});

test("CUBIC keeps most of a line with a short queue, and of a long one", () => {
  assert.ok(use({ queue: 12 }, cubic) > 0.9);
  assert.ok(use({ roundTrip: 200, queue: 40 }, cubic, 60) > 0.9);
});

test("BBR keeps more than four fifths of a 10 Mbit/s line of 50 ms that loses each hundredth frame", () => {
  for (let seed = 1; seed <= 5; seed++) {
    const used = use({ loss: 0.01 }, bbr, 20, seed);
    assert.ok(used > 0.8, `${used} with seed ${seed}`);
  }
});

test("BBR fills a line and keeps its queue short", () => {
  const net = new Dumbbell({ ...line, queue: 500 });
  net.add(bbr);
  net.run(3);
  let deepest = 0;
  net.every(1, () => {
    deepest = Math.max(deepest, net.line.queued.packets);
  });
  const [used] = net.measure(6) as [number];
  assert.ok(used > 0.97 * line.rate * DATA, `${used}`);
  assert.ok(deepest < 35, `${deepest}`);
});

test("two CUBIC flows share a line, also when one came later", () => {
  for (const queue of [20, 80, 200]) {
    const net = new Dumbbell({ ...line, queue });
    net.add(cubic);
    net.run(10);
    net.add(cubic);
    net.run(20);
    const shares = net.measure(60);
    assert.ok(jain(shares) > 0.9, `${shares} with a queue of ${queue}`);
    assert.ok((shares[0] as number) + (shares[1] as number) > 0.93 * line.rate * DATA, `${shares}`);
  }
});

test("CUBIC leaves NewReno its share of a short line (RFC 9438 §5.1)", () => {
  const net = new Dumbbell({ ...line, roundTrip: 10, queue: 25 });
  net.add(cubic);
  net.add(newReno);
  net.run(10);
  const shares = net.measure(60);
  assert.ok(jain(shares) > 0.9, `${shares}`);
});

test("two BBR flows share a line", () => {
  const net = new Dumbbell(line);
  net.add(bbr);
  net.run(5);
  net.add(bbr);
  net.run(25);
  const shares = net.measure(60);
  assert.ok(jain(shares) > 0.9, `${shares}`);
});

test("the same seed gives the same run, gain cycle and all", () => {
  assert.equal(use({ loss: 0.02 }, bbr, 12, 3), use({ loss: 0.02 }, bbr, 12, 3));
  assert.notEqual(use({ loss: 0.02 }, bbr, 12, 3), use({ loss: 0.02 }, bbr, 12, 4));
});

test("on a line that only loses and never reorders, no reduction is taken back", () => {
  // So much is in flight and lost that one recovery follows another, and what the first sent again arrives in the next.
  const net = new Dumbbell({ rate: 100, roundTrip: 100, queue: 1000, loss: 0.01 }, 1, { receiveBuffer: 8 << 20 });
  const { connection } = net.add({ ...bbr, sendBuffer: 8 << 20 });
  const { congestion } = connection;
  const undo = congestion.undo.bind(congestion);
  let undone = 0;
  congestion.undo = () => {
    undone++;
    undo();
  };
  net.run(3);
  assert.ok(connection.delivered > 10e6, `${connection.delivered}`);
  assert.equal(undone, 0);
});

test("in the middle of a recovery another algorithm may take over: the window stays one to send by", () => {
  const net = new Dumbbell({ ...line, loss: 0.01 });
  const { connection } = net.add(bbr);
  net.run(1);
  for (let wait = 0; connection.mode !== "recovery"; wait++) {
    assert.ok(wait < 5000);
    net.run(0.001);
  }
  connection.set({ congestionControl: "cubic" });
  while (connection.mode === "recovery") net.run(0.001);
  const { window } = connection.congestion;
  assert.ok(window >= connection.segmentSize && window < 300_000, `${window}`);
  assert.ok((net.measure(20)[0] as number) > 1);
});
