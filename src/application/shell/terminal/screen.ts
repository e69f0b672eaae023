import { cellWidth, placeAfter } from "./cell-width.ts";

/** Lines that are kept of what stood on a terminal, and characters of one of them. */
export const KEPT_LINES_LIMIT = 1000;
export const LINE_LENGTH_LIMIT = 4096;

const TAB = 8;

/** A line that is being typed below all output. */
export interface Typed {
  /** What stands before it, and with what control sequence (SGR): `"pc1$ "`, `"1;36"`. */
  readonly prompt: string;
  readonly style?: string | undefined;
  readonly characters: readonly string[];
  readonly cursor: number;
}

const NOTHING: Typed = { prompt: "", characters: [], cursor: 0 };

/**
 * What stands on a terminal: output that scrolls, and below it the line that is being typed, which moves down as output comes.
 * All control sequences that a terminal gets are made here; what is shown must be {@link harmless} already.
 */
export class Screen {
  readonly #emit: (text: string) => void;
  #columns: number;
  readonly #lines: string[] = [];
  /** Output of the last line, which has not ended. */
  #partial = "";
  /** Where in it the next output goes, after a carriage return. */
  #at = 0;
  #typed: Typed = NOTHING;
  /** Rows from the first one of the last line to the cursor. */
  #row = 0;

  /** @param emit takes what goes to the terminal */
  constructor(columns: number, emit: (text: string) => void) {
    this.#columns = columns;
    this.#emit = emit;
  }

  get columns(): number {
    return this.#columns;
  }

