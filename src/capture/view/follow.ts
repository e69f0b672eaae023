import { toBase64 } from "../../base/base64.ts";
import { PROTOCOL_TCP, PROTOCOL_UDP } from "../../wire/ipv4.ts";
import { FIN, SYN } from "../../wire/tcp.ts";
import type { DecipheredPiece } from "../dissect/capture-dissection.ts";
import { FrameBytes } from "../dissect/index.ts";
import { type ConversationEnds, Datagram, directionIn, endText } from "./datagram.ts";
import type { PacketView } from "./packet-view.ts";
import type { FollowedStream, StreamPiece } from "./types.ts";

/** Octets of a stream that are given, and pieces of it. */
export const FOLLOW_LIMIT = 2 ** 20;
const PIECES_LIMIT = 20_000;
/** Segments of one direction that wait for those before them. */
const WAITING_LIMIT = 10_000;

/** Fates of frames that nobody has read. */
const LOST = /^(?:cable-|fcs-|no-carrier|queue-full|nic-down)/;

interface Segment {
  readonly sequence: number;
  readonly bytes: Uint8Array;
  readonly number: number;
}

/**
 * What both sides of a conversation have said, in order and each octet once, as a view has it.
 * @param event of a frame of the conversation
 * @param layer the connection's own bytes, where TLS was deciphered in it; unless it is told, what was deciphered
 * @returns undefined for what is of none
 */
export function follow(view: PacketView, event: number, layer?: "tcp" | "tls"): FollowedStream | undefined {
  const conversation = view.dissection.conversationOf(view.numberOf(event));
  if (conversation === undefined) return undefined;
  const { protocol, stream, address, port, peerAddress, peerPort } = conversation;
  const ends = { protocol: protocol === "tcp" ? PROTOCOL_TCP : PROTOCOL_UDP, address, port, peerAddress, peerPort };
  const reader = new StreamReader(view, ends);
  const inside = view.dissection.inside(conversation);
  if (inside !== undefined && layer !== "tcp") reader.takeAll(inside);
  else {
    for (let index = 0; index < conversation.frames.length && !reader.isFull; index++) {
      reader.take(conversation.frames.at(index));
    }
    reader.end();
  }
  return {
    ...(inside !== undefined && { layer: layer ?? "tls" }),
    filter: `${protocol}.stream eq ${stream}`,
    client: endText(address, port),
    server: endText(peerAddress, peerPort),
    pieces: reader.pieces,
    missing: reader.missing,
    truncated: reader.isFull,
  };
}

class StreamReader {
  readonly pieces: StreamPiece[] = [];
  missing = 0;
  readonly #view: PacketView;
  readonly #ends: ConversationEnds;
  readonly #frame = new FrameBytes();
  readonly #datagram = new Datagram();
  /** By direction: the number that the next octet has, and what came too early. */
  readonly #next: (number | undefined)[] = [undefined, undefined];
  readonly #waiting: Segment[][] = [[], []];
  #bytes = 0;

  constructor(view: PacketView, ends: ConversationEnds) {
    this.#view = view;
    this.#ends = ends;
  }

  get isFull(): boolean {
    return this.#bytes >= FOLLOW_LIMIT || this.pieces.length >= PIECES_LIMIT;
  }

  take(number: number): void {
    const datagram = this.#datagram;
    const { frames } = this.#view;
    // What never came says nothing, and comes again.
    if (LOST.test(frames.fate(number) ?? "") || !frames.read(number, this.#frame) || !datagram.read(this.#frame))
      return;
    const direction = directionIn(this.#ends, datagram);
    if (direction < 0) return;
    const bytes = this.#frame.bytes.slice(datagram.start, datagram.end);
    if (datagram.protocol === PROTOCOL_UDP) {
      if (bytes.length > 0) this.#add(direction as 0 | 1, number, bytes);
      return;
    }
    const syn = (datagram.flags & SYN) !== 0;
    const sequence = (datagram.sequence + (syn ? 1 : 0)) | 0;
    this.#next[direction] ??= sequence;
    if (bytes.length > 0 || (datagram.flags & FIN) !== 0)
      this.#segment(direction as 0 | 1, { sequence, bytes, number });
    if ((this.#waiting[direction] as Segment[]).length >= WAITING_LIMIT) this.#skip(direction as 0 | 1);
  }

  /** Takes what is in order already. */
  takeAll(pieces: Iterable<DecipheredPiece>): void {
    for (const { direction, frame, bytes } of pieces) {
      if (this.isFull) return;
      this.#add(direction, frame, bytes);
    }
  }

  /** What waits for bytes that never came is given with a gap. */
  end(): void {
    for (const direction of [0, 1] as const)
      while ((this.#waiting[direction] as Segment[]).length > 0) this.#skip(direction);
  }

  #segment(direction: 0 | 1, segment: Segment): void {
    const waiting = this.#waiting[direction] as Segment[];
    const next = this.#next[direction] as number;
    if (((segment.sequence - next) | 0) > 0) {
      let at = waiting.length;
      while (at > 0 && (((waiting[at - 1] as Segment).sequence - segment.sequence) | 0) > 0) at--;
      waiting.splice(at, 0, segment);
      return;
    }
    this.#deliver(direction, segment);
    for (let first = waiting[0]; first !== undefined; first = waiting[0]) {
      if (((first.sequence - (this.#next[direction] as number)) | 0) > 0) break;
      waiting.shift();
      this.#deliver(direction, first);
    }
  }

  #deliver(direction: 0 | 1, { sequence, bytes, number }: Segment): void {
    const known = ((this.#next[direction] as number) - sequence) | 0;
    if (known >= bytes.length) return;
    this.#next[direction] = (sequence + bytes.length) | 0;
    this.#add(direction, number, bytes.subarray(known));
  }

  #skip(direction: 0 | 1): void {
    const first = (this.#waiting[direction] as Segment[]).shift();
    if (first === undefined) return;
    const gap = (first.sequence - (this.#next[direction] as number)) | 0;
    if (gap > 0) {
      this.missing += gap;
      this.#next[direction] = first.sequence;
    }
    this.#segment(direction, first);
  }

  #add(direction: 0 | 1, number: number, bytes: Uint8Array): void {
    if (this.isFull) return;
    const kept = bytes.subarray(0, FOLLOW_LIMIT - this.#bytes);
    this.#bytes += kept.length;
    const { frames } = this.#view;
    const event = frames.event(number);
    this.pieces.push({ direction, number, event, time: frames.log.at(event), bytes: toBase64(kept) });
  }
}
