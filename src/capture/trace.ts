import type { Nic } from "../link/nic.ts";
import type { Tap, TapDirection } from "../link/tap.ts";
import type { DropReason } from "../packet/drop-reason.ts";
import type { Packet } from "../packet/packet.ts";
import type { Instant } from "../time/instant.ts";

/** A cryptographic hash that is fed piece by piece, such as Node's `createHash("sha256")`. */
export interface Digest {
  /** The bytes are only lent. */
  update(bytes: Uint8Array): unknown;
}

const CHUNK = 64 * 1024;
const RECORD_NIC = 0;
const RECORD_OF: Readonly<Record<TapDirection, number>> = { in: 1, out: 2, drop: 3 };
/** kind 1, interface 4, instant 8, lengths 2 + 4 */
const RECORD_HEADER = 19;

/**
 * Feeds a digest with all that Nics see: virtual time, interface, direction or drop reason, and bytes of every record, in
 * order. Two runs are equal when their digests are; other taps make no difference.
 *
 * A Nic is named at its first record and numbered in that order, so that how a network was put together does not count,
 * only what happened on it.
 */
export class TraceTap implements Tap {
  readonly #digest: Digest;
  readonly #nics = new Map<Nic, number>();
  #bytes = new Uint8Array(2 * CHUNK);
  #view = new DataView(this.#bytes.buffer);
  #end = 0;
  /** Records so far. */
  records = 0;

  constructor(digest: Digest) {
    this.#digest = digest;
  }

  saw(now: Instant, nic: Nic, direction: TapDirection, packet: Packet, reason: DropReason | "" = ""): void {
    let index = this.#nics.get(nic);
    if (index === undefined) {
      index = this.#nics.size;
      this.#nics.set(nic, index);
      this.#record(RECORD_NIC, index, now, nic.fullName, this.#bytes, 0, 0);
    }
    this.#record(RECORD_OF[direction], index, now, reason, packet.bytes, packet.start, packet.end);
    this.records++;
  }

  /** Feeds what is left. The digest is then that of all records so far. */
  flush(): void {
    if (this.#end > 0) this.#digest.update(this.#bytes.subarray(0, this.#end));
    this.#end = 0;
  }

  #record(kind: number, nic: number, now: Instant, text: string, bytes: Uint8Array, start: number, end: number): void {
    const length = end - start;
    const most = RECORD_HEADER + 3 * text.length + length;
    if (this.#end + most > this.#bytes.length) this.flush();
    if (most > this.#bytes.length) {
      this.#bytes = new Uint8Array(most);
      this.#view = new DataView(this.#bytes.buffer);
    }
    const view = this.#view;
    const at = this.#end;
    const name = encoder.encodeInto(text, this.#bytes.subarray(at + RECORD_HEADER)).written;
    view.setUint8(at, kind);
    view.setUint32(at + 1, nic, true);
    view.setUint32(at + 5, now >>> 0, true);
    view.setUint32(at + 9, now / 2 ** 32, true);
    view.setUint16(at + 13, name, true);
    view.setUint32(at + 15, length, true);
    this.#bytes.set(bytes.subarray(start, end), at + RECORD_HEADER + name);
    this.#end = at + RECORD_HEADER + name + length;
    if (this.#end >= CHUNK) this.flush();
  }
}

const encoder = new TextEncoder();
