import { formatMac, type MacAddress } from "../address/mac.ts";
import { assert } from "../base/assert.ts";
import { Random } from "../base/random.ts";
import { checksumOf, fillInChecksum } from "../packet/checksum-mark.ts";
import type { DropReason } from "../packet/drop-reason.ts";
import type { Packet } from "../packet/packet.ts";
import type { PacketPool } from "../packet/packet-pool.ts";
import type { Scheduler } from "../time/scheduler.ts";
import {
  checkEthernetHeader,
  ETHERNET_HEADER_LENGTH,
  ETHERNET_MTU,
  isGroupFrame,
  MIN_FRAME_LENGTH,
  wireBits,
} from "../wire/ethernet.ts";
import { CableDirection } from "./cable-direction.ts";
import { cutSegment, longestPiece } from "./segmentation.ts";
import type { Tap, TapDirection } from "./tap.ts";
import { TransmitQueue } from "./transmit-queue.ts";

/** How a Nic reaches others. Only broadcast links resolve neighbours; a loopback reaches nobody but itself. */
export type Medium = "broadcast" | "pointToPoint" | "loopback";

/** As Linux has it for `lo`: any datagram (at most 65,535 bytes) goes in one piece. */
export const LOOPBACK_MTU = 65_536;

export interface NicOptions {
  /** The box it is in: `"pc1"`. */
  readonly device: string;
  /** Unique in its box: `"eth0"`. */
  readonly name: string;
  readonly mac: MacAddress;
  /** The longest payload it sends; {@link ETHERNET_MTU} unless told, on a loopback {@link LOOPBACK_MTU}. */
  readonly mtu?: number;
  /** `"broadcast"` unless told. */
  readonly medium?: Medium;
  /** Frames that may wait for the line; `QUEUE_LIMIT` unless told. */
  readonly queueLimit?: number;
  /** False unless told. */
  readonly isDoor?: boolean;
  readonly isRelay?: boolean;
  readonly scheduler: Scheduler;
  readonly pool: PacketPool;
}

export interface NicCounters {
  /** Frames and bytes handed to the receiver. */
  receivedFrames: number;
  receivedBytes: number;
  /** Frames and bytes put on the line. */
  sentFrames: number;
  sentBytes: number;
  readonly drops: Map<DropReason, number>;
}

export interface NicSnapshot {
  readonly name: string;
  readonly mac: string;
  readonly mtu: number;
  readonly medium: Medium;
  readonly carrier: boolean;
  readonly promiscuous: boolean;
  readonly queued: { readonly packets: number; readonly bytes: number };
  readonly queueLimit: number;
  readonly counters: Omit<NicCounters, "drops"> & { readonly drops: Readonly<Record<string, number>> };
}

/**
 * A network interface card: where a device meets a cable. On the way down it pads frames, shows them to its taps and
 * lets them wait for the line; on the way up it drops frames with a bad FCS and those for others.
 */
export class Nic {
  readonly device: string;
  readonly name: string;
  /** Unique in the network: `"pc1.eth0"`. */
  readonly fullName: string;
  readonly mac: MacAddress;
  readonly medium: Medium;
  readonly scheduler: Scheduler;
  readonly pool: PacketPool;
  mtu: number;
  /** Takes frames for any address. */
  promiscuous = false;
  /** Takes frames with a bad FCS as well, as a hub's port does, which repeats bits and reads none. */
  acceptsFcsErrors = false;
  /** The outside is behind it: frames at its cable are whole and complete, whatever offload the cable has. */
  readonly isDoor: boolean;
  /** It is a port of a hub or a switch: what it sends came in by another of them, and goes on as it came. */
  readonly isRelay: boolean;
  /** More frames may follow within the event: what they belong together with may wait for {@link onBatchEnd}. */
  inBatch = false;
  /** Called when all frames of a batch were received. */
  onBatchEnd: (() => void) | undefined;
  /** Unique in the network, which sets it; a capture's number for this interface. */
  index = 0;
  /** It has been taken out of the network for good: no tap sees what it still does. */
  gone = false;
  /**
   * Takes over what arrives: from the link header on, checked and filtered, with its padding. Until there is one,
   * frames are dropped as "nic-down".
   */
  receiver: ((packet: Packet, nic: Nic) => void) | undefined;
  /** Called with true when it gets a carrier, with false when it loses it. */
  readonly onCarrier: ((up: boolean) => void)[] = [];
  /** Called when it was switched on or off: by cables. */
  readonly onSwitched: (() => void)[] = [];
  readonly counters: NicCounters = {
    receivedFrames: 0,
    receivedBytes: 0,
    sentFrames: 0,
    sentBytes: 0,
    drops: new Map(),
  };
  readonly #macHigh: number;
  readonly #macLow: number;
  readonly #queue: TransmitQueue;
  #line: CableDirection | undefined;
  #incoming: CableDirection | undefined;
  #taps: readonly Tap[] = [];
  #isOn = true;

