import type { Headers } from "./headers.ts";
import type { Reassembly } from "./ipv4-layer.ts";

/** Datagrams that wait for fragments; the oldest gives way. */
export const WAITING_LIMIT = 256;
/** Fragments of one datagram that are looked at. */
export const PARTS_LIMIT = 1_000;

/** A datagram in pieces, as the first pass saw it. */
export class FragmentedDatagram {
  readonly parts: { readonly frame: number; readonly offset: number; readonly length: number }[] = [];
  /** The frame with which it was whole; 0 while it is not. */
  completeIn = 0;
  /** Octets; −1 until the last fragment is seen. */
  total = -1;
  #octets = 0;

  add(frame: number, offset: number, length: number, more: boolean): void {
    if (this.parts.length >= PARTS_LIMIT) return;
    this.parts.push({ frame, offset, length });
    if (!more) this.total = offset + length;
    this.#octets += length;
    if (this.total >= 0 && this.#octets >= this.total && this.#reach() >= this.total) this.completeIn = frame;
  }

  /** How far it reaches without a gap. */
  #reach(): number {
    let reach = 0;
    for (const { offset, length } of this.ordered) {
      if (offset > reach) break;
      reach = Math.max(reach, offset + length);
    }
    return reach;
  }

  get ordered(): FragmentedDatagram["parts"] {
    return this.parts.toSorted((one, other) => one.offset - other.offset);
  }
}

/** Puts IP datagrams together (RFC 791 §3.2): which frames they lie in. */
export class Fragments {
  readonly #waiting = new Map<string, FragmentedDatagram>();
  readonly #byFrame = new Map<number, FragmentedDatagram>();

  /** Takes a fragment. @returns the datagram, which is whole when its {@link FragmentedDatagram.completeIn} is this frame */
  add(number: number, headers: Headers, link: number): FragmentedDatagram {
    const { source, destination, ipProtocol, identification, fragmentOffset, moreFragments, payload } = headers;
    const key = `${source} ${destination} ${ipProtocol} ${identification} ${link}`;
    let datagram = this.#waiting.get(key);
    if (datagram === undefined) {
      datagram = new FragmentedDatagram();
      this.#waiting.set(key, datagram);
      if (this.#waiting.size > WAITING_LIMIT) this.#waiting.delete(this.#waiting.keys().next().value as string);
    }
    datagram.add(number, fragmentOffset, payload.end - payload.start, moreFragments);
    this.#byFrame.set(number, datagram);
    if (datagram.completeIn > 0) this.#waiting.delete(key);
    return datagram;
  }

  of(number: number): FragmentedDatagram | undefined {
    return this.#byFrame.get(number);
  }
}

/** The bytes of a whole datagram. @param payloadOf the bytes of a frame's fragment; undefined when they are not kept */
export function reassemble(
  datagram: FragmentedDatagram,
  payloadOf: (frame: number) => Uint8Array | undefined,
): Reassembly {
  const parts = datagram.ordered;
  if (datagram.completeIn === 0) return { completeIn: 0, bytes: undefined, parts };
  const bytes = new Uint8Array(datagram.total);
  for (const { frame, offset } of parts) {
    const payload = payloadOf(frame);
    if (payload === undefined) return { completeIn: datagram.completeIn, bytes: undefined, parts };
    bytes.set(payload.subarray(0, Math.max(0, datagram.total - offset)), Math.min(offset, datagram.total));
  }
  return { completeIn: datagram.completeIn, bytes, parts };
}
