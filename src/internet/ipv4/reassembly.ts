import { assert } from "../../base/assert.ts";
import type { Nic } from "../../link/nic.ts";
import type { DropReason } from "../../packet/drop-reason.ts";
import type { Packet } from "../../packet/packet.ts";
import type { PacketPool } from "../../packet/packet-pool.ts";
import { after, type Duration, seconds } from "../../time/instant.ts";
import type { Scheduler } from "../../time/scheduler.ts";
import { Timer } from "../../time/timer.ts";
import {
  IPV4_MAX_LENGTH,
  IPV4_MORE_FRAGMENTS,
  IPV4_OFFSET_MASK,
  readIpv4Fragment,
  readIpv4HeaderLength,
  readIpv4Identification,
  readIpv4Protocol,
  readIpv4TrafficClass,
  rewriteIpv4Header,
} from "../../wire/ipv4.ts";
import { PartialDatagram } from "./partial-datagram.ts";

export interface ReassemblySettings {
  /** From the first fragment to arrive (Linux `ipfrag_time`; RFC 1122 §3.3.2 asks for a fixed time). */
  readonly timeout: Duration;
  /** Bytes of the pool that fragments may keep (Linux `ipfrag_high_thresh`). */
  readonly memoryLimit: number;
  /** Datagrams that may be incomplete at one time. */
  readonly datagramLimit: number;
}

export const REASSEMBLY_SETTINGS: ReassemblySettings = {
  timeout: seconds(30),
  memoryLimit: 4 * 1024 * 1024,
  datagramLimit: 1024,
};

export interface ReassemblyOptions {
  readonly name: string;
  readonly scheduler: Scheduler;
  readonly pool: PacketPool;
  /** A datagram stays incomplete: tells its sender, given the first fragment at its IPv4 header (RFC 1122 §3.3.2). */
  readonly timedOut: (first: Packet, nic: Nic) => void;
  readonly settings?: Partial<ReassemblySettings> | undefined;
}

/** Puts fragments together again (RFC 791 §3.2, RFC 815). When a limit is reached, the oldest datagram makes room. */
export class Reassembly {
  readonly #scheduler: Scheduler;
  readonly #pool: PacketPool;
  readonly #timedOut: (first: Packet, nic: Nic) => void;
  readonly #settings: ReassemblySettings;
  readonly #timer: Timer;
  /** By source and identification, those of the same hash chained. */
  readonly #byKey = new Map<number, PartialDatagram>();
  /** In order of expiry. */
  readonly #all = new Set<PartialDatagram>();
  #memory = 0;

  constructor({ name, scheduler, pool, timedOut, settings }: ReassemblyOptions) {
    this.#scheduler = scheduler;
    this.#pool = pool;
    this.#timedOut = timedOut;
    this.#settings = { ...REASSEMBLY_SETTINGS, ...settings };
    this.#timer = new Timer(`reassembly ${name}`, () => this.#expire());
  }

