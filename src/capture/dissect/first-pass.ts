import { PROTOCOL_ICMP, PROTOCOL_TCP, PROTOCOL_UDP } from "../../wire/ipv4.ts";
import { ACK, FIN, RST, SYN } from "../../wire/tcp.ts";
import { AddressUsers } from "./address-users.ts";
import { type Conversation, Conversations } from "./conversations.ts";
import type { DatagramContext, DatagramDissector, StreamDissector } from "./dissector.ts";
import { Echoes } from "./echoes.ts";
import { Fragments, reassemble } from "./fragments.ts";
import { FIRST_MESSAGE, FrameTable, isRepetition, LAST_MESSAGE, Protocols } from "./frame-table.ts";
import type { FrameBytes, FrameSource } from "./frames.ts";
import { Headers } from "./headers.ts";
import { ICMP_ERRORS } from "./icmp-layer.ts";
import { nothing } from "./nothing.ts";
import { type Finding, type Segment, TcpAnalysis } from "./tcp-analysis.ts";
import { type OptionsScanned, SACK_BLOCKS, scanOptions } from "./tcp-options-layer.ts";
import { TcpStreams } from "./tcp-streams.ts";

/** What a few segments have beside what all have. */
export interface SegmentDetail {
  readonly rto: number;
  readonly rtoFrame: number;
  readonly duplicateNumber: number;
  readonly duplicateFrame: number;
}

interface Options {
  readonly frames: FrameSource;
  readonly datagrams: readonly DatagramDissector[];
  readonly streams: readonly StreamDissector[];
  readonly perLink: boolean;
  readonly plain?: ReadonlyMap<number, string>;
}

