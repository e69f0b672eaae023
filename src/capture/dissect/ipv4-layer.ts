import { formatIp, type IpAddress } from "../../address/ip.ts";
import { checksumStatus, define } from "./define.ts";
import type { Expert } from "./dissector.ts";
import { hexOf } from "./field-text.ts";
import type { FrameBytes } from "./frames.ts";
import { checksumOf } from "./internet-checksum.ts";
import { IP_PROTOCOLS } from "./ip-protocols.ts";
import { IPV4_OPTION_FIELDS, ipv4Options } from "./ipv4-options-layer.ts";
import { DSCP_FULL, DSCP_SHORT, ECN_FULL, ECN_SHORT } from "./tos.ts";
import type { Tree } from "./tree.ts";

const flag = (name: string, label: string, mask: number) => define.flag(`ip.flags.${name}`, label, 1, mask);

const fields = {
  ip: define.protocol("ip", "Internet Protocol Version 4"),
  version: define.u8("ip.version", "Version", { mask: 0xf0 }),
  headerLength: define.u8("ip.hdr_len", "Header Length"),
  services: define.u8("ip.dsfield", "Differentiated Services Field", { base: "hex" }),
  codePoint: define.u8("ip.dsfield.dscp", "Differentiated Services Codepoint", {
    mask: 0xfc,
    values: DSCP_FULL,
    otherwise: "Unknown",
  }),
  congestion: define.u8("ip.dsfield.ecn", "Explicit Congestion Notification", { mask: 3, values: ECN_FULL }),
  length: define.u16("ip.len", "Total Length"),
  identification: define.u16("ip.id", "Identification", { base: "hex-dec" }),
  flags: define.u8("ip.flags", "Flags", { base: "hex", mask: 0xe0 }),
  reserved: flag("rb", "Reserved bit", 0x80),
  dontFragment: flag("df", "Don't fragment", 0x40),
  moreFragments: flag("mf", "More fragments", 0x20),
  offset: define.u16("ip.frag_offset", "Fragment Offset", { mask: 0x1fff }),
  ttl: define.u8("ip.ttl", "Time to Live"),
  protocol: define.u8("ip.proto", "Protocol", { values: IP_PROTOCOLS, otherwise: "Unknown" }),
  checksum: define.u16("ip.checksum", "Header Checksum", { base: "hex" }),
  checksumCalculated: define.u16("ip.checksum_calculated", "Calculated Checksum", { base: "hex" }),
  checksumStatus: checksumStatus("ip.checksum.status", "Header checksum status"),
  source: define.ipv4("ip.src", "Source Address"),
  sourceHost: define.text("ip.src_host", "Source Host"),
  destination: define.ipv4("ip.dst", "Destination Address"),
  destinationHost: define.text("ip.dst_host", "Destination Host"),
  address: define.ipv4("ip.addr", "Source or Destination Address"),
  host: define.text("ip.host", "Source or Destination Host"),
  fragments: define.bytes("ip.fragments", "IPv4 Fragments"),
  fragment: define.frame("ip.fragment", "IPv4 Fragment"),
  fragmentOverlap: define.field("ip.fragment.overlap", "Fragment overlap", "boolean"),
  fragmentCount: define.u32("ip.fragment.count", "Fragment count"),
  reassembledIn: define.frame("ip.reassembled_in", "Reassembled IPv4 in frame"),
  reassembledLength: define.u32("ip.reassembled.length", "Reassembled IPv4 length"),
  reassembledData: define.bytes("ip.reassembled.data", "Reassembled IPv4 data"),
};

const remark = (name: string, label: string, severity: Expert["severity"], group: Expert["group"]): Expert => ({
  definition: define.none(name, label),
  severity,
  group,
  message: label,
});
const BAD_VERSION = remark("ip.bogus_ip_version", "Bogus IP version", "Error", "Protocol");
const BAD_HEADER = remark("ip.bogus_header_length", "Bogus IP header length", "Error", "Protocol");
const BAD_LENGTH = remark("ip.bogus_ip_length", "Bogus IP length", "Error", "Protocol");
const BAD_CHECKSUM = remark("ip.checksum_bad.expert", "Bad checksum", "Error", "Checksum");
const TTL_SMALL = remark("ip.ttl.too_small", "Time To Live", "Note", "Sequence");
const TTL_LINK = remark("ip.ttl.lncb", "Time To Live", "Note", "Sequence");

