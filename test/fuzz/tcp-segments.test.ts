/**
 * Mutated segments into established connections: nothing is thrown, nothing leaks, the connection's numbers stay
 * consistent, and no byte is delivered that no acceptable segment carried.
 */
import assert from "node:assert/strict";
import test from "node:test";
import type { IpAddress } from "../../src/address/ip.ts";
import { Random } from "../../src/base/random.ts";
import type { Packet } from "../../src/packet/packet.ts";
import { after, milliseconds, NEVER } from "../../src/time/instant.ts";
import type { Connection } from "../../src/transport/tcp/connection.ts";
import type { TcpSettings } from "../../src/transport/tcp/settings.ts";
import { size } from "../size.ts";
import { Carried, inconsistency } from "./tcp/carried.ts";
import { Ends } from "./tcp/ends.ts";
import { SegmentMutator } from "./tcp/segment-mutator.ts";

const MUTANTS = size(30_000, 10_000_000);
/** Mutated segments that one pair of connections meets, at most. */
const PER_ROUND = 120;
const SAMPLES = 16;
const CONTROLS = ["cubic", "newreno", "bbr"] as const;

function settingsOf(random: Random): Partial<TcpSettings> {
  return {
    timestamps: random.chance(0.7),
    sack: random.chance(0.8),
    windowScaling: random.chance(0.7),
    receiveBuffer: 1500 + random.below(30_000),
    sendBuffer: 1500 + random.below(60_000),
    noDelay: random.chance(0.5),
    delayedAck: milliseconds(random.chance(0.7) ? 40 : 0),
    ecn: random.chance(0.3) ? "on" : "accept",
    congestionControl: CONTROLS[random.below(CONTROLS.length)] as (typeof CONTROLS)[number],
    urgentInline: random.chance(0.8),
    maximumSegmentSize: 200 + random.below(1300),
  };
}

/** Two connections that talk while segments that neither sent come in. */
class Conversation {
  readonly #ends: Ends;
  readonly #random: Random;
  readonly #mutator: SegmentMutator;
  readonly #carried = [new Carried(), new Carried()];
  #connections: Connection[] = [];
  /** Segments that each has been sent, as bytes. */
  readonly #samples: Uint8Array[][] = [[], []];
  readonly #into = new Uint8Array(4096);
  /** How often they read: seldom, so that windows close, or often. */
  #reading = 0;
  readonly counts = { mutants: 0, taken: 0, delivered: 0, outlived: 0, rounds: 0 };

  constructor(ends: Ends, random: Random) {
    this.#ends = ends;
    this.#random = random;
    this.#mutator = new SegmentMutator(random, ends.pool);
  }

