import { FIN, RST, SYN } from "../../wire/tcp.ts";
import { ByteStream } from "./byte-stream.ts";
import type { Conversation } from "./conversations.ts";
import type { InsidePiece, StreamConversation, StreamDissector } from "./dissector.ts";
import type { Segment } from "./tcp-analysis.ts";

const NONE: readonly string[] = [];

/** What of a segment a stream is put in order by. */
type SegmentHead = Pick<Segment, "frame" | "time" | "sequence" | "flags">;

/** What a connection carries: the two byte streams, and whose messages are in them. */
export class TcpStream {
  readonly ways = [new ByteStream(), new ByteStream()] as const;
  /** Undefined until the first data, and for what no dissector knows. */
  dissector: StreamDissector | undefined;
  #conversation: StreamConversation | undefined;
  #asked = false;

  /** Whether no dissector knows it. */
  get foreign(): boolean {
    return this.#asked && this.dissector === undefined;
  }

  /** Chooses who reads it, by its ports and else by its first bytes. */
  choose(
    dissectors: readonly StreamDissector[],
    ports: readonly [client: number, server: number],
    first: Uint8Array,
  ): void {
    if (this.#asked) return;
    this.#asked = true;
    const [low, high] = [Math.min(...ports), Math.max(...ports)];
    const byPort = (port: number) => dissectors.find((dissector) => dissector.ports.includes(port));
    this.dissector = byPort(low) ?? byPort(high) ?? dissectors.find((dissector) => dissector.recognises?.(first));
    this.#conversation = this.dissector?.converse(ports);
  }

  /** Whether it was read without something that is needed, and whether that has come since. */
  get lacks(): boolean {
    return this.#conversation?.lacks === true;
  }

  get outdated(): boolean {
    return this.#conversation?.outdated === true;
  }

  /** What it carries that was deciphered. */
  get inside(): Iterable<InsidePiece> | undefined {
    return this.#conversation?.inside;
  }

  cut(direction: 0 | 1, segment: SegmentHead): readonly string[] {
    if (this.dissector === undefined || this.#conversation === undefined) return NONE;
    const { frame, time } = segment;
    return this.ways[direction].cut(this.#conversation, this.dissector.protocol, direction, frame, time);
  }
}

/** Messages in the byte streams of TCP connections: found in the first pass, shown at random. */
export class TcpStreams {
  readonly dissectors: ReadonlyMap<string, StreamDissector>;
  readonly #dissectors: readonly StreamDissector[];
  readonly #streams: (TcpStream | undefined)[] = [];
  /** The conversations, by their ids, that were read without something that is needed. */
  readonly #lacking = new Set<number>();

  constructor(dissectors: readonly StreamDissector[]) {
    this.#dissectors = dissectors;
    this.dissectors = new Map(dissectors.map((dissector) => [dissector.protocol, dissector]));
  }

  of(conversation: Conversation): TcpStream | undefined {
    return this.#streams[conversation.id];
  }

  /** The protocols of the messages that a segment brings again. */
  again(
    conversation: Conversation,
    direction: 0 | 1,
    { sequence, frame }: SegmentHead,
    length: number,
  ): readonly string[] {
    const way = this.#streams[conversation.id]?.ways[direction];
    if (way === undefined || length === 0) return NONE;
    const start = way.offsetOf(sequence);
    return way.within(start, start + length).flatMap((each) => (each.frame < frame ? [each.protocol] : []));
  }

  /** The conversations, by their ids, that would be read otherwise now: what they lacked has come. */
  outdated(): number[] {
    if (this.#lacking.size === 0) return [];
    return [...this.#lacking].filter((id) => this.#streams[id]?.outdated === true);
  }

  /** Lets a conversation stay as it was read. */
  settle(id: number): void {
    this.#lacking.delete(id);
  }

  /** Lets a conversation be read from its beginning again. */
  forget(conversation: Conversation): void {
    this.#streams[conversation.id] = undefined;
  }

  /**
   * Takes a segment.
   * @param bytes lent: its data is `bytes[start, end)`
   * @returns the protocols of the messages that are whole with it
   */
  feed(
    conversation: Conversation,
    direction: 0 | 1,
    segment: SegmentHead,
    bytes: Uint8Array,
    start: number,
    end: number,
  ): readonly string[] {
    this.#streams[conversation.id] ??= new TcpStream();
    const stream = this.#streams[conversation.id] as TcpStream;
    if (stream.foreign) return NONE;
    const data = bytes.subarray(start, end);
    const way = stream.ways[direction];
    const first = (segment.sequence + ((segment.flags & SYN) !== 0 ? 1 : 0)) | 0;
    if ((segment.flags & SYN) !== 0) way.begin(first);
    let news = false;
    if (data.length > 0) {
      stream.choose(this.#dissectors, [conversation.port, conversation.peerPort], data);
      if (stream.dissector === undefined) return NONE;
      news = way.add(first, data, segment.frame);
    }
    if ((segment.flags & (FIN | RST)) !== 0 && stream.dissector !== undefined) {
      way.endAt((first + data.length) | 0);
      news ||= way.ended;
    }
    if (!news) return NONE;
    const found = stream.cut(direction, segment);
    if (stream.lacks) this.#lacking.add(conversation.id);
    return found;
  }
}
