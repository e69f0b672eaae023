/** Tags of the universal class (X.690 §8.2 to §8.23). */
export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  oid: 0x06,
  utf8String: 0x0c,
  printableString: 0x13,
  teletexString: 0x14,
  ia5String: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  universalString: 0x1c,
  bmpString: 0x1e,
  sequence: 0x30,
  set: 0x31,
} as const;

/** A tag, a length and a content (X.690 §8.1), by where they stand. */
export interface Element {
  readonly tag: number;
  /** Where the tag stands, where the content begins and where it ends. */
  readonly start: number;
  readonly content: number;
  readonly end: number;
}

/** Octets of a length that are read. */
const LENGTH_LIMIT = 4;
/** Numbers of an object identifier that are told, and the highest. */
const ARCS_LIMIT = 64;
const ARC_LIMIT = 2 ** 46;

/** @returns undefined where there is no whole element of DER (X.690 §10.1) */
export function elementAt(bytes: Uint8Array, start: number, end: number): Element | undefined {
  const tag = bytes[start];
  const first = bytes[start + 1];
  if (start + 2 > end || tag === undefined || first === undefined || (tag & 0x1f) === 0x1f) return undefined;
  if (first < 0x80) return whole(tag, start, start + 2, first, end);
  const octets = first & 0x7f;
  if (octets === 0 || octets > LENGTH_LIMIT || start + 2 + octets > end) return undefined;
  let length = 0;
  for (let at = 0; at < octets; at++) length = length * 256 + (bytes[start + 2 + at] as number);
  return whole(tag, start, start + 2 + octets, length, end);
}

const whole = (tag: number, start: number, content: number, length: number, end: number): Element | undefined =>
  content + length <= end ? { tag, start, content, end: content + length } : undefined;

/** The elements in a content, up to the first that is none. */
export function elementsIn(bytes: Uint8Array, { content, end }: Pick<Element, "content" | "end">): Element[] {
  const found: Element[] = [];
  for (let at = content; at < end; ) {
    const element = elementAt(bytes, at, end);
    if (element === undefined) break;
    found.push(element);
    at = element.end;
  }
  return found;
}

/** `"2.5.4.3"` (X.690 §8.19) */
export function oidOf(bytes: Uint8Array, { content, end }: Element): string {
  const arcs: number[] = [];
  let arc = 0;
  for (let at = content; at < end && arcs.length < ARCS_LIMIT; at++) {
    const octet = bytes[at] as number;
    arc = Math.min(ARC_LIMIT, arc * 128 + (octet & 0x7f));
    if (octet >= 0x80) continue;
    if (arcs.length === 0) {
      const first = Math.min(2, Math.floor(arc / 40));
      arcs.push(first, arc - 40 * first);
    } else arcs.push(arc);
    arc = 0;
  }
  return arcs.join(".");
}

/** An integer of few octets, as those of versions and exponents are; of more, what the first six say. */
export function integerOf(bytes: Uint8Array, { content, end }: Element): number {
  let value = 0;
  for (let at = content; at < Math.min(end, content + 6); at++) value = value * 256 + (bytes[at] as number);
  return value;
}
