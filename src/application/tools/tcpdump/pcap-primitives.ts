import { parseIp } from "../../../address/ip.ts";
import { formatMac, isGroupMac, parseMac, readMac } from "../../../address/mac.ts";
import { ETHERNET_HEADER_LENGTH, ETHERTYPE_ARP, ETHERTYPE_IPV4, ETHERTYPE_IPV6 } from "../../../wire/ethernet.ts";
import { type Frame, type FrameTest, headerOf, IP_NUMBERS, PcapFilterError, type Protocol } from "./pcap-words.ts";

export interface Qualifiers {
  readonly protocol?: Protocol | undefined;
  readonly direction?: "src" | "dst" | "either" | "both" | undefined;
  readonly type?: "host" | "net" | "port" | "portrange" | "proto" | undefined;
}

const ETHER_TYPES: Readonly<Record<string, number>> = { ip: ETHERTYPE_IPV4, arp: ETHERTYPE_ARP, ip6: ETHERTYPE_IPV6 };
const BROADCAST = "ff:ff:ff:ff:ff:ff";

/** @param id what the qualifiers are of; undefined for a protocol alone @throws PcapFilterError */
export function primitiveOf(
  qualifiers: Qualifiers,
  id: string | undefined,
  names: ReadonlyMap<string, readonly string[]>,
): FrameTest {
  const { protocol, direction = "either", type } = qualifiers;
  if (id === undefined) return (frame) => hasProtocol(frame, protocol ?? "ip");
  if (id === "broadcast" || id === "multicast") return groupTest(id, protocol);
  const [, word, size] = /^(less|greater) (\d+)$/.exec(id) ?? [];
  if (word !== undefined) {
    const bound = Number(size);
    return word === "less" ? ({ length }) => length <= bound : ({ length }) => length >= bound;
  }
  if (type === "port" || type === "portrange") return portTest(protocol, direction, id, type);
  if (type === "proto") return protocolTest(protocol, id);
  if (protocol === "ether") return etherTest(direction, id);
  return addressTest(protocol, direction, type === "net" ? netOf(id) : hostOf(id, names));
}

function hasProtocol(frame: Frame, protocol: Protocol): boolean {
  if (protocol === "ether") return true;
  if (protocol === "arp") return frame.type === ETHER_TYPES.arp;
  if (protocol === "ip") return frame.type === ETHER_TYPES.ip;
  return frame.ipProtocol === IP_NUMBERS[protocol];
}

/** How the tests of source and destination come together. */
function joined(direction: Qualifiers["direction"], source: FrameTest, destination: FrameTest): FrameTest {
  if (direction === "src") return source;
  if (direction === "dst") return destination;
  if (direction === "both") return (frame) => source(frame) && destination(frame);
  return (frame) => source(frame) || destination(frame);
}

function portTest(
  protocol: Protocol | undefined,
  direction: Qualifiers["direction"],
  id: string,
  type: "port" | "portrange",
): FrameTest {
  const [, from = "", to = from] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(id) ?? [];
  const [first, last] = [Number(from), Number(to)];
  if (from === "" || Math.max(first, last) > 65_535 || (type === "port" && id.includes("-"))) {
    throw new PcapFilterError(`illegal port: ${id}`);
  }
  if (protocol !== undefined && protocol !== "tcp" && protocol !== "udp" && protocol !== "ip") {
    throw new PcapFilterError(`${protocol} has no ports`);
  }
  const portAt =
    (place: number): FrameTest =>
    (frame) => {
      const { ipProtocol } = frame;
      const isWanted =
        protocol === "tcp" || protocol === "udp"
          ? ipProtocol === IP_NUMBERS[protocol]
          : ipProtocol === 6 || ipProtocol === 17;
      const port = isWanted && frame.inner >= 0 ? frame.read(frame.inner + place, 2) : undefined;
      return port !== undefined && port >= first && port <= last;
    };
  return joined(direction, portAt(0), portAt(2));
}

