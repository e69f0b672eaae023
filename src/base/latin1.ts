/**
 * Octets as text and back, one character for each (ISO 8859-1), as HTTP's heads are read. `TextDecoder("latin1")` will
 * not do: by the Encoding standard it is windows-1252, which changes 0x80 to 0x9F.
 */

/** The same done by an engine's own code, which costs half. */
export interface NativeLatin1 {
  readonly decode: (bytes: Uint8Array, start: number, end: number) => string;
  /** There is room for all of it. */
  readonly write: (text: string, into: Uint8Array, at: number) => void;
}

let native: NativeLatin1 | undefined;

/** A platform brings its own. What it gives has to be the same, so that nobody can tell. */
export function useNativeLatin1(given: NativeLatin1 | undefined): void {
  native = given;
}

const utf8 = new TextDecoder();
/** Octets that become one call's arguments. */
const PIECE = 1_024;
/** A text shorter than this costs less to write than to ask the engine to. */
const SHORT = 24;

/**
 * Each octet as the character of its number.
 * @param ascii that the caller has seen no octet above 0x7F: then it reads the same in UTF-8, which engines are fast at
 */
export function decodeLatin1(bytes: Uint8Array, start = 0, end: number = bytes.length, ascii = false): string {
  if (native !== undefined) return native.decode(bytes, start, end);
  if (ascii) return utf8.decode(bytes.subarray(start, end));
  let text = "";
  for (let at = start; at < end; at += PIECE) {
    text += String.fromCharCode(...bytes.subarray(at, Math.min(end, at + PIECE)));
  }
  return text;
}

/**
 * Writes each character as one octet; of what is beyond U+00FF, the lower eight bits.
 * @returns the position after the last
 * @throws RangeError when there is no room
 */
export function writeLatin1(text: string, into: Uint8Array, at: number): number {
  const end = at + text.length;
  if (end > into.length) throw new RangeError(`no room for ${text.length} octets`);
  if (native !== undefined && text.length >= SHORT) native.write(text, into, at);
  else for (let i = 0; i < text.length; i++) into[at + i] = text.charCodeAt(i);
  return end;
}

/** A text of characters up to U+00FF in octets of its own. */
export function encodeLatin1(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length);
  writeLatin1(text, bytes, 0);
  return bytes;
}
