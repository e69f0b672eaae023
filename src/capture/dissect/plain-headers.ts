import { readMac } from "../../address/mac.ts";
import { ETHERNET_HEADER_LENGTH } from "../../wire/ethernet.ts";
import { FrameBytes } from "./frames.ts";
import type { PlainFrame } from "./plain-frame.ts";
import {
  both,
  inArp,
  inEthernet,
  inFrame,
  inIp,
  inPayload,
  offsetOf,
  payloadBytes,
  portFrom,
  portTo,
  present,
  type Read,
  type Readers,
} from "./plain-reading.ts";

const before = new FrameBytes();

function delta({ number, options, headers: { frame } }: PlainFrame): number {
  return number > 1 && options.frames.read(number - 1, before) ? frame.time - before.time : 0;
}

const captured = ({ headers: { frame } }: PlainFrame): number => frame.end - frame.start;
const time = ({ options, headers: { frame } }: PlainFrame): bigint => options.frames.epoch + BigInt(frame.time);

export const PLAIN_FRAME: Readers = {
  frame: (frame, give) => give(undefined, captured(frame)),
  "frame.number": inFrame(0, ({ number }) => number),
  "frame.len": inFrame(0, (frame) => frame.about.originalLength ?? captured(frame)),
  "frame.cap_len": inFrame(0, captured),
  "frame.time": inFrame(0, time),
  "frame.time_epoch": inFrame(0, time),
  "frame.time_delta": inFrame(0, delta),
  "frame.time_delta_displayed": inFrame(0, delta),
  "frame.time_relative": inFrame(0, ({ headers, pass }) => headers.frame.time - pass.firstTime),
  "frame.comment": ({ about }, give) => {
    for (const comment of about.comments ?? []) give(comment, 0);
  },
  "frame.interface_id": ({ about }, give) => {
    if (about.interface !== undefined) give(about.interface.id, 0);
  },
  "frame.interface_name": ({ about }, give) => {
    if (about.interface !== undefined) give(about.interface.name ?? "unknown", 0);
  },
};

const etherTo = inEthernet(6, readMac);
const etherFrom = inEthernet(6, (view, at) => readMac(view, at + 6));
/** The lowest bits of an address's first octet: of a group, and locally administered (IEEE 802 §8.2). */
const addressBit = (from: number, bit: number): Read =>
  inEthernet(3, (view, at) => (view.getUint8(at + from) & bit) !== 0);
const type =
  (isType: boolean): Read =>
  ({ headers: { frame } }, give) => {
    const number = frame.view.getUint16(frame.start + 12);
    if (number >= 0x0600 === isType) give(number, 2); // IEEE 802.3 §3.2.6
  };

export const PLAIN_ETHERNET: Readers = {
  eth: (_, give) => give(undefined, ETHERNET_HEADER_LENGTH),
  "eth.dst": etherTo,
  "eth.src": etherFrom,
  "eth.addr": both(etherTo, etherFrom),
  "eth.dst.ig": addressBit(0, 1),
  "eth.src.ig": addressBit(6, 1),
  "eth.ig": both(addressBit(0, 1), addressBit(6, 1)),
  "eth.dst.lg": addressBit(0, 2),
  "eth.src.lg": addressBit(6, 2),
  "eth.lg": both(addressBit(0, 2), addressBit(6, 2)),
  "eth.type": type(true),
  "eth.len": type(false),
};

const arpView = ({ headers: { frame } }: PlainFrame) => {
  const at = frame.start + ETHERNET_HEADER_LENGTH;
  const { view } = frame;
  const sender = view.getInt32(at + 14);
  const isSame = sender === view.getInt32(at + 24);
  return { opcode: view.getUint16(at + 6), sender, isSame, isBlank: readMac(view, at + 18) === 0 };
};

/** Of Ethernet and IPv4: RFC 826; RFC 5227 §2.1.1, §2.3. */
export const PLAIN_ARP: Readers = {
  arp: (_, give) => give(undefined, 28, ETHERNET_HEADER_LENGTH),
  "arp.hw.type": inArp(2, (view, at) => view.getUint16(at)),
  "arp.proto.type": inArp(2, (view, at) => view.getUint16(at + 2)),
  "arp.hw.size": inArp(1, (view, at) => view.getUint8(at + 4)),
  "arp.proto.size": inArp(1, (view, at) => view.getUint8(at + 5)),
  "arp.opcode": inArp(2, (view, at) => view.getUint16(at + 6)),
  "arp.src.hw_mac": inArp(6, (view, at) => readMac(view, at + 8)),
  "arp.src.proto_ipv4": inArp(4, (view, at) => view.getInt32(at + 14)),
  "arp.dst.hw_mac": inArp(6, (view, at) => readMac(view, at + 18)),
  "arp.dst.proto_ipv4": inArp(4, (view, at) => view.getInt32(at + 24)),
  "arp.isgratuitous": present((frame) => {
    const { opcode, isSame } = arpView(frame);
    return isSame && (opcode === 1 || opcode === 2);
  }, true),
  "arp.isannouncement": present((frame) => {
    const { opcode, isSame, isBlank } = arpView(frame);
    return isSame && opcode === 1 && isBlank;
  }, true),
  "arp.isprobe": present((frame) => {
    const { opcode, isSame, sender } = arpView(frame);
    return !isSame && opcode === 1 && sender === 0;
  }, true),
};