export const IPV4_FIELDS = [
  ...Object.values(fields),
  ...IPV4_OPTION_FIELDS,
  ...[BAD_VERSION, BAD_HEADER, BAD_LENGTH, BAD_CHECKSUM, TTL_SMALL, TTL_LINK].map((each) => each.definition),
];

/** How a datagram was put together of fragments. */
export interface Reassembly {
  /** The frame in which it was complete; 0 when it never was, as far as was seen. */
  readonly completeIn: number;
  readonly bytes: Uint8Array | undefined;
  readonly parts: readonly { readonly frame: number; readonly offset: number; readonly length: number }[];
}

export interface Ipv4Options {
  readonly checkChecksums: boolean;
  /** In a message that quotes it: its end may be missing. */
  readonly quoted: boolean;
}

export interface Ipv4Part {
  readonly protocol: number;
  readonly source: IpAddress;
  readonly destination: IpAddress;
  readonly ttl: number;
  /** Where its payload begins and ends, among the bytes it was given. */
  readonly start: number;
  readonly end: number;
  readonly fragmentOffset: number;
  readonly moreFragments: boolean;
  readonly identification: number;
}

/**
 * IPv4's header (RFC 791). It is left open, for what follows of fragments.
 * @returns undefined when there is nothing to go on with
 */
export function ipv4Layer(
  tree: Tree,
  { bytes, view, start: at, end }: Pick<FrameBytes, "bytes" | "view" | "start" | "end">,
  options: Ipv4Options,
): Ipv4Part | undefined {
  const available = end - at;
  tree.columns({ protocol: "IPv4", info: "" });
  if (available < 1) {
    if (!options.quoted) tree.malformed("IPv4");
    return undefined;
  }
  const first = view.getUint8(at);
  const version = first >> 4;
  const header = (first & 15) * 4;
  tree.open(fields.ip, 0, Math.min(available, header));
  if (version !== 4) {
    tree.close(`Internet Protocol, bogus version (${version})`, 1);
    tree.columns({ info: `Bogus IP version (${version})` });
    return undefined;
  }
  tree.add(fields.version, 0, 1, version);
  const bits = (first & 15).toString(2).padStart(4, "0");
  const lengthText = `.... ${bits} = Header Length: ${header} bytes (${first & 15})`;
  if (header < 20) {
    tree.open(fields.headerLength, 0, 1, header, lengthText);
    tree.expert(BAD_HEADER, `Bogus IP header length (${header}, must be at least 20)`, 0);
    tree.close();
    tree.close();
    tree.columns({ info: `Bogus IP header length (${header}, must be at least 20)` });
    return undefined;
  }
  tree.add(fields.headerLength, 0, 1, header, lengthText);
  if (available < 20) {
    short(tree, view, at, available, options.quoted);
    return undefined;
  }
  services(tree, view.getUint8(at + 1));
  const total = view.getUint16(at + 2);
  if (total < header) {
    tree.open(fields.length, 2, 2, total, `Total Length: ${total} bytes (bogus, less than header length ${header})`);
    tree.expert(BAD_LENGTH, BAD_LENGTH.message, 2);
    tree.close();
    tree.close();
    tree.columns({ info: `Bogus IP length (${total}, less than header length ${header})` });
    return undefined;
  }
  if (total > available && !options.quoted) {
    tree.open(fields.length, 2, 2, total);
    tree.expert(BAD_LENGTH, `IPv4 total length exceeds packet length (${available} bytes)`, 2);
    tree.close();
  } else {
    tree.add(fields.length, 2, 2, total);
  }
  const fragment = fragmentPart(tree, view, at);
  const ttl = view.getUint8(at + 8);
  const destination = view.getInt32(at + 16) as IpAddress;
  timeToLive(tree, ttl, destination);
  const protocol = view.getUint8(at + 9);
  tree.add(fields.protocol, 9, 1, protocol);
  headerChecksum(tree, view, at, Math.min(header, available), options.checkChecksums);
  const source = view.getInt32(at + 12) as IpAddress;
  addresses(tree, source, destination);
  const whole = Math.min(header, available);
  if (whole > 20) ipv4Options(tree, bytes, view, at, whole);
  tree.columns({ source: formatIp(source), destination: formatIp(destination) });
  tree.retitle(`Internet Protocol Version 4, Src: ${formatIp(source)}, Dst: ${formatIp(destination)}`);
  return {
    ...{ protocol, source, destination, ttl, start: at + whole, end: Math.min(end, at + total) },
    ...{ ...fragment, identification: view.getUint16(at + 4) },
  };
}