  constructor(options: NicOptions) {
    const { device, name, mac, medium = "broadcast", scheduler, pool } = options;
    this.device = device;
    this.name = name;
    this.fullName = `${device}.${name}`;
    this.mac = mac;
    this.#macHigh = Math.floor(mac / 2 ** 32);
    this.#macLow = mac % 2 ** 32;
    this.medium = medium;
    this.mtu = options.mtu ?? (medium === "loopback" ? LOOPBACK_MTU : ETHERNET_MTU);
    this.scheduler = scheduler;
    this.pool = pool;
    this.isDoor = options.isDoor ?? false;
    this.isRelay = options.isRelay ?? false;
    this.#queue = new TransmitQueue(this, scheduler, options.queueLimit);
    if (medium === "loopback") {
      const line = { name: `loopback ${this.fullName}`, from: this, to: this, scheduler, pool, random: new Random(0) };
      this.#line = this.#incoming = new CableDirection(line);
    }
  }

  /** The way out, while there is a carrier. */
  get line(): CableDirection | undefined {
    return this.#line;
  }

  /** A cable is plugged in at both ends, and both are on; a cut one counts as well, for nobody can tell. */
  get carrier(): boolean {
    return this.#line !== undefined;
  }

  get isOn(): boolean {
    return this.#isOn;
  }

  /** A new one is on; while it is off, neither end of its cable has a carrier. */
  switch(on: boolean): void {
    if (on === this.#isOn) return;
    this.#isOn = on;
    for (const listener of this.onSwitched) listener();
  }

  /** Takes over a complete frame, from its link header on, and sends it when the line is free. */
  transmit(packet: Packet): void {
    const line = this.#line;
    packet.link = packet.start;
    if (line === undefined) this.drop(packet, "no-carrier");
    else if (packet.checksumAt !== 0 && !line.segmentationOffload) this.#complete(packet, line);
    else this.#send(packet, line);
  }

  /** Does what the packet's sender left to do, as far as this line needs it done. */
  #complete(packet: Packet, line: CableDirection): void {
    if (packet.segmentSize > 0) {
      cutSegment(this.pool, packet, packet.start + ETHERNET_HEADER_LENGTH, this.#sendPiece);
    } else {
      if (!line.checksumOffload) fillInChecksum(packet);
      this.#send(packet, line);
    }
  }

  readonly #sendPiece = (piece: Packet): void => this.transmit(piece);

  #send(packet: Packet, line: CableDirection): void {
    const length = packet.end - packet.start;
    if (
      length > this.mtu + ETHERNET_HEADER_LENGTH &&
      longestPiece(packet, packet.start) > this.mtu + ETHERNET_HEADER_LENGTH
    ) {
      this.drop(packet, "frame-too-long");
      return;
    }
    if (length < MIN_FRAME_LENGTH && this.medium !== "loopback") pad(packet);
    this.#queue.send(packet, line);
  }

  /** TCP may leave its checksums out of what is sent here. */
  get checksumOffload(): boolean {
    return this.#line?.checksumOffload === true;
  }

  /** Large segments may be sent here whole. */
  get segmentationOffload(): boolean {
    return this.#line?.segmentationOffload === true;
  }

