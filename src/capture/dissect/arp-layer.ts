import { formatIp, type IpAddress } from "../../address/ip.ts";
import { readMac } from "../../address/mac.ts";
import { ETHERNET_HEADER_LENGTH } from "../../wire/ethernet.ts";
import type { DuplicateUse } from "./address-users.ts";
import { define } from "./define.ts";
import { type Expert, text } from "./dissector.ts";
import { ETHERTYPES } from "./ethernet-layer.ts";
import type { FieldDefinition } from "./field.ts";
import { hexOf, macText } from "./field-text.ts";
import type { FrameBytes } from "./frames.ts";
import type { Tree } from "./tree.ts";

const OPCODES = { 1: "request", 2: "reply", 3: "reverse request", 4: "reverse reply" };
const HARDWARE = { 1: "Ethernet", 6: "IEEE 802" };

const fields = {
  arp: define.protocol("arp", "Address Resolution Protocol"),
  hardwareType: define.u16("arp.hw.type", "Hardware type", { values: HARDWARE, otherwise: "Unknown" }),
  protocolType: define.u16("arp.proto.type", "Protocol type", {
    base: "hex",
    values: ETHERTYPES,
    otherwise: "Unknown",
  }),
  hardwareSize: define.u8("arp.hw.size", "Hardware size"),
  protocolSize: define.u8("arp.proto.size", "Protocol size"),
  opcode: define.u16("arp.opcode", "Opcode", { values: OPCODES, otherwise: "unknown" }),
  isGratuitous: define.field("arp.isgratuitous", "Is gratuitous", "boolean"),
  isProbe: define.field("arp.isprobe", "Is probe", "boolean"),
  isAnnouncement: define.field("arp.isannouncement", "Is announcement", "boolean"),
  senderMac: define.ether("arp.src.hw_mac", "Sender MAC address"),
  senderHardware: define.bytes("arp.src.hw", "Sender hardware address"),
  senderIp: define.ipv4("arp.src.proto_ipv4", "Sender IP address"),
  senderProtocol: define.bytes("arp.src.proto", "Sender protocol address"),
  targetMac: define.ether("arp.dst.hw_mac", "Target MAC address"),
  targetHardware: define.bytes("arp.dst.hw", "Target hardware address"),
  targetIp: define.ipv4("arp.dst.proto_ipv4", "Target IP address"),
  targetProtocol: define.bytes("arp.dst.proto", "Target protocol address"),
  duplicate: define.none("arp.duplicate-address-detected", "Duplicate IP address configured"),
  duplicateFrame: define.frame("arp.duplicate-address-frame", "Frame showing earlier use of IP address"),
  duplicateSeconds: define.u32("arp.seconds-since-duplicate-address-frame", "Seconds since earlier frame seen"),
};

const DUPLICATE: Expert = {
  definition: fields.duplicate,
  severity: "Warning",
  group: "Sequence",
  message: "Duplicate IP address configured",
};

export const ARP_FIELDS = Object.values(fields);

/** Says under which other hardware address an address was seen before; the list does so for requests. */
export function duplicatesLayer(tree: Tree, frame: FrameBytes, uses: readonly DuplicateUse[]): void {
  const isRequest = uses.length > 0 && frame.view.getUint16(frame.start + ETHERNET_HEADER_LENGTH + 6) === 1;
  for (const { address, mac, other, frame: earlier, since } of uses) {
    const who = `${formatIp(address)} (${macText(mac)})`;
    const title = `Duplicate IP address detected for ${who} - also in use by ${macText(other)} (frame ${earlier})`;
    tree.openGenerated(text("Duplicate IP address"), undefined, title);
    tree.openGenerated(fields.duplicateFrame, earlier);
    tree.expert(DUPLICATE, `${DUPLICATE.message} (${formatIp(address)})`);
    tree.close();
    tree.generated(fields.duplicateSeconds, Math.floor(since / 1e9));
    tree.close();
    if (isRequest) tree.columns({ info: `${tree.shown.info} (duplicate use of ${formatIp(address)} detected!)` });
  }
}

const FIXED = 8;

/** Octets that the packet takes; undefined where it is cut short. */
export function arpLength(frame: FrameBytes): number | undefined {
  const at = frame.start + ETHERNET_HEADER_LENGTH;
  if (frame.end - at < FIXED) return undefined;
  const length = FIXED + 2 * (frame.view.getUint8(at + 4) + frame.view.getUint8(at + 5));
  return at + length <= frame.end ? length : undefined;
}

