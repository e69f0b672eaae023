import { checksumStatus, define } from "./define.ts";
import type { Expert } from "./dissector.ts";
import type { FrameBytes } from "./frames.ts";
import { checksumOf } from "./internet-checksum.ts";
import type { Ipv4Part } from "./ipv4-layer.ts";
import type { Tree } from "./tree.ts";

export const ICMP_TYPES: Readonly<Record<number, string>> = {
  0: "Echo (ping) reply",
  1: "Reserved",
  2: "Reserved",
  3: "Destination unreachable",
  4: "Source quench (flow control)",
  5: "Redirect",
  6: "Alternate host address",
  8: "Echo (ping) request",
  9: "Router advertisement",
  10: "Router solicitation",
  11: "Time-to-live exceeded",
  12: "Parameter problem",
  13: "Timestamp request",
  14: "Timestamp reply",
  15: "Information request",
  16: "Information reply",
  17: "Address mask request",
  18: "Address mask reply",
  30: "Traceroute",
};
const UNKNOWN_TYPE = "Unknown ICMP (obsolete or malformed?)";

const UNREACHABLE: Readonly<Record<number, string>> = {
  ...["Network unreachable", "Host unreachable", "Protocol unreachable", "Port unreachable", "Fragmentation needed"],
  5: "Source route failed",
  6: "Destination network unknown",
  7: "Destination host unknown",
  8: "Source host isolated",
  9: "Network administratively prohibited",
  10: "Host administratively prohibited",
  11: "Network unreachable for TOS",
  12: "Host unreachable for TOS",
  13: "Communication administratively filtered",
  14: "Host precedence violation",
  15: "Precedence cutoff in effect",
};
const CODES: Readonly<Record<number, Readonly<Record<number, string>>>> = {
  3: UNREACHABLE,
  5: {
    0: "Redirect for network",
    1: "Redirect for host",
    2: "Redirect for TOS and network",
    3: "Redirect for TOS and host",
  },
  11: { 0: "Time to live exceeded in transit", 1: "Fragment reassembly time exceeded" },
  12: { 0: "Pointer indicates the error", 1: "Required option missing", 2: "Bad length" },
};

const fields = {
  icmp: define.protocol("icmp", "Internet Control Message Protocol"),
  type: define.u8("icmp.type", "Type"),
  code: define.u8("icmp.code", "Code"),
  checksum: define.u16("icmp.checksum", "Checksum", { base: "hex" }),
  checksumStatus: checksumStatus("icmp.checksum.status", "Checksum Status"),
  unused: define.bytes("icmp.unused", "Unused"),
  identifier: define.u16("icmp.ident", "Identifier (BE)", { base: "dec-hex" }),
  identifierLittle: define.u16("icmp.ident_le", "Identifier (LE)", { base: "dec-hex" }),
  sequence: define.u16("icmp.seq", "Sequence Number (BE)", { base: "dec-hex" }),
  sequenceLittle: define.u16("icmp.seq_le", "Sequence Number (LE)", { base: "dec-hex" }),
  mtu: define.u16("icmp.mtu", "MTU of next hop"),
  pointer: define.u32("icmp.pointer", "Pointer"),
  gateway: define.ipv4("icmp.redir_gw", "Gateway Address"),
  originate: define.u32("icmp.originate_timestamp", "Originate Timestamp"),
  receive: define.u32("icmp.receive_timestamp", "Receive Timestamp"),
  transmit: define.u32("icmp.transmit_timestamp", "Transmit Timestamp"),
  mask: define.ipv4("icmp.address_mask", "Address Mask"),
  responseIn: define.frame("icmp.resp_in", "Response frame"),
  responseTo: define.frame("icmp.resp_to", "Request frame"),
  responseTime: define.field("icmp.resptime", "Response time", "double"),
  noResponse: define.none("icmp.no_resp", "No response seen"),
  dataTime: define.field("icmp.data_time", "Timestamp from icmp data", "time"),
  dataTimeRelative: define.duration("icmp.data_time_relative", "Timestamp from icmp data (relative)"),
};
const BAD_CHECKSUM: Expert = {
  definition: define.none("icmp.checksum_bad", "Bad checksum"),
  severity: "Warning",
  group: "Checksum",
  message: "Bad checksum",
};
const NO_RESPONSE: Expert = {
  definition: define.none("icmp.resp_not_found", "Response not found"),
  severity: "Warning",
  group: "Sequence",
  message: "No response seen to ICMP request",
};

