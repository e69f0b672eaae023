import type { Message, StreamConversation } from "../../../capture/dissect/dissector.ts";
import { noteServerHandshakes, type Session } from "./session.ts";

const HEAD = 5;
/** What a record holds at most, ciphered (RFC 5246 §6.2.3); what says more is no record. */
const RECORD_LIMIT = 16_384 + 2_048;
const TLS_1_3 = 0x0304;

export const [CHANGE_CIPHER_SPEC, ALERT, HANDSHAKE, APPLICATION_DATA] = [20, 21, 22, 23] as const;

/** What is known of records beside their bytes. */
export interface TlsAbout {
  readonly session: Session;
  readonly direction: 0 | 1;
  /** Whether what comes is ciphered, before TLS 1.3: that a change of cipher came before. */
  readonly ciphered: boolean;
  /** Octets of the segment from the first record on: with what it has of one that ends in a later segment. */
  readonly covered: number;
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
  readonly #ciphered = [false, false];
  /** Whether a record's beginning has come before, each way; and whether not even its head was whole. */
  readonly #waiting: ("" | "record" | "head")[] = ["", ""];

  constructor(application: string | undefined) {
    this.#session = { version: 0, suite: 0, application, resumed: false };
  }

  cut(direction: 0 | 1, bytes: Uint8Array): Message | undefined {
    const waited = this.#waiting[direction];
    const ciphered = this.#ciphered[direction] as boolean;
    let at = 0;
    while (at + HEAD <= bytes.length) {
      if (!isRecord(bytes, at)) {
        at = bytes.length;
        break;
      }
      const end = at + HEAD + (((bytes[at + 3] as number) << 8) | (bytes[at + 4] as number));
      if (end > bytes.length) break;
      this.#note(direction, bytes, at, end);
      at = end;
      if (waited === "record") break;
    }
    if (at === 0) {
      this.#waiting[direction] = bytes.length < HEAD ? "head" : "record";
      return undefined;
    }
    this.#waiting[direction] = "";
    const covered = waited === "record" ? at : bytes.length;
    const about: TlsAbout = { session: this.#session, direction, ciphered, covered };
    return { length: at, about };
  }

  #note(direction: 0 | 1, bytes: Uint8Array, at: number, end: number): void {
    const session = this.#session;
    if (session.version === 0) session.version = 0x0300 | (bytes[at + 2] as number);
    const type = bytes[at];
    if (type === CHANGE_CIPHER_SPEC) this.#ciphered[direction] = session.version !== TLS_1_3;
    if (type === HANDSHAKE && direction === 1 && this.#ciphered[1] === false) {
      noteServerHandshakes(session, bytes.subarray(at + HEAD, end));
    }
  }
}
