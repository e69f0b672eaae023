import type { IpAddress } from "../../address/ip.ts";
import { finish, fold, sum } from "../../base/checksum.ts";
import type { Packet } from "../../packet/packet.ts";
import { pseudoHeaderSum } from "../../transport/pseudo-header.ts";
import * as icmp from "../../wire/icmpv4.ts";
import * as ipv4 from "../../wire/ipv4.ts";
import * as tcp from "../../wire/tcp.ts";
import * as udp from "../../wire/udp.ts";
import type { IcmpPacket, IpFields, TcpPacket, UdpPacket } from "./script.ts";
import { decodeTcpOptions } from "./tcp-option.ts";

/** Both ends of a packet as the host under test sees them. */
export interface Ends {
  readonly localAddress: IpAddress;
  readonly remoteAddress: IpAddress;
  readonly localPort: number;
  readonly remotePort: number;
}

/** A packet of the host under test, with the numbers of the wire. */
export interface Seen {
  /** When it came, nanoseconds. */
  readonly at: number;
  readonly ends: Ends;
  readonly packet: TcpPacket | UdpPacket | IcmpPacket;
}

/**
 * Reads what the host sent, from the IP header on.
 * @returns what is wrong with it, in words
 */
export function readDatagram(packet: Packet, at: number): Seen | string {
  const { view, start } = packet;
  const fault = ipv4.checkIpv4Header(view, start, packet.end);
  if (fault !== undefined) return `the IP header is wrong: ${fault}`;
  if (ipv4.isIpv4Fragment(view, start)) return "the datagram is a fragment";
  const end = start + ipv4.readIpv4Length(view, start);
  const body = start + ipv4.readIpv4HeaderLength(view, start);
  const source = ipv4.readIpv4Source(view, start);
  const destination = ipv4.readIpv4Destination(view, start);
  const tos = ipv4.readIpv4TrafficClass(view, start);
  const ip: IpFields = { ecn: tos & 3, tos, ttl: ipv4.readIpv4HopLimit(view, start) };
  const protocol = ipv4.readIpv4Protocol(view, start);
  const ends = { localAddress: source, remoteAddress: destination, localPort: 0, remotePort: 0 };
  if (protocol === ipv4.PROTOCOL_ICMP) {
    if (icmp.checkIcmp(view, body, end) !== undefined) return "the ICMP message is malformed, or its checksum is wrong";
    const mtu = icmp.readIcmpNextHopMtu(view, body);
    const [type, code] = [icmp.readIcmpType(view, body), icmp.readIcmpCode(view, body)];
    return { at, ends, packet: { kind: "icmp", ip, type, code, mtu, about: undefined } };
  }
  if (protocol === ipv4.PROTOCOL_UDP) {
    const ports = { localPort: udp.readUdpSourcePort(view, body), remotePort: udp.readUdpDestinationPort(view, body) };
    const length = udp.readUdpLength(view, body) - udp.UDP_HEADER_LENGTH;
    return { at, ends: { ...ends, ...ports }, packet: { kind: "udp", ip, length } };
  }
  if (protocol !== ipv4.PROTOCOL_TCP) return `the protocol is ${protocol}`;
  if (!tcp.isWellFormed(view, body, end)) return "the TCP header is malformed";
  const pseudo = pseudoHeaderSum(source, destination, protocol, end - body);
  if (fold(sum(view, body, end, pseudo)) !== 0xffff) return "the TCP checksum is wrong";
  const ports = { localPort: tcp.sourcePort(view, body), remotePort: tcp.destinationPort(view, body) };
  return { at, ends: { ...ends, ...ports }, packet: readSegment(packet, body, end, ip) };
}

function readSegment(packet: Packet, at: number, end: number, ip: IpFields): TcpPacket {
  const { view } = packet;
  const flags = tcp.flags(view, at);
  const data = at + tcp.headerLength(view, at);
  return {
    kind: "tcp",
    ip,
    flags,
    sequence: tcp.sequenceNumber(view, at) >>> 0,
    length: end - data,
    ack: flags & tcp.ACK ? tcp.acknowledgmentNumber(view, at) >>> 0 : undefined,
    window: tcp.windowField(view, at),
    urgent: flags & tcp.URG ? tcp.urgentPointer(view, at) : undefined,
    options: decodeTcpOptions(packet.bytes.subarray(at + tcp.TCP_HEADER, data)),
  };
}

/** Puts a TCP header with these options, already bytes, in front of the data. Numbers are the wire's. */
export function pushSegment(
  packet: Packet,
  segment: Pick<TcpPacket, "flags" | "sequence" | "ack" | "window" | "urgent">,
  options: readonly number[],
  ends: Ends,
  fromHost = false,
): void {
  const header = tcp.TCP_HEADER + options.length;
  const at = packet.push(header);
  const { flags, sequence, ack = 0, window = 0xffff, urgent = 0 } = segment;
  const { localPort, remotePort } = ends;
  const [from, to] = fromHost ? [localPort, remotePort] : [remotePort, localPort];
  tcp.writeHeader(packet.view, at, from, to, sequence, ack, header, flags, window, urgent);
  packet.bytes.set(options, at + tcp.TCP_HEADER);
  const pseudo = pseudoHeaderSum(ends.localAddress, ends.remoteAddress, tcp.TCP_PROTOCOL, packet.end - at);
  packet.view.setUint16(at + tcp.CHECKSUM_AT, finish(sum(packet.view, at, packet.end, pseudo)));
}

export function pushUdp(packet: Packet, ends: Ends, fromHost = false): void {
  const at = packet.push(udp.UDP_HEADER_LENGTH);
  const { localPort, remotePort } = ends;
  const [from, to] = fromHost ? [localPort, remotePort] : [remotePort, localPort];
  udp.writeUdpHeader(packet.view, at, from, to, packet.end - at);
  const pseudo = pseudoHeaderSum(ends.localAddress, ends.remoteAddress, ipv4.PROTOCOL_UDP, packet.end - at);
  udp.writeUdpChecksum(packet.view, at, finish(sum(packet.view, at, packet.end, pseudo)));
}

/** Puts an IP header in front of what is there. @param ip what the script says of it */
export function pushIp(packet: Packet, ip: IpFields, protocol: number, from: IpAddress, to: IpAddress): void {
  const length = packet.length + ipv4.IPV4_HEADER_LENGTH;
  const at = packet.push(ipv4.IPV4_HEADER_LENGTH);
  const trafficClass = ip.tos ?? (ip.ecn === "ect" ? 2 : (ip.ecn ?? 0));
  const ttl = ip.ttl ?? 64;
  ipv4.writeIpv4Header(packet.view, at, length, trafficClass, 0, ipv4.IPV4_DONT_FRAGMENT, ttl, protocol, from, to);
}
