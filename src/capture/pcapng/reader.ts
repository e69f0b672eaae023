import * as format from "./format.ts";

/** A longer block is taken for damage (Wireshark's own limit). */
export const BLOCK_LIMIT = 16 * 1024 * 1024;
/** Interfaces a section may describe. */
export const INTERFACES_LIMIT = 65_536;
/** Options of one block that are looked at. */
export const OPTIONS_LIMIT = 1_000;

export interface CapturedInterface {
  /** The number by which the packets of its section name it. */
  readonly id: number;
  readonly linkType: number;
  /** Bytes of each packet that were captured at most; 0 for all. */
  readonly snapLength: number;
  readonly name: string | undefined;
  readonly description: string | undefined;
  /** Six octets. */
  readonly mac: Uint8Array | undefined;
  /** Units of a time stamp in a second. */
  readonly unitsPerSecond: bigint;
  /** Seconds added to every time stamp. */
  readonly offset: bigint;
}

export interface CapturedPacket {
  readonly interface: CapturedInterface;
  /** Nanoseconds since 1970-01-01T00:00:00Z; undefined when the file says none (simple packet blocks). */
  readonly time: bigint | undefined;
  /** What was captured of it: a copy of its own. */
  readonly data: Uint8Array;
  /** Its length on the wire. */
  readonly originalLength: number;
  readonly direction: "in" | "out" | undefined;
  /** epb_flags as they stand; 0 when there are none. */
  readonly flags: number;
  readonly packetId: bigint | undefined;
  readonly comments: readonly string[];
}

/** Why reading came to an end before the file did. */
export type CaptureProblem =
  /** The file ends within a block. */
  | "truncated"
  /** It does not begin as a pcapng file. */
  | "not-pcapng"
  /** A block is longer than {@link BLOCK_LIMIT}. */
  | "block-too-long"
  /** A section describes more than {@link INTERFACES_LIMIT} interfaces. */
  | "too-many-interfaces"
  /** A length or number contradicts another. */
  | "malformed";

export interface CaptureEnd {
  /** Undefined for a file that is whole. */
  readonly problem: CaptureProblem | undefined;
  /** Where in the file reading stopped: all before it was read. */
  readonly offset: number;
  readonly packets: number;
}

/** What a reader calls with what it reads, in the order of the file. */
export interface CaptureVisitor {
  interface?(found: CapturedInterface): void;
  packet(packet: CapturedPacket): void;
  /** Secrets of TLS, as lines of a key log: of packets that follow. */
  secrets?(lines: string): void;
}

/**
 * Reads a pcapng file as it comes, in pieces of any size and either byte order. Nothing in it makes the reader throw: it
 * gives every complete packet up to the first damage, and {@link end} says what that was. Blocks of unknown kind are
 * skipped.
 */
export class PcapngReader {
  readonly #visitor: CaptureVisitor;
  #bytes = new Uint8Array(64 * 1024);
  #view = new DataView(this.#bytes.buffer);
  /** What is buffered and not read yet. */
  #start = 0;
  #end = 0;
  #offset = 0;
  #little = true;
  #inSection = false;
  #interfaces: CapturedInterface[] = [];
  #packets = 0;
  #problem: CaptureProblem | undefined;

  constructor(visitor: CaptureVisitor) {
    this.#visitor = visitor;
  }

  /** Reads on. What comes after damage is ignored. */
  write(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length && this.#problem === undefined; ) {
      const piece = bytes.subarray(at, at + CHUNK);
      at += piece.length;
      this.#append(piece);
      while (this.#problem === undefined && this.#block()) {}
    }
  }

  /** Says how the file ended, or how it stands so far. */
  end(): CaptureEnd {
    const whole = this.#start === this.#end && this.#offset > 0;
    return {
      problem: this.#problem ?? (whole ? undefined : "truncated"),
      offset: this.#offset,
      packets: this.#packets,
    };
  }

