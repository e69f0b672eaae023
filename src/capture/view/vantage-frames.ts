import type { FrameAbout, FrameBytes, FrameSource } from "../dissect/index.ts";
import { DROP, EVENTS_PER_CHUNK, type EventChunk, IN, OUT } from "../log/event-chunk.ts";
import type { EventLog } from "../log/event-log.ts";
import { FLAG_CRC_ERROR, FLAG_INBOUND, FLAG_OUTBOUND } from "../pcapng/format.ts";
import type { NicPlace, NicPlaces } from "./nic-places.ts";
import type { Vantage } from "./types.ts";

/** Packets whose last row is remembered, so that their death is told there. */
const REMEMBERED = 65_536;
/** Deaths that are no loss: others than the addressee have seen it too. */
const HARMLESS = new Set(["not-for-us", "same-port"]);

/**
 * The events of one vantage as frames to dissect, numbered from 1. A frame stands in it once for each cable that it crosses,
 * or for each way through a Nic; of a drop the frame's own row tells, or one of its own, when it has none.
 */
export class VantageFrames implements FrameSource {
  readonly epoch: bigint;
  readonly log: EventLog;
  readonly nics: NicPlaces;
  readonly #vantage: Vantage;
  /** By the Nic's index, which directions are shown, as bits: {@link IN} and {@link OUT}. */
  readonly #shown: number[] = [];
  #events = new Float64Array(1024);
  /** The number of a drop reason and 1, or 0. */
  #fates = new Uint8Array(1024);
  readonly #reasons: string[] = [];
  #count = 0;
  #next: number;
  /** Pairs of packet id and its last row. */
  readonly #last = new Float64Array(2 * REMEMBERED);

  /** @param epoch nanoseconds since 1970 at virtual 0 @param from the first event */
  constructor(log: EventLog, nics: NicPlaces, vantage: Vantage, epoch: bigint, from = log.first) {
    this.log = log;
    this.nics = nics;
    this.#vantage = vantage;
    this.epoch = epoch;
    this.#next = from;
  }

  get count(): number {
    return this.#count;
  }

  /** Octets of its own. */
  get memory(): number {
    return this.#events.byteLength + this.#fates.byteLength + this.#last.byteLength;
  }

  /** Whether a segment that goes on is seen again, so that conversations are to be kept apart by link. */
  get seesForwarding(): boolean {
    const vantage = this.#vantage;
    if (vantage.kind === "cables") return true;
    if (vantage.kind === "nic") return false;
    return this.nics.filter(({ device, isLoopback }) => device === vantage.device && !isLoopback).length > 1;
  }