  /** Datagrams that are incomplete, and the bytes their fragments keep. */
  get held(): { readonly datagrams: number; readonly bytes: number } {
    return { datagrams: this.#all.size, bytes: this.#memory };
  }

  /**
   * Takes over a fragment whose header was checked; it stands at that header, with `source` and `destination` set.
   * @returns the whole datagram, when this was what it lacked
   */
  add(packet: Packet, nic: Nic): Packet | undefined {
    const { view, start } = packet;
    const word = readIpv4Fragment(view, start);
    const headerLength = readIpv4HeaderLength(view, start);
    const offset = (word & IPV4_OFFSET_MASK) * 8;
    const length = packet.end - start - headerLength;
    const last = (word & IPV4_MORE_FRAGMENTS) === 0;
    if (length === 0 || (!last && length % 8 !== 0) || offset + length > IPV4_MAX_LENGTH - headerLength) {
      nic.drop(packet, "ip-fragment-malformed");
      return undefined;
    }
    const datagram = this.#find(packet, nic);
    const codepoint = 1 << (readIpv4TrafficClass(view, start) & 3);
    packet.network = start;
    packet.pull(headerLength);
    const insertion = datagram.insert(packet, offset, last);
    if (insertion === "added") {
      const memory = packet.limit - packet.base;
      datagram.memory += memory;
      this.#memory += memory;
      datagram.codepoints |= codepoint;
      if (offset === 0) datagram.first = packet;
      if (datagram.isComplete) return this.#complete(datagram);
      this.#makeRoom();
    } else if (insertion === "duplicate") {
      packet.start = packet.network;
      nic.drop(packet, "ip-fragment-duplicate");
    } else {
      packet.start = packet.network;
      const reason = insertion === "overlap" ? "ip-fragment-overlap" : "ip-fragment-malformed";
      nic.drop(packet, reason);
      this.#discard(datagram, reason);
    }
    return undefined;
  }

  #find(packet: Packet, nic: Nic): PartialDatagram {
    const { view, start, source, destination } = packet;
    const identification = readIpv4Identification(view, start);
    const protocol = readIpv4Protocol(view, start);
    const key = keyOf(source, identification);
    const first = this.#byKey.get(key);
    for (let known = first; known !== undefined; known = known.next) {
      if (known.destination === destination && known.protocol === protocol) return known;
    }
    const expires = after(this.#scheduler.now, this.#settings.timeout);
    const datagram = new PartialDatagram(packet, identification, protocol, nic, expires);
    datagram.next = first;
    this.#byKey.set(key, datagram);
    this.#all.add(datagram);
    if (!this.#timer.armed) this.#scheduler.arm(this.#timer, expires);
    return datagram;
  }

  /** One packet with the first fragment's header and all the payload. */
  #complete(datagram: PartialDatagram): Packet | undefined {
    const { first, length } = datagram;
    assert(first !== undefined, "a complete datagram begins at its first byte");
    const headerLength = readIpv4HeaderLength(first.view, first.network);
    const congestion = congestionOf(datagram.codepoints);
    if (headerLength + length > IPV4_MAX_LENGTH || congestion === "contradiction") {
      this.#discard(datagram, "ip-fragment-malformed");
      return undefined;
    }
    const whole = this.#pool.allocate(headerLength + length);
    const { start } = whole;
    whole.bytes.set(first.bytes.subarray(first.network, first.network + headerLength), start);
    whole.original = first.original || first.id;
    whole.network = start;
    whole.source = first.source;
    whole.destination = first.destination;
    whole.group = first.group;
    whole.end = start + headerLength;
    this.#forget(datagram);
    for (const packet of datagram.takeAll()) {
      whole.bytes.set(packet.bytes.subarray(packet.start, packet.end), whole.end);
      whole.end += packet.end - packet.start;
      whole.corrupted ||= packet.corrupted;
      packet.release();
    }
    assert(whole.end - start === headerLength + length, "a complete datagram has no gap");
    if (congestion === "experienced") whole.bytes[start + 1] = (whole.bytes[start + 1] as number) | 3;
    rewriteIpv4Header(whole.view, start, headerLength, headerLength + length, 0);
    return whole;
  }

  #makeRoom(): void {
    const { memoryLimit, datagramLimit } = this.#settings;
    while (this.#memory > memoryLimit || this.#all.size > datagramLimit) {
      const [oldest] = this.#all;
      if (oldest === undefined) return;
      this.#discard(oldest, "ip-reassembly-full");
    }
  }

  #expire(): void {
    const { now } = this.#scheduler;
    for (const datagram of this.#all) {
      if (datagram.expires > now) break;
      const { first, nic } = datagram;
      if (first !== undefined) {
        const { start } = first;
        first.start = first.network;
        this.#timedOut(first, nic);
        first.start = start;
      }
      this.#discard(datagram, "ip-reassembly-timeout");
    }
    this.#arm();
  }

  #discard(datagram: PartialDatagram, reason: DropReason): void {
    this.#forget(datagram);
    for (const packet of datagram.takeAll()) {
      packet.start = packet.network;
      datagram.nic.drop(packet, reason);
    }
  }

  #forget(datagram: PartialDatagram): void {
    this.#all.delete(datagram);
    this.#memory -= datagram.memory;
    const key = keyOf(datagram.source, datagram.identification);
    const first = this.#byKey.get(key);
    if (first === datagram) {
      if (datagram.next === undefined) this.#byKey.delete(key);
      else this.#byKey.set(key, datagram.next);
    } else {
      for (let known = first; known !== undefined; known = known.next) {
        if (known.next === datagram) known.next = datagram.next;
      }
    }
    this.#arm();
  }

  #arm(): void {
    const [oldest] = this.#all;
    if (oldest === undefined) this.#scheduler.disarm(this.#timer);
    else if (this.#timer.at !== oldest.expires) this.#scheduler.arm(this.#timer, oldest.expires);
  }
}

function keyOf(source: number, identification: number): number {
  return (source >>> 0) * 0x10000 + identification;
}

/** What the fragments' ECN fields say of the whole (RFC 3168 §5.3): congestion of one is congestion of all. */
function congestionOf(codepoints: number): "experienced" | "contradiction" | undefined {
  const NOT_ECT = 1 << 0;
  const CE = 1 << 3;
  if ((codepoints & CE) === 0) return undefined;
  return codepoints & NOT_ECT ? "contradiction" : "experienced";
}
