import { type CipherName, type Ciphers, type HashName, TAG_LENGTH } from "./ciphers.ts";
import { expandLabel, nextSecret, pseudorandom } from "./key-schedule.ts";
import { CIPHER_SUITES } from "./suites.ts";

const HEAD = 5;
const TLS_1_3 = 0x0304;
/** Octets of a nonce in all (RFC 5116 §5.1), of the part of it that GCM's records carry (RFC 5288 §3), and of the rest. */
const [NONCE, EXPLICIT, SALT] = [12, 8, 4];

/** What a record turned out to hold. */
export interface Opened {
  /** Its content type. */
  readonly type: number;
  readonly content: Uint8Array;
}

/** How records are ciphered that agree on a suite. */
export interface Suite {
  readonly cipher: CipherName;
  readonly hash: HashName;
  /** Octets. */
  readonly keyLength: number;
}

/** @returns undefined for a suite whose records cannot be opened here: those of CBC, CCM and older ones */
export function suiteOf(number: number): Suite | undefined {
  const name = CIPHER_SUITES[number] ?? "";
  const [, bits, hash] = /_AES_(128|256)_GCM_SHA(256|384)$/.exec(name) ?? [];
  if (bits !== undefined) {
    const cipher = bits === "128" ? "aes-128-gcm" : "aes-256-gcm";
    return { cipher, hash: hash === "384" ? "sha384" : "sha256", keyLength: Number(bits) / 8 };
  }
  return name.endsWith("_CHACHA20_POLY1305_SHA256")
    ? { cipher: "chacha20-poly1305", hash: "sha256", keyLength: 32 }
    : undefined;
}

/** Opens the records that one end has sealed with one key. */
export class RecordKeys {
  readonly #ciphers: Ciphers;
  readonly #suite: Suite;
  readonly #version: number;
  readonly #key: Uint8Array;
  /** What nonces are made of: all of one, or the part that records do not carry. */
  readonly #iv: Uint8Array;
  /** What the key was made of, in TLS 1.3. */
  readonly #secret: Uint8Array | undefined;

  private constructor(
    ciphers: Ciphers,
    suite: Suite,
    version: number,
    key: Uint8Array,
    iv: Uint8Array,
    secret?: Uint8Array,
  ) {
    this.#ciphers = ciphers;
    this.#suite = suite;
    this.#version = version;
    this.#key = key;
    this.#iv = iv;
    this.#secret = secret;
  }

  /** RFC 8446 §7.3 */
  static ofSecret(ciphers: Ciphers, suite: Suite, secret: Uint8Array): RecordKeys {
    const key = expandLabel(ciphers, suite.hash, secret, "key", suite.keyLength);
    const iv = expandLabel(ciphers, suite.hash, secret, "iv", NONCE);
    return new RecordKeys(ciphers, suite, TLS_1_3, key, iv, secret);
  }

  /**
   * RFC 5246 §6.3
   * @param randoms the server's and then the client's @returns the client's keys and the server's
   */
  static ofMaster(
    ciphers: Ciphers,
    suite: Suite,
    version: number,
    master: Uint8Array,
    randoms: Uint8Array,
  ): readonly [client: RecordKeys, server: RecordKeys] {
    const { keyLength, hash } = suite;
    const ivLength = suite.cipher === "chacha20-poly1305" ? NONCE : SALT; // RFC 7905 §2
    const block = pseudorandom(ciphers, hash, master, "key expansion", randoms, 2 * (keyLength + ivLength));
    const piece = (from: number, length: number): Uint8Array => block.slice(from, from + length);
    const make = (end: 0 | 1): RecordKeys => {
      const iv = piece(2 * keyLength + end * ivLength, ivLength);
      return new RecordKeys(ciphers, suite, version, piece(end * keyLength, keyLength), iv);
    };
    return [make(0), make(1)];
  }

  /** Those that come after a KeyUpdate (RFC 8446 §4.6.3); undefined before TLS 1.3. */
  next(): RecordKeys | undefined {
    if (this.#secret === undefined) return undefined;
    const secret = nextSecret(this.#ciphers, this.#suite.hash, this.#secret);
    return RecordKeys.ofSecret(this.#ciphers, this.#suite, secret);
  }

  /**
   * @param record with its head @param sequence the count of records that were sealed with the key before
   * @returns undefined for what was not sealed so
   */
  open(record: Uint8Array, sequence: number): Opened | undefined {
    return this.#version === TLS_1_3 ? this.#open13(record, sequence) : this.#open12(record, sequence);
  }

  /** RFC 8446 §5.2 */
  #open13(record: Uint8Array, sequence: number): Opened | undefined {
    const sealed = record.subarray(HEAD);
    if (sealed.length <= TAG_LENGTH) return undefined;
    const inner = this.#open(this.#nonce(sequence), record.subarray(0, HEAD), sealed);
    if (inner === undefined) return undefined;
    let end = inner.length;
    while (end > 0 && inner[end - 1] === 0) end--;
    return end === 0 ? undefined : { type: inner[end - 1] as number, content: inner.subarray(0, end - 1) };
  }

  /** RFC 5246 §6.2.3.3, RFC 5288 §3, RFC 7905 §2 */
  #open12(record: Uint8Array, sequence: number): Opened | undefined {
    const carried = this.#iv.length === SALT ? EXPLICIT : 0;
    const length = record.length - HEAD - carried - TAG_LENGTH;
    if (length < 0) return undefined;
    const sealed = record.subarray(HEAD + carried);
    const additional = new Uint8Array(13);
    const view = new DataView(additional.buffer);
    view.setBigUint64(0, BigInt(sequence));
    additional.set(record.subarray(0, 3), 8);
    view.setUint16(11, length);
    let nonce = this.#nonce(sequence);
    if (carried > 0) {
      nonce = new Uint8Array(NONCE);
      nonce.set(this.#iv);
      nonce.set(record.subarray(HEAD, HEAD + EXPLICIT), SALT);
    }
    const content = this.#open(nonce, additional, sealed);
    return content && { type: record[0] as number, content };
  }

  /** The iv with the sequence number in its last octets (RFC 8446 §5.3). */
  #nonce(sequence: number): Uint8Array {
    const nonce = new Uint8Array(NONCE);
    const view = new DataView(nonce.buffer);
    view.setBigUint64(NONCE - 8, BigInt(sequence));
    for (const [at, octet] of this.#iv.entries()) nonce[at] = (nonce[at] as number) ^ octet;
    return nonce;
  }

  #open(nonce: Uint8Array, additional: Uint8Array, sealed: Uint8Array): Uint8Array | undefined {
    return this.#ciphers.open(this.#suite.cipher, this.#key, nonce, additional, sealed);
  }
}
