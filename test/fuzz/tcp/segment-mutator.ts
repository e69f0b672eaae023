import { finish, sum } from "../../../src/base/checksum.ts";
import type { Random } from "../../../src/base/random.ts";
import type { Packet } from "../../../src/packet/packet.ts";
import type { PacketPool } from "../../../src/packet/packet-pool.ts";
import { pseudoHeaderSum } from "../../../src/transport/pseudo-header.ts";
import type { Connection } from "../../../src/transport/tcp/connection.ts";
import * as wire from "../../../src/wire/tcp.ts";

const FIELD_LIMIT = 40;
const DATA_LIMIT = 1400;

/** Makes segments for a connection: those of its peer with a few bits changed, and ones made up of plausible parts. */
export class SegmentMutator {
  readonly #random: Random;
  readonly #pool: PacketPool;

  constructor(random: Random, pool: PacketPool) {
    this.#random = random;
    this.#pool = pool;
  }

  /** @param sample a segment of the peer's, from its TCP header on */
  make(to: Connection, sample: Uint8Array): Packet {
    const packet = this.#random.chance(0.3) ? this.#flip(sample) : this.#compose(to, sample);
    packet.source = to.remoteAddress;
    packet.destination = to.localAddress;
    if (packet.length >= wire.TCP_HEADER) this.#seal(packet);
    return packet;
  }

  /** One to eight bits, few more often than many, or a byte, or the length. */
  #flip(sample: Uint8Array): Packet {
    const random = this.#random;
    const packet = this.#pool.from(random.chance(0.05) ? sample.subarray(0, random.below(sample.length + 1)) : sample);
    if (packet.length === 0) return packet;
    // The ports stay: the segment is to reach the connection.
    const first = Math.min(4, packet.length - 1);
    for (let left = 1 + random.below(1 + random.below(8)); left > 0; left--) {
      const at = packet.start + first + random.below(Math.min(packet.length - first, random.chance(0.8) ? 60 : 2000));
      const byte = packet.bytes[at] as number;
      packet.bytes[at] = random.chance(0.8) ? byte ^ (1 << random.below(8)) : random.below(256);
    }
    return packet;
  }

  #compose(to: Connection, sample: Uint8Array): Packet {
    const random = this.#random;
    const raw = random.chance(0.5) ? this.#ownOptions(sample) : this.#options(to);
    const header = wire.TCP_HEADER + raw.length;
    const length = random.chance(0.4) ? 0 : random.chance(0.1) ? random.below(DATA_LIMIT) : random.below(200);
    const packet = this.#pool.allocate(length);
    packet.end = packet.start + length;
    const fill = random.below(256);
    packet.bytes.fill(fill, packet.start, packet.end);
    const at = packet.push(header);
    packet.bytes.set(raw, at + wire.TCP_HEADER);
    const seq = this.#near(random.chance(0.7) ? to.rcvNxt : to.rcvAdv, length);
    const ack = this.#near(random.chance(0.5) ? to.sndUna : to.sndNxt, length);
    const window = random.chance(0.1) ? 0 : random.below(random.chance(0.5) ? 65_536 : 64);
    const urgent = random.chance(0.05) ? random.below(65_536) : 0;
    wire.writeHeader(packet.view, at, to.remotePort, to.localPort, seq, ack, header, this.#flags(), window, urgent);
    if (random.chance(0.01)) packet.view.setUint8(at + 12, random.below(256));
    return packet;
  }

  #flags(): number {
    const random = this.#random;
    if (random.chance(0.85)) return wire.ACK | (random.chance(0.1) ? wire.PSH : 0);
    if (random.chance(0.3)) return random.below(256);
    return wire.ACK | [wire.FIN, wire.SYN, wire.RST, wire.URG, wire.ECE, wire.CWR][random.below(6)]!;
  }

  /** A sequence number at, just beside, or a few segments from one that counts; sometimes any. */
  #near(value: number, length: number): number {
    const random = this.#random;
    const kind = random.below(10);
    if (kind < 4) return value;
    if (kind < 6) return (value + random.below(5) - 2) | 0;
    if (kind === 6) return (value - length) | 0;
    if (kind < 9) return (value + random.below(6000) - 3000) | 0;
    return random.uint32() | 0;
  }

  #ownOptions(sample: Uint8Array): Uint8Array {
    const header = ((sample[12] ?? 0x50) >> 4) * 4;
    return sample.subarray(wire.TCP_HEADER, Math.min(Math.max(header, wire.TCP_HEADER), 60, sample.length));
  }

  /** Options one after the other, most well formed. */
  #options(to: Connection): Uint8Array {
    const random = this.#random;
    const raw: number[] = [];
    for (let left = random.below(4); left > 0; left--) {
      const one = this.#option(to);
      if (raw.length + one.length <= FIELD_LIMIT) raw.push(...one);
    }
    while (raw.length % 4 !== 0) raw.push(random.chance(0.9) ? 1 : 0);
    return Uint8Array.from(raw);
  }

  #option(to: Connection): number[] {
    const random = this.#random;
    const word = (value: number): number[] => [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
    switch (random.below(8)) {
      case 0:
        return [2, 4, random.below(256), random.below(256)];
      case 1:
        return [3, 3, random.below(256)];
      case 2:
        return [4, 2];
      case 3:
        return Array.from({ length: random.below(12) }, () => random.below(256));
      case 4:
        return [random.below(256), 2 + random.below(6), ...word(random.uint32())];
      case 5:
      case 6: {
        const blocks = 1 + random.below(4);
        const edges = Array.from({ length: blocks }, () => this.#block(to)).flatMap(([left, right]) => [
          ...word(left),
          ...word(right),
        ]);
        return [5, 2 + blocks * 8, ...edges];
      }
      default: {
        const value = (to.tsRecent + random.below(20) - (random.chance(0.2) ? 10 : 0)) | 0;
        const echo = (to.timestampAt(to.now) - random.below(2000)) | 0;
        return [8, 10, ...word(value), ...word(random.chance(0.9) ? echo : random.uint32())];
      }
    }
  }

  /** A block of what is outstanding, or nearly; sometimes one that says that something came twice. */
  #block(to: Connection): [left: number, right: number] {
    const random = this.#random;
    const out = Math.max(to.sndNxt - to.sndUna, 0) & 0xffff;
    const left = (to.sndUna + random.below(out + 20) - (random.chance(0.3) ? 2000 : 10)) | 0;
    return [left, (left + random.below(random.chance(0.1) ? 100_000 : 3000) - (random.chance(0.1) ? 500 : 0)) | 0];
  }

  #seal(packet: Packet): void {
    const { view, start, end } = packet;
    view.setUint16(start + wire.CHECKSUM_AT, 0);
    const pseudo = pseudoHeaderSum(packet.source, packet.destination, wire.TCP_PROTOCOL, end - start);
    view.setUint16(start + wire.CHECKSUM_AT, finish(sum(view, start, end, pseudo)));
  }
}
