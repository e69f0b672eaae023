import { assert } from "../../base/assert.ts";
import * as format from "./format.ts";

/** Takes bytes of the file, in order. They are only lent: what is kept must be copied. */
export type ByteSink = (bytes: Uint8Array) => void;

/** Bytes gathered before the sink is given them. */
const CHUNK = 64 * 1024;
/** A comment is cut to this many bytes. */
export const COMMENT_LIMIT = 4096;

export interface PacketRecord {
  /** As {@link PcapngWriter.addInterface} counted it. */
  readonly interfaceId: number;
  /** Nanoseconds after the epoch of the writer. */
  readonly time: number;
  /** Of `format.ts`: direction and link-layer errors. */
  readonly flags: number;
  /** The same for one packet at all interfaces; 0 for unknown. */
  readonly packetId: number;
  readonly comments: readonly string[];
}

/**
 * Writes a pcapng file, block by block: one section in little-endian order, interfaces, packets. Times are in nanoseconds.
 * The sink is given whole blocks only, so that a file that ends at any call is valid. Packets stay open for comments
 * until {@link settle}: what becomes of a frame is known only after it was seen.
 */
export class PcapngWriter {
  readonly #sink: ByteSink;
  readonly #epochHigh: number;
  readonly #epochLow: number;
  #bytes = new Uint8Array(2 * CHUNK);
  #view = new DataView(this.#bytes.buffer);
  #end = 0;
  #interfaces = 0;
  /** Where the packets start that can still be commented. */
  readonly #open: number[] = [];

  /** @param epoch the date at time 0 of the packets */
  constructor(sink: ByteSink, epoch: Date) {
    this.#sink = sink;
    const nanoseconds = BigInt(epoch.getTime()) * 1_000_000n;
    this.#epochHigh = Number(nanoseconds >> 32n);
    this.#epochLow = Number(nanoseconds & 0xffffffffn);
    this.#section();
    this.flush();
  }

  /** @returns the interface's number, from 0 */
  addInterface(name: string, mac: Uint8Array): number {
    const start = this.#begin(format.BLOCK_INTERFACE, 64 + 3 * name.length);
    this.#uint16(format.LINK_TYPE_ETHERNET);
    this.#uint16(0);
    this.#uint32(0); // no limit to what is captured of a packet
    this.#option(format.OPTION_INTERFACE_NAME, encoder.encode(name));
    this.#option(format.OPTION_INTERFACE_MAC, mac);
    this.#option(format.OPTION_INTERFACE_TIME_RESOLUTION, NANOSECONDS);
    this.#uint32(format.OPTION_END);
    this.#finish(start);
    return this.#interfaces++;
  }

