/**
 * Attackers who know a connection's addresses and ports, but none of its numbers, guess: by RST, SYN, data and ICMP errors
 * (RFC 5961, RFC 5927). The connection goes on, and not a byte of theirs is delivered.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { finish, sum } from "../../src/base/checksum.ts";
import { Random } from "../../src/base/random.ts";
import { after, type Instant, milliseconds } from "../../src/time/instant.ts";
import { pseudoHeaderSum } from "../../src/transport/pseudo-header.ts";
import type { Connection } from "../../src/transport/tcp/connection.ts";
import * as wire from "../../src/wire/tcp.ts";
import { writeTimestamps } from "../../src/wire/tcp-options.ts";
import { size } from "../size.ts";
import { Ends } from "./tcp/ends.ts";

const GUESSES = size(20_000, 1_000_000);
const WINDOW = 65_536;
/** The connection's own data goes on after so many guesses. */
const EACH = 500;
const TEXT = Uint8Array.from({ length: 100 }, (_, at) => at);

type Guess = (random: Random, turn: number) => { flags: number; seq: number; ack: number; data: number };
/** A window further each time, as who must try all windows does, from any start. */
const sweep = (random: Random, turn: number): number => (turn * WINDOW + random.below(WINDOW)) | 0;
const GUESS: Readonly<Record<string, Guess>> = {
  RST: (random, turn) => ({ flags: wire.RST, seq: sweep(random, turn), ack: 0, data: 0 }),
  "RST and ACK": (random, turn) => ({
    flags: wire.RST | wire.ACK,
    seq: sweep(random, turn),
    ack: random.uint32() | 0,
    data: 0,
  }),
  SYN: (random, turn) => ({ flags: wire.SYN, seq: sweep(random, turn), ack: 0, data: 0 }),
  data: (random, turn) => ({ flags: wire.ACK, seq: sweep(random, turn), ack: random.uint32() | 0, data: 700 }),
  FIN: (random, turn) => ({ flags: wire.ACK | wire.FIN, seq: sweep(random, turn), ack: random.uint32() | 0, data: 0 }),
};

/** Two ends with an open connection, timestamps on and windows of 64 KiB. */
class Target {
  readonly ends = new Ends(1, { receiveBuffer: WINDOW, timestamps: true });
  readonly connections: readonly [Connection, Connection];
  readonly #into = new Uint8Array(WINDOW);

  constructor() {
    const { ends } = this;
    const address = ends.addresses[1] as (typeof ends.addresses)[0];
    const [client, server] = ends.tcps as [(typeof ends.tcps)[0], (typeof ends.tcps)[0]];
    const binding = server.bind(address, 80, false);
    assert.ok(typeof binding !== "string");
    const listener = server.listen(binding, 1);
    const opened = client.connect(undefined, address, 80);
    assert.ok(typeof listener !== "string" && typeof opened !== "string");
    ends.deliverAll();
    const accepted = listener.accept();
    assert.ok(accepted !== undefined);
    this.connections = [opened, accepted];
    this.exchange();
  }

