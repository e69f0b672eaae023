import { formatIp, type IpAddress } from "../../address/ip.ts";
import { PROTOCOL_ICMP, PROTOCOL_TCP } from "../../wire/ipv4.ts";
import { ACK, FIN, PSH, RST, SYN } from "../../wire/tcp.ts";
import { FrameBytes } from "../dissect/index.ts";
import { DROP, EVENTS_PER_CHUNK, IN } from "../log/event-chunk.ts";
import type { EventLog } from "../log/event-log.ts";
import { type ConversationEnds, Datagram, directionIn, endsOf } from "./datagram.ts";
import type { NicPlaces } from "./nic-places.ts";
import type { SequenceArrow, SequenceDiagram } from "./types.ts";

/** Arrows of a diagram. */
export const ARROW_LIMIT = 2000;

/** Deaths that are none of the way: the addressee had it, or it was for somebody else. */
const ARRIVED_ALL_THE_SAME = /^(?:not-for-us|same-port|(?:tcp|udp|icmp)-(?!.*(?:checksum|malformed)).*)$/;

type Arrow = { -readonly [Key in keyof SequenceArrow]: SequenceArrow[Key] };

/** A packet of the conversation on its way, and how it differs from the arrow that is shown of it. */
interface Sent {
  readonly arrow: Arrow;
  readonly device: string;
}

/**
 * What the two ends of a conversation have sent to each other, with when it left and came: read from all events, so that it shows
 * what was lost on its way, and where.
 *
 * @param event of any frame of the conversation @param numberOf a frame's number in the list, 0 for none
 * @returns undefined for what is of no conversation
 */
export function sequenceOf(
  log: EventLog,
  nics: NicPlaces,
  event: number,
  numberOf: (event: number) => number,
): SequenceDiagram | undefined {
  const frame = new FrameBytes();
  const datagram = new Datagram();
  if (!log.has(event)) return undefined;
  log.read(event, frame);
  if (!datagram.read(frame)) return undefined;
  const drawing = new Drawing(log, nics, endsOf(datagram));
  for (let each = log.first; each < log.next && !drawing.truncated; ) {
    const chunk = log.chunkOf(each);
    const base = each - (each % EVENTS_PER_CHUNK);
    for (let row = each - base; row < chunk.count && !drawing.truncated; row++) drawing.take(base + row);
    each = base + chunk.count;
  }
  return drawing.finish(numberOf);
}

class Drawing {
  truncated = false;
  readonly #log: EventLog;
  readonly #nics: NicPlaces;
  readonly #ends: ConversationEnds;
  readonly #arrows: Arrow[] = [];
  /** By packet id: of what left, and of its copies. */
  readonly #sent = new Map<number, Sent>();
  /** The devices that the ends are, as far as one is known to have sent or got something. */
  readonly #devices: (string | undefined)[] = [undefined, undefined];
  /** Who got what went to an end that has sent nothing yet. */
  readonly #guess: (string | undefined)[] = [undefined, undefined];
  /** By direction: the first sending of each number; and how far it has sent, and from where numbers count. */
  readonly #first: Map<number, Arrow>[] = [new Map(), new Map()];
  readonly #reach: (number | undefined)[] = [undefined, undefined];
  readonly #bases: (number | undefined)[] = [undefined, undefined];
  #handshake = 0;
  #closing = false;
  readonly #frame = new FrameBytes();
  readonly #datagram = new Datagram();

  constructor(log: EventLog, nics: NicPlaces, ends: ConversationEnds) {
    this.#log = log;
    this.#nics = nics;
    this.#ends = ends;
  }

  take(event: number): void {
    const log = this.#log;
    const chunk = log.chunkOf(event);
    const row = event % EVENTS_PER_CHUNK;
    const packet = chunk.packet(row);
    const known = this.#sent.get(packet);
    const direction = chunk.direction(row);
    if (known !== undefined) this.#moves(known, event, direction);
    else if (direction !== IN) this.#leaves(event, packet, chunk.original(row), direction);
  }

