import type { ExpertGroup, Severity } from "./expert.ts";
import type { Columns, FieldDefinition, FieldValue } from "./field.ts";

/**
 * Grows the tree of one frame. Each call appends a line under the open part, or a layer when none is open; offsets count in
 * the bytes being dissected, that is those the dissector was given.
 */
export interface TreeBuilder {
  /** Appends a field without children. @param text the whole line, in place of what {@link lineOf} makes of the value */
  add(definition: FieldDefinition, offset: number, length: number, value: FieldValue, text?: string): void;
  /** As {@link add}, for what is not in the frame but was found out. @param offset where it belongs, with a length of 0 or more */
  generated(definition: FieldDefinition, value: FieldValue, text?: string, offset?: number, length?: number): void;
  /** As {@link add}, for what filters and exports know and no line shows: `udp.port` beside `udp.srcport`. */
  hidden(definition: FieldDefinition, offset: number, length: number, value: FieldValue, text?: string): void;
  /** Appends a field and opens it: what comes until {@link close} are its children. */
  open(definition: FieldDefinition, offset: number, length: number, value?: FieldValue, text?: string): void;
  openGenerated(definition: FieldDefinition, value?: FieldValue, text?: string, offset?: number, length?: number): void;
  /** Closes what was opened last, with a better text or length for it where its children have told one. */
  close(text?: string, length?: number): void;
  /** A remark of an expert on the open part: `_ws.expert` with its parts, as Wireshark nests them. */
  expert(remark: Expert, message?: string, offset?: number, length?: number): void;
  /** Says that the bytes are not what the protocol makes them to be: closes all that is open and adds `_ws.malformed`. */
  malformed(protocol: string): void;
  /** What the list shows so far. */
  readonly shown: Columns;
  /** Changes what the list shows of this frame. */
  columns(columns: Partial<Columns>): void;
  /**
   * Bytes of its own for what comes until {@link endSource}: put together, decompressed or deciphered.
   * Offsets count in them from here on.
   * @returns by which number {@link enterSource} goes back into it
   */
  beginSource(name: string, bytes: Uint8Array): number;
  /** Goes back into a source that was begun before, until {@link endSource}. @param base where offsets count from */
  enterSource(source: number, base?: number): void;
  endSource(): void;
  /** Runs another dissector: one that fails has found its bytes malformed, and what it has left open is closed. */
  guarded<T>(protocol: string, dissect: () => T): T | undefined;
  /**
   * Names protocols that have no layer of their own here, and says which one's next layers have been named already.
   * @param before to be named @param named those of which are not named again
   */
  naming(before: string | undefined, named: string | undefined): void;
}

/** A remark that Wireshark's experts make, known by a field of its own. */
export interface Expert {
  readonly definition: FieldDefinition;
  readonly severity: Severity;
  readonly group: ExpertGroup;
  /** `"Connection finish (FIN)"` */
  readonly message: string;
}

/** What a dissector of datagrams knows of where its bytes stand. */
export interface DatagramContext {
  readonly sourcePort: number;
  readonly destinationPort: number;
  /** What the same conversation's earlier frames left, by a key of the dissector's own; made in the first pass only. */
  readonly memory: Map<string, unknown>;
  /** Whether this is the first pass, which goes over the frames in order and makes no tree. */
  readonly first: boolean;
  /** The number of this frame, its virtual time in nanoseconds. */
  readonly number: number;
  readonly time: number;
}

/** A protocol in datagrams: UDP's payload. */
export interface DatagramDissector {
  /** `"dns"` */
  readonly protocol: string;
  /** Every field it may make: what filters know and complete. */
  readonly fields: readonly FieldDefinition[];
  readonly ports: readonly number[];
  /** The list's colour group for it, if not its own name: `"dns"`. */
  readonly group?: string;
  /** @param bytes the payload: its own, to keep @returns false for what is not of this protocol */
  dissect(bytes: Uint8Array, context: DatagramContext, tree: TreeBuilder): boolean;
}