  /** Opens the connections, lets segments come in, and closes all. */
  round(limit: number): void {
    this.#open(settingsOf(this.#random));
    this.counts.rounds++;
    this.#reading = this.#random.chance(0.5) ? 0.2 : 0.01;
    for (let left = limit; left > 0 && this.#connections.every(({ state }) => state !== "CLOSED"); left--) {
      if (this.#random.chance(0.3)) this.#goOn();
      this.#mutate(this.#random.below(2));
    }
    if (this.#connections.every(({ state }) => state !== "CLOSED")) this.counts.outlived++;
    this.#close();
  }

  #open(settings: Partial<TcpSettings>): void {
    const [client, server] = this.#ends.tcps as [Ends["tcps"][0], Ends["tcps"][0]];
    const address = this.#ends.addresses[1] as IpAddress;
    const binding = server.bind(address, 80, true);
    assert.ok(typeof binding !== "string");
    const listener = server.listen(binding, 1, settings);
    const opened = client.connect(undefined, address, 80, settings);
    assert.ok(typeof listener !== "string" && typeof opened !== "string");
    for (const row of this.#samples) row.length = 0;
    this.#ends.deliverAll();
    const accepted = listener.accept();
    assert.ok(accepted !== undefined && opened.state === "ESTABLISHED");
    listener.close();
    binding.release();
    this.#connections = [opened, accepted];
    for (const [index, c] of this.#connections.entries()) (this.#carried[index] as Carried).begin((c.irs + 1) | 0);
    for (const c of this.#connections) c.write(new Uint8Array(2000).fill(7));
  }

  /** Something that belongs to the conversation happens. */
  #goOn(): void {
    const random = this.#random;
    const end = random.below(2);
    const c = this.#connections[end] as Connection;
    const kind = random.below(12);
    if (kind === 0) c.write(new Uint8Array(random.below(5000)).fill(random.below(256)));
    else if (kind === 1) this.#read(end);
    else if (kind === 2)
      this.#ends.scheduler.runUntil(after(this.#ends.scheduler.now, milliseconds(random.below(300))));
    else if (kind === 3 && random.chance(0.1)) c.shutdownWrite();
    else if (kind === 4) this.#ends.take(end)?.release();
    else {
      const packet = this.#ends.take(end);
      if (packet !== undefined) this.#arrive(end, packet);
    }
  }

  #arrive(end: number, packet: Packet): void {
    const c = this.#connections[end] as Connection;
    const samples = this.#samples[end] as Uint8Array[];
    samples[this.#random.below(SAMPLES)] ??= packet.data().slice();
    if (this.#random.chance(0.1)) samples[this.#random.below(SAMPLES)] = packet.data().slice();
    (this.#carried[end] as Carried).note(c, packet);
    this.#ends.arrive(end, packet);
  }

  #mutate(end: number): void {
    const c = this.#connections[end] as Connection;
    const samples = this.#samples[end] as Uint8Array[];
    const sample = samples[this.#random.below(SAMPLES)] ?? BARE;
    const packet = this.#mutator.make(c, sample);
    const before = this.#ends.sent;
    const header = packet.length >= 20 ? (packet.bytes[packet.start + 12] as number) >> 4 : 0;
    const formed = header >= 5 && header * 4 <= packet.length;
    if (formed && (this.#carried[end] as Carried).note(c, packet)) this.counts.taken++;
    this.counts.mutants++;
    const hex = (): string => Buffer.from(packet.data()).toString("hex");
    const shown = this.counts.mutants % 64 === 0 ? hex() : "";
    this.#ends.arrive(end, packet);
    assert.ok(this.#ends.sent - before < 100, "one segment never starts a storm");
    const wrong = this.counts.mutants % 4 === 0 ? inconsistency(c) : undefined;
    if (wrong !== undefined) assert.fail(`${wrong} after mutant ${this.counts.mutants} ${shown}`);
    if (this.#random.chance(this.#reading)) this.#read(end);
  }

  #read(end: number): void {
    const count = (this.#connections[end] as Connection).read(this.#into);
    if (typeof count !== "number") return;
    this.counts.delivered += count;
    if (!(this.#connections[end] as Connection).options.urgentInline) return; // bytes are taken out of the stream
    const strange = (this.#carried[end] as Carried).read(this.#into.subarray(0, count));
    if (strange !== undefined) assert.fail(`mutant ${this.counts.mutants}: no segment carried ${strange}`);
  }

  #close(): void {
    for (const end of [0, 1]) this.#read(end);
    for (const c of this.#connections) c.abort();
    this.#ends.clear();
    const { pool, scheduler, tcps } = this.#ends;
    assert.equal(pool.inUse, 0, "every packet was given back");
    assert.equal(scheduler.next, NEVER, "no timer is left");
    for (const tcp of tcps) assert.equal(tcp.connections.size + tcp.passive.requests.size, 0);
  }
}

/** A header without options, of no numbers. */
const BARE = new Uint8Array(20).fill(0x50, 12, 13);

test("mutated segments do no harm to connections that they reach", (context) => {
  const random = new Random(1, "segments");
  const conversation = new Conversation(new Ends(1), random);
  const { counts } = conversation;
  while (counts.mutants < MUTANTS) {
    try {
      conversation.round(Math.min(PER_ROUND, MUTANTS - counts.mutants));
    } catch (error) {
      throw new Error(`round ${counts.rounds}, mutant ${counts.mutants}`, { cause: error });
    }
  }
  context.diagnostic(JSON.stringify(counts));
  assert.ok(counts.taken > MUTANTS / 100 && counts.delivered > MUTANTS, "many are taken, or it would not be a test");
  assert.ok(counts.outlived > counts.rounds / 20, "and many connections outlive them");
});