function protocolTest(protocol: Protocol | undefined, id: string): FrameTest {
  const name = id.replace(/^\\/, "");
  const number = /^(?:0x[0-9a-f]+|\d+)$/i.test(name) ? Number(name) : undefined;
  if (protocol === "ether") {
    const type = number ?? ETHER_TYPES[name];
    if (type === undefined) throw new PcapFilterError(`unknown ether proto '${id}'`);
    return (frame) => frame.type === type;
  }
  const wanted = number ?? IP_NUMBERS[name as Protocol];
  if (wanted === undefined) throw new PcapFilterError(`unknown ip proto '${id}'`);
  return (frame) => frame.ipProtocol === wanted;
}

function groupTest(id: string, protocol: Protocol | undefined): FrameTest {
  if (protocol === "ip") {
    return (frame) => {
      const address = frame.isIp ? (frame.read(ETHERNET_HEADER_LENGTH + 16, 4) ?? 0) : 0;
      return id === "multicast" ? address >>> 28 === 14 : address === 0xffffffff;
    };
  }
  return ({ view }) => {
    if (view.byteLength < ETHERNET_HEADER_LENGTH) return false;
    const mac = readMac(view, 0);
    return id === "broadcast" ? formatMac(mac) === BROADCAST : isGroupMac(mac);
  };
}

function etherTest(direction: Qualifiers["direction"], id: string): FrameTest {
  const mac = parseMac(id);
  if (mac === undefined) throw new PcapFilterError(`illegal MAC address: ${id}`);
  const at =
    (place: number): FrameTest =>
    ({ view }) =>
      view.byteLength >= ETHERNET_HEADER_LENGTH && readMac(view, place) === mac;
  return joined(direction, at(6), at(0));
}

interface Net {
  readonly addresses: readonly number[];
  readonly mask: number;
}

function hostOf(id: string, names: ReadonlyMap<string, readonly string[]>): Net {
  const addresses = [parseIp(id), ...(names.get(id) ?? []).map(parseIp)].filter((each) => each !== undefined);
  if (addresses.length === 0) throw new PcapFilterError(`unknown host '${id}'`);
  return { addresses: addresses.map((each) => each >>> 0), mask: 0xffffffff };
}

/** `10.0.0.0/8`, `10.0.0.0 mask 255.0.0.0`, or as many parts as count: `192.168`. */
function netOf(id: string): Net {
  const [written = "", mask] = id.split(" mask ");
  const [parts = "", bits] = written.split("/");
  const count = parts.split(".").length;
  const address = /^\d+(\.\d+){0,3}$/.test(parts) ? parseIp(parts + ".0".repeat(4 - count)) : undefined;
  const length = bits === undefined ? count * 8 : Number(bits);
  const given = mask === undefined ? undefined : parseIp(mask);
  if (address === undefined || !(length <= 32) || (mask !== undefined && given === undefined))
    throw new PcapFilterError(`illegal network: ${id}`);
  const wanted = given === undefined ? (length === 0 ? 0 : (0xffffffff << (32 - length)) >>> 0) : given >>> 0;
  if (((address >>> 0) & ~wanted) !== 0) throw new PcapFilterError(`non-network bits set in "${id}"`);
  return { addresses: [address >>> 0], mask: wanted };
}

/** Addresses of IP's header, or of ARP's sender and target. */
function addressTest(
  protocol: Protocol | undefined,
  direction: Qualifiers["direction"],
  { addresses, mask }: Net,
): FrameTest {
  const isOne = (address: number | undefined): boolean =>
    address !== undefined && addresses.includes((address & mask) >>> 0);
  const at =
    (inIp: number, inArp: number): FrameTest =>
    (frame) => {
      if (frame.isIp && protocol !== "arp") {
        return (
          (protocol === undefined || hasProtocol(frame, protocol)) &&
          isOne(frame.read(ETHERNET_HEADER_LENGTH + inIp, 4))
        );
      }
      const isArp = frame.isArp && (protocol === undefined || protocol === "arp");
      return isArp && isOne(frame.read(headerOf(frame, "arp") + inArp, 4));
    };
  return joined(direction, at(12, 14), at(16, 24));
}
