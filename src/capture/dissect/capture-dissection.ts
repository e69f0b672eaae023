import type { ByteStream } from "./byte-stream.ts";
import type { Conversation, Conversations } from "./conversations.ts";
import { dissectFrame } from "./dissect-frame.ts";
import { gather } from "./dissect-stream.ts";
import type { DatagramDissector, StreamDissector } from "./dissector.ts";
import type { Columns, Dissection, FieldDefinition } from "./field.ts";
import { FirstPass } from "./first-pass.ts";
import { FIRST_MESSAGE, Notes, Protocols } from "./frame-table.ts";
import type { FrameSource } from "./frames.ts";
import { layerFields } from "./layer-fields.ts";
import { PlainFrame } from "./plain-frame.ts";

export interface DissectionOptions {
  readonly frames: FrameSource;
  readonly datagrams: readonly DatagramDissector[];
  readonly streams: readonly StreamDissector[];
  /** Colour groups of TCP ports whose bytes are shown as data and no more. */
  readonly plain?: ReadonlyMap<number, string>;
  /**
   * Whether a conversation is another one on each link, as in a view of all cables, where a segment is seen on each that it
   * crosses. Otherwise it is one wherever it is seen, as for Wireshark.
   */
  readonly perLink: boolean;
  /** Whether checksums of IP, UDP and TCP are checked; Wireshark does not unless told. */
  readonly checkChecksums?: boolean;
}

/** What was deciphered of a record. */
export interface DecipheredPiece {
  readonly direction: 0 | 1;
  readonly frame: number;
  readonly bytes: Uint8Array;
}

/** The dissection of one capture or vantage: a first pass in order, then any frame at random. */
export class CaptureDissection {
  readonly #options: DissectionOptions;
  readonly #pass: FirstPass;
  readonly #fields = new Map<string, FieldDefinition>();
  readonly #bits = new Map<string, number>();

  constructor(options: DissectionOptions) {
    this.#options = options;
    this.#pass = new FirstPass(options);
    for (const field of layerFields) this.#know(field);
    for (const dissector of [...options.datagrams, ...options.streams]) {
      for (const field of dissector.fields) this.#know(field);
    }
    for (const [name, bit] of Object.entries(Protocols)) this.#bits.set(name, bit);
    for (const [name, index] of this.#pass.messageBits) this.#bits.set(name, 2 ** (FIRST_MESSAGE + index));
  }

  #know(field: FieldDefinition): void {
    if (field.name !== "" && !this.#fields.has(field.name)) this.#fields.set(field.name, field);
  }

  /** Every field that a frame may have, by name: for filters and what completes them. */
  get fields(): ReadonlyMap<string, FieldDefinition> {
    return this.#fields;
  }

  /** The number of frames that the first pass has seen. */
  get examined(): number {
    return this.#pass.examined;
  }

  /** Goes on with the first pass. @param upTo the last frame to look at */
  examine(upTo: number): void {
    this.#pass.examine(Math.min(upTo, this.#options.frames.count));
  }

  /** Whether frames would be shown otherwise after {@link renew}: something that was lacking has come, such as a secret. */
  get isOutdated(): boolean {
    return this.#pass.streams.outdated().length > 0;
  }

  /** Reads again what lacked something that has come since. @returns the first frame that is concerned; 0 for none */
  renew(): number {
    return this.#pass.renew();
  }

  /** Whether a frame is still kept and examined. */
  has(number: number): boolean {
    return number >= 1 && number <= this.examined && this.#options.frames.read(number, this.#pass.scratch.frame);
  }

  /** All of a frame. It must be examined; of one that is not kept any more there are no layers. */
  dissect(number: number): Dissection {
    return dissectFrame(number, this.#options, this.#pass);
  }

  /** What the list shows of a frame. */
  columns(number: number): Columns {
    return dissectFrame(number, this.#options, this.#pass, true).columns;
  }

  /** A reader of fields in headers, for filters that ask for no others: it goes from frame to frame. */
  plainFrame(): PlainFrame {
    return new PlainFrame(this.#options, this.#pass);
  }

  /**
   * Bits of {@link Protocols} and of messages' protocols, by {@link bitOf}: what a filter can tell without a dissection. A frame
   * without a bit has no field of that protocol, but in what it quotes of another.
   */
  protocols(number: number): number {
    return this.#pass.table.protocols[number] ?? 0;
  }

  /** The bit of a protocol, such as `"tcp"` or `"dns"`; 0 for one that has none. */
  bitOf(protocol: string): number {
    return this.#bits.get(protocol) ?? 0;
  }

  /** What an analyser would say: `"retransmission"`, `"duplicateAck"` …, the names of {@link Notes}. */
  notes(number: number): string[] {
    const bits = this.#pass.table.notes[number] ?? 0;
    return bits === 0 ? [] : Object.entries(Notes).flatMap(([name, bit]) => ((bits & bit) === 0 ? [] : [name]));
  }

  /** The colour group: `"arp" "icmp" "tcp" "udp" "other"`, or that of the innermost message's protocol. */
  group(number: number): string {
    return this.#pass.group(number);
  }

  /** Every conversation, in the order of their first frames. */
  get conversations(): readonly Conversation[] {
    return this.#pass.conversations.all;
  }

  conversationOf(number: number): Conversation | undefined {
    return this.conversations[this.#pass.table.conversation[number] ?? -1];
  }

  /**
   * What was deciphered of a conversation, in the order in which it came: pieces with the frames that brought them, as long as those are
   * kept. Undefined when nothing was.
   */
  inside(conversation: Conversation): Iterable<DecipheredPiece> | undefined {
    const stream = this.#pass.streams.of(conversation);
    const pieces = stream?.inside;
    if (stream === undefined || pieces === undefined) return undefined;
    const scene = { pass: this.#pass, options: this.#options };
    const bytes = (way: ByteStream) => (start: number, end: number) =>
      gather(scene, way.piecesOf(start, end), { start, end });
    return (function* () {
      for (const piece of pieces) {
        const { direction, frame } = piece;
        const opened = piece.bytes({ bytes: bytes(stream.ways[direction]) });
        if (opened !== undefined) yield { direction, frame, bytes: opened };
      }
    })();
  }

  /** A conversation by its stream index. */
  stream(protocol: "tcp" | "udp", stream: number): Conversation | undefined {
    return this.conversations.find((each) => each.protocol === protocol && each.stream === stream);
  }
}

export type { Conversation, Conversations };
