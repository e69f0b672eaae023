import { ETHERNET_HEADER_LENGTH, ETHERTYPE_ARP, ETHERTYPE_IPV4 } from "../../wire/ethernet.ts";
import { PROTOCOL_ICMP, PROTOCOL_TCP, PROTOCOL_UDP } from "../../wire/ipv4.ts";
import type { DissectionOptions } from "./capture-dissection.ts";
import type { Conversation } from "./conversations.ts";
import { timeOf } from "./dissect-datagram.ts";
import type { FieldDefinition, FieldValue, Found } from "./field.ts";
import type { FirstPass } from "./first-pass.ts";
import type { FrameAbout } from "./frames.ts";
import { Headers } from "./headers.ts";
import { ICMP_ERRORS } from "./icmp-layer.ts";
import { PLAIN_FIELDS } from "./plain-fields.ts";
import { Layer } from "./plain-reading.ts";

/** Hardware type Ethernet, protocol type IPv4; their lengths; octets of such a packet (RFC 826). */
const ARP_TYPES = 0x0001_0800;
const ARP_LENGTHS = 0x0604;
const ARP_PACKET = 28;

/**
 * Reads single fields of one frame after another out of their headers and of what the first pass knows, without a dissection.
 * It does so for plain frames: whole headers, nothing in fragments, no datagram that another quotes. All else, which is rare, it
 * leaves to the dissection; both find the same.
 */
export class PlainFrame {
  readonly headers = new Headers();
  readonly options: DissectionOptions;
  readonly pass: FirstPass;
  number = 0;
  /** Octets that were given as values of this frame: what they are compared with takes time. */
  octets = 0;
  /** Octets of the header of TCP. */
  tcpHeader = 0;
  /** Bits of {@link Layer}; 0 for a frame that is not plain. */
  #layers = 0;
  #isRead = false;
  #about: FrameAbout | undefined;
  #definition!: FieldDefinition;
  #into: Found[] = [];

  constructor(options: DissectionOptions, pass: FirstPass) {
    this.options = options;
    this.pass = pass;
  }

  /** Goes to another frame, which is read when it is asked for a field. */
  moveTo(number: number): void {
    this.number = number;
    this.octets = 0;
    this.#isRead = false;
    this.#about = undefined;
  }

  /** Adds all fields of a name. @returns false when it takes a dissection to tell */
  find(name: string, into: Found[]): boolean {
    const field = PLAIN_FIELDS.get(name);
    if (field === undefined) return false;
    if (!this.#isRead) {
      this.#isRead = true;
      this.#layers = this.#read();
    }
    if (this.#layers === 0) return false;
    if ((this.#layers & field.layer) === 0) return true;
    this.#definition = field.definition;
    this.#into = into;
    field.read(this, this.#give);
    return true;
  }

  /** The bytes that a field stands for; those of a protocol go on to the end of its datagram or frame. */
  bytes({ definition, offset, length }: Found): Uint8Array {
    const { frame, ip, ipEnd } = this.headers;
    const own = frame.bytes.subarray(frame.start, frame.end);
    if (definition.type !== "protocol") return own.subarray(offset, offset + length);
    const inDatagram = (this.#layers & Layer.ip) !== 0 && frame.start + offset >= ip;
    const end = Math.max(offset + length, inDatagram ? ipEnd - frame.start : own.length);
    this.octets += end - offset;
    return own.subarray(offset, end);
  }

  get about(): FrameAbout {
    this.#about ??= this.options.frames.about(this.number);
    return this.#about;
  }

  get conversation(): Conversation {
    return this.pass.conversations.all[this.pass.table.conversation[this.number] as number] as Conversation;
  }

  /** Nanoseconds since another frame; 0 where that is not kept. */
  since(other: number): number {
    const { time } = this.headers.frame;
    return time - timeOf(this.options, other, time);
  }

  /** Nanoseconds since the frame before it in its conversation; 0 for none. */
  get sincePrevious(): number {
    const previous = this.pass.table.previous[this.number] ?? 0;
    return previous === 0 ? 0 : this.since(previous);
  }

  readonly #give = (value: FieldValue, length: number, offset = 0): void => {
    if (value instanceof Uint8Array) this.octets += value.length;
    this.#into.push({ definition: this.#definition, value, source: 0, offset, length });
  };

  #read(): number {
    const { headers, number, pass } = this;
    const { frame } = headers;
    if (number < 1 || number > pass.examined || !this.options.frames.read(number, frame)) return 0;
    const { view, start, end } = frame;
    if (end - start < ETHERNET_HEADER_LENGTH) return 0;
    const outer = Layer.frame | Layer.eth;
    const type = view.getUint16(start + 12);
    if (type === ETHERTYPE_ARP) return this.#isPlainArp(start + ETHERNET_HEADER_LENGTH) ? outer | Layer.arp : 0;
    if (type !== ETHERTYPE_IPV4) return outer;
    headers.read();
    if (headers.kind !== "ip" || headers.ipHeader !== 20 || headers.isFragment) return 0;
    const inner = this.#transport();
    return inner === undefined ? 0 : outer | Layer.ip | inner;
  }

  #isPlainArp(at: number): boolean {
    const { view, end } = this.headers.frame;
    return end - at >= ARP_PACKET && view.getUint32(at) === ARP_TYPES && view.getUint16(at + 4) === ARP_LENGTHS;
  }

  /** @returns undefined when it is not plain */
  #transport(): number | undefined {
    const { headers } = this;
    const { view, start, end } = headers.payload;
    if (headers.ipProtocol === PROTOCOL_ICMP) {
      return end - start >= 8 && !ICMP_ERRORS.has(view.getUint8(start)) ? Layer.icmp : undefined;
    }
    if (headers.ipProtocol !== PROTOCOL_TCP && headers.ipProtocol !== PROTOCOL_UDP) return 0;
    if (!headers.readTransport() || (this.pass.table.conversation[this.number] ?? -1) < 0) return undefined;
    if (headers.ipProtocol === PROTOCOL_UDP) {
      const length = view.getUint16(start + 4);
      return length >= 8 && length <= end - start ? Layer.udp : undefined;
    }
    this.tcpHeader = (view.getUint8(start + 12) >> 4) * 4;
    return this.tcpHeader >= 20 && this.tcpHeader <= end - start ? Layer.tcp : undefined;
  }
}
