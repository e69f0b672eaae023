import type { Random } from "../base/random.ts";
import type { DropReason } from "../packet/drop-reason.ts";
import type { Packet } from "../packet/packet.ts";
import type { PacketPool } from "../packet/packet-pool.ts";
import { type Duration, type Instant, START } from "../time/instant.ts";
import type { Scheduler } from "../time/scheduler.ts";
import { Timer } from "../time/timer.ts";
import { type CableConditions, change, IDEAL, isFaulty, reorderDelayOf } from "./conditions.ts";
import { Flight } from "./flight.ts";
import type { Nic } from "./nic.ts";
import { NO_OFFLOAD, type Offload } from "./offload.ts";

/**
 * The memory that frames on their way in one direction of a cable may hold, in bytes of their buffers; the next frame is
 * dropped as "queue-full". With a rate it holds 100 Gbit/s × 10 ms of full frames.
 */
export const IN_FLIGHT_LIMIT = 256 * 2 ** 20;
/** The same for a cable without a rate, which nothing else keeps from taking in a storm or a flood of datagrams at once. */
export const IN_FLIGHT_LIMIT_WITHOUT_RATE = 16 * 2 ** 20;

/** Frames that are handed over in one event at most (as Linux's NAPI weight), so that no event takes long. */
export const BATCH_LIMIT = 64;

export interface CableDirectionOptions {
  /** For the timer, and so for the error that names a loop: `"cable pc1.eth0-hub1.1 a-b"`. */
  readonly name: string;
  readonly from: Nic;
  readonly to: Nic;
  readonly scheduler: Scheduler;
  readonly pool: PacketPool;
  readonly random: Random;
  /** None unless told. */
  readonly offload?: Offload | undefined;
}

/**
 * One way through a cable. Frames come in when their serialisation begins, in order, and go out by one timer, which is
 * armed for the next to arrive with the number drawn when it came in. So a frame never arrives within the call that
 * sent it, even over a cable of no length, and all arrivals of a network have one order.
 *
 * Frames that are held back to be overtaken fly in a list of their own; all others keep their order whatever happens to
 * the conditions meanwhile: none arrives before one that set out earlier.
 */
export class CableDirection {
  readonly name: string;
  readonly from: Nic;
  readonly to: Nic;
  /** Bits a second, as {@link CableConditions} says. */
  rate = IDEAL.rate;
  /** Frames may go out without their checksum, and large segments whole. */
  checksumOffload = false;
  segmentationOffload = false;
  readonly #offload: Offload;
  /** Frames on their way. */
  inFlight = 0;
  /** The bytes of their buffers, and how many there may be. */
  #memory = 0;
  #limit = IN_FLIGHT_LIMIT_WITHOUT_RATE;
  readonly #scheduler: Scheduler;
  readonly #pool: PacketPool;
  readonly #random: Random;
  readonly #timer: Timer;
  readonly #flight = new Flight();
  readonly #heldBack = new Flight();
  #conditions = IDEAL;
  #delay = 0;
  #faulty = false;
  /** Frames are being handed over: the timer is armed when that is done. */
  #delivering = false;
  /** When the last of those in order arrives. */
  #lastArrival: number = START;

  constructor(options: CableDirectionOptions) {
    this.name = options.name;
    this.from = options.from;
    this.to = options.to;
    this.#scheduler = options.scheduler;
    this.#pool = options.pool;
    this.#random = options.random;
    this.#offload = options.offload ?? NO_OFFLOAD;
    this.#timer = new Timer(options.name, (now) => this.#arrive(now));
    this.#decideOffload();
  }

  get conditions(): CableConditions {
    return this.#conditions;
  }

  /** Changes some conditions, for frames that set out from now on; a cut takes those on their way as well. */
  setConditions(changes: Partial<CableConditions>): void {
    const conditions = change(this.#conditions, changes);
    const { rate } = conditions;
    const changed = rate !== this.rate;
    this.#conditions = conditions;
    this.#delay = conditions.delay;
    this.#faulty = isFaulty(conditions);
    this.rate = rate;
    this.#limit = rate === Number.POSITIVE_INFINITY ? IN_FLIGHT_LIMIT_WITHOUT_RATE : IN_FLIGHT_LIMIT;
    this.#decideOffload();
    if (conditions.cut) this.clear("cable-cut");
    if (changed) this.from.rateChanged();
  }

  /** Nothing may be left out where bits may turn, frames take their time, or what is outside reads them. */
  #decideOffload(): void {
    const bare = this.#faulty || this.rate !== Number.POSITIVE_INFINITY || this.from.isDoor || this.to.isDoor;
    this.checksumOffload = this.#offload.checksum && !bare;
    this.segmentationOffload = this.#offload.segmentation && this.checksumOffload;
  }

  /** No frame may be added. */
  get isFull(): boolean {
    return this.#memory >= this.#limit;
  }

  /** No more than half of what may be on its way is. */
  get hasRoom(): boolean {
    return this.#memory <= this.#limit / 2;
  }