  /**
   * Writes a packet: `before` (a header made for it, or nothing), then `start`–`end` of `bytes`.
   * @returns what {@link comment} knows it by until it is settled
   */
  packet(record: PacketRecord, before: Uint8Array, bytes: Uint8Array, start: number, end: number): number {
    assert(record.interfaceId < this.#interfaces, "a packet's interface is described before it");
    const length = before.length + end - start;
    const at = this.#begin(format.BLOCK_ENHANCED_PACKET, 64 + length);
    this.#uint32(record.interfaceId);
    const low = this.#epochLow + (record.time >>> 0);
    this.#uint32(this.#epochHigh + Math.floor(record.time / 2 ** 32) + (low > 0xffffffff ? 1 : 0));
    this.#uint32(low);
    this.#uint32(length);
    this.#uint32(length);
    this.#bytes.set(before, this.#end);
    this.#bytes.set(bytes.subarray(start, end), this.#end + before.length);
    this.#end += length;
    this.#pad();
    this.#uint16(format.OPTION_PACKET_FLAGS);
    this.#uint16(4);
    this.#uint32(record.flags);
    if (record.packetId !== 0) {
      this.#uint16(format.OPTION_PACKET_ID);
      this.#uint16(8);
      this.#uint32(record.packetId);
      this.#uint32(Math.floor(record.packetId / 2 ** 32));
    }
    for (const text of record.comments) this.#comment(text);
    this.#uint32(format.OPTION_END);
    this.#finish(at);
    return this.#open.push(at) - 1;
  }

  /**
   * Writes secrets of TLS in front of the packets that are open: a reader needs them before it meets what they open.
   * @param lines of a key log
   */
  secrets(lines: string): void {
    const data = encoder.encode(lines);
    const at = this.#open[0] ?? this.#end;
    const after = this.#bytes.slice(at, this.#end);
    this.#end = at;
    const start = this.#begin(format.BLOCK_SECRETS, 64 + data.length);
    this.#uint32(format.SECRETS_TLS);
    this.#uint32(data.length);
    this.#bytes.set(data, this.#end);
    this.#end += data.length;
    this.#pad();
    this.#finish(start);
    this.#append(after, 0);
  }

  /** Adds a comment to a packet that is not settled; packets written after it move along. */
  comment(packet: number, text: string): void {
    const at = this.#open[packet];
    assert(at !== undefined, "a comment goes to an open packet");
    const next = at + this.#view.getUint32(at + 4, true);
    const after = this.#bytes.slice(next, this.#end);
    this.#end = next - 8; // over opt_endofopt and the length behind it
    this.#comment(text);
    this.#uint32(format.OPTION_END);
    this.#finish(at);
    this.#append(after, packet + 1);
  }

  /** Puts back what was behind something that has grown: open packets from a number on. */
  #append(bytes: Uint8Array, first: number): void {
    this.#reserve(bytes.length);
    const shift = this.#end - (this.#open[first] ?? this.#end);
    for (let later = first; later < this.#open.length; later++)
      this.#open[later] = (this.#open[later] as number) + shift;
    this.#bytes.set(bytes, this.#end);
    this.#end += bytes.length;
  }

  /** Closes the packets that are open. The sink is given them once they are many. */
  settle(): void {
    this.#open.length = 0;
    if (this.#end >= CHUNK) this.flush();
  }

  /** Settles, and gives the sink all that was written. */
  flush(): void {
    this.#open.length = 0;
    if (this.#end > 0) this.#sink(this.#bytes.subarray(0, this.#end));
    this.#end = 0;
  }

  #section(): void {
    const start = this.#begin(format.BLOCK_SECTION, 64);
    this.#uint32(format.BYTE_ORDER_MAGIC);
    this.#uint16(1);
    this.#uint16(0);
    this.#uint32(0xffffffff); // the section's length is not known
    this.#uint32(0xffffffff);
    this.#option(format.OPTION_SECTION_APPLICATION, encoder.encode("netarium"));
    this.#uint32(format.OPTION_END);
    this.#finish(start);
  }

  #begin(type: number, room: number): number {
    this.#reserve(room);
    const start = this.#end;
    this.#uint32(type);
    this.#uint32(0);
    return start;
  }

  #finish(start: number): void {
    const length = this.#end + 4 - start;
    this.#uint32(length);
    this.#view.setUint32(start + 4, length, true);
  }

  #comment(text: string): void {
    const bytes = encoder.encode(text);
    this.#option(format.OPTION_COMMENT, bytes.length <= COMMENT_LIMIT ? bytes : cut(bytes));
  }

  #option(code: number, value: Uint8Array): void {
    this.#reserve(value.length + 16); // and for the block's end
    this.#uint16(code);
    this.#uint16(value.length);
    this.#bytes.set(value, this.#end);
    this.#end += value.length;
    this.#pad();
  }

  #pad(): void {
    for (const end = format.padded(this.#end); this.#end < end; this.#end++) this.#bytes[this.#end] = 0;
  }

  #uint16(value: number): void {
    this.#view.setUint16(this.#end, value, true);
    this.#end += 2;
  }

  #uint32(value: number): void {
    this.#view.setUint32(this.#end, value, true);
    this.#end += 4;
  }

  #reserve(room: number): void {
    if (this.#end + room <= this.#bytes.length) return;
    const grown = new Uint8Array(2 * (this.#end + room));
    grown.set(this.#bytes.subarray(0, this.#end));
    this.#bytes = grown;
    this.#view = new DataView(grown.buffer);
  }
}

const encoder = new TextEncoder();
/** if_tsresol: 10^−9 s. */
const NANOSECONDS = Uint8Array.of(9);

/** Cuts UTF-8 to the limit, not within a character. */
function cut(bytes: Uint8Array): Uint8Array {
  let end = COMMENT_LIMIT;
  while (end > 0 && ((bytes[end] as number) & 0xc0) === 0x80) end--;
  return bytes.subarray(0, end);
}
