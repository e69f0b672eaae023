/** Characters that a terminal obeys, or that turn the order of what it shows: C0, C1, DEL and the bidirectional controls. */
const CONTROLS = /[\p{Cc}\u061c\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/**
 * A text in which nothing is left that a terminal obeys but line feed, tabulator and carriage return: `^[` for Escape, as a
 * terminal echoes it, and `\x9b` or `\u202e` for what has no letter.
 */
export function harmless(text: string): string {
  return text.replaceAll(CONTROLS, (character) => {
    const code = character.codePointAt(0) ?? 0;
    if (code === 9 || code === 10 || code === 13) return character;
    if (code < 0x20) return `^${String.fromCharCode(code + 0x40)}`;
    if (code === 0x7f) return "^?";
    return code < 0x100 ? `\\x${code.toString(16)}` : `\\u${code.toString(16).padStart(4, "0")}`;
  });
}

/** The output of one program: bytes that may be cut anywhere, as text that does a terminal no harm. */
export class HarmlessText {
  readonly #decoder = new TextDecoder("utf-8", { ignoreBOM: true });

  read(bytes: Uint8Array): string {
    return harmless(this.#decoder.decode(bytes, { stream: true }));
  }
}
