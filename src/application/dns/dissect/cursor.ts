import { decodeLatin1 } from "../../../base/latin1.ts";
import { escaped } from "../../../capture/dissect/field-text.ts";
import { NAME_LIMIT } from "../name.ts";

/** Labels and pointers of one name that are followed: a name that is longer than there can be is none. */
const STEPS = 256;

/** A name of a message as it is read for people, and where it ends. */
export interface ReadName {
  /** `"www.example.test"`, `"<Root>"`; what cannot be printed is written out. */
  readonly text: string;
  /** Letters, before anything was written out. */
  readonly length: number;
  readonly end: number;
}

/** Reads the name at a place (RFC 1035 §4.1.4). @returns undefined when the message ends in it, or it is none */
export function readName(bytes: Uint8Array, start: number): ReadName | undefined {
  let text = "";
  let at = start;
  let end = 0;
  for (let steps = 0; steps < STEPS; steps++) {
    const length = bytes[at];
    if (length === undefined) return undefined;
    if (length === 0) return found(worded(text), end || at + 1);
    if (length >= 0xc0) {
      const low = bytes[at + 1];
      if (low === undefined) return undefined;
      end ||= at + 2;
      const target = ((length & 0x3f) << 8) | low;
      if (target >= at) break;
      at = target;
    } else if (length > 0x3f || at + 1 + length > bytes.length) {
      return undefined;
    } else {
      text += (text === "" ? "" : ".") + decodeLatin1(bytes, at + 1, at + 1 + length);
      at += 1 + length;
    }
  }
  return found("<Name contains a pointer that loops>", end || at);
}

const found = (text: string, end: number): ReadName => ({
  text: escaped(text.replaceAll(/[\x80-\xff]/g, "\ufffd")),
  length: text.length,
  end,
});

const worded = (text: string): string => (text === "" ? "<Root>" : text.length > NAME_LIMIT ? "<Name too long>" : text);

const PARTS = [
  [86_400, "day"],
  [3_600, "hour"],
  [60, "minute"],
  [1, "second"],
] as const;

/** `"1 day, 1 second"` */
export function spelledDuration(seconds: number): string {
  const parts: string[] = [];
  let rest = seconds;
  for (const [unit, word] of PARTS) {
    const count = Math.floor(rest / unit);
    rest -= count * unit;
    if (count > 0) parts.push(`${count} ${word}${count === 1 ? "" : "s"}`);
  }
  return parts.length === 0 ? "0 seconds" : parts.join(", ");
}
