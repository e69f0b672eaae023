import { define } from "./define.ts";
import { text } from "./dissector.ts";
import type { FieldDefinition } from "./field.ts";
import { tcpExperts } from "./tcp-fields.ts";
import type { Tree } from "./tree.ts";

const KINDS: Readonly<Record<number, string>> = {
  ...["End of Option List", "No-Operation", "Maximum Segment Size", "Window Scale", "SACK Permitted", "SACK", "Echo"],
  7: "Echo Reply",
  8: "Time Stamp Option",
  19: "MD5 Signature Option",
  27: "Quick-Start Response",
  28: "User Timeout Option",
  29: "The TCP Authentication Option",
  30: "Multipath TCP",
  34: "TCP Fast Open Cookie",
  253: "RFC3692-style Experiment 1",
  254: "RFC3692-style Experiment 2",
};

const fields = {
  options: define.bytes("tcp.options", "TCP Options"),
  kind: define.u8("tcp.option_kind", "Kind", { values: KINDS, otherwise: "Unknown" }),
  length: define.u8("tcp.option_len", "Length"),
  segmentSize: define.u16("tcp.options.mss_val", "MSS Value"),
  shift: define.u8("tcp.options.wscale.shift", "Shift count"),
  multiplier: define.u16("tcp.options.wscale.multiplier", "Multiplier"),
  left: define.u32("tcp.options.sack_le", "left edge"),
  right: define.u32("tcp.options.sack_re", "right edge"),
  count: define.u8("tcp.options.sack.count", "TCP SACK Count"),
  duplicateLeft: define.u32("tcp.options.sack.dsack_le", "D-SACK Left Edge"),
  duplicateRight: define.u32("tcp.options.sack.dsack_re", "D-SACK Right Edge"),
  stamp: define.u32("tcp.options.timestamp.tsval", "Timestamp value"),
  stampEcho: define.u32("tcp.options.timestamp.tsecr", "Timestamp echo reply"),
  cookie: define.bytes("tcp.options.tfo.cookie", "Fast Open Cookie"),
  cookieRequest: define.none("tcp.options.tfo.request", "Fast Open Cookie Request"),
  payload: define.bytes("tcp.options.unknown.payload", "Payload"),
};
const options = {
  end: define.bytes("tcp.options.eol", "TCP Option - End of Option List (EOL)"),
  none: define.bytes("tcp.options.nop", "TCP Option - No-Operation (NOP)"),
  segmentSize: define.bytes("tcp.options.mss", "TCP Option - Maximum segment size"),
  scale: define.bytes("tcp.options.wscale", "TCP Option - Window scale"),
  sackPermitted: define.bytes("tcp.options.sack_perm", "TCP Option - SACK permitted"),
  sack: define.bytes("tcp.options.sack", "TCP Option - SACK"),
  stamps: define.bytes("tcp.options.timestamp", "TCP Option - Timestamps"),
  fastOpen: define.bytes("tcp.options.tfo", "TCP Option - TCP Fast Open"),
  unknown: define.bytes("tcp.options.unknown", "TCP Option - Unknown"),
};

export const TCP_OPTION_FIELDS: readonly FieldDefinition[] = [...Object.values(fields), ...Object.values(options)];

/** Each kind: its definition, name and the lengths it may have. */
const KNOWN: Readonly<Record<number, readonly [FieldDefinition, string, number, number]>> = {
  0: [options.end, "End of Option List (EOL)", 1, 1],
  1: [options.none, "No-Operation (NOP)", 1, 1],
  2: [options.segmentSize, "Maximum segment size", 4, 4],
  3: [options.scale, "Window scale", 3, 3],
  4: [options.sackPermitted, "SACK permitted", 2, 2],
  5: [options.sack, "SACK", 2, 255],
  8: [options.stamps, "Timestamps", 10, 10],
  34: [options.fastOpen, "TCP Fast Open", 2, 255],
};

export interface OptionsKnown {
  /** Raw number that relative ones of the other direction begin at. */
  readonly base: number;
  readonly ack: number;
  readonly syn: boolean;
}

/**
 * TCP's options (RFC 9293 §3.2, RFC 7323, RFC 2018), `length` octets from `at` on.
 * @param offset of them in the segment
 * @returns what the list says of them
 */
