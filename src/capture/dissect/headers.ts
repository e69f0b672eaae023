import type { IpAddress } from "../../address/ip.ts";
import { ETHERNET_HEADER_LENGTH, ETHERTYPE_ARP, ETHERTYPE_IPV4 } from "../../wire/ethernet.ts";
import { PROTOCOL_TCP, PROTOCOL_UDP } from "../../wire/ipv4.ts";
import type { ConversationKey } from "./conversations.ts";
import { FrameBytes } from "./frames.ts";

/** Where the headers of a frame stand: read in the first pass, and filled in again for each frame. */
export class Headers implements ConversationKey {
  readonly frame = new FrameBytes();
  kind: "arp" | "ip" | "other" = "other";
  /** Where the IP header begins, its length, and where the datagram ends in the frame. */
  ip = 0;
  ipHeader = 0;
  ipEnd = 0;
  source = 0 as IpAddress;
  destination = 0 as IpAddress;
  ipProtocol = 0;
  identification = 0;
  /** Octets; and whether more come after it. */
  fragmentOffset = 0;
  moreFragments = false;

  /** What the datagram carries, which fragments have somewhere else: `bytes[start, end)`. */
  readonly payload = new FrameBytes();
  protocol: "tcp" | "udp" = "tcp";
  link = -1;
  sourcePort = 0;
  destinationPort = 0;
  /** Where the message in UDP, or the data of TCP, begins; it ends with the payload or before. */
  data = 0;
  dataEnd = 0;

  /** Reads Ethernet's header and IP's. */
  read(): void {
    const { view, start, end } = this.frame;
    this.kind = "other";
    if (end - start < ETHERNET_HEADER_LENGTH) return;
    const type = view.getUint16(start + 12);
    if (type === ETHERTYPE_ARP) this.kind = "arp";
    else if (type === ETHERTYPE_IPV4 && this.#ipv4(start + ETHERNET_HEADER_LENGTH, end)) this.kind = "ip";
  }

  #ipv4(at: number, end: number): boolean {
    const { view, bytes } = this.frame;
    if (end - at < 20) return false;
    const first = view.getUint8(at);
    const header = (first & 15) * 4;
    const total = view.getUint16(at + 2);
    if (first >> 4 !== 4 || header < 20 || total < header || end - at < header) return false;
    const fragment = view.getUint16(at + 6);
    this.ip = at;
    this.ipHeader = header;
    this.ipEnd = Math.min(end, at + total);
    this.identification = view.getUint16(at + 4);
    this.fragmentOffset = (fragment & 0x1fff) * 8;
    this.moreFragments = (fragment & 0x2000) !== 0;
    this.ipProtocol = view.getUint8(at + 9);
    this.source = view.getInt32(at + 12) as IpAddress;
    this.destination = view.getInt32(at + 16) as IpAddress;
    const { payload } = this;
    payload.bytes = bytes;
    payload.view = view;
    payload.start = at + header;
    payload.end = this.ipEnd;
    return true;
  }

  /** Reads a datagram that another quotes, whose end may be missing. */
  readDatagram(at: number, end: number): void {
    this.kind = this.#ipv4(at, end) ? "ip" : "other";
  }

  /** Reads the ports alone, of what may be no whole header. */
  readPorts(): boolean {
    const { view, start, end } = this.payload;
    if ((this.ipProtocol !== PROTOCOL_UDP && this.ipProtocol !== PROTOCOL_TCP) || end - start < 4) return false;
    this.protocol = this.ipProtocol === PROTOCOL_UDP ? "udp" : "tcp";
    this.sourcePort = view.getUint16(start);
    this.destinationPort = view.getUint16(start + 2);
    return true;
  }

  get isFragment(): boolean {
    return this.moreFragments || this.fragmentOffset > 0;
  }

  /** Reads the ports of {@link payload}. @returns whether it is whole enough to belong to a conversation */
  readTransport(): boolean {
    const { view, start, end } = this.payload;
    if (this.ipProtocol === PROTOCOL_UDP) {
      if (end - start < 8) return false;
      const length = view.getUint16(start + 4);
      if (length < 8 && length !== 0) return false;
      this.protocol = "udp";
      this.data = start + 8;
      this.dataEnd = length === 0 ? end : Math.min(end, start + length);
    } else if (this.ipProtocol === PROTOCOL_TCP) {
      if (end - start < 20) return false;
      const header = (view.getUint8(start + 12) >> 4) * 4;
      this.protocol = "tcp";
      this.data = Math.min(end, start + header);
      this.dataEnd = end;
    } else {
      return false;
    }
    this.sourcePort = view.getUint16(start);
    this.destinationPort = view.getUint16(start + 2);
    return true;
  }
}