/** Goes over the frames once, in order, and keeps what later looks at one frame need of the others. */
export class FirstPass {
  readonly table = new FrameTable();
  readonly conversations = new Conversations();
  readonly fragments = new Fragments();
  readonly echoes = new Echoes();
  readonly addressUsers = new AddressUsers();
  readonly streams: TcpStreams;
  /** By {@link Conversation.id}. */
  readonly analyses: (TcpAnalysis | undefined)[] = [];
  readonly details = new Map<number, SegmentDetail>();
  /** What a FIN is to its conversation. */
  readonly closing = new Map<number, "active" | "passive">();
  /** What datagram dissectors keep of a conversation, by its id. */
  readonly memories: (Map<string, unknown> | undefined)[] = [];
  /** Each protocol of messages, and the place of its bit behind {@link FIRST_MESSAGE}. */
  readonly messageBits = new Map<string, number>();
  readonly scratch = new Headers();
  examined = 0;
  /** The time of the first frame that was seen. */
  firstTime = 0;
  readonly #options: Options;
  readonly #groups: string[] = [];
  readonly #datagramsByPort = new Map<number, DatagramDissector>();
  readonly #segment: Segment & OptionsScanned = {
    ...{ frame: 0, time: 0, sequence: 0, ack: 0, flags: 0, window: 0, length: 0 },
    ...{ edges: new Int32Array(2 * SACK_BLOCKS), blocks: 0, shift: -1 },
  };
  readonly #finding: Finding = blankFinding();

  constructor(options: Options) {
    this.#options = options;
    for (const { protocol, group } of [...options.datagrams, ...options.streams]) {
      if (this.messageBits.has(protocol)) continue;
      this.messageBits.set(protocol, Math.min(this.messageBits.size, LAST_MESSAGE - FIRST_MESSAGE));
      this.#groups[this.messageBits.get(protocol) as number] = group ?? protocol;
    }
    for (const group of options.plain?.values() ?? []) {
      if (this.messageBits.has(group)) continue;
      this.messageBits.set(group, Math.min(this.messageBits.size, LAST_MESSAGE - FIRST_MESSAGE));
      this.#groups[this.messageBits.get(group) as number] = group;
    }
    for (const dissector of options.datagrams) {
      for (const port of dissector.ports) this.#datagramsByPort.set(port, dissector);
    }
    this.streams = new TcpStreams(options.streams);
  }

  examine(upTo: number): void {
    for (let number = this.examined + 1; number <= upTo; number++) {
      this.table.reserve(number);
      this.table.conversation[number] = -1;
      this.examined = number;
      const headers = this.scratch;
      if (!this.#options.frames.read(number, headers.frame)) continue;
      if (number === 1) this.firstTime = headers.frame.time;
      headers.read();
      headers.link = this.#options.perLink ? headers.frame.link : -1;
      if (headers.kind === "arp") {
        this.table.protocols[number] = Protocols.arp;
        this.addressUsers.add(number, headers.frame);
      } else if (headers.kind === "ip") this.#ip(number, headers);
    }
  }

  /** The bytes that a fragment brings; undefined when its frame is not kept. */
  fragmentOf(number: number): Uint8Array | undefined {
    const headers = new Headers();
    if (!this.#options.frames.read(number, headers.frame)) return undefined;
    headers.read();
    const { bytes, start, end } = headers.payload;
    return headers.kind === "ip" ? bytes.slice(start, end) : undefined;
  }

  #ip(number: number, headers: Headers): void {
    this.table.protocols[number] = Protocols.ip;
    if (headers.isFragment) {
      const datagram = this.fragments.add(number, headers, headers.link);
      if (datagram.completeIn !== number) {
        this.#mark(number, Protocols.fragment);
        return;
      }
      const { bytes } = reassemble(datagram, (frame) => this.fragmentOf(frame));
      if (bytes === undefined) return;
      setRange(headers.payload, bytes);
    }
    if (headers.ipProtocol === PROTOCOL_ICMP) this.#icmp(number, headers);
    else if (headers.ipProtocol === PROTOCOL_UDP || headers.ipProtocol === PROTOCOL_TCP)
      this.#transport(number, headers);
    else this.#mark(number, Protocols.data);
  }

  #mark(number: number, bits: number): void {
    this.table.protocols[number] = (this.table.protocols[number] as number) | bits;
  }

  #icmp(number: number, headers: Headers): void {
    this.#mark(number, Protocols.icmp);
    const { payload } = headers;
    if (payload.end - payload.start < 8) return;
    this.echoes.add(number, headers, headers.link);
    if (!ICMP_ERRORS.has(payload.view.getUint8(payload.start))) return;
    const quoted = quotedIn(payload, headers.link);
    if (quoted === undefined) return;
    const conversation = this.conversations.find(quoted) ?? this.conversations.begin(quoted);
    if (conversation.frames.length === 0 && conversation.last === 0) conversation.begins = headers.frame.time;
    if (quoted.protocol === "udp") return;
    this.table.previous[number] = conversation.last;
    conversation.last = number;
    this.table.shift[number] = this.analyses[conversation.id]?.shiftOf(conversation.directionOf(quoted)) ?? -1;
  }

  #transport(number: number, headers: Headers): void {
    const isTcp = headers.ipProtocol === PROTOCOL_TCP;
    this.#mark(number, isTcp ? Protocols.tcp : Protocols.udp);
    if (!headers.readTransport()) return;
    let conversation = this.conversations.find(headers);
    let reused = false;
    if (conversation !== undefined && isTcp && this.#startsAnew(conversation, headers)) {
      reused = true;
      conversation = undefined;
    }
    conversation ??= this.conversations.begin(headers);
    this.#join(number, conversation, headers, isTcp);
    if (isTcp) this.#tcp(number, conversation, headers, reused);
    else this.#udp(number, conversation, headers);
  }

  #join(number: number, conversation: Conversation, headers: Headers, isTcp: boolean): void {
    const { frame } = headers;
    const { frames } = conversation;
    this.table.conversation[number] = conversation.id;
    this.table.previous[number] = conversation.last;
    if (conversation.last === 0) conversation.begins = frame.time;
    // A datagram without a message does not count for the time between two.
    if (isTcp || headers.dataEnd > headers.data) conversation.last = number;
    conversation.ends = frame.time;
    conversation.bytes += frame.end - frame.start;
    frames.push(number);
  }

  /** A SYN with another number begins another conversation between the same ports. */
  #startsAnew(conversation: Conversation, headers: Headers): boolean {
    const { view, start } = headers.payload;
    const flags = view.getUint8(start + 13);
    const flow = this.analyses[conversation.id]?.flows[conversation.directionOf(headers)];
    return (flags & (SYN | ACK)) === SYN && flow?.seen === true && flow.base !== view.getInt32(start + 4);
  }

  #tcp(number: number, conversation: Conversation, headers: Headers, reused: boolean): void {
    const { payload, frame, data, dataEnd } = headers;
    const { view, start } = payload;
    this.analyses[conversation.id] ??= new TcpAnalysis();
    const analysis = this.analyses[conversation.id] as TcpAnalysis;
    const direction = conversation.directionOf(headers);
    const flags = view.getUint8(start + 13);
    const segment = this.#segment;
    segment.frame = number;
    segment.time = frame.time;
    segment.sequence = view.getInt32(start + 4);
    segment.ack = view.getInt32(start + 8);
    segment.flags = flags;
    segment.window = view.getUint16(start + 14);
    segment.length = Math.max(0, dataEnd - data);
    const finding = this.#finding;
    Object.assign(finding, BLANK);
    scanOptions(view, start + 20, data, segment);
    analysis.add(direction, segment, segment.shift, reused, finding);
    this.#keep(number, finding, analysis.shiftOf(direction));
    if ((flags & FIN) !== 0) this.closing.set(number, analysis.closingOf(direction, segment));
    if (this.#feed(number, conversation, headers)) {
      const known = this.streams.of(conversation)?.dissector !== undefined;
      if (segment.length > 0 && !known) {
        this.#mark(number, Protocols.data);
        const { plain } = this.#options;
        const group = plain?.get(conversation.peerPort) ?? plain?.get(conversation.port);
        if (group !== undefined) this.#messages(number, [group]);
      }
    }
  }

  /** Gives a segment to the stream that it is of. @returns whether it can have a part in one */
  #feed(number: number, conversation: Conversation, headers: Headers): boolean {
    const { payload, frame, data, dataEnd } = headers;
    const { view, start, bytes } = payload;
    const flags = view.getUint8(start + 13);
    if (dataEnd <= data && (flags & (SYN | FIN | RST)) === 0) return false;
    const end = frame.damaged ? data : Math.max(data, dataEnd);
    const segment = { frame: number, time: frame.time, sequence: view.getInt32(start + 4), flags };
    const direction = conversation.directionOf(headers);
    const found = this.streams.feed(conversation, direction, segment, bytes, data, end);
    this.#messages(number, found);
    if (found.length === 0 && !isRepetition(this.table.notes[number] as number)) {
      this.#messages(number, this.streams.again(conversation, direction, segment, end - data));
    }
    return true;
  }

  /**
   * Reads again, from their beginnings, the streams that lacked what has come since.
   * @returns the first frame that may be shown otherwise than before; 0 for none
   */
  renew(): number {
    let first = 0;
    for (const id of this.streams.outdated()) {
      this.streams.settle(id);
      const conversation = this.conversations.all[id] as Conversation;
      const { frames } = conversation;
      // What is not kept from its beginning on cannot be read.
      if (!this.#options.frames.read(frames.at(0), this.scratch.frame)) continue;
      this.streams.forget(conversation);
      for (let index = 0; index < frames.length; index++) this.#readAgain(frames.at(index), conversation);
      if (first === 0 || frames.at(0) < first) first = frames.at(0);
    }
    return first;
  }

  #readAgain(number: number, conversation: Conversation): void {
    const headers = this.scratch;
    if (!this.#options.frames.read(number, headers.frame)) return;
    headers.read();
    if (headers.kind !== "ip") return;
    if (headers.isFragment) {
      const datagram = this.fragments.of(number);
      const bytes = datagram && reassemble(datagram, (frame) => this.fragmentOf(frame)).bytes;
      if (bytes === undefined) return;
      setRange(headers.payload, bytes);
    }
    if (headers.readTransport()) this.#feed(number, conversation, headers);
  }

  #keep(number: number, finding: Finding, shift: number): void {
    const { table } = this;
    table.notes[number] = finding.notes;
    table.acknowledges[number] = finding.acksFrame;
    table.inFlight[number] = finding.inFlight;
    table.pushed[number] = finding.pushed;
    table.shift[number] = shift;
    if (finding.rtoFrame === 0 && finding.duplicateNumber === 0) return;
    const { rto, rtoFrame, duplicateNumber, duplicateFrame } = finding;
    this.details.set(number, { rto, rtoFrame, duplicateNumber, duplicateFrame });
  }

  #messages(number: number, protocols: readonly string[]): void {
    for (const protocol of protocols) {
      const bit = this.messageBits.get(protocol);
      if (bit !== undefined) this.#mark(number, 2 ** (FIRST_MESSAGE + bit));
    }
  }

  #udp(number: number, conversation: Conversation, headers: Headers): void {
    const { payload, data, dataEnd } = headers;
    if (dataEnd <= data) return;
    const dissector = this.datagramDissector(headers.sourcePort, headers.destinationPort);
    if (dissector === undefined) {
      this.#mark(number, Protocols.data);
      return;
    }
    const bytes = payload.bytes.slice(data, dataEnd);
    const known = dissector.dissect(bytes, this.datagramContext(number, conversation, headers, true), nothing);
    if (known) this.#messages(number, [dissector.protocol]);
    else this.#mark(number, Protocols.data);
  }

  /** Whose port it is: the lower one is asked first, as a server's. */
  datagramDissector(source: number, destination: number): DatagramDissector | undefined {
    const lower = this.#datagramsByPort.get(Math.min(source, destination));
    return lower ?? this.#datagramsByPort.get(Math.max(source, destination));
  }

  datagramContext(number: number, conversation: Conversation, headers: Headers, first: boolean): DatagramContext {
    this.memories[conversation.id] ??= new Map();
    const memory = this.memories[conversation.id] as Map<string, unknown>;
    const { sourcePort, destinationPort, frame } = headers;
    return { sourcePort, destinationPort, memory, first, number, time: frame.time };
  }

  /** The colour group of a frame. */
  group(number: number): string {
    const bits = this.table.protocols[number] ?? 0;
    for (let index = this.#groups.length - 1; index >= 0; index--) {
      if ((bits & (2 ** (FIRST_MESSAGE + index))) !== 0) return this.#groups[index] as string;
    }
    if ((bits & Protocols.tcp) !== 0) return "tcp";
    if ((bits & Protocols.udp) !== 0) return "udp";
    if ((bits & Protocols.icmp) !== 0) return "icmp";
    return (bits & Protocols.arp) !== 0 ? "arp" : "other";
  }
}

const blankFinding = (): Finding => ({
  ...{ notes: 0, acksFrame: 0, inFlight: 0, pushed: 0 },
  ...{ rto: 0, rtoFrame: 0, duplicateNumber: 0, duplicateFrame: 0 },
});
const BLANK = blankFinding();

export function setRange(range: FrameBytes, bytes: Uint8Array): void {
  range.bytes = bytes;
  range.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  range.start = 0;
  range.end = bytes.length;
}

/** Who talks in the datagram that an ICMP error quotes. */
function quotedIn({ view, bytes, start, end }: FrameBytes, link: number): Headers | undefined {
  const headers = new Headers();
  headers.frame.view = view;
  headers.frame.bytes = bytes;
  headers.readDatagram(start + 8, end);
  headers.link = link;
  if (headers.kind !== "ip" || headers.fragmentOffset > 0) return undefined;
  return headers.readPorts() ? headers : undefined;
}
