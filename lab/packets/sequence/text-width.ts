/** Pixels of a letter of the labels: 12 px of a font whose letters are all as wide. */
const LETTER = 7.25;
const WIDE = 12.5;

const letterWidth = (letter: string): number => ((letter.codePointAt(0) ?? 0) < 0x2e80 ? LETTER : WIDE);

/** How wide a label is at most, without asking a browser: the same for the page, the exported file and a test. */
export function textWidth(text: string): number {
  let width = 0;
  for (const letter of text) width += letterWidth(letter);
  return width;
}

/** The text, or as much of it as fits with an ellipsis. */
export function shortened(text: string, room: number): string {
  if (textWidth(text) <= room) return text;
  let width = LETTER;
  let kept = "";
  for (const letter of text) {
    width += letterWidth(letter);
    if (width > room) break;
    kept += letter;
  }
  return `${kept.trimEnd()}…`;
}
