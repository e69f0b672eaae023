import { formatIp, type IpAddress } from "../../../address/ip.ts";
import { finish, sum } from "../../../base/checksum.ts";
import { pseudoHeaderSum } from "../../../transport/pseudo-header.ts";
import {
  ACK,
  acknowledgmentNumber,
  FIN,
  flags,
  headerLength,
  RST,
  SYN,
  sequenceNumber,
  URG,
} from "../../../wire/tcp.ts";
import type { Around, Piece } from "./describe.ts";
import { describeDns } from "./describe-dns.ts";
import { describeHttp } from "./describe-http.ts";

/** Conversations whose first sequence numbers are remembered; then the oldest are forgotten. */
const CONVERSATIONS_LIMIT = 10_000;

/** In tcpdump's order. */
const FLAGS: readonly (readonly [bit: number, letter: string])[] = [
  [FIN, "F"],
  [SYN, "S"],
  [RST, "R"],
  [0x08, "P"],
  [ACK, "."],
  [URG, "U"],
  [0x40, "E"],
  [0x80, "W"],
];

/** What sequence numbers of each direction are counted from. */
interface Base {
  own: number;
  other: number;
}

/** Counts sequence numbers from where conversations began, or from where they were first seen. */
export class TcpConversations {
  readonly #bases = new Map<string, { readonly from: string; readonly base: Base }>();

  /** @returns what to take from the numbers of a segment; zeros for the first of a conversation */
  baseOf(from: string, to: string, sequence: number, acknowledgment: number, isSyn: boolean): Numbers {
    const key = from < to ? `${from} ${to}` : `${to} ${from}`;
    const known = this.#bases.get(key);
    if (known === undefined || isSyn) {
      this.#bases.delete(key);
      this.#bases.set(key, { from, base: { own: sequence, other: acknowledgment - 1 } });
      const [oldest] = this.#bases.keys();
      if (this.#bases.size > CONVERSATIONS_LIMIT && oldest !== undefined) this.#bases.delete(oldest);
      return { own: 0, other: 0, acked: acknowledgment - 1 };
    }
    const { base } = known;
    const [own, other] = known.from === from ? [base.own, base.other] : [base.other, base.own];
    return { own, other, acked: other };
  }
}

/** A segment, as tcpdump words it. @param length octets that IP says it has */
export function describeTcp(piece: Piece, length: number, around: Around): string {
  const { view, at, end } = piece;
  const [source, destination] = [formatIp(around.source as IpAddress), formatIp(around.destination as IpAddress)];
  if (end - at < 20) return `${source} > ${destination}: [|tcp]`;
  const [from, to] = [`${source}.${view.getUint16(at)}`, `${destination}.${view.getUint16(at + 2)}`];
  const header = headerLength(view, at);
  if (header < 20 || header > length) return `${from} > ${to}: Flags [bad hdr length ${header}]`;
  const bits = flags(view, at);
  const names = FLAGS.filter(([bit]) => bits & bit).map(([, letter]) => letter);
  const numbers = numbersOf(piece, from, to, bits, around);
  const data = length - header;
  const { own, other } = numbers;
  const words = [`Flags [${names.join("") || "none"}]`];
  if (around.options.verbose > 0 && !around.fragment) words.push(checksum(piece, length, around));
  const sequence = (sequenceNumber(view, at) - own) >>> 0;
  if (data > 0 || around.options.verbose > 1 || bits & (SYN | FIN | RST))
    words.push(`seq ${sequence}${data > 0 ? `:${(sequence + data) >>> 0}` : ""}`);
  if (bits & ACK) words.push(`ack ${(acknowledgmentNumber(view, at) - other) >>> 0}`);
  words.push(`win ${view.getUint16(at + 14)}`);
  if (bits & URG) words.push(`urg ${view.getUint16(at + 18)}`);
  if (header > 20) words.push(`options [${describeOptions(view, at + 20, Math.min(end, at + header), numbers.acked)}]`);
  words.push(`length ${data}`);
  const body = { view, at: at + header, end };
  return `${from} > ${to}: ${words.filter(Boolean).join(", ")}${describeData(body, view.getUint16(at), view.getUint16(at + 2), around)}`;
}

interface Numbers extends Base {
  /** What SACK's edges are counted from. */
  readonly acked: number;
}

function numbersOf({ view, at }: Piece, from: string, to: string, bits: number, around: Around): Numbers {
  if (around.options.absolute || !(bits & ACK)) return { own: 0, other: 0, acked: 0 };
  const [sequence, acknowledgment] = [sequenceNumber(view, at), acknowledgmentNumber(view, at)];
  return around.conversations.baseOf(from, to, sequence, acknowledgment, (bits & SYN) !== 0);
}

function checksum({ view, at, end }: Piece, length: number, { source, destination }: Around): string {
  if (end - at !== length) return "";
  const found = view.getUint16(at + 16);
  const pseudo = pseudoHeaderSum(source as IpAddress, destination as IpAddress, 6, length);
  const right = finish(sum(view, at, at + 16, pseudo) + sum(view, at + 18, end));
  const hex = (value: number): string => `0x${value.toString(16).padStart(4, "0")}`;
  return `cksum ${hex(found)} (${found === right ? "correct" : `incorrect -> ${hex(right)}`})`;
}

function describeOptions(view: DataView, from: number, to: number, acked: number): string {
  const found: string[] = [];
  for (let at = from; at < to; ) {
    const kind = view.getUint8(at);
    if (kind <= 1) {
      found.push(kind === 0 ? "eol" : "nop");
      if (kind === 0) break;
      at++;
      continue;
    }
    const length = at + 1 < to ? view.getUint8(at + 1) : 0;
    if (length < 2 || at + length > to) {
      found.push("[bad opt]");
      break;
    }
    found.push(describeOption(view, at, kind, length, acked));
    at += length;
  }
  return found.join(",");
}

function describeOption(view: DataView, at: number, kind: number, length: number, acked: number): string {
  if (kind === 2 && length === 4) return `mss ${view.getUint16(at + 2)}`;
  if (kind === 3 && length === 3) return `wscale ${view.getUint8(at + 2)}`;
  if (kind === 4) return "sackOK";
  if (kind === 8 && length === 10) return `TS val ${view.getUint32(at + 2)} ecr ${view.getUint32(at + 6)}`;
  if (kind === 5 && length % 8 === 2) {
    const blocks = Array.from({ length: (length - 2) / 8 }, (_, block) => {
      const edge = (place: number): number => (view.getInt32(at + 2 + block * 8 + place) - acked) >>> 0;
      return `{${edge(0)}:${edge(4)}}`;
    });
    return `sack ${blocks.length} ${blocks.join("")}`;
  }
  return `unknown-${kind}`;
}

const HTTP_PORTS: readonly number[] = [80, 8080, 3128];

function describeData(body: Piece, source: number, destination: number, { options }: Around): string {
  const ports = [source, destination];
  if (body.end <= body.at) return "";
  if (ports.some((port) => HTTP_PORTS.includes(port))) return describeHttp(body, options.verbose);
  // On TCP a message has its length before it (RFC 1035 §4.2.2).
  if (ports.includes(53) && body.end - body.at > 2) {
    return ` ${describeDns({ ...body, at: body.at + 2 }, options.verbose)}`;
  }
  return "";
}
