import assert from "node:assert/strict";
import { type IpAddress, ip } from "../../../src/address/ip.ts";
import { Random } from "../../../src/base/random.ts";
import type { Packet } from "../../../src/packet/packet.ts";
import { after, type Duration, milliseconds, minutes, NEVER, seconds } from "../../../src/time/instant.ts";
import type { Connection } from "../../../src/transport/tcp/connection.ts";
import type { Listener } from "../../../src/transport/tcp/listener.ts";
import type { TcpSettings } from "../../../src/transport/tcp/settings.ts";
import type { Binding, Tcp } from "../../../src/transport/tcp/tcp.ts";
import * as wire from "../../../src/wire/tcp.ts";
import { type Carried, inconsistency } from "./carried.ts";
import { Ends } from "./ends.ts";
import { Script } from "./script.ts";
import { SegmentMutator } from "./segment-mutator.ts";

/** One thing that happens: what, in its low byte, and how, in the others. */
export type Step = number;

const PORTS = [80, 81];
/** Whose segments the test writes itself. */
const STRANGER: IpAddress = ip("10.0.0.3");
const STEPS: readonly Duration[] = [
  milliseconds(1),
  milliseconds(10),
  milliseconds(45),
  milliseconds(250),
  seconds(1),
  seconds(7),
  seconds(61),
  minutes(10),
];
/** By then all is over: retransmissions, probes and FIN-WAIT-2 have their limits. */
const LAST_OF_ALL = minutes(240);
const LISTENERS_LIMIT = 4;
const SOCKETS_LIMIT = 12;
/** Packets that one step may send; those that deliver many, or let time pass, more. */
const PACKETS_LIMIT = 300;
const LONG_STEPS = new Set([15, 16, 17, 23]);

/** A connection as its user has it. */
interface Socket {
  readonly connection: Connection;
  /** 0 or 1. */
  readonly end: number;
  /** Whether the peer is the test's own, which may send anything. */
  readonly strange: boolean;
  read: number;
  ended: boolean;
  failed: boolean;
  readShut: boolean;
}

/** What one end has put into its stream. */
interface Stream {
  written: number;
  finished: boolean;
  /** A cookie that came a second time has made a second connection, of the same numbers. */
  reborn: boolean;
}

/** The byte at a place of the stream that begins at a sequence number: a reader can tell it without its writer. */
const byteAt = (iss: number, place: number): number =>
  (Math.imul(iss ^ Math.imul(place, 0x9e3779b1), 0x85ebca6b) >>> 24) & 255;

/** Two hosts and a stranger, and what their users, the network and time do to them, step by step. */
export class Machine {
  readonly #ends: Ends;
  readonly #random = new Random(7, "machine");
  readonly #mutator: SegmentMutator;
  readonly #settings: Partial<TcpSettings>;
  readonly #listeners: { end: number; listener: Listener; binding: Binding }[] = [];
  #sockets: Socket[] = [];
  /** By the number with which it begins. */
  readonly #streams = new Map<number, Stream>();
  readonly #script = new Script();
  readonly #carried: Carried;
  #watched: Connection | undefined;
  readonly #into = new Uint8Array(8192);
  /** What was met, for who looks for programs that meet something new. */
  readonly seen = new Set<number>();

