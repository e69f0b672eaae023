import { formatIp, type IpAddress } from "../../../address/ip.ts";
import { formatMac, readMac } from "../../../address/mac.ts";
import { finish, sum } from "../../../base/checksum.ts";
import { ETHERNET_HEADER_LENGTH, ETHERTYPE_ARP, ETHERTYPE_IPV4 } from "../../../wire/ethernet.ts";
import { describeIcmp } from "./describe-icmp.ts";
import { describeTcp, TcpConversations } from "./describe-tcp.ts";
import { describeUdp } from "./describe-udp.ts";

export interface DescribeOptions {
  /** 0, or as many as there were -v. */
  readonly verbose: number;
  /** Link addresses as well (-e). */
  readonly link: boolean;
  /** Sequence numbers as they are sent (-S). */
  readonly absolute: boolean;
}

/** A place in a frame's bytes: a header that begins at `at`, in what ends before `end`. */
export interface Piece {
  readonly view: DataView;
  readonly at: number;
  readonly end: number;
}

/** What IP says to what it carries. */
export interface Around {
  readonly source: number;
  readonly destination: number;
  /** It is not whole: the checksum says nothing. */
  readonly fragment: boolean;
  readonly options: DescribeOptions;
  readonly conversations: TcpConversations;
  /** Describes the datagram in an error. */
  readonly inner: (piece: Piece) => string;
}

const TYPES: Readonly<Record<number, string>> = { 2048: "IPv4", 2054: "ARP", 34525: "IPv6" };
const PROTOCOLS: Readonly<Record<number, string>> = { 1: "ICMP", 2: "IGMP", 6: "TCP", 17: "UDP", 47: "GRE" };
const ECN = ["", ",ECT(1)", ",ECT(0)", ",CE"];
const IP_OPTIONS: Readonly<Record<number, string>> = {
  0: "EOL",
  1: "NOP",
  7: "RR",
  68: "TS",
  131: "LSRR",
  137: "SSRR",
};

/** Says of frames what tcpdump says of them, addresses and ports as numbers. */
export class FrameDescriber {
  readonly #options: DescribeOptions;
  readonly #conversations = new TcpConversations();

  constructor(options: DescribeOptions) {
    this.#options = options;
  }

  /** One frame, without its time. @param length octets on the wire */
  describe(bytes: Uint8Array, length = bytes.length): string {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (bytes.length < ETHERNET_HEADER_LENGTH) return "[|ether]";
    const type = view.getUint16(12);
    const piece = { view, at: ETHERNET_HEADER_LENGTH, end: bytes.length };
    const { link } = this.#options;
    const head = link ? this.#link(view, type, length) : "";
    if (type === ETHERTYPE_IPV4) return `${head}${this.#ipv4(piece, !link)}`;
    if (type === ETHERTYPE_ARP)
      return `${head}${link ? "" : "ARP, "}${this.#arp(piece, length - ETHERNET_HEADER_LENGTH)}`;
    const hex = type.toString(16).padStart(4, "0");
    return `${head}${link ? "" : `${this.#ends(view)}, ethertype ${TYPES[type] ?? "Unknown"} (0x${hex}), length ${length}: `}`;
  }

  #ends(view: DataView): string {
    return `${formatMac(readMac(view, 6))} > ${formatMac(readMac(view, 0))}`;
  }

