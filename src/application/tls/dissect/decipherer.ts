import { concatenate } from "../../../base/concatenate.ts";
import { toHex } from "../../../base/hex.ts";
import type { StreamDissector } from "../../../capture/dissect/dissector.ts";
import type { Ciphers } from "./ciphers.ts";
import { Inside, type InsideRange, type MessagesFound } from "./inside.ts";
import type { KeyLog } from "./key-log.ts";
import { type Opened, RecordKeys, suiteOf } from "./record-keys.ts";
import { noteEncryptedExtensions, type Session } from "./session.ts";

const TLS_1_3 = 0x0304;
const RANDOM_LENGTH = 32;
const [CHANGE_CIPHER_SPEC, HANDSHAKE, APPLICATION_DATA] = [20, 22, 23];
const [FINISHED, KEY_UPDATE] = [20, 24];
/** Octets of a handshake message that ends in a later record; of one that is longer the end is not looked for. */
const PARTIAL_LIMIT = 1 << 18;

/** What deciphering needs: without it records stay as they are. */
export interface Deciphering {
  readonly ciphers: Ciphers;
  readonly keyLog: KeyLog;
  /** Protocols that may be spoken inside. */
  readonly inside: readonly StreamDissector[];
}

/** A record that could be opened, as it is found again when it is shown. */
export interface OpenedRecord {
  readonly keys: RecordKeys;
  readonly sequence: number;
  /** Of application data: where it is in the deciphered stream. */
  readonly range?: InsideRange;
}

/** A record as it came. */
export interface RecordSeen {
  readonly bytes: Uint8Array;
  /** Where it begins in the stream. */
  readonly at: number;
  readonly frame: number;
  readonly time: number;
}

/** What is known of what one end seals. */
interface Way {
  /** Before TLS 1.3: whether a change of cipher came. */
  ciphered: boolean;
  /** In TLS 1.3: whether the end's Finished has come, behind which it seals with other keys. */
  finished: boolean;
  keys: RecordKeys | undefined;
  sequence: number;
  /** Of a handshake message that goes on in the next record. */
  partial: Uint8Array;
}

const NOTHING = new Uint8Array(0);
const fresh = (): Way => ({ ciphered: false, finished: false, keys: undefined, sequence: 0, partial: NOTHING });

/** Opens the records of a connection in their order, with the secrets that the key log has of it. */
export class Decipherer {
  readonly inside: Inside;
  readonly #parts: Deciphering;
  readonly #session: Session;
  readonly #ways = [fresh(), fresh()] as const;
  #clientRandom: Uint8Array | undefined;
  #serverRandom: Uint8Array | undefined;
  /** The secret that was asked for in vain, and how many there were then. */
  #missing: string | undefined;
  #version = 0;

  constructor(parts: Deciphering, session: Session, ports: readonly [client: number, server: number]) {
    this.#parts = parts;
    this.#session = session;
    this.inside = new Inside(parts.inside, ports);
  }

  get lacks(): boolean {
    return this.#missing !== undefined;
  }