  #append(bytes: Uint8Array): void {
    const left = this.#end - this.#start;
    if (this.#end + bytes.length > this.#bytes.length) {
      const needed = left + bytes.length;
      const into = needed <= this.#bytes.length ? this.#bytes : new Uint8Array(2 * needed);
      into.set(this.#bytes.subarray(this.#start, this.#end));
      this.#bytes = into;
      this.#view = new DataView(into.buffer);
      this.#start = 0;
      this.#end = left;
    }
    this.#bytes.set(bytes, this.#end);
    this.#end += bytes.length;
  }

  /** Reads the next block. @returns false when it is not whole yet, or the last */
  #block(): boolean {
    const available = this.#end - this.#start;
    if (available < 12) return false;
    const start = this.#start;
    const view = this.#view;
    const type = view.getUint32(start, this.#little);
    if (type === format.BLOCK_SECTION) {
      const magic = view.getUint32(start + 8);
      if (magic !== SWAPPED && magic !== format.BYTE_ORDER_MAGIC) return this.#fail("malformed");
      this.#little = magic === SWAPPED;
    } else if (!this.#inSection) {
      return this.#fail("not-pcapng");
    }
    const length = view.getUint32(start + 4, this.#little);
    if (length < 12 || length % 4 !== 0) return this.#fail("malformed");
    if (length > BLOCK_LIMIT) return this.#fail("block-too-long");
    if (available < length) return false;
    if (view.getUint32(start + length - 4, this.#little) !== length) return this.#fail("malformed");
    const problem = this.#body(type, start + 8, start + length - 4);
    if (problem !== undefined) return this.#fail(problem);
    this.#start += length;
    this.#offset += length;
    return true;
  }

  #fail(problem: CaptureProblem): false {
    this.#problem = problem;
    return false;
  }

  #body(type: number, at: number, end: number): CaptureProblem | undefined {
    switch (type) {
      case format.BLOCK_SECTION:
        if (end - at < 16 || this.#uint16(at + 4) !== 1) return "malformed"; // major version
        this.#inSection = true;
        this.#interfaces = [];
        return undefined;
      case format.BLOCK_INTERFACE:
        return this.#interface(at, end);
      case format.BLOCK_ENHANCED_PACKET:
        return end - at < 20 ? "malformed" : this.#packet(this.#uint32(at), at, end);
      case format.BLOCK_OLD_PACKET:
        return end - at < 20 ? "malformed" : this.#packet(this.#uint16(at), at, end);
      case format.BLOCK_SIMPLE_PACKET:
        return this.#simplePacket(at, end);
      case format.BLOCK_SECRETS:
        return this.#secrets(at, end);
      default:
        return undefined;
    }
  }

  #interface(at: number, end: number): CaptureProblem | undefined {
    if (end - at < 8) return "malformed";
    if (this.#interfaces.length >= INTERFACES_LIMIT) return "too-many-interfaces";
    const found = {
      id: this.#interfaces.length,
      linkType: this.#uint16(at),
      snapLength: this.#uint32(at + 4),
      name: undefined as string | undefined,
      description: undefined as string | undefined,
      mac: undefined as Uint8Array | undefined,
      unitsPerSecond: 1_000_000n,
      offset: 0n,
    };
    this.#options(at + 8, end, (code, from, to) => {
      if (code === format.OPTION_INTERFACE_NAME) found.name = this.#text(from, to);
      else if (code === format.OPTION_INTERFACE_DESCRIPTION) found.description = this.#text(from, to);
      else if (code === format.OPTION_INTERFACE_MAC && to - from === 6) found.mac = this.#bytes.slice(from, to);
      else if (code === format.OPTION_INTERFACE_TIME_RESOLUTION && to - from === 1) {
        found.unitsPerSecond = unitsPerSecond(this.#view.getUint8(from));
      } else if (code === format.OPTION_INTERFACE_TIME_OFFSET && to - from === 8) {
        found.offset = BigInt.asIntN(64, this.#view.getBigUint64(from, this.#little));
      }
    });
    this.#interfaces.push(found);
    this.#visitor.interface?.(found);
    return undefined;
  }

  #packet(id: number, at: number, end: number): CaptureProblem | undefined {
    const captured = this.#uint32(at + 12);
    const from = this.#interfaces[id];
    if (from === undefined || captured > end - at - 20) return "malformed";
    const data = at + 20;
    let flags = 0;
    let packetId: bigint | undefined;
    const comments: string[] = [];
    this.#options(data + format.padded(captured), end, (code, start, stop) => {
      if (code === format.OPTION_COMMENT) comments.push(this.#text(start, stop));
      else if (code === format.OPTION_PACKET_FLAGS && stop - start === 4) flags = this.#uint32(start);
      else if (code === format.OPTION_PACKET_ID && stop - start === 8) {
        packetId = this.#view.getBigUint64(start, this.#little);
      }
    });
    const units = (BigInt(this.#uint32(at + 4)) << 32n) | BigInt(this.#uint32(at + 8));
    this.#packets++;
    this.#visitor.packet({
      interface: from,
      time: (units * 1_000_000_000n) / from.unitsPerSecond + from.offset * 1_000_000_000n,
      data: this.#bytes.slice(data, data + captured),
      originalLength: this.#uint32(at + 16),
      direction: ([undefined, "in", "out"] as const)[flags & 3],
      flags,
      packetId,
      comments,
    });
    return undefined;
  }