/** ARP (RFC 826, RFC 5227). */
export function arpLayer(tree: Tree, frame: FrameBytes): void {
  const { view, end } = frame;
  const at = frame.start + ETHERNET_HEADER_LENGTH;
  tree.columns({ protocol: "ARP", info: "" });
  const whole = arpLength(frame);
  if (end - at < FIXED) {
    tree.malformed("ARP/RARP");
    return;
  }
  const hardware = view.getUint8(at + 4);
  const protocol = view.getUint8(at + 5);
  const opcode = view.getUint16(at + 6);
  tree.open(fields.arp, 0, whole ?? end - at);
  tree.add(fields.hardwareType, 0, 2, view.getUint16(at));
  tree.add(fields.protocolType, 2, 2, view.getUint16(at + 2));
  tree.add(fields.hardwareSize, 4, 1, hardware);
  tree.add(fields.protocolSize, 5, 1, protocol);
  tree.add(fields.opcode, 6, 2, opcode);
  if (whole === undefined) {
    tree.malformed("ARP/RARP");
    return;
  }
  const isEthernet = view.getUint16(at) === 1 && hardware === 6;
  const isIpv4 = view.getUint16(at + 2) === 0x0800 && protocol === 4;
  const senderAt = FIXED + hardware;
  const targetAt = senderAt + protocol + hardware;
  const sender = isIpv4 ? (view.getInt32(at + senderAt) as IpAddress) : undefined;
  const target = isIpv4 ? (view.getInt32(at + targetAt) as IpAddress) : undefined;
  const kind = kindOf(opcode, sender, target, isEthernet && readMac(view, at + senderAt + protocol) === 0);
  if (kind.gratuitous) tree.generated(fields.isGratuitous, true);
  if (kind.probe) tree.generated(fields.isProbe, true);
  if (kind.announcement) tree.generated(fields.isAnnouncement, true);

  const hardwareField = (offset: number, mac: FieldDefinition, raw: FieldDefinition): void => {
    if (isEthernet) tree.add(mac, offset, 6, readMac(view, at + offset));
    else if (hardware > 0) tree.add(raw, offset, hardware, frame.bytes.slice(at + offset, at + offset + hardware));
  };
  const protocolField = (offset: number, ip: FieldDefinition, raw: FieldDefinition): void => {
    if (isIpv4) tree.add(ip, offset, 4, view.getInt32(at + offset));
    else if (protocol > 0) tree.add(raw, offset, protocol, frame.bytes.slice(at + offset, at + offset + protocol));
  };
  hardwareField(FIXED, fields.senderMac, fields.senderHardware);
  protocolField(senderAt, fields.senderIp, fields.senderProtocol);
  hardwareField(senderAt + protocol, fields.targetMac, fields.targetHardware);
  protocolField(targetAt, fields.targetIp, fields.targetProtocol);
  tree.close(`Address Resolution Protocol (${kind.title})`);
  const bytes = (offset: number, length: number): string =>
    hexOf(frame.bytes.subarray(at + offset, at + offset + length));
  const mac = isEthernet ? macText(readMac(view, at + FIXED)) : bytes(FIXED, hardware);
  const from = sender === undefined ? bytes(senderAt, protocol) : formatIp(sender);
  const to = target === undefined ? bytes(targetAt, protocol) : formatIp(target);
  tree.columns({ info: kind.info(from, to, mac) });
}

interface Kind {
  readonly title: string;
  readonly gratuitous?: boolean;
  readonly probe?: boolean;
  readonly announcement?: boolean;
  readonly info: (from: string, to: string, mac: string) => string;
}

/** Whether it is a probe, an announcement (RFC 5227 §2.1.1, §2.3) or a plain request or reply. */
function kindOf(opcode: number, sender: IpAddress | undefined, target: IpAddress | undefined, blank: boolean): Kind {
  const same = sender !== undefined && sender === target;
  if (opcode === 1 && same) {
    if (!blank)
      return {
        title: "request/gratuitous ARP",
        gratuitous: true,
        info: (from) => `Gratuitous ARP for ${from} (Request)`,
      };
    return {
      title: "ARP Announcement",
      gratuitous: true,
      announcement: true,
      info: (from) => `ARP Announcement for ${from}`,
    };
  }
  if (opcode === 1 && sender === 0) {
    return { title: "ARP Probe", probe: true, info: (_, to) => `Who has ${to}? (ARP Probe)` };
  }
  if (opcode === 1) return { title: "request", info: (from, to) => `Who has ${to}? Tell ${from}` };
  if (opcode === 2 && same) {
    return { title: "reply/gratuitous ARP", gratuitous: true, info: (from) => `Gratuitous ARP for ${from} (Reply)` };
  }
  if (opcode === 2) return { title: "reply", info: (from, _, mac) => `${from} is at ${mac}` };
  const known: Readonly<Record<number, string>> = OPCODES;
  return {
    title: known[opcode] ?? "unknown",
    info: () => `Unknown ARP opcode 0x${opcode.toString(16).padStart(4, "0")}`,
  };
}