/** A header that ends too soon: what is there of it. */
function short(tree: Tree, view: DataView, at: number, available: number, quoted: boolean): void {
  if (available >= 2) services(tree, view.getUint8(at + 1));
  if (available >= 4) tree.add(fields.length, 2, 2, view.getUint16(at + 2));
  if (available >= 8) fragmentPart(tree, view, at);
  else if (available >= 6) tree.add(fields.identification, 4, 2, view.getUint16(at + 4));
  if (available >= 9) tree.add(fields.ttl, 8, 1, view.getUint8(at + 8));
  if (available >= 10) tree.add(fields.protocol, 9, 1, view.getUint8(at + 9));
  if (quoted) tree.close();
  else tree.malformed("IPv4");
}

function services(tree: Tree, value: number): void {
  const point = DSCP_SHORT[value >> 2] ?? "Unknown";
  const hex = value.toString(16).padStart(2, "0");
  const title = `Differentiated Services Field: 0x${hex} (DSCP: ${point}, ECN: ${ECN_SHORT[value & 3]})`;
  tree.open(fields.services, 1, 1, value, title);
  tree.add(fields.codePoint, 1, 1, value >> 2);
  tree.add(fields.congestion, 1, 1, value & 3);
  tree.close();
}

function fragmentPart(tree: Tree, view: DataView, at: number): { fragmentOffset: number; moreFragments: boolean } {
  tree.add(fields.identification, 4, 2, view.getUint16(at + 4));
  const word = view.getUint16(at + 6);
  const flags = word >> 13;
  const dont = (flags & 2) !== 0;
  const moreFragments = (flags & 1) !== 0;
  const names = [(flags & 4) !== 0 && "Reserved bit", dont && "Don't fragment", moreFragments && "More fragments"];
  const named = names.filter((name) => name !== false).map((name) => `, ${name}`);
  const bits = flags.toString(2).padStart(3, "0");
  tree.open(fields.flags, 6, 1, flags, `${bits}. .... = Flags: 0x${flags.toString(16)}${named.join("")}`);
  tree.add(fields.reserved, 6, 1, (flags & 4) !== 0);
  tree.add(fields.dontFragment, 6, 1, dont);
  tree.add(fields.moreFragments, 6, 1, moreFragments);
  tree.close();
  const offset = word & 0x1fff;
  const offsetBits = offset.toString(2).padStart(13, "0");
  const groups = `${offsetBits.slice(0, 1)} ${offsetBits.slice(1, 5)} ${offsetBits.slice(5, 9)} ${offsetBits.slice(9)}`;
  tree.add(fields.offset, 6, 2, offset, `...${groups} = Fragment Offset: ${offset * 8}`);
  return { fragmentOffset: offset * 8, moreFragments };
}