  /** A packet that was seen leaving comes, or dies. */
  #moves({ arrow, device }: Sent, event: number, direction: number): void {
    const { at, nic, reason } = this.#log.event(event);
    const place = this.#nics[nic];
    if (direction === DROP) {
      if (reason !== undefined && !ARRIVED_ALL_THE_SAME.test(reason) && arrow.arrived === undefined)
        arrow.lost = reason;
      else if (reason === "fcs-error" || reason?.endsWith("-checksum")) arrow.lost = reason;
      return;
    }
    if (direction !== IN || place === undefined || (place.device === device && !place.isLoopback)) return;
    const end = this.#devices[arrow.to];
    // Before the other end has sent anything, the last device that gets it is taken for it.
    if (end !== undefined && end !== place.device) return;
    if (end === undefined || arrow.arrived === undefined) {
      arrow.arrived = at;
      delete arrow.lost;
    }
    this.#guess[arrow.to] = place.device;
  }

  #leaves(event: number, packet: number, original: number, how: number): void {
    const log = this.#log;
    log.read(event, this.#frame);
    const { start, end } = this.#frame;
    if (end === start || !this.#datagram.read(this.#frame)) return;
    const direction = directionIn(this.#ends, this.#datagram);
    if (direction < 0) return;
    const whole = original === 0 ? undefined : this.#sent.get(original);
    if (whole !== undefined) {
      this.#sent.set(packet, whole); // a hub's copy, or one that a cable made
      return;
    }
    if (this.#arrows.length === ARROW_LIMIT) {
      this.truncated = true;
      return;
    }
    const device = this.#nics[log.nic(event)]?.device ?? "";
    this.#devices[direction] ??= device;
    const arrow = this.#draw(event, direction as 0 | 1);
    if (how === DROP) arrow.lost = log.reason(event);
    this.#arrows.push(arrow);
    this.#sent.set(packet, { arrow, device });
  }

  #draw(event: number, direction: 0 | 1): Arrow {
    const { protocol, flags, start, end } = this.#datagram;
    const length = end - start;
    const arrow: Arrow = {
      ...{ event, number: 0, from: direction, to: 1 - direction, left: this.#log.at(event) },
      ...{ label: "", phase: length > 0 ? "data" : "other", length },
    };
    if (protocol !== PROTOCOL_TCP) {
      arrow.label = protocol === PROTOCOL_ICMP ? this.#icmpLabel() : `Len=${length}`;
      return arrow;
    }
    this.#again(arrow, direction, length);
    arrow.label = this.#label(direction, length);
    if ((flags & SYN) !== 0) {
      arrow.phase = "handshake";
      this.#handshake = (flags & ACK) !== 0 ? 2 : 1;
      this.#closing = false;
    } else if ((flags & (FIN | RST)) !== 0) {
      arrow.phase = "close";
      this.#closing = true;
    } else if (this.#handshake === 2 && (flags & ACK) !== 0 && length === 0) {
      arrow.phase = "handshake";
      this.#handshake = 3;
    } else if (length > 0) this.#handshake = 3;
    else if (this.#closing) arrow.phase = "close";
    return arrow;
  }

  /** Links what is sent again to where it was sent first. */
  #again(arrow: Arrow, direction: 0 | 1, length: number): void {
    const { sequence, flags } = this.#datagram;
    const first = this.#first[direction] as Map<number, Arrow>;
    const reach = this.#reach[direction];
    const anew = (flags & SYN) !== 0 && first.get(sequence) === undefined;
    if (this.#bases[direction] === undefined || anew) {
      this.#bases[direction] = (flags & SYN) !== 0 ? sequence : (sequence - 1) | 0;
      if (anew) first.clear();
    }
    const taken = length + ((flags & SYN) !== 0 ? 1 : 0) + ((flags & FIN) !== 0 ? 1 : 0);
    if (taken === 0) return;
    const ends = (sequence + taken) | 0;
    if (reach !== undefined && !anew && ((reach - sequence) | 0) > 0) {
      let before = first.get(sequence);
      // It may begin within what was sent as one.
      if (before === undefined) for (const [number, each] of first) if (((number - sequence) | 0) < 0) before = each;
      if (before !== undefined) arrow.again = before.event;
    } else first.set(sequence, arrow);
    if (reach === undefined || anew || ((ends - reach) | 0) > 0) this.#reach[direction] = ends;
  }

  /** `"SYN, ACK Seq=0 Ack=1 Win=65160"` */
  #label(direction: 0 | 1, length: number): string {
    const { flags, sequence, acknowledgment, window } = this.#datagram;
    const names = FLAG_NAMES.filter(([bit]) => (flags & bit) !== 0).map(([, name]) => name);
    const base = this.#bases[direction] as number;
    const peer = this.#bases[1 - direction] ?? (acknowledgment - 1) | 0;
    const ack = (flags & ACK) !== 0 ? ` Ack=${(acknowledgment - peer) >>> 0}` : "";
    const len = length > 0 ? ` Len=${length}` : "";
    return `${names.join(", ") || "none"} Seq=${(sequence - base) >>> 0}${ack} Win=${window}${len}`;
  }

  #icmpLabel(): string {
    const { view, start } = this.#frame;
    const at = start + 14 + (view.getUint8(start + 14) & 15) * 4;
    const type = view.getUint8(at);
    if (type === 8) return `Echo request seq=${view.getUint16(at + 6)}`;
    return type === 0 ? `Echo reply seq=${view.getUint16(at + 6)}` : `ICMP type ${type} code ${view.getUint8(at + 1)}`;
  }

  finish(numberOf: (event: number) => number): SequenceDiagram {
    const { protocol, address, port, peerAddress, peerPort } = this.#ends;
    // The client is who sent the first of all; it stands first.
    const swapped = this.#arrows[0]?.from === 1;
    const sides: readonly [IpAddress, number, number][] = [
      [address, port, 0],
      [peerAddress, peerPort, 1],
    ];
    const ends = (swapped ? [...sides].reverse() : sides).map(([each, at, side]) => ({
      name: this.#devices[side] ?? this.#guess[side] ?? "",
      address: formatIp(each),
      port: at,
    }));
    const arrows = this.#arrows.map(
      (arrow): SequenceArrow => ({
        ...arrow,
        number: numberOf(arrow.event),
        from: swapped ? 1 - arrow.from : arrow.from,
        to: swapped ? 1 - arrow.to : arrow.to,
      }),
    );
    const name = protocol === PROTOCOL_TCP ? "TCP" : protocol === PROTOCOL_ICMP ? "ICMP" : "UDP";
    const [one, other] = ends.map((end) =>
      end.port === 0 || protocol === PROTOCOL_ICMP ? end.address : `${end.address}:${end.port}`,
    );
    return { title: `${name} ${one} ↔ ${other}`, ends, arrows, truncated: this.truncated };
  }
}

const FLAG_NAMES: readonly [number, string][] = [
  [FIN, "FIN"],
  [SYN, "SYN"],
  [RST, "RST"],
  [PSH, "PSH"],
  [ACK, "ACK"],
];
