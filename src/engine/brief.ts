import { formatIp, type IpAddress } from "../address/ip.ts";
import { ARP_LENGTH } from "../wire/arp.ts";
import { ETHERNET_HEADER_LENGTH, ETHERTYPE_ARP, ETHERTYPE_IPV4 } from "../wire/ethernet.ts";
import { ACK, FIN, flags, headerLength, RST, SYN, TCP_PROTOCOL } from "../wire/tcp.ts";
import type { Crossing } from "./protocol/traffic.ts";

const ETHERTYPE_AT = 12;
const ICMP = 1;
const UDP = 17;
/** Letters of a message that are shown. */
const TEXT_LIMIT = 28;
/** What is usually on a port. */
const PORTS: Readonly<Record<number, string>> = {
  53: "DNS",
  80: "HTTP",
  8080: "HTTP",
  443: "TLS",
  8443: "TLS",
  8888: "CHAT",
};
const ICMP_TYPES: Readonly<Record<number, string>> = {
  0: "echo reply",
  3: "unreachable",
  5: "redirect",
  8: "echo request",
  11: "time exceeded",
  12: "parameter problem",
};

export type Brief = Pick<Crossing, "protocol" | "label">;

/** Says in a few words what a frame is, from its own bytes alone: for those who see it fly past. */
export function brief(frame: Uint8Array): Brief {
  if (frame.length < ETHERNET_HEADER_LENGTH) return { protocol: "Ethernet", label: "malformed" };
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  const type = view.getUint16(ETHERTYPE_AT);
  const at = ETHERNET_HEADER_LENGTH;
  if (type === ETHERTYPE_ARP && frame.length >= at + ARP_LENGTH) return arp(view, at);
  if (type === ETHERTYPE_IPV4 && frame.length >= at + 20) return ipv4(view, at);
  return { protocol: "Ethernet", label: `type 0x${type.toString(16).padStart(4, "0")}` };
}

function arp(view: DataView, at: number): Brief {
  const sender = ip(view, at + 14);
  const target = ip(view, at + 24);
  const asks = view.getUint16(at + 6) === 1;
  const label = sender === target ? `I am ${sender}` : asks ? `who has ${target}?` : `${sender} is here`;
  return { protocol: "ARP", label };
}

function ipv4(view: DataView, at: number): Brief {
  const protocol = view.getUint8(at + 9);
  const end = Math.min(view.byteLength, at + view.getUint16(at + 2));
  const above = at + (view.getUint8(at) & 15) * 4;
  if ((view.getUint16(at + 6) & 0x1fff) !== 0) return { protocol: "IPv4", label: "fragment" };
  if (protocol === ICMP && end >= above + 8) {
    const type = view.getUint8(above);
    return { protocol: "ICMP", label: ICMP_TYPES[type] ?? `type ${type}` };
  }
  if (protocol === UDP && end >= above + 8) return udp(view, above, end);
  if (protocol === TCP_PROTOCOL && end >= above + 20) return tcp(view, above, end);
  return { protocol: "IPv4", label: `protocol ${protocol}` };
}

function udp(view: DataView, at: number, end: number): Brief {
  const length = end - at - 8;
  const known = PORTS[view.getUint16(at)] ?? PORTS[view.getUint16(at + 2)];
  if (known !== "DNS" || length < 12) return { protocol: "UDP", label: `${length} B` };
  const answers = (view.getUint8(at + 10) & 0x80) !== 0;
  return {
    protocol: "DNS",
    label: `${answers ? "answer" : "query"} ${nameAt(view, at + 20, end)}`.trim(),
  };
}

function tcp(view: DataView, at: number, end: number): Brief {
  const bits = flags(view, at);
  const begins = at + headerLength(view, at);
  const length = Math.max(0, end - begins);
  const protocol = PORTS[view.getUint16(at)] ?? PORTS[view.getUint16(at + 2)] ?? "TCP";
  if (length === 0 || (bits & (SYN | RST)) !== 0) return { protocol: "TCP", label: flagsOf(bits) };
  if (view.getUint8(begins) === 0x16 && length > 5 && view.getUint8(begins + 1) === 3) {
    const hello: Readonly<Record<number, string>> = { 1: "Client Hello", 2: "Server Hello" };
    return { protocol: "TLS", label: hello[view.getUint8(begins + 5)] ?? "handshake" };
  }
  const label = protocol === "HTTP" || protocol === "CHAT" ? firstLine(view, begins, end) : "";
  return { protocol, label: label || `${length} B${(bits & FIN) !== 0 ? ", FIN" : ""}` };
}

function flagsOf(bits: number): string {
  const names = [
    [SYN, "SYN"],
    [FIN, "FIN"],
    [RST, "RST"],
    [ACK, "ACK"],
  ] as const;
  const set = names.filter(([bit]) => (bits & bit) !== 0).map(([, name]) => name);
  return set.join(", ") || "no flags";
}

/** The beginning of a first line that people can read; "" for anything else. */
function firstLine(view: DataView, begin: number, end: number): string {
  let text = "";
  for (let at = begin; at < end && text.length < TEXT_LIMIT; at++) {
    const code = view.getUint8(at);
    if (code === 13 || code === 10) break;
    if (code < 32 || code > 126) return "";
    text += String.fromCharCode(code);
  }
  return text;
}

/** The first question's name (RFC 1035 §4.1.2), as far as it can be read. */
function nameAt(view: DataView, begin: number, end: number): string {
  const labels: string[] = [];
  for (let at = begin; at < end && labels.length < 8; ) {
    const length = view.getUint8(at);
    if (length === 0 || length > 63 || at + length >= end) break;
    let label = "";
    for (let each = at + 1; each <= at + length; each++) {
      const code = view.getUint8(each);
      label += code > 32 && code < 127 ? String.fromCharCode(code) : "?";
    }
    labels.push(label);
    at += 1 + length;
  }
  return labels.join(".").slice(0, 2 * TEXT_LIMIT);
}

const ip = (view: DataView, at: number): string => formatIp(view.getInt32(at) as IpAddress);
