import type { InsidePiece, Message, StreamConversation } from "../../../capture/dissect/dissector.ts";
import { Decipherer, type Deciphering, type OpenedRecord } from "./decipherer.ts";
import type { Inside, MessagesFound } from "./inside.ts";
import { noteServerHandshakes, type Session } from "./session.ts";
import { opened } from "./shown-inside.ts";

const HEAD = 5;
/** What a record holds at most, ciphered (RFC 5246 §6.2.3); what says more is no record. */
const RECORD_LIMIT = 16_384 + 2_048;
const TLS_1_3 = 0x0304;

/** Types of the client's hello and the server's. */
const HELLOS = [1, 2] as const;

export const [CHANGE_CIPHER_SPEC, ALERT, HANDSHAKE, APPLICATION_DATA] = [20, 21, 22, 23] as const;

/** What is known of records beside their bytes. */
export interface TlsAbout {
  readonly session: Session;
  readonly direction: 0 | 1;
  /** Whether what comes is ciphered, before TLS 1.3: that a change of cipher came before. */
  readonly ciphered: boolean;
  /** Octets of the segment from the first record on: with what it has of one that ends in a later segment. */
  readonly covered: number;
  /** Of each record what opens it; undefined for one that cannot be opened. */
  readonly opened: readonly (OpenedRecord | undefined)[];
  /** What was deciphered of application data. */
  readonly inside: Inside | undefined;
  /** The number of the frame with which the records were whole. */
  readonly frame: number;
  /** Records stand before these in the same frame, which are a message of their own. */
  readonly goesOn: boolean;
}

/** Whether bytes can be the head of a record. */
export function isRecord(bytes: Uint8Array, at = 0): boolean {
  const type = bytes[at] as number;
  const length = ((bytes[at + 3] as number) << 8) | (bytes[at + 4] as number);
  return type >= 20 && type <= 24 && bytes[at + 1] === 3 && (bytes[at + 2] as number) <= 4 && length <= RECORD_LIMIT;
}

/**
 * Finds the records of a connection. Records that come whole in one frame are one message, as Wireshark shows them; one that
 * began in an earlier frame is a message by itself.
 */
export class TlsConversation implements StreamConversation {
  readonly #session: Session;
  readonly #decipherer: Decipherer | undefined;
  readonly #ciphered = [false, false];
  /** Whether a record's beginning has come before, each way; and whether not even its head was whole. */
  readonly #waiting: ("" | "record" | "head")[] = ["", ""];
  /** Octets of all messages so far, each way, and the frame of the last. */
  readonly #done = [0, 0];
  readonly #frame = [0, 0];

  constructor(
    application: string | undefined,
    ports: readonly [client: number, server: number],
    deciphering: Deciphering | undefined,
  ) {
    this.#session = { version: 0, suite: 0, application, alpn: undefined, resumed: false };
    this.#decipherer = deciphering && new Decipherer(deciphering, this.#session, ports);
  }

  get lacks(): boolean {
    return this.#decipherer?.lacks ?? false;
  }

  get outdated(): boolean {
    return this.#decipherer?.outdated ?? false;
  }

  get inside(): Iterable<InsidePiece> | undefined {
    const inside = this.#decipherer?.inside;
    return inside?.isEmpty === false ? piecesOf(inside) : undefined;
  }

  cut(direction: 0 | 1, bytes: Uint8Array, _: boolean, number: number, time: number): Message | undefined {
    const waited = this.#waiting[direction];
    const ciphered = this.#ciphered[direction] as boolean;
    const openedRecords: (OpenedRecord | undefined)[] = [];
    const found: MessagesFound = { protocols: new Set(), sizes: [] };
    const done = this.#done[direction] as number;
    let at = 0;
    while (at + HEAD <= bytes.length) {
      if (!isRecord(bytes, at)) {
        at = bytes.length;
        break;
      }
      const end = at + HEAD + (((bytes[at + 3] as number) << 8) | (bytes[at + 4] as number));
      if (end > bytes.length) break;
      const record = bytes.subarray(at, end);
      this.#note(direction, record);
      openedRecords.push(
        this.#decipherer?.take(direction, { bytes: record, at: done + at, frame: number, time }, found),
      );
      at = end;
      if (waited === "record") break;
    }
    if (at === 0) {
      this.#waiting[direction] = bytes.length < HEAD ? "head" : "record";
      return undefined;
    }
    this.#waiting[direction] = "";
    this.#done[direction] = done + at;
    const covered = waited === "record" ? at : bytes.length;
    const goesOn = this.#frame[direction] === number;
    this.#frame[direction] = number;
    const inside = this.#decipherer?.inside;
    const known = { session: this.#session, direction, ciphered, covered, frame: number, goesOn };
    const about: TlsAbout = { ...known, opened: openedRecords, inside };
    const { protocols, sizes } = found;
    if (protocols.size === 0) return { length: at, about };
    return { length: at, about, within: [...protocols], ...(sizes.length > 0 && { sizes }) };
  }

  #note(direction: 0 | 1, record: Uint8Array): void {
    const session = this.#session;
    if (session.version === 0) session.version = 0x0300 | (record[2] as number);
    const type = record[0];
    if (type === CHANGE_CIPHER_SPEC) {
      this.#ciphered[direction] = session.version !== TLS_1_3;
      this.#decipherer?.changeCipher(direction);
    }
    if (type !== HANDSHAKE || this.#ciphered[direction] === true) return;
    const body = record.subarray(HEAD);
    if (direction === 1) noteServerHandshakes(session, body);
    if (body[0] === HELLOS[direction]) this.#decipherer?.noteHello(direction === 0, body.subarray(4));
  }
}

function* piecesOf(inside: Inside): Generator<InsidePiece> {
  for (const { direction, frame, place } of inside.inOrder()) {
    yield { direction, frame, bytes: (stream) => opened(place, stream) };
  }
}