  /** What waits for the line, the frame that is on it not counted. */
  get queued(): { packets: number; bytes: number } {
    return { packets: this.#queue.packets, bytes: this.#queue.bytes };
  }

  get queueLimit(): number {
    return this.#queue.limit;
  }

  set queueLimit(limit: number) {
    assert(limit >= 0, "a queue's limit is not negative");
    this.#queue.limit = limit;
  }

  /** At most one frame waits, or less than 1 ms of the line's time: a sender that keeps its own queue may add one. */
  get hasRoom(): boolean {
    return this.#queue.hasRoom(this.#line);
  }

  /** The next frame would be dropped as "queue-full": a datagram's sender gets EAGAIN. */
  get isFull(): boolean {
    return this.#queue.isFull(this.#line);
  }

  /**
   * Calls a function once, as soon as {@link hasRoom} holds, by an event of its own; when the carrier goes, too. One
   * that waits already is not added again. Several are called in the order in which they came, and one for whom those
   * before it left no room waits on in front.
   */
  whenRoom(waiter: () => void): void {
    this.#queue.whenRoom(waiter);
  }

  /** Counts a drop, shows it to every tap and releases the packet. */
  drop(packet: Packet, reason: DropReason): void {
    const { drops } = this.counters;
    drops.set(reason, (drops.get(reason) ?? 0) + 1);
    if (this.#taps.length > 0) this.#show(packet, "drop", reason);
    packet.release();
  }

  addTap(tap: Tap): void {
    this.#taps = [...this.#taps, tap];
  }

  removeTap(tap: Tap): void {
    this.#taps = this.#taps.filter((other) => other !== tap);
  }

  snapshot(): NicSnapshot {
    const { drops, ...counts } = this.counters;
    return {
      name: this.name,
      mac: formatMac(this.mac),
      mtu: this.mtu,
      medium: this.medium,
      carrier: this.carrier,
      promiscuous: this.promiscuous,
      queued: this.queued,
      queueLimit: this.queueLimit,
      counters: { ...counts, drops: Object.fromEntries(drops) },
    };
  }

  /** For how long a frame of that length occupied the cable on which it came, in nanoseconds. */
  receptionTime(length: number): number {
    const rate = this.#incoming?.rate ?? Number.POSITIVE_INFINITY;
    return Math.floor((wireBits(length) * 1e9) / rate);
  }

  /** The cable's: there is a carrier. */
  connect(outgoing: CableDirection, incoming: CableDirection): void {
    assert(this.#line === undefined, "a Nic has one cable");
    this.#line = outgoing;
    this.#incoming = incoming;
    for (const listener of [...this.onCarrier]) listener(true);
  }

  /** The cable's: the carrier has gone. What waits is dropped. */
  disconnect(): void {
    this.#line = this.#incoming = undefined;
    this.#queue.clear();
    for (const listener of [...this.onCarrier]) listener(false);
  }

  /** The cable's: its rate is another. */
  rateChanged(): void {
    this.#queue.rateChanged();
  }

  /** The cable's: it was crowded and is so no more. */
  roomMade(): void {
    this.#queue.lookForRoom();
  }

  /** The queue's: the frame's serialisation begins. */
  depart(packet: Packet): void {
    this.counters.sentFrames++;
    this.counters.sentBytes += packet.end - packet.start;
    if (this.#taps.length > 0) this.#show(packet, "out");
  }

  /** The cable's: a frame is here. */
  arrive(packet: Packet): void {
    packet.link = packet.start;
    if (this.#taps.length > 0) this.#show(packet, "in");
    const { start, end } = packet;
    if (packet.fcsError && !this.acceptsFcsErrors) this.drop(packet, "fcs-error");
    else if (!checkEthernetHeader(start, end)) this.drop(packet, "frame-malformed");
    else if (!this.promiscuous && !this.#isForUs(packet.view, start)) this.drop(packet, "not-for-us");
    else if (this.receiver === undefined) this.drop(packet, "nic-down");
    else {
      this.counters.receivedFrames++;
      this.counters.receivedBytes += end - start;
      this.receiver(packet, this);
    }
  }

  /** The cable's: the batch is at its end. */
  endBatch(): void {
    this.inBatch = false;
    this.onBatchEnd?.();
  }

  #isForUs(view: DataView, at: number): boolean {
    if (view.getUint32(at + 2) === this.#macLow && view.getUint16(at) === this.#macHigh) return true;
    return isGroupFrame(view, at);
  }

  /** Shows a frame to the taps as it would be without offload: its checksum is there for as long as they look. */
  #show(packet: Packet, direction: TapDirection, reason?: DropReason): void {
    const { view, checksumAt } = packet;
    const left = checksumAt === 0 ? 0 : view.getUint16(checksumAt);
    if (checksumAt !== 0) view.setUint16(checksumAt, checksumOf(packet));
    for (const tap of this.#taps) tap.saw(this.scheduler.now, this, direction, packet, reason);
    if (checksumAt !== 0) view.setUint16(checksumAt, left);
  }
}

/** Fills a frame up to the shortest there is, with zeros (RFC 894, RFC 1042). */
function pad(packet: Packet): void {
  const end = packet.start + MIN_FRAME_LENGTH;
  assert(end <= packet.limit, "a packet has room for the padding");
  packet.bytes.fill(0, packet.end, end);
  packet.end = end;
}