const ipFlag = (bit: number): Read => inIp(1, (view, at) => (view.getUint8(at + 6) & bit) !== 0);
const ipFrom = inIp(4, (view, at) => view.getInt32(at + 12));
const ipTo = inIp(4, (view, at) => view.getInt32(at + 16));

/** RFC 791 §3.1, without options. */
export const PLAIN_IP: Readers = {
  ip: (_, give) => give(undefined, 20, ETHERNET_HEADER_LENGTH),
  "ip.version": inIp(1, () => 4),
  "ip.hdr_len": inIp(1, () => 20),
  "ip.dsfield": inIp(1, (view, at) => view.getUint8(at + 1)),
  "ip.dsfield.dscp": inIp(1, (view, at) => view.getUint8(at + 1) >> 2),
  "ip.dsfield.ecn": inIp(1, (view, at) => view.getUint8(at + 1) & 3),
  "ip.len": inIp(2, (view, at) => view.getUint16(at + 2)),
  "ip.id": inIp(2, (view, at) => view.getUint16(at + 4)),
  "ip.flags": inIp(1, (view, at) => view.getUint8(at + 6) >> 5),
  "ip.flags.rb": ipFlag(0x80),
  "ip.flags.df": ipFlag(0x40),
  "ip.flags.mf": ipFlag(0x20),
  "ip.frag_offset": inIp(2, (view, at) => view.getUint16(at + 6) & 0x1fff),
  "ip.ttl": inIp(1, (view, at) => view.getUint8(at + 8)),
  "ip.proto": inIp(1, (view, at) => view.getUint8(at + 9)),
  "ip.checksum": inIp(2, (view, at) => view.getUint16(at + 10)),
  "ip.src": ipFrom,
  "ip.dst": ipTo,
  "ip.addr": both(ipFrom, ipTo),
};

/** Types of ICMP with an identifier and a sequence number: echoes and queries (RFC 792, RFC 950). */
const numbered =
  (offset: number): Read =>
  ({ headers: { payload } }, give) => {
    const icmpType = payload.view.getUint8(payload.start);
    if (icmpType === 0 || icmpType === 8 || (icmpType >= 13 && icmpType <= 18)) {
      give(payload.view.getUint16(payload.start + offset), 2);
    }
  };

export const PLAIN_ICMP: Readers = {
  icmp: (frame, give) => give(undefined, frame.headers.payload.end - frame.headers.payload.start, offsetOf(frame)),
  "icmp.type": inPayload(1, (view, at) => view.getUint8(at)),
  "icmp.code": inPayload(1, (view, at) => view.getUint8(at + 1)),
  "icmp.checksum": inPayload(2, (view, at) => view.getUint16(at + 2)),
  "icmp.ident": numbered(4),
  "icmp.seq": numbered(6),
};

/** A datagram without a message tells no times. */
const udpTime =
  (value: (frame: PlainFrame) => number): Read =>
  (frame, give) => {
    if (frame.headers.dataEnd > frame.headers.data) give(value(frame), 0);
  };

/** RFC 768. */
export const PLAIN_UDP: Readers = {
  udp: (frame, give) => give(undefined, 8, offsetOf(frame)),
  "udp.srcport": portFrom,
  "udp.dstport": portTo,
  "udp.port": both(portFrom, portTo),
  "udp.length": inPayload(2, (view, at) => view.getUint16(at + 4)),
  "udp.checksum": inPayload(2, (view, at) => view.getUint16(at + 6)),
  "udp.stream": inFrame(0, ({ conversation }) => conversation.stream),
  "udp.time_relative": udpTime(({ headers, conversation }) => headers.frame.time - conversation.begins),
  "udp.time_delta": udpTime(({ sincePrevious }) => sincePrevious),
  "udp.payload": payloadBytes,
};