  /**
   * Takes over a frame whose serialisation begins now.
   * @param sent when its last bit has left
   */
  carry(packet: Packet, sent: Instant): void {
    if (this.#memory >= this.#limit) this.from.drop(packet, "queue-full");
    else if (this.#faulty) this.#carryFaulty(packet, sent);
    else this.#deliverAt(packet, sent + this.#delay);
  }

  /** Shows each frame that is on its way: its packet's id, and when it arrives if nothing happens to the cable. */
  eachInFlight(visit: (packetId: number, arrives: Instant) => void): void {
    for (const flight of [this.#flight, this.#heldBack]) {
      for (let packet = flight.head; packet !== null; packet = packet.next) visit(packet.id, packet.time as Instant);
    }
  }

  /** Takes a frame that is on its way off the cable ("cable-taken"). @returns false when it is not there */
  take(packetId: number): boolean {
    const found = this.#find(packetId);
    if (found === undefined) return false;
    this.#takeOut(found);
    this.from.drop(found.packet, "cable-taken");
    return true;
  }

  /** Lets a frame that is on its way arrive a second time, right behind itself. */
  duplicate(packetId: number): boolean {
    const found = this.#find(packetId);
    if (found === undefined || this.isFull) return false;
    this.#fly(found.flight, found.packet.copy(), found.packet.time);
    return true;
  }

  /** Holds a frame that is on its way back, so that others pass it. */
  holdUp(packetId: number, delay: Duration): boolean {
    const found = this.#find(packetId);
    if (found === undefined) return false;
    this.#takeOut(found);
    this.#fly(this.#heldBack, found.packet, found.packet.time + delay);
    return true;
  }

  #find(packetId: number): { readonly flight: Flight; readonly packet: Packet } | undefined {
    for (const flight of [this.#flight, this.#heldBack]) {
      const packet = flight.find(packetId);
      if (packet !== undefined) return { flight, packet };
    }
    return undefined;
  }

  #takeOut({ flight, packet }: { readonly flight: Flight; readonly packet: Packet }): void {
    flight.remove(packet);
    this.inFlight--;
    this.#memory -= packet.limit - packet.base;
    this.#scheduler.disarm(this.#timer);
    this.#arm();
  }

  /** Drops all that is on its way. */
  clear(reason: DropReason): void {
    for (const flight of [this.#flight, this.#heldBack]) {
      for (let packet = flight.shift(); packet !== null; packet = flight.shift()) this.from.drop(packet, reason);
    }
    this.inFlight = 0;
    this.#memory = 0;
    this.#lastArrival = START;
    this.#scheduler.disarm(this.#timer);
  }

  #carryFaulty(packet: Packet, sent: Instant): void {
    const { cut, loss, duplication } = this.#conditions;
    if (cut) this.from.drop(packet, "cable-cut");
    else if (this.#random.chance(loss)) this.from.drop(packet, "cable-loss");
    else {
      const twin = this.#random.chance(duplication) ? packet.copy() : undefined;
      this.#carryOne(packet, sent);
      if (twin !== undefined) this.#carryOne(twin, sent);
    }
  }

  #carryOne(packet: Packet, sent: Instant): void {
    const { corruption, reordering, jitter } = this.#conditions;
    if (this.#random.chance(corruption)) this.#corrupt(packet);
    let time = sent + this.#delay;
    if (jitter > 0) time += Math.floor(this.#random.real() * (jitter + 1));
    if (this.#random.chance(reordering)) this.#holdBack(packet, time);
    else this.#deliverAt(packet, time);
  }

  /** Turns one bit. */
  #corrupt(packet: Packet): void {
    const bit = this.#random.below(packet.length * 8);
    const at = packet.start + (bit >>> 3);
    packet.view.setUint8(at, packet.view.getUint8(at) ^ (1 << (bit & 7)));
    packet.corrupted = true;
    if (!this.#conditions.pastFcs) packet.fcsError = true;
  }

  #deliverAt(packet: Packet, time: number): void {
    if (time < this.#lastArrival) time = this.#lastArrival;
    this.#lastArrival = time;
    this.#fly(this.#flight, packet, time);
  }

  #holdBack(packet: Packet, time: number): void {
    this.#fly(this.#heldBack, packet, Math.max(time, this.#lastArrival) + reorderDelayOf(this.#conditions));
  }

  #fly(flight: Flight, packet: Packet, time: number): void {
    packet.time = time;
    packet.order = this.#scheduler.drawOrder();
    flight.insert(packet);
    this.inFlight++;
    this.#memory += packet.limit - packet.base;
    if (flight.head === packet && !this.#delivering) this.#arm();
  }

  /** The list whose head arrives next. */
  #next(): Flight {
    const inOrder = this.#flight.head;
    const late = this.#heldBack.head;
    if (late === null || inOrder === null) return late === null ? this.#flight : this.#heldBack;
    const first = inOrder.time < late.time || (inOrder.time === late.time && inOrder.order < late.order);
    return first ? this.#flight : this.#heldBack;
  }

  #arm(): void {
    const head = this.#next().head;
    if (head !== null) this.#scheduler.arm(this.#timer, head.time as Instant, head.order);
  }

  /** Hands over the frame that is due, and those behind it whose turn comes before that of anything else. */
  #arrive(now: Instant): void {
    const { coalescing } = this.#offload;
    this.#delivering = true;
    if (coalescing) this.to.inBatch = true;
    this.#deliver();
    for (let left = BATCH_LIMIT - 1; left > 0; left--) {
      const { head } = this.#next();
      if (head === null || head.time !== now || !this.#scheduler.claimNext(this.#timer, head.order, coalescing)) break;
      this.#deliver();
    }
    if (coalescing) this.to.endBatch();
    this.#delivering = false;
    this.#arm();
  }

  #deliver(): void {
    const packet = this.#next().shift() as Packet;
    const crowded = !this.hasRoom;
    this.inFlight--;
    this.#memory -= packet.limit - packet.base;
    if (crowded && this.hasRoom) this.from.roomMade();
    this.#pool.cause = packet.id;
    this.to.arrive(packet);
    this.#pool.cause = 0;
  }
}
