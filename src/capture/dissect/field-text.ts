import { formatIp, type IpAddress } from "../../address/ip.ts";
import type { FieldDefinition, FieldValue } from "./field.ts";

/** Octets of a byte field that a line shows; the rest is an ellipsis. */
export const BYTES_SHOWN = 36;
/** Letters of a line with a string; of a longer one so many are shown. */
const LINE_LIMIT = 239;
const LINE_SHOWN = 238;

/**
 * A value as Wireshark's exports show it: `80`, `0x0800`, `10.0.0.1`, `02:00:00:00:00:01`, `1`, `0.001500000`. It is what is
 * copied, and what a display filter is made of.
 */
export function showOf(definition: FieldDefinition, value: FieldValue): string {
  if (value === undefined) return "";
  switch (definition.type) {
    case "none":
    case "protocol":
      return value instanceof Uint8Array ? hexOf(value, ":") : typeof value === "string" ? value : "";
    case "boolean":
      return value === true || value === 1 ? "1" : "0";
    case "uint":
    case "int":
    case "uint64":
    case "frame":
      return definition.base === "hex" || definition.base === "hex-dec"
        ? hexNumber(definition, value as number | bigint)
        : String(value);
    case "double":
      return doubleText(value as number);
    case "ether":
      return macText(value as number);
    case "ipv4":
      return formatIp(value as IpAddress);
    case "time":
      return timeText(value as bigint);
    case "duration":
      return durationText(value as number | bigint);
    case "bytes":
      return value instanceof Uint8Array ? hexOf(value, ":") : String(value);
    default:
      return String(value);
  }
}

/** The line of the tree that a field has of itself: `"Source Port: 80"`, `".... ..1. = Syn: Set"`. */
export function lineOf(definition: FieldDefinition, value: FieldValue): string {
  const bits = definition.mask === undefined ? "" : `${bitsOf(definition, value)} = `;
  const { label, type } = definition;
  if (type === "none" || type === "protocol" || value === undefined) return bits + label;
  const line = `${bits}${label}: ${textOf(definition, value)}`;
  if (type !== "string" || line.length <= LINE_LIMIT) return line;
  return `${label} [truncated]${line.slice(label.length)}`.slice(0, LINE_SHOWN);
}

/** What stands behind the colon of a line. */
export function textOf(definition: FieldDefinition, value: FieldValue): string {
  switch (definition.type) {
    case "boolean": {
      const [yes, no] = definition.truth ?? ["True", "False"];
      return value === true || value === 1 ? yes : no;
    }
    case "uint":
    case "int":
    case "uint64":
    case "frame":
      return numberText(definition, value as number | bigint);
    case "bytes":
      return value instanceof Uint8Array ? bytesText(value) : String(value);
    case "duration":
      return `${showOf(definition, value)} seconds`;
    case "string":
      return escaped(String(value));
    default:
      return showOf(definition, value) + (definition.unit ?? "");
  }
}

function numberText(definition: FieldDefinition, value: number | bigint): string {
  const { base, values, unit = "", otherwise } = definition;
  const shown = shownNumber(definition, value);
  const known = values?.[Number(value)];
  if (known !== undefined) return definition.named ? known : `${known} (${shown})`;
  if (values !== undefined && otherwise !== undefined) return `${otherwise} (${shown})`;
  if (base === "hex-dec") return `${shown} (${value})${unit}`;
  if (base === "dec-hex") return `${value} (${hexNumber(definition, value)})${unit}`;
  return shown + unit;
}

/** A masked number has as many hexadecimal digits as its bits need. */
function shownNumber(definition: FieldDefinition, value: number | bigint): string {
  const { base, mask } = definition;
  if (base !== "hex" && base !== "hex-dec") return String(value);
  if (mask === undefined) return hexNumber(definition, value);
  const bits = mask.toString(2).replaceAll("0", "").length;
  return `0x${value.toString(16).padStart(Math.ceil(bits / 4), "0")}`;
}

