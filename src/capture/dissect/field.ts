/**
 * What kind of value a field has: it decides how the value is written and what a display filter may compare it with.
 * The words are those of Wireshark's field types (FT_…), taken together where only the width differs.
 */
export type FieldType =
  /** A part of the tree with a line of text, without a value of its own. */
  | "none"
  /** A protocol's own part of the tree. */
  | "protocol"
  | "boolean"
  /** A number of at most 53 bits. */
  | "uint"
  | "int"
  /** A number of up to 64 bits. */
  | "uint64"
  | "double"
  | "ether"
  | "ipv4"
  | "ipv6"
  | "bytes"
  | "string"
  /** Nanoseconds since 1970, as a bigint. */
  | "time"
  /** Nanoseconds. */
  | "duration"
  /** The number of another frame of the capture. */
  | "frame";

/** boolean · number (uint, int, double, ipv4 as signed 32 bits, ether, duration, frame) · bigint (uint64, time) · string · bytes · nothing. */
export type FieldValue = boolean | number | bigint | string | Uint8Array | undefined;

/** A field that a protocol can have, under the name that Wireshark's filters know it by. */
export interface FieldDefinition {
  /** `"tcp.flags.syn"` */
  readonly name: string;
  /** `"Syn"`: before the colon in a line of the tree. */
  readonly label: string;
  readonly type: FieldType;
  /** Octets of its number: how many hexadecimal digits it is written with. */
  readonly width?: number;
  /** How a number is written: decimal unless told. */
  readonly base?: "dec" | "hex" | "dec-hex" | "hex-dec" | "oct";
  /** Which bits of its octets, as a number over all of them. */
  readonly mask?: number;
  /** Bits that are written when there is a mask, if not all of {@link width}: `000. .... ....` of twelve. */
  readonly bits?: number;
  /** Texts for values, which a filter may use in place of numbers. */
  readonly values?: Readonly<Record<number, string>>;
  /** What a number is called that {@link values} has not: `"Unknown"`. Without it the number stands alone. */
  readonly otherwise?: string;
  /** A line shows the text alone, without the number: `"Checksum Status: Good"`. */
  readonly named?: boolean;
  /** What a boolean is called: when it is true and when not; `["True", "False"]` unless told. */
  readonly truth?: readonly [whenTrue: string, whenFalse: string];
  /** Written behind the value: `" bytes"`. */
  readonly unit?: string;
}

/** A field that was found in a frame: a line of the tree. */
export interface Field {
  readonly definition: FieldDefinition;
  readonly value: FieldValue;
  /** Which bytes {@link offset} counts in: 0 the frame's own, else what {@link Dissection.sources} has there. */
  readonly source: number;
  /** Octets from the beginning of its source. */
  readonly offset: number;
  /** Octets; 0 for what stands in no byte. */
  readonly length: number;
  /** The line of the tree, as Wireshark writes it: `"Source Port: 80"`. */
  readonly text: string;
  /** Not in the frame, but found out from it and others; Wireshark writes it in brackets. */
  readonly generated: boolean;
  /** Not shown as a line, but there for filters and in exports: `ip.addr` beside `ip.src`. */
  readonly hidden: boolean;
  readonly children: readonly Field[];
}

/** What a filter asks of a field: all but its text and what stands under it. */
export type Found = Pick<Field, "definition" | "value" | "source" | "offset" | "length">;

/** Bytes that fields point into beside the frame's own: what was put together of several frames, or deciphered. */
export interface ByteSource {
  /** `"Reassembled TCP (1523 bytes)"` */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** All that can be said of one frame. */
export interface Dissection {
  /** The frame's number in its capture, from 1. */
  readonly number: number;
  /** The layers from the outermost: `frame`, `eth`, `ip`, `tcp`, … */
  readonly layers: readonly Field[];
  /** `sources[0]` is the frame. */
  readonly sources: readonly ByteSource[];
  readonly columns: Columns;
}

/** What the list shows of a frame, in Wireshark's columns. */
export interface Columns {
  readonly source: string;
  readonly destination: string;
  /** The innermost protocol: `"HTTP"`. */
  readonly protocol: string;
  readonly info: string;
}
