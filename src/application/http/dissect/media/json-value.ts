import { decodeLatin1 } from "../../../../base/latin1.ts";

/** Objects and arrays within others; what goes deeper is no JSON here. */
const DEPTH_LIMIT = 32;

interface Place {
  /** Where it stands, in octets. */
  readonly start: number;
  readonly length: number;
}

export interface JsonMember extends Place {
  readonly name: string;
  /** With its quotation marks. */
  readonly nameLength: number;
  readonly value: JsonValue;
}

export type JsonValue =
  | (Place & { readonly kind: "object"; readonly members: readonly JsonMember[] })
  | (Place & { readonly kind: "array"; readonly elements: readonly JsonValue[] })
  /** @property text what a string means, or how anything else is written */
  | (Place & { readonly kind: "string" | "number" | "true" | "false" | "null"; readonly text: string });

/**
 * Reads an object or an array at the beginning of bytes (RFC 8259), with where everything stands.
 * @returns undefined when there is none; else its end, with the white space behind it
 */
export function readJson(bytes: Uint8Array): { value: JsonValue; end: number } | undefined {
  const reader = new JsonReader(bytes);
  reader.skipSpace();
  const first = bytes[reader.at];
  if (first !== OPEN_BRACE && first !== OPEN_BRACKET) return undefined;
  const value = reader.value(0);
  if (value === undefined) return undefined;
  reader.skipSpace();
  return { value, end: reader.at };
}

const [QUOTE, BACKSLASH, COMMA, COLON] = [0x22, 0x5c, 0x2c, 0x3a];
const [OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET] = [0x7b, 0x7d, 0x5b, 0x5d];
const LITERALS = ["true", "false", "null"] as const;
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/;
/** Values of one text; what has more is no JSON here. */
export const VALUES_LIMIT = 100_000;
/** Octets of a number that are looked at. */
const NUMBER_LIMIT = 512;

/** Digits, signs, the point and the exponent's letter. */
const isOfNumber = (byte: number): boolean =>
  (byte >= 0x30 && byte <= 0x39) || byte === 0x2d || byte === 0x2e || byte === 0x2b || (byte | 0x20) === 0x65;

class JsonReader {
  readonly #bytes: Uint8Array;
  at = 0;
  #values = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  skipSpace(): void {
    for (;;) {
      const byte = this.#bytes[this.at];
      if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return;
      this.at++;
    }
  }

  #take(byte: number): boolean {
    this.skipSpace();
    if (this.#bytes[this.at] !== byte) return false;
    this.at++;
    return true;
  }

  value(depth: number): JsonValue | undefined {
    this.skipSpace();
    const byte = this.#bytes[this.at];
    if (depth >= DEPTH_LIMIT || ++this.#values > VALUES_LIMIT) return undefined;
    if (byte === OPEN_BRACE) return this.#object(depth);
    if (byte === OPEN_BRACKET) return this.#array(depth);
    const start = this.at;
    if (byte === QUOTE) {
      const text = this.#string();
      return text === undefined ? undefined : { kind: "string", start, length: this.at - start, text };
    }
    for (const literal of LITERALS) {
      if (byte !== literal.charCodeAt(0)) continue;
      const end = Math.min(start + literal.length, this.#bytes.length);
      if (decodeLatin1(this.#bytes, start, end) !== literal) continue;
      this.at += literal.length;
      return { kind: literal, start, length: literal.length, text: literal };
    }
    const limit = Math.min(start + NUMBER_LIMIT, this.#bytes.length);
    let end = start;
    while (end < limit && isOfNumber(this.#bytes[end] as number)) end++;
    const number = NUMBER.exec(decodeLatin1(this.#bytes, start, end))?.[0];
    if (number === undefined) return undefined;
    this.at += number.length;
    return { kind: "number", start, length: number.length, text: number };
  }

  #object(depth: number): JsonValue | undefined {
    const start = this.at++;
    const members: JsonMember[] = [];
    if (this.#take(CLOSE_BRACE)) return { kind: "object", start, length: this.at - start, members };
    do {
      this.skipSpace();
      const from = this.at;
      const name = this.#bytes[from] === QUOTE ? this.#string() : undefined;
      const nameLength = this.at - from;
      if (name === undefined || !this.#take(COLON)) return undefined;
      const value = this.value(depth + 1);
      if (value === undefined) return undefined;
      members.push({ name, nameLength, value, start: from, length: this.at - from });
    } while (this.#take(COMMA));
    return this.#take(CLOSE_BRACE) ? { kind: "object", start, length: this.at - start, members } : undefined;
  }

  #array(depth: number): JsonValue | undefined {
    const start = this.at++;
    const elements: JsonValue[] = [];
    if (this.#take(CLOSE_BRACKET)) return { kind: "array", start, length: this.at - start, elements };
    do {
      const element = this.value(depth + 1);
      if (element === undefined) return undefined;
      elements.push(element);
    } while (this.#take(COMMA));
    return this.#take(CLOSE_BRACKET) ? { kind: "array", start, length: this.at - start, elements } : undefined;
  }

  #string(): string | undefined {
    const start = ++this.at;
    for (let at = start; at < this.#bytes.length; at++) {
      const byte = this.#bytes[at];
      if (byte === BACKSLASH) at++;
      else if (byte === QUOTE) {
        this.at = at + 1;
        return unescaped(new TextDecoder().decode(this.#bytes.subarray(start, at)));
      }
    }
    return undefined;
  }
}

const MEANINGS: Readonly<Record<string, string>> = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };
const ESCAPE = /\\(?:u([\dA-Fa-f]{4})|(["\\/bfnrt]))/g;

const unescaped = (text: string): string =>
  text.includes("\\")
    ? text.replace(ESCAPE, (_, code: string | undefined, letter: string) =>
        code === undefined ? (MEANINGS[letter] ?? letter) : String.fromCharCode(Number.parseInt(code, 16)),
      )
    : text;