/** One message of a stream, as {@link StreamConversation.cut} found it. */
export interface Message {
  /** Octets, at least 1, from where the last one ended. */
  readonly length: number;
  /**
   * What {@link StreamDissector.dissect} needs to know of it beside its bytes. It is kept as it is, for the conversation adds to
   * it what later messages tell: which frame answers a request.
   */
  readonly about: unknown;
  /** The protocol that dissects it, if not the one that cut it: what a stream changed to, such as `"websocket"`. */
  readonly protocol?: string;
  /** Protocols of messages within it that are whole with it: those that were deciphered. */
  readonly within?: readonly string[];
  /** Octets of those of them that tell their lengths. */
  readonly sizes?: readonly number[];
}

/** What is known of one connection: fed with its bytes in order, both ways, once, in the first pass. */
export interface StreamConversation {
  /**
   * Finds where the next message ends.
   * @param direction 0 from the client, who sent the SYN (or the first seen segment), 1 from the server
   * @param bytes all that has come in order and belongs to no message yet, at least 1 octet
   * @param ended whether nothing comes after them
   * @param number the frame that brought the last of them, and its time in nanoseconds
   * @returns undefined when more bytes are needed
   */
  cut(direction: 0 | 1, bytes: Uint8Array, ended: boolean, number: number, time: number): Message | undefined;
  /** Whether it lacked something by which it would have said more, such as a secret. */
  readonly lacks?: boolean;
  /** Whether that has come since, so that all would be cut and shown otherwise if it came again. */
  readonly outdated?: boolean;
  /** What it carries that was deciphered, in the order in which it came; undefined when there is nothing such. */
  readonly inside?: Iterable<InsidePiece> | undefined;
}

/** A piece of what a stream carries, which was deciphered. */
export interface InsidePiece {
  readonly direction: 0 | 1;
  /** The frame with which it was whole. */
  readonly frame: number;
  /** @param stream that it came in @returns undefined when it is not kept any more */
  bytes(stream: Pick<StreamContext, "bytes">): Uint8Array | undefined;
}

/** What is known of the stream that a message stands in. */
export interface StreamContext {
  /** Bytes that came the same way, by their place in the stream; undefined when they are not kept any more. */
  bytes(start: number, end: number): Uint8Array | undefined;
  /** The message was whole before: it has come again. */
  readonly again: boolean;
}

/** A protocol in a byte stream: TCP's payload. A frame shows the messages that end in it. */
export interface StreamDissector {
  /** `"http"` */
  readonly protocol: string;
  readonly fields: readonly FieldDefinition[];
  readonly ports: readonly number[];
  /** The list's colour group for it, if not its own name: `"http"`. */
  readonly group?: string;
  /** Whether a stream on no known port is of this protocol, by its first bytes. */
  recognises?(first: Uint8Array): boolean;
  /** Messages tell their lengths, and TCP's part says what they are: `tcp.pdu.size`. */
  readonly sized?: true;
  /** The protocol that it is spoken in, which counts among a frame's protocols. */
  readonly within?: string;
  /** What stands in the list between what is said of two messages of one frame; without it only the last is told of. */
  readonly between?: string;
  /** It goes on with what the list says of the frame's messages before: finds that in {@link TreeBuilder.shown}, and adds to it. */
  readonly goesOn?: true;
  /** @param ports the client's and the server's @param secure it is spoken within TLS */
  converse(ports: readonly [client: number, server: number], secure?: boolean): StreamConversation;
  /** @param about what `cut` said of this message */
  dissect(bytes: Uint8Array, about: unknown, tree: TreeBuilder, stream: StreamContext): void;
}

/** A field that is a part of the tree with a line of text and no name. */
export const text = (label: string): FieldDefinition => ({ name: "", label, type: "none" });
