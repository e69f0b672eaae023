import { ETHERNET_HEADER_LENGTH, ETHERTYPE_ARP, ETHERTYPE_IPV4 } from "../../../wire/ethernet.ts";
/** Words of pcap's filter language that stand for numbers. */
export const NUMBERS: Readonly<Record<string, number>> = {
  tcpflags: 13,
  "tcp-fin": 0x01,
  "tcp-syn": 0x02,
  "tcp-rst": 0x04,
  "tcp-push": 0x08,
  "tcp-ack": 0x10,
  "tcp-urg": 0x20,
  "tcp-ece": 0x40,
  "tcp-cwr": 0x80,
  icmptype: 0,
  icmpcode: 1,
  "icmp-echoreply": 0,
  "icmp-unreach": 3,
  "icmp-sourcequench": 4,
  "icmp-redirect": 5,
  "icmp-echo": 8,
  "icmp-timxceed": 11,
  "icmp-paramprob": 12,
};

export type Protocol = "ether" | "ip" | "arp" | "tcp" | "udp" | "icmp";
export const PROTOCOLS: readonly Protocol[] = ["ether", "ip", "arp", "tcp", "udp", "icmp"];
export const IP_NUMBERS: Readonly<Partial<Record<Protocol, number>>> = { icmp: 1, tcp: 6, udp: 17 };

const ETHERTYPE_AT = 12;

/** One frame, as filters look at it. */
export class Frame {
  readonly view: DataView;
  /** Its length on the wire; more than what of it was kept. */
  readonly length: number;

  constructor(bytes: Uint8Array, length = bytes.length) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.length = length;
  }

  get type(): number {
    return this.view.byteLength < ETHERNET_HEADER_LENGTH ? -1 : this.view.getUint16(ETHERTYPE_AT);
  }

  get isIp(): boolean {
    return this.type === ETHERTYPE_IPV4 && this.view.byteLength >= ETHERNET_HEADER_LENGTH + 20;
  }

  get isArp(): boolean {
    return this.type === ETHERTYPE_ARP && this.view.byteLength >= ETHERNET_HEADER_LENGTH + 28;
  }

  /** The protocol in IP; −1 for what is no IP. */
  get ipProtocol(): number {
    return this.isIp ? this.view.getUint8(ETHERNET_HEADER_LENGTH + 9) : -1;
  }

  /** Where what is in IP begins; −1 where it does not, because this is a later fragment. */
  get inner(): number {
    if (!this.isIp || (this.view.getUint16(ETHERNET_HEADER_LENGTH + 6) & 0x1fff) !== 0) return -1;
    return ETHERNET_HEADER_LENGTH + (this.view.getUint8(ETHERNET_HEADER_LENGTH) & 15) * 4;
  }

  /** A number of 1, 2 or 4 bytes. @returns undefined past the end */
  read(at: number, size: number): number | undefined {
    if (at < 0 || at + size > this.view.byteLength) return undefined;
    return size === 1 ? this.view.getUint8(at) : size === 2 ? this.view.getUint16(at) : this.view.getUint32(at);
  }
}

/** Whether a frame is wanted. */
export type FrameTest = (frame: Frame) => boolean;

/** What is wrong with a filter, in words for people. */
export class PcapFilterError extends Error {}

/** Where a protocol's header begins in a frame; −1 where the frame has none. */
export function headerOf(frame: Frame, protocol: Protocol): number {
  switch (protocol) {
    case "ether":
      return 0;
    case "ip":
      return frame.isIp ? ETHERNET_HEADER_LENGTH : -1;
    case "arp":
      return frame.type === ETHERTYPE_ARP ? ETHERNET_HEADER_LENGTH : -1;
    default:
      return frame.ipProtocol === IP_NUMBERS[protocol] ? frame.inner : -1;
  }
}
