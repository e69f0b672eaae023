import { host } from "./bridge.ts";

const { parse, stringify } = JSON;

/** TextEncoder (Encoding §8): the host does the work. */
export class GuestTextEncoder {
  readonly encoding = "utf-8";

  encode(text = ""): Uint8Array {
    return new Uint8Array(host("encode", 0, stringify(String(text))) as ArrayBuffer);
  }

  encodeInto(text: string, into: Uint8Array): { read: number; written: number } {
    let read = 0;
    let written = 0;
    for (const letter of String(text)) {
      const bytes = this.encode(letter);
      if (written + bytes.length > into.length) break;
      into.set(bytes, written);
      written += bytes.length;
      read += letter.length;
    }
    return { read, written };
  }
}

interface DecoderOptions {
  readonly fatal?: boolean;
  readonly ignoreBOM?: boolean;
}

/** TextDecoder (Encoding §8) for UTF-8. */
export class GuestTextDecoder {
  readonly encoding = "utf-8";
  readonly fatal: boolean;
  readonly ignoreBOM: boolean;
  /** Of a letter whose end has not come. */
  #rest: Uint8Array = new Uint8Array(0);
  #begun = false;

  constructor(label = "utf-8", { fatal = false, ignoreBOM = false }: DecoderOptions = {}) {
    if (!/^\s*(?:utf-?8|unicode-1-1-utf-8)\s*$/i.test(String(label)))
      throw new RangeError(`${label}: only utf-8 is decoded`);
    this.fatal = Boolean(fatal);
    this.ignoreBOM = Boolean(ignoreBOM);
  }

  decode(input?: ArrayBuffer | ArrayBufferView, { stream = false }: { readonly stream?: boolean } = {}): string {
    const all = joined(this.#rest, bytesOf(input));
    const whole = stream ? all.length - cutOff(all) : all.length;
    this.#rest = all.slice(whole);
    const keepsBom = this.ignoreBOM || this.#begun;
    this.#begun = stream && (this.#begun || whole > 0);
    const { buffer } = all.slice(0, whole);
    const text = host("decode", (this.fatal ? 1 : 0) + (keepsBom ? 2 : 0), "", buffer) as string;
    if (text === "") throw new TypeError("The encoded data was not valid for encoding utf-8");
    return parse(text) as string;
  }
}

function bytesOf(input: ArrayBuffer | ArrayBufferView | undefined): Uint8Array {
  if (input === undefined) return new Uint8Array(0);
  if (input instanceof ArrayBuffer) return new Uint8Array(input);
  return new Uint8Array(input.buffer, input.byteOffset, input.byteLength);
}

function joined(one: Uint8Array, other: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(one.length + other.length);
  both.set(one);
  both.set(other, one.length);
  return both;
}

/** How many bytes at the end begin a letter of which more is to come. */
function cutOff(bytes: Uint8Array): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back] as number;
    if (byte < 0x80) return 0;
    if (byte < 0xc0) continue;
    const length = byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
    return length > back ? back : 0;
  }
  return 0;
}