  /** Both send, and get what the other has sent and nothing else. */
  exchange(): void {
    for (const c of this.connections) assert.equal(c.write(TEXT), TEXT.length);
    this.ends.deliverAll();
    for (const c of this.connections) {
      const count = c.read(this.#into);
      assert.ok(typeof count === "number", `${count}`);
      assert.deepEqual(this.#into.subarray(0, count), TEXT);
    }
    this.wait(50);
    assert.deepEqual(
      this.connections.map(({ state }) => state),
      ["ESTABLISHED", "ESTABLISHED"],
    );
  }

  wait(count: number): void {
    this.ends.scheduler.runUntil(after(this.ends.scheduler.now, milliseconds(count)) as Instant);
    this.ends.deliverAll();
  }

  /** A forged segment reaches one of the ends. */
  forge(end: 0 | 1, guess: ReturnType<Guess>, stamp: number | undefined): void {
    const c = this.connections[end];
    const { pool } = this.ends;
    const packet = pool.allocate(guess.data);
    packet.end = packet.start + guess.data;
    packet.bytes.fill(0xee, packet.start, packet.end);
    const header = wire.TCP_HEADER + (stamp === undefined ? 0 : 12);
    const at = packet.push(header);
    const { seq, ack, flags } = guess;
    wire.writeHeader(packet.view, at, c.remotePort, c.localPort, seq, ack, header, flags, 1000, 0);
    if (stamp !== undefined) writeTimestamps(packet.view, at + wire.TCP_HEADER, stamp, 0);
    packet.source = c.remoteAddress;
    packet.destination = c.localAddress;
    const pseudo = pseudoHeaderSum(packet.source, packet.destination, wire.TCP_PROTOCOL, packet.length);
    packet.view.setUint16(at + wire.CHECKSUM_AT, finish(sum(packet.view, at, packet.end, pseudo)));
    this.ends.arrive(end, packet);
  }

  /** A forged ICMP error about a segment of an end's. */
  complain(end: 0 | 1, sequence: number, kind: "host-unreachable" | "port-unreachable" | "packet-too-big"): void {
    const c = this.connections[end];
    const view = new DataView(new ArrayBuffer(8));
    view.setUint16(0, c.localPort);
    view.setUint16(2, c.remotePort);
    view.setInt32(4, sequence);
    const { localAddress: local, remoteAddress: remote } = c;
    const errno = "EHOSTUNREACH";
    const report = { kind, errno, hard: true, from: remote, local, remote, view, at: 0, end: 8 } as const;
    const tcp = this.ends.tcps[end] as Ends["tcps"][0];
    if (kind === "packet-too-big") assert.ok(!tcp.isInFlight(report), "nothing is in flight");
    tcp.failed(report);
  }
}

describe("who guesses blindly does a connection no harm:", () => {
  for (const [name, guess] of Object.entries(GUESS)) {
    test(`${GUESSES} times ${name}`, (context) => {
      const target = new Target();
      const random = new Random(1, name);
      const before = target.ends.sent;
      for (let turn = 0; turn < GUESSES; turn++) {
        const stamp = random.chance(0.5) ? undefined : random.uint32() | 0;
        const end = (turn & 1) as 0 | 1;
        const guessed = guess(random, turn >> 1);
        // Wherever the attacker begins, the test knows a start that comes by the window.
        guessed.seq = (guessed.seq + (target.connections[end].rcvNxt - (GUESSES >> 2) * WINDOW)) | 0;
        target.forge(end, guessed, stamp);
        if (turn % EACH === EACH - 1) target.exchange();
      }
      target.exchange();
      const exchanges = Math.floor(GUESSES / EACH) + 1;
      const challenges = target.ends.tcps.map(({ challenges: { counters } }) => counters);
      context.diagnostic(`${target.ends.sent - before} segments sent; challenges: ${JSON.stringify(challenges)}`);
      // As under Linux, each segment with data is answered, since it may be one sent again.
      const answered = name === "data" || name === "FIN" ? GUESSES : GUESSES / 1000;
      assert.ok(target.ends.sent - before < exchanges * 8 + answered, "answers are few");
    });
  }

  test(`${GUESSES} times an ICMP error`, () => {
    const target = new Target();
    const random = new Random(1, "icmp");
    const kinds = ["host-unreachable", "port-unreachable", "packet-too-big"] as const;
    const sizes = target.connections.map(({ segmentSize }) => segmentSize);
    for (let turn = 0; turn < GUESSES; turn++) {
      target.complain((turn & 1) as 0 | 1, sweep(random, turn >> 1), kinds[turn % 3] as (typeof kinds)[0]);
      if (turn % EACH === EACH - 1) target.exchange();
    }
    target.exchange();
    assert.deepEqual(
      target.connections.map(({ segmentSize }) => segmentSize),
      sizes,
    );
  });
});