export function tcpOptions(
  tree: Tree,
  bytes: Uint8Array,
  view: DataView,
  at: number,
  offset: number,
  length: number,
  known: OptionsKnown,
): string {
  const names: string[] = [];
  let info = "";
  let nops = 0;
  let whole = true;
  tree.open(fields.options, offset, length, bytes.slice(at, at + length));
  for (let place = 0; place < length; ) {
    const kind = view.getUint8(at + place);
    const room = length - place;
    const own = kind <= 1 ? 1 : room > 1 ? view.getUint8(at + place + 1) : 0;
    const problem = kind <= 1 ? undefined : lengthProblem(kind, own, room);
    if (problem !== undefined) {
      tree.open(text(problem), offset + place, Math.min(own === 0 ? 1 : 2, room), undefined, problem);
      tree.expert(tcpExperts.optionLength, problem, offset + place);
      tree.close();
      whole = false;
      break;
    }
    names.push(KNOWN[kind]?.[1] ?? "Unknown");
    nops = kind === 1 ? nops + 1 : 0;
    if (nops === 4) tree.expert(tcpExperts.fourNops, undefined, offset);
    info += option(tree, bytes, view, at + place, offset + place, own, known);
    place += own;
    const rest = bytes.subarray(at + place, at + length);
    if (kind === 0 && rest.some((byte) => byte !== 0)) {
      const padding = tcpExperts.padding.message;
      tree.open(text(padding), offset + place, rest.length, undefined, padding);
      tree.expert(tcpExperts.padding, undefined, offset + place);
      tree.close();
      break;
    }
  }
  if (known.syn && whole && !names.includes("Maximum segment size"))
    tree.expert(tcpExperts.segmentAbsent, undefined, offset);
  const listed = names.map((name) => `, ${name}`).join("");
  tree.close(`Options: (${length} bytes)${listed}`);
  return info;
}

function lengthProblem(kind: number, own: number, room: number): string | undefined {
  const [, name, least, most] = KNOWN[kind] ?? [undefined, `Unknown (0x${kind.toString(16).padStart(2, "0")})`, 2, 255];
  const octets = `option length = ${own} byte${own === 1 ? "" : "s"}`;
  if (room < 2) return `${name} (length byte past end of options)`;
  if (own < 2) return `${name} (with too-short ${octets})`;
  if (own > room) return `${name} (${octets} says option goes past end of options)`;
  if (own < least || own > most) return `${name} (with ${octets}; should be ${least === most ? "" : ">= "}${least})`;
  return undefined;
}

function option(
  tree: Tree,
  bytes: Uint8Array,
  view: DataView,
  at: number,
  offset: number,
  length: number,
  known: OptionsKnown,
): string {
  const kind = view.getUint8(at);
  const [definition, name] = KNOWN[kind] ?? [options.unknown, "Unknown"];
  tree.open(definition, offset, length, bytes.slice(at, at + length), `TCP Option - ${name}`);
  if (kind === 2 && !known.syn) tree.expert(tcpExperts.segmentPresent, undefined, offset);
  tree.add(fields.kind, offset, 1, kind);
  if (kind > 1) tree.add(fields.length, offset + 1, 1, length);
  const info = BODIES[kind]?.(tree, view, at, offset, length, known, bytes) ?? "";
  if (KNOWN[kind] === undefined && length > 2) {
    tree.add(fields.payload, offset + 2, length - 2, bytes.slice(at + 2, at + length));
  }
  tree.close();
  return info;
}

type Body = (
  tree: Tree,
  view: DataView,
  at: number,
  offset: number,
  length: number,
  known: OptionsKnown,
  bytes: Uint8Array,
) => string;