function hexNumber(definition: FieldDefinition, value: number | bigint): string {
  return `0x${value.toString(16).padStart((definition.width ?? 1) * 2, "0")}`;
}

/** `.... ..1.`: the bits of a masked field where they stand in their octets, in groups of four. */
export function bitsOf(definition: FieldDefinition, value: FieldValue): string {
  const mask = BigInt(definition.mask ?? 0);
  const width = definition.bits ?? (definition.width ?? 1) * 8;
  let number = typeof value === "boolean" ? BigInt(value) : BigInt((value as number | bigint | undefined) ?? 0);
  for (let rest = mask; rest !== 0n && (rest & 1n) === 0n; rest >>= 1n) number <<= 1n;
  let text = "";
  for (let bit = width - 1; bit >= 0; bit--) {
    const at = 1n << BigInt(bit);
    text += (mask & at) === 0n ? "." : (number & at) === 0n ? "0" : "1";
    if (bit % 4 === 0 && bit > 0) text += " ";
  }
  return text;
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

export function hexOf(bytes: Uint8Array, between = ""): string {
  let text = "";
  for (let at = 0; at < bytes.length; at++) text += (at === 0 ? "" : between) + (HEX[bytes[at] as number] as string);
  return text;
}

/** Six octets in lower case, joined by colons: made for every frame several times. */
export function macText(mac: number): string {
  const high = Math.floor(mac / 0x1000000);
  const low = mac % 0x1000000;
  return `${HEX[high >> 16]}:${HEX[(high >> 8) & 255]}:${HEX[high & 255]}:${HEX[low >> 16]}:${HEX[(low >> 8) & 255]}:${HEX[low & 255]}`;
}

function bytesText(bytes: Uint8Array): string {
  if (bytes.length === 0) return "<MISSING>";
  return bytes.length > BYTES_SHOWN ? `${hexOf(bytes.subarray(0, BYTES_SHOWN))}…` : hexOf(bytes);
}

/** Nanoseconds as seconds with nine places. */
export function durationText(value: number | bigint): string {
  const negative = value < 0;
  const nanoseconds = negative ? -value : value;
  const text = String(nanoseconds).padStart(10, "0");
  return `${negative ? "-" : ""}${text.slice(0, -9)}.${text.slice(-9)}`;
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** `Jan  1, 2026 00:00:00.000000000 UTC` */
function timeText(value: bigint): string {
  const seconds = value / 1_000_000_000n;
  const date = new Date(Number(seconds) * 1000);
  const two = (number: number): string => String(number).padStart(2, "0");
  const day = `${MONTHS[date.getUTCMonth()]} ${String(date.getUTCDate()).padStart(2)}, ${date.getUTCFullYear()}`;
  const clock = `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`;
  return `${day} ${clock}.${String(value % 1_000_000_000n).padStart(9, "0")} UTC`;
}

/** As C's `%g` with six digits writes it. */
function doubleText(value: number): string {
  if (value === 0) return "0";
  const exponent = Math.floor(Math.log10(Math.abs(value)));
  if (exponent >= -5 && exponent < 6) return String(Number(value.toPrecision(6)));
  return value
    .toExponential(5)
    .replace(/\.?0+e/, "e")
    .replace(/e([+-])(\d)$/, "e$10$2");
}

const ESCAPES: Readonly<Record<string, string>> = {
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\v": "\\v",
  "\f": "\\f",
  "\b": "\\b",
  "\x07": "\\a",
};

/** Controls (C0, C1, DEL), ends of lines and paragraphs, and what turns the order of letters round (UAX #9). */
const CONTROLS = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;

/** A string for a line: what would move the line or the cursor, or turn letters round, is written as C writes it; nothing else is. */
export function escaped(text: string): string {
  return text.replace(CONTROLS, (letter) => {
    const code = letter.charCodeAt(0);
    if (code > 0xff) return `\\u${code.toString(16).padStart(4, "0")}`;
    return ESCAPES[letter] ?? `\\${code.toString(8).padStart(3, "0")}`;
  });
}
