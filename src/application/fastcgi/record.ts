import { writeLatin1 } from "../../base/latin1.ts";
import { ScriptError } from "../cgi/errors.ts";

/** The records of FastCGI 1.0 (its specification, §3.3 and §8), as they stand on a connection. */

export const RECORD_HEADER = 8;
/** Bytes of content that one record can carry. */
export const RECORD_LIMIT = 65_535;
/** The first request's id; 0 is for records about the connection. */
export const REQUEST_ID = 1;

const VERSION = 1;

export const RecordType = {
  beginRequest: 1,
  abortRequest: 2,
  endRequest: 3,
  params: 4,
  stdin: 5,
  stdout: 6,
  stderr: 7,
} as const;
export type RecordType = (typeof RecordType)[keyof typeof RecordType];

const RESPONDER = 1;
const KEEP_CONNECTION = 1;

/** How a responder has ended (§5.5). */
export const PROTOCOL_STATUS: readonly string[] = [
  "complete",
  "cannot multiplex connections",
  "overloaded",
  "unknown role",
];

/** Content in as many records as it needs, without padding: at least one, which for empty content ends its stream (§3.3). */
export function encodeRecords(type: RecordType, content: Uint8Array): Uint8Array {
  const count = Math.max(1, Math.ceil(content.length / RECORD_LIMIT));
  const bytes = new Uint8Array(count * RECORD_HEADER + content.length);
  for (let at = 0, from = 0, index = 0; index < count; index++) {
    const piece = content.subarray(from, from + RECORD_LIMIT);
    bytes.set([VERSION, type, 0, REQUEST_ID, piece.length >> 8, piece.length & 0xff, 0, 0], at);
    bytes.set(piece, at + RECORD_HEADER);
    at += RECORD_HEADER + piece.length;
    from += piece.length;
  }
  return bytes;
}

/** Asks for an answer to a request (§5.1). @param keep whether the connection stays open after it */
export const encodeBegin = (keep: boolean): Uint8Array =>
  encodeRecords(RecordType.beginRequest, new Uint8Array([0, RESPONDER, keep ? KEEP_CONNECTION : 0, 0, 0, 0, 0, 0]));

export interface EndOfRequest {
  /** As an exit code. */
  readonly applicationStatus: number;
  /** 0 when the request was taken; an index into {@link PROTOCOL_STATUS}. */
  readonly protocolStatus: number;
}

/** @returns undefined for a body that is too short */
export function decodeEnd(content: Uint8Array): EndOfRequest | undefined {
  if (content.length < 8) return undefined;
  const view = new DataView(content.buffer, content.byteOffset, content.byteLength);
  return { applicationStatus: view.getUint32(0), protocolStatus: view.getUint8(4) };
}

/** Names and values (§3.4). @param pairs of characters up to U+00FF, each a byte */
export function encodePairs(pairs: Iterable<readonly [name: string, value: string]>): Uint8Array {
  const list = [...pairs];
  let size = 0;
  for (const [name, value] of list) size += lengthSize(name) + lengthSize(value) + name.length + value.length;
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const [name, value] of list) {
    at = writeLength(bytes, at, name.length);
    at = writeLength(bytes, at, value.length);
    at = writeLatin1(name, bytes, at);
    at = writeLatin1(value, bytes, at);
  }
  return bytes;
}

const lengthSize = (text: string): number => (text.length > 127 ? 4 : 1);

function writeLength(into: Uint8Array, at: number, length: number): number {
  if (length <= 127) {
    into[at] = length;
    return at + 1;
  }
  into.set([(length >>> 24) | 0x80, (length >>> 16) & 0xff, (length >>> 8) & 0xff, length & 0xff], at);
  return at + 4;
}

/** A piece of a record's content. */
export interface RecordPiece {
  readonly type: number;
  readonly id: number;
  readonly content: Uint8Array;
  /** Whether it is the record's last. */
  readonly last: boolean;
}

/** Takes records apart as they come, without waiting for the whole of one. */
export class RecordReader {
  readonly #header = new Uint8Array(RECORD_HEADER);
  #headerLength = 0;
  #content = 0;
  #padding = 0;

  /**
   * What the bytes hold: pieces are ranges of them, to be used before the next call.
   * @throws ScriptError for another version of the protocol, of which nothing can be understood
   */
  *read(bytes: Uint8Array): Generator<RecordPiece, void, void> {
    let at = 0;
    for (;;) {
      if (this.#headerLength < RECORD_HEADER) {
        at = this.#readHeader(bytes, at);
        if (this.#headerLength < RECORD_HEADER) return;
        if (this.#content === 0) yield this.#piece(bytes.subarray(at, at));
      }
      const count = Math.min(this.#content, bytes.length - at);
      if (count > 0) {
        this.#content -= count;
        yield this.#piece(bytes.subarray(at, at + count));
        at += count;
      }
      const skipped = this.#content > 0 ? 0 : Math.min(this.#padding, bytes.length - at);
      this.#padding -= skipped;
      at += skipped;
      if (this.#content > 0 || this.#padding > 0) return;
      this.#headerLength = 0;
    }
  }

  #readHeader(bytes: Uint8Array, at: number): number {
    const taken = bytes.subarray(at, at + RECORD_HEADER - this.#headerLength);
    this.#header.set(taken, this.#headerLength);
    this.#headerLength += taken.length;
    if (this.#headerLength === RECORD_HEADER) {
      const [version, , , , high = 0, low = 0, padding = 0] = this.#header;
      if (version !== VERSION) throw new ScriptError(`not FastCGI 1: a record of version ${version}`);
      this.#content = (high << 8) | low;
      this.#padding = padding;
    }
    return at + taken.length;
  }

  #piece(content: Uint8Array): RecordPiece {
    const [, type = 0, high = 0, low = 0] = this.#header;
    return { type, id: (high << 8) | low, content, last: this.#content === 0 };
  }
}
