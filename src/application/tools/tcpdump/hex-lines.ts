const COLUMN = 16;
/** More is no frame. */
const LETTERS_LIMIT = 65_536;

/** Bytes in hexadecimal, 16 a line in pairs, as tcpdump -x; with letters beside them as -X. */
export function hexLines(bytes: Uint8Array, letters: boolean): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += COLUMN) {
    const row = bytes.subarray(at, at + COLUMN);
    const pairs: string[] = [];
    for (let byte = 0; byte < row.length; byte += 2) {
      pairs.push(Array.from(row.subarray(byte, byte + 2), (each) => each.toString(16).padStart(2, "0")).join(""));
    }
    const hex = pairs.join(" ");
    const place = at.toString(16).padStart(4, "0");
    text += `\t0x${place}:  ${letters ? `${hex.padEnd(39)}  ${lettersOf(row)}` : hex}\n`;
  }
  return text;
}

const lettersOf = (row: Uint8Array): string =>
  Array.from(row, (byte) => (byte > 0x20 && byte < 0x7f ? String.fromCharCode(byte) : ".")).join("");

/** Bytes as letters alone, as tcpdump -A: lines end where they end, without their carriage returns. */
export function asciiOf(bytes: Uint8Array): string {
  const text = String.fromCharCode(...bytes.subarray(0, LETTERS_LIMIT)).replaceAll(/\r(?=\n|$)/g, "");
  return `${text.replaceAll(/[^\t\n -~]/g, ".")}\n`;
}