/** 224.0.0.0/24 is local to its link, and goes with a time to live of 1 (RFC 5771 §4). */
function timeToLive(tree: Tree, ttl: number, destination: IpAddress): void {
  const local = destination >>> 8 === 0xe00000;
  const multicast = destination >>> 28 === 0xe;
  if (ttl >= 5 ? !local || ttl === 255 || ttl === 1 : multicast) {
    tree.add(fields.ttl, 8, 1, ttl);
    return;
  }
  tree.open(fields.ttl, 8, 1, ttl);
  if (local)
    tree.expert(TTL_LINK, `"Time To Live" != 1 for a packet sent to the Local Network Control Block (see RFC 3171)`, 8);
  else tree.expert(TTL_SMALL, `"Time To Live" only ${ttl}`, 8);
  tree.close();
}

function headerChecksum(tree: Tree, view: DataView, at: number, header: number, check: boolean): void {
  const value = view.getUint16(at + 10);
  const hex = `0x${value.toString(16).padStart(4, "0")}`;
  if (!check) {
    tree.add(fields.checksum, 10, 2, value, `Header Checksum: ${hex} [validation disabled]`);
    tree.generated(fields.checksumStatus, 2, undefined, 10);
    return;
  }
  const should = checksumOf(view, at, at + header, at + 10);
  if (should === value) {
    tree.add(fields.checksum, 10, 2, value, `Header Checksum: ${hex} [correct]`);
    tree.generated(fields.checksumStatus, 1, undefined, 10);
  } else {
    const text = `0x${should.toString(16).padStart(4, "0")}`;
    tree.open(
      fields.checksum,
      10,
      2,
      value,
      `Header Checksum: ${hex} incorrect, should be ${text}(may be caused by "IP checksum offload"?)`,
    );
    tree.expert(BAD_CHECKSUM, `Bad checksum [should be ${text}]`, 10);
    tree.close();
    tree.generated(fields.checksumStatus, 0, undefined, 10);
  }
  tree.generated(fields.checksumCalculated, should, undefined, 10, 2);
}

function addresses(tree: Tree, source: IpAddress, destination: IpAddress): void {
  tree.add(fields.source, 12, 4, source);
  tree.hidden(fields.address, 12, 4, source);
  tree.hidden(fields.sourceHost, 12, 4, formatIp(source));
  tree.hidden(fields.host, 12, 4, formatIp(source));
  tree.add(fields.destination, 16, 4, destination);
  tree.hidden(fields.address, 16, 4, destination);
  tree.hidden(fields.destinationHost, 16, 4, formatIp(destination));
  tree.hidden(fields.host, 16, 4, formatIp(destination));
}

/** What became of a fragment: said under the header that is still open. */
export function fragmentsPart(tree: Tree, number: number, { completeIn, bytes, parts }: Reassembly): void {
  if (completeIn !== number || bytes === undefined) {
    if (completeIn > 0) tree.generated(fields.reassembledIn, completeIn);
    return;
  }
  const list = parts.map((part) => `#${part.frame}(${part.length})`).join(", ");
  tree.beginSource(`Reassembled IPv4 (${bytes.length} bytes)`, bytes);
  tree.openGenerated(
    fields.fragments,
    bytes,
    `${parts.length} IPv4 Fragments (${bytes.length} bytes): ${list}`,
    0,
    bytes.length,
  );
  let reach = 0;
  for (const { frame, offset, length } of parts) {
    const text = `Frame: ${frame}, payload: ${offset}-${offset + length - 1} (${length} byte${length === 1 ? "" : "s"})`;
    tree.openGenerated(fields.fragment, frame, text, offset, length);
    if (offset < reach) tree.generated(fields.fragmentOverlap, true);
    reach = Math.max(reach, offset + length);
    tree.close();
  }
  tree.generated(fields.fragmentCount, parts.length);
  tree.generated(fields.reassembledLength, bytes.length);
  const shown = bytes.length > 36 ? `${hexOf(bytes.subarray(0, 36))}…` : hexOf(bytes);
  tree.generated(fields.reassembledData, bytes, `Reassembled IPv4 data: ${shown}`, 0, bytes.length);
  tree.close();
  tree.endSource();
}
