import { assert } from "../base/assert.ts";
import type { Packet } from "../packet/packet.ts";
import { PacketQueue } from "../packet/packet-queue.ts";
import { type Instant, START } from "../time/instant.ts";
import type { Scheduler } from "../time/scheduler.ts";
import { Timer } from "../time/timer.ts";
import { wireBits } from "../wire/ethernet.ts";
import type { CableDirection } from "./cable-direction.ts";
import type { Nic } from "./nic.ts";
import { Waiters } from "./waiters.ts";

/** Frames that wait at most, unless told (Linux: `txqueuelen` of an Ethernet device). */
export const QUEUE_LIMIT = 1000;
/** A sender that heeds `hasRoom` keeps waiting this many frames, */
const LOW_WATER_FRAMES = 1;
/** or so long a piece of the line's time in seconds, whichever is more. */
const LOW_WATER_TIME = 1e-3;
const NANOSECONDS = 1e9;

/**
 * The frames that wait at a Nic for the line: first come, first served, and the last dropped when it is full. A frame
 * keeps the line for its bits at the line's rate, preamble, FCS and gap included; the part of a nanosecond that this
 * leaves is carried over to the frame that follows without a pause, so that a long burst keeps the rate exactly.
 *
 * A timer is armed only while frames wait: a lone frame costs no event here.
 */
export class TransmitQueue {
  limit: number;
  readonly #nic: Nic;
  readonly #scheduler: Scheduler;
  readonly #waiting = new PacketQueue();
  /** Starts the next frame when the line is free. */
  readonly #lineFree: Timer;
  /** Calls the waiters when there is room without a frame having left. */
  readonly #roomMade: Timer;
  readonly #waiters = new Waiters();
  /** When the gap behind the last frame ends. */
  #freeAt: Instant = START;
  /** What the last frame took beyond whole nanoseconds, in 1/rate ns. */
  #remainder = 0;

  constructor(nic: Nic, scheduler: Scheduler, limit = QUEUE_LIMIT) {
    this.#nic = nic;
    this.#scheduler = scheduler;
    this.limit = limit;
    this.#lineFree = new Timer(`nic ${nic.fullName}`, (now) => this.#startWaiting(now));
    this.#roomMade = new Timer(`nic ${nic.fullName} room`, () => this.#callWaiters());
  }

  get packets(): number {
    return this.#waiting.count;
  }

  get bytes(): number {
    return this.#waiting.bytes;
  }

  /** Starts a frame, or lets it wait, or drops it. */
  send(packet: Packet, line: CableDirection): void {
    const { now } = this.#scheduler;
    if (this.#freeAt <= now && this.#waiting.head === null) this.#start(packet, line, now);
    else if (this.#waiting.count >= this.limit) this.#nic.drop(packet, "queue-full");
    else {
      this.#waiting.push(packet);
      if (!this.#lineFree.armed) this.#scheduler.arm(this.#lineFree, this.#freeAt);
    }
  }

  /** Few enough frames wait that a sender may add one; never true of a full queue. */
  hasRoom(line: CableDirection | undefined): boolean {
    if (line === undefined) return true;
    const { count, bytes } = this.#waiting;
    if (count > LOW_WATER_FRAMES && bytes * 8 >= line.rate * LOW_WATER_TIME) return false;
    return line.hasRoom && !this.#isFull();
  }

  /** The next frame would be dropped. */
  isFull(line: CableDirection | undefined): boolean {
    return line !== undefined && (line.isFull || this.#isFull());
  }

  /** Calls back once there is room; at the earliest at the next event. */
  whenRoom(waiter: () => void): void {
    this.#waiters.add(waiter);
    if (this.#nic.hasRoom) this.lookForRoom();
    // A queue that may hold nothing is full while no frame waits for the line.
    else if (this.#freeAt > this.#scheduler.now && !this.#lineFree.armed) {
      this.#scheduler.arm(this.#lineFree, this.#freeAt);
    }
  }

  /** Says that something changed that may have made room. */
  lookForRoom(): void {
    if (this.#waiters.size > 0 && !this.#roomMade.armed && this.#nic.hasRoom) {
      this.#scheduler.arm(this.#roomMade, this.#scheduler.now);
    }
  }

  /** The frame under way ends as it began; those behind it go at the new rate. */
  rateChanged(): void {
    this.#remainder = 0;
    this.lookForRoom();
  }

  /** The line is gone. */
  clear(): void {
    this.#scheduler.disarm(this.#lineFree);
    this.#freeAt = START;
    this.#remainder = 0;
    for (let packet = this.#waiting.shift(); packet !== null; packet = this.#waiting.shift()) {
      this.#nic.drop(packet, "no-carrier");
    }
    this.lookForRoom();
  }

  #isFull(): boolean {
    const { count } = this.#waiting;
    return count >= this.limit && (count > 0 || this.#freeAt > this.#scheduler.now);
  }

  #start(packet: Packet, line: CableDirection, now: Instant): void {
    this.#nic.depart(packet);
    const { rate } = line;
    let sent = now;
    if (rate !== Number.POSITIVE_INFINITY) {
      // Below 2^53 for the longest frame, so all of this is exact.
      const time = wireBits(packet.end - packet.start) * NANOSECONDS + (this.#freeAt === now ? this.#remainder : 0);
      const whole = Math.floor(time / rate);
      this.#remainder = time - whole * rate;
      this.#freeAt = sent = (now + whole) as Instant;
    }
    line.carry(packet, sent);
  }

  #startWaiting(now: Instant): void {
    const { line } = this.#nic;
    assert(line !== undefined, "frames wait only for a line");
    while (this.#freeAt <= now) {
      const packet = this.#waiting.shift();
      if (packet === null) break;
      this.#start(packet, line, now);
    }
    if (this.#waiting.head !== null) this.#scheduler.arm(this.#lineFree, this.#freeAt);
    if (this.#waiters.size > 0) this.#callWaiters();
  }

  /** In order of registration, each once, while there is room; those that find none stay in front. */
  #callWaiters(): void {
    for (let left = this.#waiters.size; left > 0 && this.#nic.hasRoom; left--) {
      this.#waiters.shift()();
    }
  }
}
