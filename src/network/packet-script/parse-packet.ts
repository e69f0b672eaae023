import * as wire from "../../wire/tcp.ts";
import { ICMP_CODES, ICMP_TYPES } from "./icmp-names.ts";
import { parseTcpOptions } from "./parse-tcp-options.ts";
import type { Scanner } from "./scanner.ts";
import type { IcmpPacket, IpFields, ScriptPacket, TcpPacket, UdpPacket } from "./script.ts";

const FLAGS: Readonly<Record<string, number>> = {
  F: wire.FIN,
  S: wire.SYN,
  R: wire.RST,
  P: wire.PSH,
  ".": wire.ACK,
  U: wire.URG,
  E: wire.ECE,
  W: wire.CWR,
  C: wire.CWR,
  A: 0x100, // AE (RFC 9768)
};

/** Reads a packet after its arrow: `S. 0:0(0) ack 1 win 5792 <mss 1460>`, `udp (100)`, `icmp unreachable …`. */
export function parsePacket(scanner: Scanner): ScriptPacket {
  const ip = parseIp(scanner);
  if (scanner.take(/icmp(?:v4)?\b/) !== undefined) return parseIcmp(scanner, ip);
  if (scanner.take(/udp\b/) !== undefined) return parseUdp(scanner, ip);
  if (scanner.sees(/(?:ipv4|ipv6|gre|mpls|sctp|udplite|icmpv6)\b/)) {
    scanner.fail("tunnels, IPv6 and protocols but TCP, UDP and ICMP are not supported");
  }
  return parseTcp(scanner, ip);
}

/** Data of a segment, with as many options as there may be (RFC 9293 §3.1). */
const LONGEST = 65_455;

const number = (scanner: Scanner): number => Number(scanner.need(/0x[0-9a-fA-F]+|\d+/, "a number")[0]);
const parenthesized = (scanner: Scanner): number =>
  Number(scanner.need(/\(\s*(\d+)\s*\)/, "a length in parentheses")[1]);

function parseIp(scanner: Scanner): IpFields {
  const fields: { -readonly [Name in keyof IpFields]: IpFields[Name] } = {};
  const close = { "[": /\]/, "(": /\)/ }[scanner.take(/[[(]/)?.[0] ?? ""];
  if (close === undefined) return fields;
  do {
    const [name] = scanner.need(/\w+/, "a field of the IP header");
    if (name === "tos" || name === "tclass") fields.tos = number(scanner);
    else if (name === "ttl" || name === "hlim") fields.ttl = number(scanner);
    else if (name === "noecn") fields.ecn = 0;
    else if (name === "ect1") fields.ecn = 1;
    else if (name === "ect0") fields.ecn = 2;
    else if (name === "ce") fields.ecn = 3;
    else if (name === "ect01") fields.ecn = "ect";
    else scanner.fail(`the field "${name}" of the IP header is not known`);
  } while (scanner.take(/,/) !== undefined);
  scanner.need(close, "the end of the fields of the IP header");
  return fields;
}

function parseUdp(scanner: Scanner, ip: IpFields): UdpPacket {
  const length = parenthesized(scanner);
  return length <= 65_507 ? { kind: "udp", ip, length } : scanner.fail("a datagram holds at most 65,507 bytes");
}

function parseTcp(scanner: Scanner, ip: IpFields): TcpPacket {
  const [text] = scanner.need(/[FSRPEWUCA.]+|-/, "the flags of a segment");
  const flags = text === "-" ? 0 : [...text].reduce((all, flag) => all | (FLAGS[flag] ?? 0), 0);
  const [, from, to, size] = scanner.need(
    /(\d+)\s*(?::\s*(\d+)\s*)?\(\s*(\d+)\s*\)/,
    "a sequence number as in 1:1001(1000)",
  );
  const [sequence, length] = [Number(from), Number(size)];
  if (to !== undefined && (Number(to) - sequence) >>> 0 !== length) {
    scanner.fail(`the range ${from}:${to} is not ${size} bytes long`);
  }
  const absolute = scanner.take(/!/) !== undefined;
  const ack = scanner.take(/ack\b/) === undefined ? undefined : number(scanner);
  const window = scanner.take(/win\b/) === undefined ? undefined : number(scanner);
  const urgent = scanner.take(/urg\b/) === undefined ? undefined : number(scanner);
  const listed = scanner.take(/</) !== undefined;
  // Every stack offers something in its SYN: one that lists nothing says only that it does not care.
  const options = listed ? parseTcpOptions(scanner) : flags & wire.SYN ? undefined : [];
  if (scanner.take(/\/\s*udp\b/) !== undefined) scanner.fail("TCP over UDP is not supported");
  if (length > LONGEST) scanner.fail(`a segment holds at most ${LONGEST} bytes, not ${length}`);
  return { kind: "tcp", ip, flags, sequence, absolute, length, ack, window, urgent, options };
}

function parseIcmp(scanner: Scanner, ip: IpFields): IcmpPacket {
  const type = named(scanner, ICMP_TYPES, "type");
  const code = scanner.sees(/mtu\b|\[/) ? 0 : named(scanner, ICMP_CODES[type] ?? {}, "code");
  const mtu = scanner.take(/mtu\b/) === undefined ? undefined : number(scanner);
  if (scanner.take(/\[/) === undefined) return { kind: "icmp", ip, type, code, mtu, about: undefined };
  const udp = scanner.take(/udp\b/) !== undefined;
  const [, from, size] = udp
    ? (["", "0", String(parenthesized(scanner))] as const)
    : scanner.need(/(\d+)\s*(?::\s*\d+\s*)?(?:\(\s*(\d+)\s*\))?/, "the sequence numbers of a segment");
  if (scanner.take(/\/\s*udp\b/) !== undefined) scanner.fail("TCP over UDP is not supported");
  scanner.need(/\]/, '"]" after the packet that ICMP is about');
  if (Number(size ?? 0) > LONGEST) scanner.fail("ICMP is about a packet that cannot be so long");
  const about = { protocol: udp ? "udp" : "tcp", sequence: Number(from), length: Number(size ?? 0) } as const;
  return { kind: "icmp", ip, type, code, mtu, about };
}

function named(scanner: Scanner, names: Readonly<Record<string, number>>, what: string): number {
  const [word] = scanner.need(/(?:type|code)?\s*\w+/, `a ${what} of ICMP`);
  const plain = word.replace(/^(?:type|code)\s+/, "");
  const value = /^\d+$/.test(plain) ? Number(plain) : names[plain];
  return value ?? scanner.fail(`the ${what} "${plain}" of ICMP is not known`);
}
