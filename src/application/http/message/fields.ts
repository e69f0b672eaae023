import { isSameName, isToken, isValueText, trimBlanks } from "./octets.ts";

/** A field: its name as written, and its value with each octet as one character (ISO 8859-1). */
export type Field = readonly [name: string, value: string];

/** Four positions a field: where its name and its value begin and end. */
const MARKS = 4;

/** Fields have none of their own until they need them. */
const NO_MARKS: readonly number[] = [];
const NO_TEXTS: string[] = [];

/**
 * Fields of a message in their order (RFC 9110 §5). Names are compared without case. Every name in it is a token, and no
 * value holds CR, LF, NUL or another control but HTAB, so what is written from it can forge no message.
 *
 * Fields that were parsed stay one text with the positions in it until somebody asks.
 */
export class Fields implements Iterable<Field> {
  /** What was parsed and is not yet taken apart; "" otherwise. */
  #text = "";
  #marks: readonly number[] = NO_MARKS;
  #names: string[] = NO_TEXTS;
  #values: string[] = NO_TEXTS;

  /** @throws TypeError as `append` does */
  constructor(fields?: Iterable<Field>) {
    if (fields !== undefined) for (const [name, value] of fields) this.append(name, value);
  }

  /** Fields that a parser has found to be right. `marks` has four positions in `text` for each: of name and value. */
  static parsed(text: string, marks: readonly number[]): Fields {
    const fields = new Fields();
    fields.#text = text;
    fields.#marks = marks;
    return fields;
  }

  /** Fields whose names and values were checked before, each list for this object alone. */
  static checked(names: string[], values: string[]): Fields {
    const fields = new Fields();
    fields.#names = names;
    fields.#values = values;
    return fields;
  }

  get size(): number {
    return this.#text === "" ? this.#names.length : this.#marks.length / MARKS;
  }

  /** The name of the field at the place, as written. */
  nameAt(index: number): string {
    if (this.#text === "") return this.#names[index] as string;
    return this.#text.slice(this.#marks[index * MARKS], this.#marks[index * MARKS + 1]);
  }

  valueAt(index: number): string {
    if (this.#text === "") return this.#values[index] as string;
    return this.#text.slice(this.#marks[index * MARKS + 2], this.#marks[index * MARKS + 3]);
  }

  /** How many characters name and value at the place have together. */
  lengthAt(index: number): number {
    if (this.#text === "") return (this.#names[index] as string).length + (this.#values[index] as string).length;
    const [nameStart = 0, nameEnd = 0, start = 0, end = 0] = this.#marks.slice(index * MARKS, (index + 1) * MARKS);
    return nameEnd - nameStart + end - start;
  }

  /** The place of the first field of that name, at or after `from`; −1 when there is none. */
  indexOf(name: string, from = 0): number {
    if (this.#text === "") {
      const names = this.#names;
      for (let i = from; i < names.length; i++) {
        const other = names[i] as string;
        if (other.length === name.length && isSameName(name, other, 0)) return i;
      }
      return -1;
    }
    const marks = this.#marks;
    for (let i = from * MARKS; i < marks.length; i += MARKS) {
      const start = marks[i] as number;
      if ((marks[i + 1] as number) - start === name.length && isSameName(name, this.#text, start)) return i / MARKS;
    }
    return -1;
  }

  has(name: string): boolean {
    return this.indexOf(name) >= 0;
  }

  /** The value of the fields of that name, joined by ", " (RFC 9110 §5.3): not for Set-Cookie, see `getAll`. */
  get(name: string): string | undefined {
    const first = this.indexOf(name);
    if (first < 0) return undefined;
    const value = this.valueAt(first);
    return this.indexOf(name, first + 1) < 0 ? value : this.getAll(name).join(", ");
  }

  /** The value of each field of that name. */
  getAll(name: string): string[] {
    const values: string[] = [];
    for (let i = this.indexOf(name); i >= 0; i = this.indexOf(name, i + 1)) values.push(this.valueAt(i));
    return values;
  }

  /**
   * Adds a field after all others. Whitespace around the value is taken away.
   * @throws TypeError when the name is no token, or the value has a control character or one beyond U+00FF
   */
  append(name: string, value: string): void {
    const clean = checkField(name, value);
    this.#takeApart();
    this.#names.push(name);
    this.#values.push(clean);
  }

  /**
   * Puts one field of the name in the place of the first of that name, or at the end, and removes all others of it.
   * @throws TypeError as `append` does
   */
  set(name: string, value: string): void {
    const first = this.indexOf(name);
    if (first < 0) {
      this.append(name, value);
      return;
    }
    this.#takeApart();
    this.#values[first] = cleanValue(name, value);
    for (let i = this.#names.length - 1; i > first; i--) if (this.#is(i, name)) this.#remove(i);
  }

  /** Removes all fields of the name. */
  delete(name: string): void {
    if (!this.has(name)) return;
    this.#takeApart();
    for (let i = this.#names.length - 1; i >= 0; i--) if (this.#is(i, name)) this.#remove(i);
  }

  *[Symbol.iterator](): IterableIterator<Field> {
    for (let i = 0; i < this.size; i++) yield [this.nameAt(i), this.valueAt(i)];
  }

  #is(index: number, name: string): boolean {
    const other = this.#names[index] as string;
    return other.length === name.length && isSameName(name, other, 0);
  }

  #remove(index: number): void {
    this.#names.splice(index, 1);
    this.#values.splice(index, 1);
  }

  /** What is to be changed is no longer one text, nor shared. */
  #takeApart(): void {
    if (this.#text === "") {
      if (this.#names !== NO_TEXTS) return;
      this.#names = [];
      this.#values = [];
      return;
    }
    const fields = [...this];
    this.#names = fields.map(([name]) => name);
    this.#values = fields.map(([, value]) => value);
    this.#text = "";
    this.#marks = NO_MARKS;
  }
}

/**
 * @returns the value as it is kept: without blanks around it
 * @throws TypeError as `append` does
 */
export function checkField(name: string, value: string): string {
  if (!isToken(name)) throw new TypeError(`"${printable(name)}" is no field name`);
  return cleanValue(name, value);
}

function cleanValue(name: string, value: string): string {
  const clean = trimBlanks(value);
  if (!isValueText(clean)) throw new TypeError(`the value of ${name} has a character that may not stand there`);
  return clean;
}

/** A name for an error message, without what could forge a line of a log. */
const printable = (text: string): string => text.slice(0, 40).replace(/[^\x20-\x7e]/g, "?");