  /** Output of a program. It comes above a prompt, and before what is typed without one. */
  write(text: string): void {
    if (text === "") return;
    const above = this.#typed.prompt !== "";
    let shown = this.#hidden();
    for (const line of text.replaceAll("\r\n", "\n").split(/(?<=[\n\r])/)) shown += this.#take(line);
    if (above && this.#partial !== "") shown += this.#take("\n");
    this.#emit(shown + this.#drawn());
  }

  /** Whole lines that belong to nothing that stands there: they have rows of their own. */
  writeLines(text: string): void {
    this.write(`${this.#partial === "" ? "" : "\n"}${text}${text === "" || text.endsWith("\n") ? "" : "\n"}`);
  }

  /** What is being typed now. */
  edit(typed: Typed): void {
    if (isSame(this.#typed, typed)) return;
    const added = appended(this.#typed, typed);
    if (added !== undefined && this.#fits(added)) {
      this.#typed = typed;
      this.#emit(added);
      return;
    }
    let shown = this.#hidden();
    if (typed.prompt !== "" && this.#partial !== "") shown += this.#take("\n");
    this.#typed = typed.prompt === "" && typed.characters.length === 0 ? NOTHING : typed;
    this.#emit(shown + this.#drawn());
  }

  /** The typed line is done: it stays where it stands, and output goes on below. */
  commit(): void {
    if (this.#typed === NOTHING) {
      this.#emit(this.#newLine());
      return;
    }
    const { prompt, style, characters } = this.#typed;
    const from = placeAfter(`${this.#partial}${prompt}`, this.#columns);
    const end = placeAfter(characters, this.#columns, from);
    const down = end.row - this.#row;
    // A row that is just full has led to the next already.
    const isFull = end.column === 0 && end.row > 0;
    this.#typed = NOTHING;
    this.#keep(`${this.#partial}${styled(prompt, style)}${characters.join("")}`);
    this.#partial = "";
    this.#at = 0;
    this.#row = 0;
    this.#emit(`${down > 0 ? `\x1b[${down}B` : ""}\r${isFull ? "" : "\n"}`);
  }

  /** Takes everything away but what is being typed. */
  clear(): void {
    this.#lines.length = 0;
    this.#partial = "";
    this.#at = 0;
    this.#emit(`\x1b[H\x1b[2J\x1b[3J${this.#drawn()}`);
  }

  bell(): void {
    this.#emit("\x07");
  }

  resize(columns: number): void {
    if (columns === this.#columns) return;
    const shown = this.#hidden();
    this.#columns = columns;
    this.#emit(shown + this.#drawn());
  }

  /** What shows all of it on a terminal that is empty. */
  get shown(): string {
    const lines = this.#lines.map((line) => `${line}\r\n`).join("");
    return `${lines}${this.#standing()}${this.#drawn()}`;
  }

  /** Takes a piece of output that holds one line's end at most, at its own end. */
  #take(piece: string): string {
    const end = piece.at(-1);
    const text = end === "\n" || end === "\r" ? piece.slice(0, -1) : piece;
    const shown = text === "" ? "" : this.#append(text);
    if (end === "\r") {
      const back = this.#toFirstColumn();
      this.#at = 0;
      return `${shown}${back}`;
    }
    return end === "\n" ? `${shown}${this.#newLine()}` : shown;
  }

  #append(text: string): string {
    const before = this.#partial.slice(0, this.#at);
    let column = placeAfter(before, Number.MAX_SAFE_INTEGER).column;
    let added = "";
    for (const character of text) {
      const piece = character === "\t" ? " ".repeat(TAB - (column % TAB)) : character;
      added += piece;
      column += character === "\t" ? piece.length : cellWidth(character);
    }
    this.#partial = before + added + this.#partial.slice(this.#at + added.length);
    this.#at += added.length;
    return this.#partial.length > LINE_LENGTH_LIMIT ? `${added}${this.#newLine()}` : added;
  }

  #newLine(): string {
    this.#keep(this.#partial);
    this.#partial = "";
    this.#at = 0;
    this.#row = 0;
    return "\r\n";
  }

  #keep(line: string): void {
    this.#lines.push(line);
    if (this.#lines.length >= 2 * KEPT_LINES_LIMIT) this.#lines.splice(0, KEPT_LINES_LIMIT);
  }

  /** To the beginning of the output's last line, which may take several rows. */
  #toFirstColumn(): string {
    const { row, column } = placeAfter(this.#partial.slice(0, this.#at), this.#columns);
    // A row that is just full has not led to the next.
    const up = column === 0 && row > 0 ? row - 1 : row;
    return `${up > 0 ? `\x1b[${up}A` : ""}\r`;
  }

  /** Takes the last line's typed part away, and leaves the cursor at the end of its output. */
  #hidden(): string {
    if (this.#typed === NOTHING) return "";
    const up = this.#row > 0 ? `\x1b[${this.#row}A` : "";
    this.#row = 0;
    return `${up}\r\x1b[J${this.#standing()}`;
  }

  /** The output of the last line, with the cursor where the next goes. */
  #standing(): string {
    const rest = this.#partial.slice(this.#at);
    return rest === "" ? this.#partial : `${this.#partial}\x1b[${placeAfter(rest, Number.MAX_SAFE_INTEGER).column}D`;
  }

  /** The typed part, behind output that stands there already. */
  #drawn(): string {
    if (this.#typed === NOTHING) return "";
    const { prompt, style, characters, cursor } = this.#typed;
    const from = placeAfter(this.#partial, this.#columns);
    const begin = placeAfter(prompt, this.#columns, from);
    const end = placeAfter(characters, this.#columns, begin);
    const place = placeAfter(characters.slice(0, cursor), this.#columns, begin);
    this.#row = place.row;
    let shown = `${this.#partial.slice(this.#at)}${styled(prompt, style)}${characters.join("")}`;
    // A terminal goes on to the next row only with the next letter.
    if (end.column === 0 && end.row > 0) shown += " \r";
    if (place.row === end.row && place.column === end.column) return shown;
    if (end.row > place.row) shown += `\x1b[${end.row - place.row}A`;
    shown += "\r";
    if (place.column > 0) shown += `\x1b[${place.column}C`;
    return shown;
  }

  /** Whether letters at the end of the typed line leave room in its row. */
  #fits(added: string): boolean {
    const { prompt, characters } = this.#typed;
    const from = placeAfter(`${this.#partial}${prompt}`, this.#columns);
    const end = placeAfter(characters, this.#columns, from);
    const after = placeAfter(added, this.#columns, end);
    return after.row === end.row;
  }
}

/** What one line has more than another at its end, where the cursor is in both. */
function appended(before: Typed, after: Typed): string | undefined {
  const count = after.characters.length - before.characters.length;
  if (before === NOTHING || before.prompt !== after.prompt || count <= 0) return undefined;
  if (before.cursor !== before.characters.length || after.cursor !== after.characters.length) return undefined;
  return begins(after.characters, before.characters)
    ? after.characters.slice(before.characters.length).join("")
    : undefined;
}

const begins = (line: readonly string[], start: readonly string[]): boolean =>
  start.every((character, index) => character === line[index]);

const isSame = (one: Typed, other: Typed): boolean =>
  one.prompt === other.prompt &&
  one.cursor === other.cursor &&
  one.characters.length === other.characters.length &&
  begins(one.characters, other.characters);

const styled = (text: string, style: string | undefined): string =>
  style === undefined || text === "" ? text : `\x1b[${style}m${text}\x1b[0m`;