  /** Secrets of other kinds are skipped. */
  #secrets(at: number, end: number): CaptureProblem | undefined {
    if (end - at < 8 || this.#uint32(at + 4) > end - at - 8) return "malformed";
    const length = this.#uint32(at + 4);
    if (this.#uint32(at) === format.SECRETS_TLS) this.#visitor.secrets?.(this.#text(at + 8, at + 8 + length));
    return undefined;
  }

  #simplePacket(at: number, end: number): CaptureProblem | undefined {
    const from = this.#interfaces[0];
    if (from === undefined || end - at < 4) return "malformed";
    const originalLength = this.#uint32(at);
    const captured = Math.min(originalLength, from.snapLength || originalLength, end - at - 4);
    const data = this.#bytes.slice(at + 4, at + 4 + captured);
    const plain = { time: undefined, direction: undefined, flags: 0, packetId: undefined, comments: [] };
    this.#packets++;
    this.#visitor.packet({ interface: from, data, originalLength, ...plain });
    return undefined;
  }

  /** Calls back with the range of each option's value; stops at the first that is damaged. */
  #options(at: number, end: number, found: (code: number, from: number, to: number) => void): void {
    for (let count = 0; count < OPTIONS_LIMIT && end - at >= 4; count++) {
      const code = this.#uint16(at);
      const length = this.#uint16(at + 2);
      at += 4;
      if (code === format.OPTION_END || length > end - at) return;
      found(code, at, at + length);
      at += format.padded(length);
    }
  }

  #text(from: number, to: number): string {
    return decoder.decode(this.#bytes.subarray(from, to));
  }

  #uint16(at: number): number {
    return this.#view.getUint16(at, this.#little);
  }

  #uint32(at: number): number {
    return this.#view.getUint32(at, this.#little);
  }
}

/** Reads a whole file. */
export function readPcapng(bytes: Uint8Array): CaptureEnd & {
  readonly interfaces: CapturedInterface[];
  readonly captured: CapturedPacket[];
  /** Lines of key logs, as they stand together in the file. */
  readonly secrets: string[];
} {
  const interfaces: CapturedInterface[] = [];
  const captured: CapturedPacket[] = [];
  const secrets: string[] = [];
  const reader = new PcapngReader({
    interface: (found) => interfaces.push(found),
    packet: (packet) => captured.push(packet),
    secrets: (lines) => secrets.push(lines),
  });
  reader.write(bytes);
  return { ...reader.end(), interfaces, captured, secrets };
}

/** Damage is found before more than this is buffered in vain. */
const CHUNK = 64 * 1024;
/** The byte-order magic as it reads in network order where the section is in little-endian order. */
const SWAPPED = 0x4d3c2b1a;
const decoder = new TextDecoder();

/** if_tsresol: a power of ten, or with the highest bit set, of two. Beyond 2^64 units no stamp means anything: 10^−6 s. */
function unitsPerSecond(resolution: number): bigint {
  const power = resolution & 0x7f;
  if ((resolution & 0x80) !== 0) return power < 64 ? 1n << BigInt(power) : 1_000_000n;
  return power < 20 ? 10n ** BigInt(power) : 1_000_000n;
}
