import type { FailureCode } from "./failures.ts";
import type { MessageLimits } from "./limits.ts";
import { BACKSLASH, CLASS, CR, EQUALS, HEX, isBlank, LF, QUOTE, QUOTED, SEMICOLON, TOKEN, VALUE } from "./octets.ts";

const SIZE = 0;
const AFTER_SIZE = 1;
const BEFORE_SEMICOLON = 2;
const BEFORE_NAME = 3;
const NAME = 4;
const AFTER_NAME = 5;
const BEFORE_VALUE = 6;
const TOKEN_VALUE = 7;
const QUOTED_VALUE = 8;
const QUOTED_PAIR = 9;
const AFTER_QUOTED = 10;
const LINE_END = 11;
const DONE = 12;
const WRONG = 13;

/** More are leading zeros that nobody needs. */
const DIGITS = 16;

/** The line before a chunk: its size and extensions (RFC 9112 §7.1), octet by octet. Extensions are checked and dropped. */
export class ChunkLine {
  readonly #limits: MessageLimits;
  #state = DONE;
  #digits = 0;
  /** Octets of extensions in this line, and in all before it as far as the content did not outweigh them. */
  #length = 0;
  #excess = 0;
  size = 0;
  failure: FailureCode | undefined = undefined;

  constructor(limits: MessageLimits) {
    this.#limits = limits;
  }

  get done(): boolean {
    return this.#state === DONE;
  }

  /** Before the first chunk of a message. */
  startMessage(): void {
    this.#excess = 0;
    this.start();
  }

  start(): void {
    this.#state = SIZE;
    this.#digits = 0;
    this.#length = 0;
    this.size = 0;
    this.failure = undefined;
  }

  /** Reads on at `pos`. Returns where it stopped: after the line, at a fault, or at `end`. */
  scan(bytes: Uint8Array, pos: number, end: number): number {
    if (this.#state === SIZE) pos = this.#scanSize(bytes, pos, end);
    for (; pos < end && this.#state !== DONE && this.failure === undefined; pos++) {
      this.failure = this.#take(bytes[pos]!);
    }
    return pos;
  }

  #scanSize(bytes: Uint8Array, pos: number, end: number): number {
    for (; pos < end; pos++) {
      const digit = HEX[bytes[pos]!]!;
      if (digit < 0 && this.#digits > 0) {
        this.#state = AFTER_SIZE;
        return pos;
      }
      if (digit < 0 || ++this.#digits > DIGITS) {
        this.failure = "chunk-size";
        return pos;
      }
      this.size = this.size * 16 + digit;
    }
    return pos;
  }

  #take(octet: number): FailureCode | undefined {
    const state = this.#state;
    if (state === LINE_END) {
      if (octet !== LF) return "bare-cr";
      this.#state = DONE;
      this.#excess = Math.max(0, this.#excess + this.#length - this.size);
      return undefined;
    }
    if (octet === LF) return "bare-lf";
    if (octet === CR && (state === AFTER_SIZE || state === NAME || state === TOKEN_VALUE || state === AFTER_QUOTED)) {
      this.#state = LINE_END;
      return undefined;
    }
    this.#state = next(state, octet);
    if (this.#state === WRONG) return state === AFTER_SIZE ? "chunk-size" : "chunk-extension";
    return ++this.#length + this.#excess > this.#limits.chunkExtensions ? "chunk-extensions-too-large" : undefined;
  }
}

/** `*( BWS ";" BWS name [ BWS "=" BWS ( token / quoted-string ) ] )` (RFC 9112 §7.1.1). */
function next(state: number, octet: number): number {
  const token = (CLASS[octet]! & TOKEN) !== 0;
  switch (state) {
    case AFTER_SIZE:
    case AFTER_QUOTED:
    case BEFORE_SEMICOLON:
      return octet === SEMICOLON ? BEFORE_NAME : isBlank(octet) ? BEFORE_SEMICOLON : WRONG;
    case BEFORE_NAME:
      return token ? NAME : isBlank(octet) ? BEFORE_NAME : WRONG;
    case NAME:
    case AFTER_NAME:
      if (token) return state === NAME ? NAME : WRONG;
      if (octet === SEMICOLON) return BEFORE_NAME;
      return octet === EQUALS ? BEFORE_VALUE : isBlank(octet) ? AFTER_NAME : WRONG;
    case BEFORE_VALUE:
      return token ? TOKEN_VALUE : octet === QUOTE ? QUOTED_VALUE : isBlank(octet) ? BEFORE_VALUE : WRONG;
    case TOKEN_VALUE:
      if (token) return TOKEN_VALUE;
      return octet === SEMICOLON ? BEFORE_NAME : isBlank(octet) ? BEFORE_SEMICOLON : WRONG;
    case QUOTED_VALUE:
      if (octet === QUOTE) return AFTER_QUOTED;
      return octet === BACKSLASH ? QUOTED_PAIR : (CLASS[octet]! & QUOTED) !== 0 ? QUOTED_VALUE : WRONG;
    default: // QUOTED_PAIR
      return (CLASS[octet]! & VALUE) !== 0 ? QUOTED_VALUE : WRONG;
  }
}
