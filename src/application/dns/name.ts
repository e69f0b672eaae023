import type { Brand } from "../../base/brand.ts";

/**
 * A domain name, as its bytes stand on the wire without compression, one character each (RFC 1035 §3.1): labels with a
 * length in front, and the root's empty one last. The case of letters is kept; names are compared by {@link keyOf}.
 */
export type Name = Brand<string, "Name">;

/** Bytes of a label (RFC 1035 §2.3.4). */
export const LABEL_LIMIT = 63;
/** Bytes of a name with its lengths (RFC 1035 §2.3.4). */
export const NAME_LIMIT = 255;

export const ROOT = "\0" as Name;

const BACKSLASH = 0x5c;
const DOT = 0x2e;

/**
 * Reads a name as people write it (RFC 1035 §5.1), in ASCII: `\.` is a dot in a label, `\065` a byte by its number.
 * @param origin what a name is relative to that has no dot at its end; the root unless given
 * @returns undefined for what is none: an empty label, one of more than 63 bytes, or more than 255 in all
 */
export function parseName(text: string, origin: Name = ROOT): Name | undefined {
  if (text === ".") return ROOT;
  let wire = "";
  let label = "";
  let absolute = false;
  for (let at = 0; at < text.length; ) {
    const code = text.charCodeAt(at);
    if (code === DOT) {
      if (label === "") return undefined;
      wire += String.fromCharCode(label.length) + label;
      if (wire.length > NAME_LIMIT) return undefined;
      label = "";
      absolute = ++at === text.length;
      continue;
    }
    const escaped = code === BACKSLASH ? readEscape(text, at) : undefined;
    if (!(code > 0x20 && code < 0x7f) || (code === BACKSLASH && escaped === undefined)) return undefined;
    label += escaped === undefined ? text[at] : String.fromCharCode(escaped.byte);
    at = escaped === undefined ? at + 1 : escaped.next;
    if (label.length > LABEL_LIMIT) return undefined;
  }
  if (label === "" && !absolute) return undefined;
  if (label !== "") wire += String.fromCharCode(label.length) + label;
  const name = wire + (absolute ? ROOT : origin);
  return name.length > NAME_LIMIT ? undefined : (name as Name);
}

/** Whether a dot ends a name as it is written, so that it is relative to no origin. */
export const isAbsolute = (text: string): boolean => /(?<!\\)(\\\\)*\.$/.test(text);

/** What a backslash stands for. @returns undefined when nothing follows it, or a number past 255 */
export function readEscape(text: string, at: number): { byte: number; next: number } | undefined {
  const digits = text.slice(at + 1, at + 4);
  if (/^\d{3}$/.test(digits)) return Number(digits) > 255 ? undefined : { byte: Number(digits), next: at + 4 };
  const code = text.charCodeAt(at + 1);
  return code <= 0xff && !/^\d/.test(digits) ? { byte: code, next: at + 2 } : undefined;
}

/** Like {@link parseName}, for a name that stands in our own code. @throws RangeError when it is none */
export function name(text: string): Name {
  const parsed = parseName(text);
  if (parsed === undefined) throw new RangeError(`not a domain name: ${text}`);
  return parsed;
}

/** Prints a name with the dot at its end: `"www.example.test."`. */
export function formatName(name: Name): string {
  if (name === ROOT) return ".";
  let text = "";
  for (const label of labelsOf(name)) text += `${label.replaceAll(/[^!#%&'*+\-/0-9:<-?A-Z[\]^-~]/g, escapeByte)}.`;
  return text;
}

/** Marks of master files and of names get a backslash, what cannot be printed its number. */
export function escapeByte(character: string): string {
  const code = character.charCodeAt(0);
  return code > 0x20 && code < 0x7f ? `\\${character}` : `\\${String(code).padStart(3, "0")}`;
}

/** The labels, first to last, without the root's. */
export function* labelsOf(name: Name): Generator<string, void, void> {
  for (let at = 0; name.charCodeAt(at) !== 0; at += 1 + name.charCodeAt(at)) {
    yield name.slice(at + 1, at + 1 + name.charCodeAt(at));
  }
}

/** How many labels it has; the root has none. */
export function labelCount(name: Name): number {
  let count = 0;
  for (let at = 0; name.charCodeAt(at) !== 0; at += 1 + name.charCodeAt(at)) count++;
  return count;
}

/** What two names have in common that differ by the case of ASCII letters only (RFC 4343 §3). Lengths are no letters. */
export function keyOf(name: Name): Name {
  return name.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase()) as Name;
}

/** The name without its first label. The root is its own parent. */
export function parentOf(name: Name): Name {
  return name === ROOT ? ROOT : (name.slice(1 + name.charCodeAt(0)) as Name);
}

export function isSameName(a: Name, b: Name): boolean {
  return a === b || (a.length === b.length && keyOf(a) === keyOf(b));
}

/** Whether a name lies under another, or is that itself. */
export function isWithin(name: Name, other: Name): boolean {
  let at = 0;
  while (name.length - at > other.length) at += 1 + name.charCodeAt(at);
  return isSameName(name.slice(at) as Name, other);
}

/** A label in front of a name. @returns undefined when that is too long */
export function prepend(label: string, name: Name): Name | undefined {
  const all = String.fromCharCode(label.length) + label + name;
  return label.length === 0 || label.length > LABEL_LIMIT || all.length > NAME_LIMIT ? undefined : (all as Name);
}

/** The name under which an IPv4 address has its PTR record (RFC 1035 §3.5): `"1.0.0.10.in-addr.arpa."` for `"10.0.0.1"`. */
export function reverseName(address: string): Name {
  return name(`${address.split(".").reverse().join(".")}.in-addr.arpa.`);
}