  #link(view: DataView, type: number, length: number): string {
    const hex = type.toString(16).padStart(4, "0");
    return `${this.#ends(view)}, ethertype ${TYPES[type] ?? "Unknown"} (0x${hex}), length ${length}: `;
  }

  #arp({ view, at, end }: Piece, length: number): string {
    if (end - at < 28) return "[|arp]";
    const address = (place: number): string => formatIp(view.getInt32(at + place) as IpAddress);
    const kinds = this.#options.verbose > 0 ? "Ethernet (len 6), IPv4 (len 4), " : "";
    const operation = view.getUint16(at + 6);
    const [sender, target] = [address(14), address(24)];
    const asked = formatMac(readMac(view, at + 18));
    const hint = asked === "00:00:00:00:00:00" ? "" : ` (${asked})`;
    const what =
      operation === 1
        ? `Request who-has ${target}${hint} tell ${sender}`
        : operation === 2
          ? `Reply ${sender} is-at ${formatMac(readMac(view, at + 8))}`
          : `Unknown (${operation})`;
    return `${kinds}${what}, length ${length}`;
  }

  #ipv4({ view, at, end }: Piece, named: boolean): string {
    const name = named ? "IP " : "";
    if (end - at < 20) return `${name}[|ip]`;
    const headerLength = (view.getUint8(at) & 15) * 4;
    const length = view.getUint16(at + 2);
    if (headerLength < 20) return `${name}bad-hlen ${headerLength}`;
    if (length < headerLength) return `${name}bad-len ${length}`;
    const whole = Math.min(end, at + length);
    const source = view.getInt32(at + 12);
    const destination = view.getInt32(at + 16);
    const fragment = view.getUint16(at + 6);
    const protocol = view.getUint8(at + 9);
    const head = this.#options.verbose > 0 ? `${describeHeader(view, at, headerLength)}\n    ` : "";
    const ends = `${formatIp(source as IpAddress)} > ${formatIp(destination as IpAddress)}: `;
    if ((fragment & 0x1fff) !== 0) return `${name}${head}${ends}ip-proto-${protocol}`;
    const around: Around = {
      ...{
        source,
        destination,
        fragment: (fragment & 0x2000) !== 0,
        options: this.#options,
        conversations: this.#conversations,
      },
      inner: (piece) => this.#ipv4(piece, named),
    };
    const piece = { view, at: at + headerLength, end: whole };
    const carried = length - headerLength;
    if (protocol === 6) return `${name}${head}${describeTcp(piece, carried, around)}`;
    if (protocol === 17) return `${name}${head}${describeUdp(piece, carried, around)}`;
    if (protocol === 1) return `${name}${head}${ends}${describeIcmp(piece, carried, around)}`;
    return `${name}${head}${ends} ip-proto-${protocol} ${carried}`;
  }
}

/** `"(tos 0x0, ttl 64, id 1, offset 0, flags [DF], proto TCP (6), length 60)"` */
function describeHeader(view: DataView, at: number, headerLength: number): string {
  const tos = view.getUint8(at + 1);
  const fragment = view.getUint16(at + 6);
  const flags = [fragment & 0x2000 ? "+" : "", fragment & 0x4000 ? "DF" : "", fragment & 0x8000 ? "rsvd" : ""];
  const protocol = view.getUint8(at + 9);
  const fits = at + headerLength <= view.byteLength;
  const right = finish(fits ? sum(view, at, at + headerLength) : 0xffff) === 0;
  const checksum = view.getUint16(at + 10);
  return (
    `(tos 0x${tos.toString(16)}${ECN[tos & 3]}, ttl ${view.getUint8(at + 8)}, id ${view.getUint16(at + 4)}, ` +
    `offset ${(fragment & 0x1fff) * 8}, flags [${flags.filter(Boolean).join(", ") || "none"}], ` +
    `proto ${PROTOCOLS[protocol] ?? "unknown"} (${protocol}), length ${view.getUint16(at + 2)}` +
    `${headerLength > 20 && fits ? `, options (${describeOptions(view, at + 20, at + headerLength)})` : ""}` +
    `${right || !fits ? "" : `, bad cksum ${checksum.toString(16)} (->${rightSum(view, at, headerLength).toString(16)})!`})`
  );
}

function rightSum(view: DataView, at: number, headerLength: number): number {
  return finish(sum(view, at, at + 10) + sum(view, at + 12, at + headerLength));
}

function describeOptions(view: DataView, from: number, to: number): string {
  const found: string[] = [];
  for (let at = from; at < to; ) {
    const kind = view.getUint8(at);
    found.push(IP_OPTIONS[kind] ?? `unknown ${kind}`);
    if (kind === 0) break;
    const length = kind === 1 ? 1 : at + 1 < to ? view.getUint8(at + 1) : 0;
    if (length < 1 || (kind !== 1 && length < 2)) break;
    at += length;
  }
  return found.join(",");
}
