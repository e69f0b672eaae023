/** Of a record in front of what it holds: type, version, length (RFC 8446 §5.1). */
const HEADER = 5;
/** A record's content and what ciphering may add in TLS 1.2 (RFC 5246 §6.2.3). */
const LARGEST = 2 ** 14 + 2048;
const FIRST_TYPE = 20;
const LAST_TYPE = 24;

/** How far whole records go at the beginning of some bytes, and how long these must be for the next to be whole. */
export interface WholeRecords {
  readonly length: number;
  readonly needed: number;
}

/** What does not look like a record is taken as it is: OpenSSL says what is wrong with it. */
export function wholeRecords(bytes: Uint8Array): WholeRecords {
  for (let at = 0; ; ) {
    const left = bytes.length - at;
    if (left < HEADER) return { length: at, needed: at + HEADER };
    const type = bytes[at] as number;
    const content = 256 * (bytes[at + 3] as number) + (bytes[at + 4] as number);
    if (type < FIRST_TYPE || type > LAST_TYPE || content > LARGEST) return { length: bytes.length, needed: 0 };
    if (left < HEADER + content) return { length: at, needed: at + HEADER + content };
    at += HEADER + content;
  }
}