const BODIES: Readonly<Record<number, Body>> = {
  2: (tree, view, at, offset) => {
    const size = view.getUint16(at + 2);
    tree.add(fields.segmentSize, offset + 2, 2, size);
    tree.retitle(`TCP Option - Maximum segment size: ${size} bytes`);
    return ` MSS=${size}`;
  },
  3: (tree, view, at, offset) => {
    const told = view.getUint8(at + 2);
    const shift = Math.min(told, 14); // RFC 7323 §2.3
    if (told > 14) {
      tree.open(fields.shift, offset + 2, 1, told);
      tree.expert(tcpExperts.shiftInvalid, undefined, offset + 2);
      tree.close();
    } else {
      tree.add(fields.shift, offset + 2, 1, told);
    }
    tree.generated(fields.multiplier, 2 ** shift, undefined, offset + 2, 1);
    tree.retitle(`TCP Option - Window scale: ${told} (multiply by ${2 ** shift})`);
    return ` WS=${2 ** shift}`;
  },
  4: () => " SACK_PERM",
  5: sack,
  8: (tree, view, at, offset) => {
    const value = view.getUint32(at + 2);
    const echo = view.getUint32(at + 6);
    tree.add(fields.stamp, offset + 2, 4, value);
    tree.add(fields.stampEcho, offset + 6, 4, echo);
    tree.retitle(`TCP Option - Timestamps: TSval ${value}, TSecr ${echo}`);
    return ` TSval=${value} TSecr=${echo}`;
  },
  34: (tree, _view, at, offset, length, _known, bytes) => {
    if (length === 2) {
      tree.add(fields.cookieRequest, offset, 2, undefined);
      tree.retitle("TCP Option - Fast Open Cookie Request");
      return " TFO=R";
    }
    const cookie = bytes.slice(at + 2, at + length);
    tree.add(fields.cookie, offset + 2, length - 2, cookie);
    return " TFO=C";
  },
};

/** Blocks (RFC 2018 §3); the first may say what came twice (RFC 2883 §4). */
function sack(tree: Tree, view: DataView, at: number, offset: number, length: number, known: OptionsKnown): string {
  let info = "";
  let title = "TCP Option - SACK";
  const count = Math.floor((length - 2) / 8);
  const edge = (index: number): number => (view.getUint32(at + 2 + index * 4) - known.base) >>> 0;
  for (let block = 0; block < count; block++) {
    const [left, right] = [edge(block * 2), edge(block * 2 + 1)];
    const place = offset + 2 + block * 8;
    tree.add(fields.left, place, 4, left, `left edge = ${left} (relative)`);
    tree.add(fields.right, place + 4, 4, right, `right edge = ${right} (relative)`);
    info += ` SLE=${left} SRE=${right}`;
    title += ` ${left}-${right}`;
  }
  tree.generated(fields.count, count, undefined, offset + 2);
  if (count > 0) duplicate(tree, view, at, offset, count, known);
  tree.retitle(title);
  return info;
}

function duplicate(tree: Tree, view: DataView, at: number, offset: number, count: number, known: OptionsKnown): void {
  const raw = (index: number): number => view.getInt32(at + 2 + index * 4);
  const below = (one: number, other: number): boolean => ((one - other) | 0) < 0;
  const belowAck = !below(known.ack, raw(1)) && known.ack !== 0;
  const within = count > 1 && !below(raw(0), raw(2)) && !below(raw(3), raw(1));
  if (!belowAck && !within) return;
  const [left, right] = [(raw(0) - known.base) >>> 0, (raw(1) - known.base) >>> 0];
  tree.generated(fields.duplicateLeft, left, `D-SACK Left Edge = ${left} (relative)`, offset + 2, 4);
  tree.generated(fields.duplicateRight, right, `D-SACK Right Edge = ${right} (relative)`, offset + 6, 4);
  const title = tcpExperts.duplicateSack.message;
  tree.open(text(title), offset + 2, 8, undefined, title);
  tree.expert(tcpExperts.duplicateSack, undefined, offset + 2);
  tree.close();
}

/** What the analysis of a stream wants of the options. */
export interface OptionsScanned {
  /** Of the window; −1 when it is not told. */
  shift: number;
  /** Edges of selective acknowledgments in turn. */
  readonly edges: Int32Array;
  blocks: number;
}

/** Room for the blocks of the longest option. */
export const SACK_BLOCKS = 5;

export function scanOptions(view: DataView, start: number, end: number, into: OptionsScanned): void {
  into.shift = -1;
  into.blocks = 0;
  if (end - start === 12 && view.getUint32(start) === 0x0101080a) return; // what most segments have
  for (let at = start; at < end; ) {
    const kind = view.getUint8(at);
    if (kind === 1) {
      at++;
      continue;
    }
    const length = kind !== 0 && at + 1 < end ? view.getUint8(at + 1) : 0;
    if (length < 2 || at + length > end) return;
    if (kind === 3 && length === 3) into.shift = Math.min(view.getUint8(at + 2), 14);
    if (kind === 5) {
      into.blocks = Math.min((length - 2) >> 3, SACK_BLOCKS);
      for (let edge = 0; edge < into.blocks * 2; edge++) into.edges[edge] = view.getInt32(at + 2 + edge * 4);
    }
    at += length;
  }
}