export const ICMP_FIELDS = [...Object.values(fields), BAD_CHECKSUM.definition, NO_RESPONSE.definition];

/** Types that quote the datagram they are about. */
export const ICMP_ERRORS: ReadonlySet<number> = new Set([3, 4, 5, 11, 12]);
export const ECHO_REPLY = 0;
export const ECHO = 8;
export const REDIRECT = 5;

/** What the first pass knows of an echo. */
export interface IcmpKnown {
  /** The frame of the other half; 0 when none was seen. */
  readonly other: number;
  /** Nanoseconds between them. */
  readonly time: number;
  /** Whether all frames that there are were looked at, so that it may be said that there was no answer. */
  readonly complete: boolean;
  readonly quoted: boolean;
  /** Of this frame, in nanoseconds since 1970. */
  readonly at: bigint;
}

export interface IcmpPart {
  /** Where the quoted datagram begins, or the data of an echo. */
  readonly start: number;
  readonly end: number;
  readonly holds: "datagram" | "data";
}

type Range = Pick<FrameBytes, "bytes" | "view" | "start" | "end">;

/** ICMP's message (RFC 792), left open for what it holds. */
export function icmpLayer(tree: Tree, range: Range, ip: Ipv4Part, known: IcmpKnown): IcmpPart | undefined {
  const { view, start: at, end } = range;
  const available = end - at;
  tree.columns({ protocol: "ICMP", info: "" });
  if (available < 4) {
    tree.named("icmp");
    if (!known.quoted) tree.malformed("ICMP");
    return undefined;
  }
  const type = view.getUint8(at);
  const code = view.getUint8(at + 1);
  const name = ICMP_TYPES[type] ?? UNKNOWN_TYPE;
  tree.open(fields.icmp, 0, available);
  tree.add(fields.type, 0, 1, type, `Type: ${type} (${name})`);
  const codeName = CODES[type]?.[code] ?? (CODES[type] === undefined ? undefined : `Unknown code: ${code}`);
  tree.add(fields.code, 1, 1, code, `Code: ${code}${codeName === undefined ? "" : ` (${codeName})`}`);
  checksumPart(tree, range, ip, known.quoted);
  if (available < 8) {
    tree.columns({ info: name.padEnd(20) });
    if (known.quoted) tree.close();
    else tree.malformed("ICMP");
    return undefined;
  }
  tree.columns({ info: codeName === undefined ? `${name.padEnd(20)}` : `${name.padEnd(20)} (${codeName})` });
  return bodyOf(tree, range, ip, known, type, code);
}

function bodyOf(
  tree: Tree,
  range: Range,
  ip: Ipv4Part,
  known: IcmpKnown,
  type: number,
  code: number,
): IcmpPart | undefined {
  const { bytes, view, start: at, end } = range;
  switch (type) {
    case 3:
      if (code === 4) {
        tree.add(fields.unused, 4, 2, bytes.slice(at + 4, at + 6));
        tree.add(fields.mtu, 6, 2, view.getUint16(at + 6)); // RFC 1191 §4
      } else {
        tree.add(fields.unused, 4, 4, bytes.slice(at + 4, at + 8));
      }
      break;
    case 4:
      break;
    case 5:
      tree.add(fields.gateway, 4, 4, view.getInt32(at + 4));
      break;
    case 11:
      tree.add(fields.unused, 4, 4, bytes.slice(at + 4, at + 8));
      break;
    case 12:
      tree.add(fields.pointer, 4, 1, view.getUint8(at + 4));
      tree.add(fields.unused, 5, 3, bytes.slice(at + 5, at + 8));
      break;
    case 0:
    case 8:
      echoPart(tree, range, ip, known, type);
      return { start: at + 8, end, holds: "data" };
    default:
      if (type >= 13 && type <= 18) queryPart(tree, view, at, end - at, type, ip);
      tree.close();
      return undefined;
  }
  return { start: at + 8, end, holds: "datagram" };
}

