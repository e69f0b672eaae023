import type { IpAddress } from "../../address/ip.ts";
import type { Nic } from "../../link/nic.ts";
import type { Packet } from "../../packet/packet.ts";
import type { Instant } from "../../time/instant.ts";

/** Fragments that join without a gap, linked through their `next`. Each stands at its payload. */
interface Run {
  start: number;
  end: number;
  readonly head: Packet;
  tail: Packet;
}

/** What became of a fragment that was put in. */
export type Insertion = "added" | "duplicate" | "overlap" | "inconsistent";

/** A datagram of which some fragments have arrived. */
export class PartialDatagram {
  readonly source: IpAddress;
  readonly destination: IpAddress;
  readonly identification: number;
  readonly protocol: number;
  /** Where its first fragment to arrive came in. */
  readonly nic: Nic;
  readonly expires: Instant;
  /** What its fragments keep of the pool, in bytes. */
  memory = 0;
  /** The fragment with offset 0, whose header the whole will have. */
  first: Packet | undefined;
  /** ECN codepoints seen, as bits (RFC 3168 §5.3). */
  codepoints = 0;
  /** Another datagram whose hash is the same. */
  next: PartialDatagram | undefined;
  /** By their starts, with gaps between. */
  readonly #runs: Run[] = [];
  /** Known once the last fragment is here. */
  #length = Number.POSITIVE_INFINITY;

  constructor(packet: Packet, identification: number, protocol: number, nic: Nic, expires: Instant) {
    this.source = packet.source;
    this.destination = packet.destination;
    this.identification = identification;
    this.protocol = protocol;
    this.nic = nic;
    this.expires = expires;
  }

  /** Of the payload; infinite while the last fragment is missing. */
  get length(): number {
    return this.#length;
  }

  get isComplete(): boolean {
    const [run] = this.#runs;
    return run !== undefined && run.start === 0 && run.end === this.#length;
  }

  /**
   * Puts in a fragment, which stands at its payload; it is kept only when "added". One that lies within what is there
   * is a duplicate and ignored; one that overlaps is an attack, as Linux holds (after RFC 5722 and RFC 8200 §4.5).
   * @param last no fragment follows it
   */
  insert(packet: Packet, start: number, last: boolean): Insertion {
    const end = start + (packet.end - packet.start);
    const lastEnd = this.#runs.at(-1)?.end ?? 0;
    if (
      end > this.#length ||
      (last && (end < lastEnd || (this.#length < Number.POSITIVE_INFINITY && end !== this.#length)))
    ) {
      return "inconsistent";
    }
    const index = this.#firstEndingAfter(start);
    const at = this.#runs[index];
    if (at !== undefined && at.start < end) return at.start <= start && end <= at.end ? "duplicate" : "overlap";
    if (last) this.#length = end;
    this.#place(packet, start, end, index);
    return "added";
  }

  /** The place of the first run that ends after an offset. */
  #firstEndingAfter(offset: number): number {
    let low = 0;
    let high = this.#runs.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#runs[middle] as Run).end > offset) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /** Enters a piece before the run at `index`, joining it to its neighbours where there is no gap. */
  #place(packet: Packet, start: number, end: number, index: number): void {
    packet.next = null;
    const before = this.#runs[index - 1];
    const behind = this.#runs[index];
    let run: Run;
    if (before?.end === start) {
      before.tail.next = packet;
      before.tail = packet;
      before.end = end;
      run = before;
    } else {
      run = { start, end, head: packet, tail: packet };
      this.#runs.splice(index, 0, run);
    }
    if (behind?.start !== end) return;
    run.tail.next = behind.head;
    run.tail = behind.tail;
    run.end = behind.end;
    this.#runs.splice(this.#runs.indexOf(behind), 1);
  }

  /** Takes out every fragment, in order. */
  *takeAll(): Generator<Packet> {
    for (const { head } of this.#runs) {
      for (let packet: Packet | null = head; packet !== null; ) {
        const following: Packet | null = packet.next;
        packet.next = null;
        yield packet;
        packet = following;
      }
    }
    this.#runs.length = 0;
    this.first = undefined;
  }
}
