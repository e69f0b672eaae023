import { formatIp } from "../../address/ip.ts";
import {
  checkIcmp,
  ICMP_ECHO_REPLY,
  ICMP_ECHO_REQUEST,
  ICMP_HEADER_LENGTH,
  ICMP_PARAMETER_PROBLEM,
  ICMP_TIME_EXCEEDED,
  ICMP_UNREACHABLE,
  readIcmpCode,
  readIcmpIdentifier,
  readIcmpNextHopMtu,
  readIcmpSequence,
  readIcmpType,
  writeIcmp,
} from "../../wire/icmpv4.ts";
import {
  IPV4_HEADER_LENGTH,
  readIpv4Destination,
  readIpv4HeaderLength,
  readIpv4HopLimit,
  readIpv4Protocol,
} from "../../wire/ipv4.ts";

/** An echo request whose data count up, as ping's do (RFC 792). @param size of the data, bytes */
export function echoRequest(identifier: number, sequence: number, size: number): Uint8Array {
  const message = new Uint8Array(ICMP_HEADER_LENGTH + size);
  for (let at = 0; at < size; at++) message[ICMP_HEADER_LENGTH + at] = at;
  const rest = identifier * 0x10000 + (sequence & 0xffff);
  writeIcmp(new DataView(message.buffer), 0, message.length, ICMP_ECHO_REQUEST, 0, rest);
  return message;
}

/** An ICMP message as a raw socket received it. */
export interface IcmpMessage {
  readonly type: number;
  readonly code: number;
  /** Bytes of the message. */
  readonly length: number;
  readonly hopLimit: number;
  /** Of an echo message. */
  readonly identifier: number;
  readonly sequence: number;
  /** Of "fragmentation needed". */
  readonly mtu: number;
  /** What an error is about. */
  readonly about: QuotedDatagram | undefined;
}

/** The beginning of a datagram that an error quotes. */
export interface QuotedDatagram {
  readonly protocol: number;
  readonly destination: string;
  /** The first 8 bytes behind its IPv4 header. */
  readonly view: DataView;
}

/** @returns undefined for what is no whole ICMP message */
export function readIcmpMessage(datagram: Uint8Array): IcmpMessage | undefined {
  const view = new DataView(datagram.buffer, datagram.byteOffset, datagram.length);
  if (view.byteLength < IPV4_HEADER_LENGTH) return undefined;
  const at = readIpv4HeaderLength(view, 0);
  if (checkIcmp(view, at, view.byteLength) !== undefined) return undefined;
  const type = readIcmpType(view, at);
  return {
    type,
    code: readIcmpCode(view, at),
    length: view.byteLength - at,
    hopLimit: readIpv4HopLimit(view, 0),
    identifier: readIcmpIdentifier(view, at),
    sequence: readIcmpSequence(view, at),
    mtu: readIcmpNextHopMtu(view, at),
    about: isReport(type) ? readQuote(view, at + ICMP_HEADER_LENGTH) : undefined,
  };
}

function isReport(type: number): boolean {
  return type === ICMP_UNREACHABLE || type === ICMP_TIME_EXCEEDED || type === ICMP_PARAMETER_PROBLEM;
}

function readQuote(view: DataView, at: number): QuotedDatagram | undefined {
  if (view.byteLength - at < IPV4_HEADER_LENGTH) return undefined;
  const inner = at + readIpv4HeaderLength(view, at);
  if (view.byteLength - inner < ICMP_HEADER_LENGTH) return undefined;
  return {
    protocol: readIpv4Protocol(view, at),
    destination: formatIp(readIpv4Destination(view, at)),
    view: new DataView(view.buffer, view.byteOffset + inner, ICMP_HEADER_LENGTH),
  };
}

export const isEchoReply = ({ type }: IcmpMessage): boolean => type === ICMP_ECHO_REPLY;

const UNREACHABLE: readonly string[] = [
  "Destination Net Unreachable",
  "Destination Host Unreachable",
  "Destination Protocol Unreachable",
  "Destination Port Unreachable",
  "Frag needed and DF set",
  "Source Route Failed",
  "Destination Net Unknown",
  "Destination Host Unknown",
  "Source Host Isolated",
  "Destination Net Prohibited",
  "Destination Host Prohibited",
  "Destination Net Unreachable for Type of Service",
  "Destination Host Unreachable for Type of Service",
  "Packet filtered",
  "Precedence Violation",
  "Precedence Cutoff",
];

/** What an error says, in the words of iputils. */
export function describeReport({ type, code, mtu }: IcmpMessage): string {
  if (type === ICMP_TIME_EXCEEDED) return code === 0 ? "Time to live exceeded" : "Frag reassembly time exceeded";
  if (type !== ICMP_UNREACHABLE) return "Parameter problem";
  const text = UNREACHABLE[code] ?? `Dest Unreachable, Bad Code: ${code}`;
  return code === 4 ? `${text} (mtu = ${mtu})` : text;
}