function identifiers(tree: Tree, view: DataView, at: number): { id: number; sequence: number } {
  const id = view.getUint16(at + 4);
  const sequence = view.getUint16(at + 6);
  tree.add(fields.identifier, 4, 2, id);
  tree.add(fields.identifierLittle, 4, 2, view.getUint16(at + 4, true));
  tree.add(fields.sequence, 6, 2, sequence);
  tree.add(fields.sequenceLittle, 6, 2, view.getUint16(at + 6, true));
  return { id, sequence };
}

const infoOfEcho = (name: string, view: DataView, at: number, ip: Ipv4Part): string => {
  const id = view
    .getUint16(at + 4)
    .toString(16)
    .padStart(4, "0");
  const sequence = `${view.getUint16(at + 6)}/${view.getUint16(at + 6, true)}`;
  return `${name.padEnd(20)} id=0x${id}, seq=${sequence}, ttl=${ip.ttl}`;
};

function echoPart(tree: Tree, { view, start: at }: Range, ip: Ipv4Part, known: IcmpKnown, type: number): void {
  identifiers(tree, view, at);
  let info = infoOfEcho(ICMP_TYPES[type] as string, view, at, ip);
  if (type === ECHO) {
    if (known.other > 0) {
      tree.generated(fields.responseIn, known.other);
      info += ` (reply in ${known.other})`;
    } else if (known.complete && !known.quoted) {
      tree.openGenerated(fields.noResponse, undefined, undefined);
      tree.expert(NO_RESPONSE);
      tree.close();
      info += " (no response found!)";
    }
  } else if (known.other > 0) {
    tree.generated(fields.responseTo, known.other);
    const milliseconds = known.time / 1e6;
    tree.generated(fields.responseTime, milliseconds, `Response time: ${milliseconds.toFixed(3)} ms`);
    info += ` (request in ${known.other})`;
  }
  tree.columns({ info });
}

function queryPart(tree: Tree, view: DataView, at: number, available: number, type: number, ip: Ipv4Part): void {
  identifiers(tree, view, at);
  if (type <= 14 && available >= 20) {
    [fields.originate, fields.receive, fields.transmit].forEach((field, index) => {
      const value = view.getUint32(at + 8 + index * 4);
      tree.add(field, 8 + index * 4, 4, value, `${field.label}: ${value}${sinceMidnight(value)}`);
    });
  } else if (type >= 17 && available >= 12) {
    tree.add(fields.mask, 8, 4, view.getInt32(at + 8));
  }
  tree.columns({ info: infoOfEcho(ICMP_TYPES[type] as string, view, at, ip) });
}

function sinceMidnight(milliseconds: number): string {
  const units: [number, string][] = [
    [Math.floor(milliseconds / 3_600_000), "hour"],
    [Math.floor(milliseconds / 60_000) % 60, "minute"],
  ];
  const said = units.filter(([count]) => count > 0).map(([count, name]) => `${count} ${name}${count === 1 ? "" : "s"}`);
  const seconds = (milliseconds % 60_000) / 1000;
  return ` (${[...said, `${seconds.toFixed(3)} seconds`].join(", ")} after midnight UTC)`;
}

function checksumPart(tree: Tree, { view, start: at, end }: Range, ip: Ipv4Part, quoted: boolean): void {
  const value = view.getUint16(at + 2);
  const hex = `0x${value.toString(16).padStart(4, "0")}`;
  const whole = !ip.moreFragments && !quoted;
  if (!whole) {
    tree.add(
      fields.checksum,
      2,
      2,
      value,
      `Checksum: ${hex} [unverified] [${quoted ? "in ICMP error packet" : "fragmented datagram"}]`,
    );
    tree.generated(fields.checksumStatus, 2, undefined, 2);
    return;
  }
  const should = checksumOf(view, at, end, at + 2);
  if (should === value) {
    tree.add(fields.checksum, 2, 2, value, `Checksum: ${hex} [correct]`);
    tree.generated(fields.checksumStatus, 1, undefined, 2);
    return;
  }
  const expected = `0x${should.toString(16).padStart(4, "0")}`;
  tree.open(fields.checksum, 2, 2, value, `Checksum: ${hex} incorrect, should be ${expected}`);
  tree.expert(BAD_CHECKSUM, `Bad checksum [should be ${expected}]`, 2);
  tree.close();
  tree.generated(fields.checksumStatus, 0, undefined, 2);
}
