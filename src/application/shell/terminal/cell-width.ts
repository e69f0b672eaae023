/** Ranges of characters that take no cell: combining marks, joiners, variation selectors (Unicode general categories Mn, Me, Cf). */
const NONE = /^[\p{Mn}\p{Me}\p{Cf}]$/u;

/** First and last of the ranges that are wide or fullwidth (Unicode Standard Annex #11), as terminals have them. */
const WIDE: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0x33ff],
  [0x3400, 0x4dbf],
  [0x4e00, 0x9fff],
  [0xa000, 0xa4cf],
  [0xa960, 0xa97f],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x1f300, 0x1f64f],
  [0x1f900, 0x1f9ff],
  [0x20000, 0x2fffd],
  [0x30000, 0x3fffd],
];

/** How many cells of a terminal a character takes: 0, 1 or 2. */
export function cellWidth(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x300) return 1;
  if (NONE.test(character)) return 0;
  return WIDE.some(([first, last]) => code >= first && code <= last) ? 2 : 1;
}

/** Where a terminal's cursor stands, counted from 0. */
export interface Place {
  readonly row: number;
  readonly column: number;
}

/** Where the cursor is after a text of one line that begins at a place; a full row leads to the next. */
export function placeAfter(text: Iterable<string>, columns: number, from: Place = { row: 0, column: 0 }): Place {
  let { row, column } = from;
  for (const character of text) {
    const width = cellWidth(character);
    if (column + width > columns) {
      row++;
      column = 0;
    }
    column += width;
    if (column === columns) {
      row++;
      column = 0;
    }
  }
  return { row, column };
}
