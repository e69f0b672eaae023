/**
 * Octets as text and back, one character for each (ISO 8859-1). `TextDecoder("latin1")` is windows-1252 by the Encoding
 * standard, which changes 0x80 to 0x9F; but what is all ASCII reads the same in UTF-8, and engines are fast at that.
 */

const utf8 = new TextDecoder();
const PIECE = 1_024;

/** ASCII only: the caller has seen that no octet is above 0x7F. */
export function decodeAscii(bytes: Uint8Array, start: number, end: number): string {
  return utf8.decode(bytes.subarray(start, end));
}

/** Each octet as the character of its number. */
export function decodeLatin1(bytes: Uint8Array, start = 0, end: number = bytes.length): string {
  let text = "";
  for (let at = start; at < end; at += PIECE) {
    text += String.fromCharCode(...bytes.subarray(at, Math.min(end, at + PIECE)));
  }
  return text;
}

/**
 * Writes each character as one octet.
 * @returns the position after the last
 * @throws RangeError when there is no room
 */
export function writeLatin1(text: string, into: Uint8Array, at: number): number {
  if (text.length > into.length - at) throw new RangeError(`no room for ${text.length} octets`);
  for (let i = 0; i < text.length; i++) into[at + i] = text.charCodeAt(i);
  return at + text.length;
}

/** A text of characters up to U+00FF in octets of its own. */
export function encodeLatin1(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length);
  writeLatin1(text, bytes, 0);
  return bytes;
}