  /** @param first chooses how both hosts are set */
  constructor(first: Step, carried: Carried) {
    const bit = (at: number): boolean => ((first >>> at) & 1) === 1;
    this.#settings = {
      timestamps: bit(0),
      sack: bit(1),
      windowScaling: bit(2),
      receiveBuffer: bit(3) ? 3000 : 20_000,
      sendBuffer: bit(4) ? 4000 : 30_000,
      noDelay: bit(5),
      ecn: bit(6) ? "on" : "accept",
      congestionControl: bit(7) ? "newreno" : bit(8) ? "bbr" : "cubic",
      synBacklog: bit(9) ? 1 : 16,
      synCookies: bit(10) && bit(11) ? "always" : "when-full",
      delayedAck: milliseconds(bit(12) ? 0 : 40),
      maximumSegmentSize: bit(13) ? 536 : 1460,
      userTimeout: seconds(bit(14) && bit(15) ? 20 : 0),
      urgentInline: true,
      keepAlive: bit(16),
      keepAliveIdle: seconds(30),
      keepAliveInterval: seconds(5),
      keepAliveProbes: 3,
    };
    this.#ends = new Ends(first & 0xff, this.#settings);
    this.#mutator = new SegmentMutator(this.#random, this.#ends.pool);
    this.#carried = carried;
    this.#ends.elsewhere = (packet) => this.#script.saw(packet);
  }

  /** Does one thing, and looks whether all is well. */
  step(step: Step): void {
    const [what, how, where] = [step & 0xff, (step >>> 8) & 0xfff, (step >>> 20) & 0xfff];
    const before = this.#ends.sent;
    this.#act(what % 24, how, where);
    const many = LONG_STEPS.has(what % 24);
    assert.ok(this.#ends.sent - before < (many ? 20 : 1) * PACKETS_LIMIT, "one step never starts a storm");
    for (const { connection } of this.#sockets) {
      const wrong = inconsistency(connection);
      if (wrong !== undefined) assert.fail(wrong);
    }
    this.#look(what % 24);
  }

  #act(what: number, how: number, where: number): void {
    const end = where & 1;
    const socket = this.#sockets[where % Math.max(this.#sockets.length, 1)];
    if (what <= 3) this.#open(what, how, end);
    else if (what <= 9) {
      if (socket !== undefined) this.#use(socket, what, how);
    } else if (what <= 15) this.#network(what, how, end);
    else if (what <= 17) this.#wait(STEPS[how % (STEPS.length - (what === 16 ? 3 : 0))] as Duration);
    else if (what <= 20) this.#strange(what, how, where);
    else if (what === 21) this.#complain(how, end);
    else if (what === 22) this.#internet(end).payloadLimit = how % 4 === 0 ? 1480 : 296 + (how % 1000);
    else this.#exchange(1 + (how % 20));
  }

  #internet(end: number): Ends["internets"][0] {
    return this.#ends.internets[end] as Ends["internets"][0];
  }

  #tcp(end: number): Tcp {
    return this.#ends.tcps[end] as Tcp;
  }

  #open(what: number, how: number, end: number): void {
    const port = PORTS[how & 1] as number;
    if (what === 0) this.#listen(end, port, 1 + ((how >> 1) % 3));
    else if (what === 1) this.#acceptAll();
    else if (what === 2) this.#connect(end, this.#ends.addresses[1 - end] as IpAddress, port, how);
    else if (how % 5 === 0) this.#closeListener(how >> 3);
    else this.#connect(end, how % 2 === 0 ? STRANGER : (this.#ends.addresses[1 - end] as IpAddress), port, how);
  }

  #listen(end: number, port: number, backlog: number): void {
    if (this.#listeners.length >= LISTENERS_LIMIT) return;
    const binding = this.#tcp(end).bind(this.#ends.addresses[end] as IpAddress, port, true);
    if (typeof binding === "string") return;
    const listener = this.#tcp(end).listen(binding, backlog, {});
    if (typeof listener === "string") binding.release();
    else this.#listeners.push({ end, listener, binding });
  }

  #closeListener(index: number): void {
    const [closed] = this.#listeners.splice(index % Math.max(this.#listeners.length, 1), 1);
    closed?.listener.close();
    closed?.binding.release();
  }

  #acceptAll(): void {
    for (const { end, listener } of this.#listeners) {
      for (let connection = listener.accept(); connection !== undefined; connection = listener.accept()) {
        this.#hold(connection, end);
      }
    }
  }

  #connect(end: number, remote: IpAddress, port: number, how: number): void {
    if (this.#sockets.length >= SOCKETS_LIMIT) return;
    let binding: Binding | undefined;
    if (how % 3 === 0) {
      // Ports of both ends' own, so that connections meet their own past, and each other half way.
      const bound = this.#tcp(end).bind(this.#ends.addresses[end] as IpAddress, PORTS[(how >> 2) & 1] as number, true);
      if (typeof bound === "string") return;
      binding = bound;
    }
    const connection = this.#tcp(end).connect(binding, remote, port, {});
    if (typeof connection === "string") binding?.release();
    else this.#hold(connection, end);
  }

  #hold(connection: Connection, end: number): void {
    const strange = connection.remoteAddress === STRANGER;
    this.#sockets.push({ connection, end, strange, read: 0, ended: false, failed: false, readShut: false });
    const known = this.#streams.get(connection.iss);
    if (known === undefined) this.#streams.set(connection.iss, { written: 0, finished: false, reborn: false });
    else known.reborn = true;
  }

  #use(socket: Socket, what: number, how: number): void {
    const { connection } = socket;
    const stream = this.#streams.get(connection.iss) as Stream;
    if (what === 4) this.#write(socket, stream, 1 + ((how * 7) % 9000));
    else if (what === 5) this.#read(socket, 1 + ((how * 3) % 8000));
    else if (what === 6 || (what === 9 && how % 4 !== 0)) this.#set(connection, how);
    else if (what === 7) {
      if (how % 3 === 0) {
        connection.shutdownRead();
        socket.readShut = true;
      } else {
        connection.shutdownWrite();
        stream.finished = true;
      }
    } else this.#close(socket, stream, what === 8);
  }

  #close(socket: Socket, stream: Stream, orderly: boolean): void {
    if (orderly) {
      socket.connection.close();
      stream.finished = true;
    } else socket.connection.abort();
    this.#sockets = this.#sockets.filter((other) => other !== socket);
  }

  #write({ connection }: Socket, stream: Stream, count: number): void {
    const bytes = Uint8Array.from({ length: count }, (_, at) => byteAt(connection.iss, stream.written + at));
    const written = connection.write(bytes);
    if (typeof written === "number") stream.written += written;
  }

  #read(socket: Socket, count: number): void {
    const { connection } = socket;
    const got = connection.read(this.#into.subarray(0, count));
    if (typeof got === "string") {
      if (got !== "EAGAIN") socket.failed = true;
      return;
    }
    const bytes = this.#into.subarray(0, got);
    if (socket.strange) {
      if (connection !== this.#watched) return;
      assert.equal(this.#carried.read(bytes), undefined, "an acceptable segment carried each byte");
      return;
    }
    const sent = this.#streams.get(connection.irs);
    assert.ok(got === 0 || sent !== undefined, "somebody sent what is read");
    if (sent?.reborn) return;
    for (const [at, byte] of bytes.entries()) {
      if (byte !== byteAt(connection.irs, socket.read + at)) assert.fail(`byte ${socket.read + at} is another`);
    }
    socket.read += got;
    if (got > 0 && sent !== undefined) assert.ok(socket.read <= sent.written, "no more is read than was written");
    if (got > 0) assert.ok(!socket.ended, "nothing follows the end");
    if (got === 0) this.#end(socket, sent);
  }

  /** The stream's end is told: then its writer has ended it, and all of it was read. */
  #end(socket: Socket, sent: Stream | undefined): void {
    if (socket.failed || socket.readShut || socket.connection.error !== undefined) return;
    if (!socket.connection.established) return; // an attempt that its own user gave up
    socket.ended = true;
    assert.ok(sent?.finished, "the writer has ended its stream");
    assert.equal(socket.read, sent.written, "all that was written was read");
  }

  #set(connection: Connection, how: number): void {
    const value = how >> 4;
    const changes = [
      { noDelay: (value & 1) === 1 },
      { keepAlive: (value & 1) === 1, keepAliveIdle: seconds(1 + (value % 60)), keepAliveInterval: seconds(1) },
      { userTimeout: seconds(value % 30) },
      { sendBuffer: 1000 + value * 50 },
      { receiveBuffer: 1000 + value * 50 },
      { maximumSegmentSize: 100 + value * 5 },
      { hopLimit: 1 + (value % 255) },
      { keepAliveProbes: 1 + (value % 5) },
    ][how % 8];
    if (connection.state !== "CLOSED" && changes !== undefined) connection.set(changes);
  }

  #network(what: number, how: number, end: number): void {
    const row = this.#ends.flight[end] as Packet[];
    if (row.length === 0) return;
    const index = what === 10 || what === 11 ? 0 : how % row.length;
    if (what === 13) this.#ends.take(end, index)?.release();
    else if (what === 14) row.push((row[index] as Packet).copy());
    else if (what === 15) this.#ends.deliverAll(1 + (how % 4));
    else {
      const packet = this.#ends.take(end, index);
      if (packet !== undefined) this.#ends.arrive(end, packet);
    }
  }

  #wait(duration: Duration): void {
    this.#ends.scheduler.runUntil(after(this.#ends.scheduler.now, duration));
  }

  /** Some round trips, as on a good network, and users that read and write meanwhile. */
  #exchange(rounds: number): void {
    for (let round = 0; round < rounds; round++) {
      this.#ends.deliverAll(2);
      this.#wait(milliseconds(5));
      if (round % 4 === 0) {
        this.#acceptAll();
        for (const socket of this.#sockets) this.#read(socket, 4000);
      }
    }
  }

  /** The stranger sends: what a peer would, or anything near what it would. */
  #strange(what: number, how: number, where: number): void {
    const end = where & 1;
    const known = this.#sockets.filter((socket) => socket.strange && socket.end === end);
    const c = known[how % Math.max(known.length, 1)]?.connection;
    if (c === undefined || c.state === "CLOSED") {
      this.#script.open(this.#ends, end, PORTS[how & 1] as number, where >> 1, what === 20);
      return;
    }
    const fresh = c.established && c.rcvNxt === ((c.irs + 1) | 0) && !c.receiveBuffer.hasGap;
    if (fresh && this.#watched !== c) {
      this.#watched = c;
      this.#carried.begin(c.rcvNxt);
    }
    const packet = what === 18 ? this.#script.answer(this.#ends.pool, c, how) : this.#mutator.make(c, BARE);
    const header = packet.length >= 20 ? (packet.bytes[packet.start + 12] as number) >> 4 : 0;
    if (c === this.#watched && header >= 5 && header * 4 <= packet.length) this.#carried.note(c, packet);
    this.#ends.arrive(end, packet);
  }

  /** A router says that a packet on its way to the other end did not arrive. */
  #complain(how: number, end: number): void {
    const row = this.#ends.flight[1 - end] as Packet[];
    const packet = row[how % Math.max(row.length, 1)];
    if (packet === undefined || packet.length < wire.TCP_HEADER) return;
    const kinds = ["host-unreachable", "port-unreachable", "packet-too-big", "hop-limit-exceeded"] as const;
    const { view, start, source, destination } = packet;
    const report = {
      errno: "EHOSTUNREACH",
      hard: how % 2 === 0,
      from: STRANGER,
      local: source,
      remote: destination,
    } as const;
    this.#tcp(end).failed({
      kind: kinds[(how >> 1) & 3] as (typeof kinds)[0],
      ...report,
      view,
      at: start,
      end: start + 8,
    });
  }

  /** Notes what the connections look like after this kind of step. */
  #look(what: number): void {
    for (const { connection: c } of this.#sockets) {
      let mark = STATES.indexOf(c.state);
      for (const flag of [
        c.finQueued,
        c.peerFin !== undefined,
        c.readShut,
        c.receiveBuffer.hasGap,
        c.receiveBuffer.length > 0,
        c.sndWnd === 0,
        c.rcvWnd === 0,
        c.sent.lost > 0,
        c.sent.sacked > 0,
        c.rto.backoffs > 0,
        c.timers.persist !== NEVER,
        c.timers.reorder !== NEVER,
        c.hasNewData,
      ]) {
        mark = mark * 2 + (flag ? 1 : 0);
      }
      mark = mark * 4 + ["open", "cwr", "recovery", "loss"].indexOf(c.mode);
      this.seen.add(mark * 24 + what);
    }
  }

  /** Everybody closes, the network carries all, and time goes on: nothing may be left. */
  end(): void {
    this.#acceptAll();
    for (const { listener, binding } of this.#listeners.splice(0)) {
      listener.close();
      binding.release();
    }
    for (const socket of [...this.#sockets]) {
      for (let turn = 0; turn < 20; turn++) this.#read(socket, 8000);
      this.#close(socket, this.#streams.get(socket.connection.iss) as Stream, true);
    }
    const { scheduler, pool, tcps } = this.#ends;
    const limit = after(scheduler.now, LAST_OF_ALL);
    for (let turn = 0; scheduler.now < limit && turn < 200_000; turn++) {
      this.#ends.deliverAll();
      const { next } = scheduler;
      if (next === NEVER) break;
      scheduler.runUntil(next);
    }
    this.#ends.deliverAll();
    for (const tcp of tcps) {
      const left = [...tcp.connections].map(({ state, remotePort }) => `${state} ${remotePort}`);
      assert.deepEqual(left, [], "every connection has ended");
      assert.equal(tcp.passive.requests.size + tcp.ownerless.orphans + tcp.ownerless.timeWait, 0);
    }
    assert.equal(scheduler.next, NEVER, "no timer is left");
    assert.equal(pool.inUse, 0, "every packet was given back");
  }
}

const BARE = new Uint8Array(20).fill(0x50, 12, 13);
const STATES = [
  "CLOSED",
  "LISTEN",
  "SYN-SENT",
  "SYN-RECEIVED",
  "ESTABLISHED",
  "FIN-WAIT-1",
  "FIN-WAIT-2",
  "CLOSE-WAIT",
  "CLOSING",
  "LAST-ACK",
  "TIME-WAIT",
];

/** Runs a program: the first step says how the hosts are set. @returns what was met */
export function runProgram(program: readonly Step[], carried: Carried): Set<number> {
  const machine = new Machine(program[0] ?? 0, carried);
  for (const step of program.slice(1)) machine.step(step);
  machine.end();
  return machine.seen;
}