  get outdated(): boolean {
    if (this.#missing === undefined || this.#version === this.#parts.keyLog.version) return false;
    const hasCome = this.#secret(this.#missing) !== undefined;
    if (!hasCome) this.#version = this.#parts.keyLog.version;
    return hasCome;
  }

  /** A hello in the clear. @param message behind its type and length */
  noteHello(client: boolean, message: Uint8Array): void {
    if (message.length < 2 + RANDOM_LENGTH) return;
    const random = message.slice(2, 2 + RANDOM_LENGTH);
    if (client) this.#clientRandom = random;
    else this.#serverRandom = random;
  }

  changeCipher(direction: 0 | 1): void {
    if (this.#session.version === TLS_1_3) return;
    Object.assign(this.#ways[direction], fresh(), { ciphered: true });
  }

  /**
   * Takes the next record.
   * @param found into which the messages go that are whole with it
   * @returns undefined for one that is not ciphered, or cannot be opened
   */
  take(direction: 0 | 1, record: RecordSeen, found: MessagesFound): OpenedRecord | undefined {
    const way = this.#ways[direction];
    const [type] = record.bytes;
    const isCiphered =
      this.#session.version === TLS_1_3 ? type === APPLICATION_DATA : way.ciphered && type !== CHANGE_CIPHER_SPEC;
    if (!isCiphered) return undefined;
    way.keys ??= this.#keys(direction, way.finished);
    const { keys, sequence } = way;
    const opened = keys?.open(record.bytes, sequence);
    if (keys === undefined || opened === undefined) return undefined;
    way.sequence++;
    const range = this.#look(direction, opened, record, { keys, sequence }, found);
    return { keys, sequence, ...(range !== undefined && { range }) };
  }

  #look(
    direction: 0 | 1,
    { type, content }: Opened,
    { bytes, at, frame, time }: RecordSeen,
    by: { readonly keys: RecordKeys; readonly sequence: number },
    found: MessagesFound,
  ): InsideRange | undefined {
    if (type === APPLICATION_DATA) {
      const place = { from: at, to: at + bytes.length, ...by };
      return this.inside.add(direction, content, place, { frame, time }, this.#session.alpn, found);
    }
    if (type === HANDSHAKE) this.#handshakes(direction, content);
    return undefined;
  }

  /** Goes through handshake messages for those after which other keys are in use, and for what the server has chosen. */
  #handshakes(direction: 0 | 1, content: Uint8Array): void {
    const way = this.#ways[direction];
    const bytes = concatenate([way.partial, content]);
    way.partial = NOTHING;
    for (let at = 0; at < bytes.length; ) {
      const [type, high = 0, middle = 0, low = 0] = bytes.subarray(at, at + 4);
      const end = at + 4 + ((high << 16) | (middle << 8) | low);
      if (end > bytes.length || bytes.length - at < 4) {
        if (bytes.length - at <= PARTIAL_LIMIT) way.partial = bytes.slice(at);
        return;
      }
      if (direction === 1) noteEncryptedExtensions(this.#session, type, bytes.subarray(at + 4, end));
      at = end;
      if (this.#session.version !== TLS_1_3) continue;
      if (type === FINISHED) Object.assign(way, { finished: true, keys: undefined, sequence: 0 });
      else if (type === KEY_UPDATE) Object.assign(way, { keys: way.keys?.next(), sequence: 0 });
    }
  }

  #keys(direction: 0 | 1, finished: boolean): RecordKeys | undefined {
    const { version, suite: number } = this.#session;
    const suite = suiteOf(number);
    if (suite === undefined || this.#clientRandom === undefined) return undefined;
    const { ciphers } = this.#parts;
    if (version === TLS_1_3) {
      const end = direction === 0 ? "CLIENT" : "SERVER";
      const secret = this.#ask(finished ? `${end}_TRAFFIC_SECRET_0` : `${end}_HANDSHAKE_TRAFFIC_SECRET`);
      return secret && RecordKeys.ofSecret(ciphers, suite, secret);
    }
    const master = this.#ask("CLIENT_RANDOM");
    if (master === undefined || this.#serverRandom === undefined) return undefined;
    const randoms = concatenate([this.#serverRandom, this.#clientRandom]);
    return RecordKeys.ofMaster(ciphers, suite, version, master, randoms)[direction];
  }

  #ask(label: string): Uint8Array | undefined {
    const secret = this.#secret(label);
    if (secret === undefined && this.#missing === undefined) {
      this.#missing = label;
      this.#version = this.#parts.keyLog.version;
    }
    return secret;
  }

  #secret(label: string): Uint8Array | undefined {
    return this.#clientRandom && this.#parts.keyLog.find(toHex(this.#clientRandom), label);
  }
}
