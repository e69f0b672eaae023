import { ByteStream, type FoundMessage, firstNotBelow } from "../../../capture/dissect/byte-stream.ts";
import type { StreamConversation, StreamDissector } from "../../../capture/dissect/dissector.ts";
import type { RecordKeys } from "./record-keys.ts";

/** Where in the connection a record stands, and what opens it. */
export interface RecordPlace {
  /** Octets of the TCP stream, with the record's head. */
  readonly from: number;
  readonly to: number;
  readonly keys: RecordKeys;
  readonly sequence: number;
}

/** What is told of messages that are whole with a record. */
export interface MessagesFound {
  readonly protocols: Set<string>;
  /** Octets of those that tell their lengths. */
  readonly sizes: number[];
}

/** A part of the deciphered stream: `[start, end)`. */
export interface InsideRange {
  readonly start: number;
  readonly end: number;
}

/** What a record brought of the deciphered stream: so many octets from `at` on, with a frame. */
export interface InsideRecord {
  readonly at: number;
  readonly length: number;
  readonly frame: number;
  readonly place: RecordPlace;
}

/** Records of one direction; what comes after them is shown as it came. */
const RECORDS_LIMIT = 1_000_000;

/** Protocols by the names that ALPN gives them (RFC 7301). */
const ALPN_PROTOCOLS: Readonly<Record<string, string>> = { "http/1.1": "http", "http/1.0": "http" };
/** Protocols by ports, as Wireshark knows them. */
const PORT_PROTOCOLS: Readonly<Record<number, string>> = { 443: "http", 853: "dns" };

/** The application data of a connection, deciphered: two byte streams in a byte stream, and whose messages are in them. */
export class Inside {
  readonly ways = [new ByteStream(), new ByteStream()] as const;
  /** All that came, each way, in order. */
  readonly #records: readonly [InsideRecord[], InsideRecord[]] = [[], []];
  dissector: StreamDissector | undefined;
  readonly dissectors: readonly StreamDissector[];
  readonly #ports: readonly [number, number];
  #conversation: StreamConversation | undefined;
  #asked = false;

  /** @param dissectors that may be spoken inside @param ports the client's and the server's */
  constructor(dissectors: readonly StreamDissector[], ports: readonly [number, number]) {
    this.dissectors = dissectors;
    this.#ports = ports;
  }

  dissectorOf(protocol: string): StreamDissector | undefined {
    return this.dissectors.find((each) => each.protocol === protocol);
  }

  /**
   * Takes what a record brought.
   * @param alpn what the two have agreed on
   * @param found into which the messages go that are whole with it
   */
  add(
    direction: 0 | 1,
    content: Uint8Array,
    place: RecordPlace,
    when: { readonly frame: number; readonly time: number },
    alpn: string | undefined,
    found: MessagesFound,
  ): InsideRange {
    const records = this.#records[direction];
    const last = records.at(-1);
    const start = last === undefined ? 0 : last.at + last.length;
    const end = start + content.length;
    if (content.length === 0 || records.length >= RECORDS_LIMIT) return { start, end: start };
    records.push({ at: start, length: content.length, frame: when.frame, place });
    this.#choose(alpn, content);
    if (this.dissector === undefined) return { start, end };
    const way = this.ways[direction];
    way.begin(0);
    way.add(start | 0, content, when.frame);
    this.#cut(direction, when, found);
    return { start, end };
  }

  /** The records that a part of the stream came in. */
  recordsOf(direction: 0 | 1, start: number, end: number): readonly InsideRecord[] {
    const records = this.#records[direction];
    const first = firstNotBelow(records, ({ at, length }) => at + length, start + 1);
    const last = firstNotBelow(records, ({ at }) => at, end);
    return records.slice(first, last);
  }

  get isEmpty(): boolean {
    return this.#records.every((records) => records.length === 0);
  }

  /** All records of application data, in the order in which they came. */
  *inOrder(): Generator<InsideRecord & { readonly direction: 0 | 1 }> {
    const [client, server] = this.#records;
    for (let c = 0, s = 0; c < client.length || s < server.length; ) {
      const said = client[c];
      const answered = server[s];
      const isAnswer = said === undefined || (answered !== undefined && answered.frame < said.frame);
      if (isAnswer) s++;
      else c++;
      yield { ...((isAnswer ? answered : said) as InsideRecord), direction: isAnswer ? 1 : 0 };
    }
  }

  /** The messages that were whole with a part of the stream, in order. */
  endingIn(direction: 0 | 1, { start, end }: InsideRange): readonly FoundMessage[] {
    return this.ways[direction].within(start, end).filter((message) => message.end > start && message.end <= end);
  }

  #choose(alpn: string | undefined, first: Uint8Array): void {
    if (this.#asked) return;
    this.#asked = true;
    const [client, server] = this.#ports;
    const name = alpn === undefined ? (PORT_PROTOCOLS[server] ?? PORT_PROTOCOLS[client]) : ALPN_PROTOCOLS[alpn];
    const known = name === undefined ? undefined : this.dissectorOf(name);
    this.dissector = known ?? this.dissectors.find((dissector) => dissector.recognises?.(first));
    this.#conversation = this.dissector?.converse(this.#ports, true);
  }

  #cut(direction: 0 | 1, { frame, time }: { frame: number; time: number }, found: MessagesFound): void {
    if (this.dissector === undefined || this.#conversation === undefined) return;
    const way = this.ways[direction];
    const { length } = way.messages;
    way.cut(this.#conversation, this.dissector.protocol, direction, frame, time);
    for (const { protocol, start, end } of way.messages.slice(length)) {
      found.protocols.add(protocol);
      if (this.dissectorOf(protocol)?.sized) found.sizes.push(end - start);
    }
  }
}
