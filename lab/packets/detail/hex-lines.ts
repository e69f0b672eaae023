/** Bytes as a table of lines: offset, hexadecimal, letters. */
export interface HexLine {
  readonly offset: number;
  readonly bytes: Uint8Array;
}

export const lineCount = (length: number, width: number): number => Math.ceil(length / width);

export function hexLine(bytes: Uint8Array, line: number, width: number): HexLine {
  return { offset: line * width, bytes: bytes.subarray(line * width, (line + 1) * width) };
}

/** Four digits at least, more where the bytes are many. */
export const offsetText = (offset: number, length: number): string =>
  offset.toString(16).padStart(Math.max(4, (length - 1).toString(16).length), "0");

export const byteText = (byte: number): string => byte.toString(16).padStart(2, "0");

/** The letter of a byte, a dot for what is none: nothing that a packet carries can be more than a letter. */
export const letterText = (byte: number): string => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : ".");

/** All lines as text, as `hexdump -C` and Wireshark's "Copy as hex dump" lay it out. */
export function hexDump(bytes: Uint8Array, width = 16): string {
  const lines: string[] = [];
  for (let n = 0; n < lineCount(bytes.length, width); n++) {
    const line = hexLine(bytes, n, width);
    const hex = [...line.bytes]
      .map(byteText)
      .join(" ")
      .padEnd(width * 3 - 1);
    lines.push(`${offsetText(line.offset, bytes.length)}  ${hex}  ${[...line.bytes].map(letterText).join("")}`);
  }
  return lines.join("\n");
}

/** Moves a place in the bytes as an arrow key does; it stays where there is nothing further. */
export function moved(at: number, key: string, length: number, width: number): number | undefined {
  const line = Math.floor(at / width) * width;
  const steps: Readonly<Record<string, number>> = {
    ArrowLeft: at - 1,
    ArrowRight: at + 1,
    ArrowUp: at - width < 0 ? at : at - width,
    ArrowDown: at + width >= length ? at : at + width,
    Home: line,
    End: line + width - 1,
    PageUp: Math.max(at % width, at - 8 * width),
    PageDown: at + 8 * width >= length ? at : at + 8 * width,
  };
  const to = steps[key];
  return to === undefined ? undefined : Math.max(0, Math.min(length - 1, to));
}