  /** Goes on through the log. @param events at most so many @returns how many were gone through */
  gather(events: number): number {
    const { log } = this;
    const begin = Math.max(this.#next, log.first);
    const end = Math.min(log.next, begin + events);
    for (let event = begin; event < end; ) {
      const chunk = log.chunkOf(event);
      const row = event % EVENTS_PER_CHUNK;
      const stop = Math.min(chunk.count, row + end - event);
      this.#takeRows(chunk, row, stop, event - row);
      event += stop - row;
    }
    this.#next = end;
    return end - begin;
  }

  /** Whether there are events that were not gone through. */
  get isBehind(): boolean {
    return this.#next < this.log.next;
  }

  /** The event that a frame is. */
  event(number: number): number {
    return this.#events[number - 1] ?? -1;
  }

  /** Why a frame died where this vantage sees it. */
  fate(number: number): string | undefined {
    return this.#reasons[(this.#fates[number - 1] ?? 0) - 1];
  }

  /** The first frame that is still kept, or the number behind the last one. */
  get first(): number {
    return this.atOrAfter(this.log.first);
  }

  /** The first frame of an event or a later one; the number behind the last one for none. */
  atOrAfter(event: number): number {
    return this.#search((each) => each < event);
  }

  /** The first frame that is still kept and was seen at a time or later. */
  firstAt(time: number): number {
    const first = this.log.first;
    return this.#search((event) => event < first || this.log.at(event) < time);
  }

  /** The frame of an event, or the one that stands for it: the same packet on the same cable, or the one seen next before. */
  of(event: number): number {
    if (!this.log.has(event)) return -1;
    const number = this.atOrAfter(event);
    if (this.event(number) === event) return number;
    const packet = this.log.packet(event);
    const nearest = (step: number): number => {
      let each = step < 0 ? number - 1 : number;
      for (let left = REMEMBERED; left > 0 && each >= this.first && each <= this.#count; left--, each += step) {
        if (this.log.packet(this.event(each)) === packet) return each;
      }
      return -1;
    };
    const before = nearest(-1);
    return before > 0 ? before : nearest(1);
  }

  read(number: number, into: FrameBytes): boolean {
    const event = this.event(number);
    if (!this.log.has(event)) return false;
    this.log.read(event, into);
    into.time = Math.floor(this.log.at(event));
    const nic = this.log.nic(event);
    const { opposite = -1 } = this.nics[nic] ?? {};
    into.link = opposite < 0 ? nic : Math.min(nic, opposite);
    return true;
  }

  about(number: number): FrameAbout {
    const { nic, outward, fcsError, corrupted, packet } = this.log.event(this.event(number));
    const comments = corrupted ? [fcsError ? "corrupted" : "corrupted, with a right FCS"] : [];
    const fate = this.fate(number);
    if (fate !== undefined) comments.push(`dropped: ${fate}`);
    return {
      interface: { id: nic, name: this.nics[nic]?.name, description: undefined },
      flags: (outward ? FLAG_OUTBOUND : FLAG_INBOUND) | (fcsError ? FLAG_CRC_ERROR : 0),
      packetId: BigInt(packet),
      comments,
      direction: outward ? "out" : "in",
    };
  }

  /** @param event the number of row 0 */
  #takeRows(chunk: EventChunk, from: number, to: number, event: number): void {
    for (let row = from; row < to; row++) {
      const direction = chunk.direction(row);
      const nic = chunk.nic(row);
      if (direction === DROP) this.#takeDrop(chunk, row, event + row, nic);
      else if (((this.#shown[nic] ?? this.#learn(nic)) & (1 << direction)) !== 0)
        this.#add(event + row, chunk.packet(row), 0);
    }
  }

  /** @returns which directions of a Nic are shown, as bits */
  #learn(nic: number): number {
    const place = this.nics[nic];
    if (place === undefined) return 0;
    const bits = (this.#shows(place, nic, IN) ? 1 << IN : 0) | (this.#shows(place, nic, OUT) ? 1 << OUT : 0);
    this.#shown[nic] = bits;
    return bits;
  }

  #shows(place: NicPlace, nic: number, direction: number): boolean {
    const vantage = this.#vantage;
    if (vantage.kind === "cables") return direction === OUT && !place.isLoopback;
    const own = vantage.kind === "nic" ? vantage.nic === nic : vantage.device === place.device;
    return own && (direction === IN || !place.isLoopback); // what leaves by a loopback comes in by it
  }

  #takeDrop(chunk: EventChunk, row: number, event: number, nic: number): void {
    const place = this.nics[nic];
    if (place === undefined) return;
    const vantage = this.#vantage;
    const cables = vantage.kind === "cables";
    if (!cables && (vantage.kind === "nic" ? vantage.nic !== nic : vantage.device !== place.device)) return;
    const reason = this.log.reason(event);
    const packet = chunk.packet(row);
    const slot = (packet % REMEMBERED) * 2;
    const number = this.#last[slot] === packet ? (this.#last[slot + 1] as number) : 0;
    const shownAt = number === 0 || !this.log.has(this.event(number)) ? -1 : this.log.nic(this.event(number));
    if (shownAt >= 0 && (shownAt === nic || (cables && this.nics[shownAt]?.opposite === nic))) {
      if (!cables || !HARMLESS.has(reason)) this.#fates[number - 1] = this.#numberOf(reason);
    } else if (chunk.length(row) > 0 && !place.isLoopback) {
      this.#add(event, packet, this.#numberOf(reason));
    }
  }

  #add(event: number, packet: number, fate: number): void {
    if (this.#count === this.#events.length) {
      const events = new Float64Array(2 * this.#count);
      events.set(this.#events);
      this.#events = events;
      const fates = new Uint8Array(2 * this.#count);
      fates.set(this.#fates);
      this.#fates = fates;
    }
    this.#events[this.#count] = event;
    this.#fates[this.#count] = fate;
    this.#count++;
    const slot = (packet % REMEMBERED) * 2;
    this.#last[slot] = packet;
    this.#last[slot + 1] = this.#count;
  }

  #numberOf(reason: string): number {
    const known = this.#reasons.indexOf(reason);
    return known >= 0 ? known + 1 : this.#reasons.push(reason);
  }

  /** The first frame of whose event something does not hold that holds of those before it. */
  #search(isBefore: (event: number) => boolean): number {
    let low = 0;
    let high = this.#count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (isBefore(this.#events[middle] as number)) low = middle + 1;
      else high = middle;
    }
    return low + 1;
  }
}
