import { writeMac } from "../../address/mac.ts";
import type { Nic } from "../../link/nic.ts";
import type { Tap, TapDirection } from "../../link/tap.ts";
import type { DropReason } from "../../packet/drop-reason.ts";
import type { Packet } from "../../packet/packet.ts";
import { type Instant, START } from "../../time/instant.ts";
import { type FrameRange, frameOf } from "../frame.ts";
import { FLAG_CRC_ERROR, FLAG_INBOUND, FLAG_OUTBOUND } from "./format.ts";
import { type ByteSink, PcapngWriter } from "./writer.ts";

/** Packets of one event whose fate is waited for. */
const OPEN_PACKETS = 256;

/**
 * Captures what Nics see into a pcapng file. Each Nic is an interface of the file, known by its full name.
 *
 * A frame stands in it once for each Nic that it passes, with its fate as a comment: `dropped: REASON`, `corrupted`. What
 * becomes of a frame shows right after it was seen, in the same event, so the records of an event are kept open until
 * the next. What is dropped later (a parked packet, the fragments of a datagram never completed) or was never seen (a
 * full queue) gets a record of its own with the whole frame ({@link frameOf}); what cannot be shown as one is left out.
 */
export class CaptureTap implements Tap {
  readonly #writer: PcapngWriter;
  readonly #interfaces = new Map<Nic, number>();
  readonly #frame: FrameRange = { before: new Uint8Array(0), start: 0, outward: false };
  /** The records of this event, which may still be commented: their Nics and packets. */
  readonly #nics: Nic[] = [];
  readonly #ids: number[] = [];
  #now: Instant = START;
  #closed = false;

  /**
   * @param sink takes the file's bytes in order; they are only lent. Every call leaves a valid file
   * @param epoch the date at virtual time 0
   */
  constructor(sink: ByteSink, epoch: Date) {
    this.#writer = new PcapngWriter(sink, epoch);
  }

  /** Captures a Nic from now on. Its interface number in the file is the count of those added before. */
  add(nic: Nic): void {
    if (this.#interfaces.has(nic)) return;
    const mac = new Uint8Array(6);
    writeMac(new DataView(mac.buffer), 0, nic.mac);
    this.#interfaces.set(nic, this.#writer.addInterface(nic.fullName, mac));
    nic.addTap(this);
  }

  saw(now: Instant, nic: Nic, direction: TapDirection, packet: Packet, reason?: DropReason): void {
    const interfaceId = this.#interfaces.get(nic);
    if (interfaceId === undefined || this.#closed) return;
    if (direction === "out" && nic.medium === "loopback") return; // it comes in at the same Nic
    if (now !== this.#now || direction === "in" || this.#ids.length >= OPEN_PACKETS) this.#settle(now);
    const frame = this.#frame;
    const comments = packet.corrupted ? [packet.fcsError ? "corrupted" : "corrupted, with a right FCS"] : [];
    if (direction === "drop") {
      const comment = `dropped: ${reason ?? "unknown"}`;
      const record = this.#recordOf(nic, packet.id);
      if (record >= 0) {
        this.#writer.comment(record, comment);
        return;
      }
      if (!frameOf(packet, nic, frame)) return;
      comments.push(comment);
    } else {
      frame.before = NOTHING;
      frame.start = packet.start;
      frame.outward = direction === "out";
    }
    const flags = (frame.outward ? FLAG_OUTBOUND : FLAG_INBOUND) | (packet.fcsError ? FLAG_CRC_ERROR : 0);
    const record = { interfaceId, time: now, flags, packetId: packet.id, comments };
    this.#writer.packet(record, frame.before, packet.bytes, frame.start, packet.end);
    this.#nics.push(nic);
    this.#ids.push(packet.id);
  }

  /**
   * Keeps a line of a TLS key log, with which a reader deciphers what is seen from this instant on.
   */
  secret(line: string): void {
    if (!this.#closed) this.#writer.secrets(`${line}\n`);
  }

  /**
   * Gives the sink what was seen before this instant: for a capture that is watched as it grows. Whether and when it is
   * called does not change the file.
   */
  flush(now: Instant): void {
    if (now === this.#now || this.#closed) return;
    this.#settle(now);
    this.#writer.flush();
  }

  /** Stops capturing and gives the sink all that is left. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const nic of this.#interfaces.keys()) nic.removeTap(this);
    this.#writer.flush();
  }

  #settle(now: Instant): void {
    this.#now = now;
    this.#nics.length = this.#ids.length = 0;
    this.#writer.settle();
  }

  /** The last record of this event for a packet at a Nic; −1 for none. */
  #recordOf(nic: Nic, id: number): number {
    let record = this.#ids.length - 1;
    while (record >= 0 && (this.#ids[record] !== id || this.#nics[record] !== nic)) record--;
    return record;
  }
}

const NOTHING = new Uint8Array(0);
