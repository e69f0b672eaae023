import type { TreeBuilder } from "../../../capture/dissect/dissector.ts";
import type { FieldDefinition } from "../../../capture/dissect/field.ts";

/**
 * Reads on through a message and shows each number and piece as it goes. Where there is less than a length promises it notes
 * that, and gives nothing from there on: who reads asks {@link short} in the end.
 */
export class Cursor {
  readonly bytes: Uint8Array;
  readonly tree: TreeBuilder;
  at: number;
  /** Behind the last octet that may be read. */
  end: number;
  short = false;

  constructor(bytes: Uint8Array, tree: TreeBuilder, at: number, end: number) {
    this.bytes = bytes;
    this.tree = tree;
    this.at = at;
    this.end = Math.min(end, bytes.length);
  }

  get left(): number {
    return this.end - this.at;
  }

  /** The next octets as a number, which is not shown. */
  peek(width: number, from: number = this.at): number {
    let value = 0;
    for (let n = 0; n < width; n++) value = value * 256 + ((from + n < this.end ? this.bytes[from + n] : 0) as number);
    return value;
  }

  /** @returns whether there are so many octets left; notes when there are not, and ends there */
  #has(length: number): boolean {
    if (this.left >= length) return true;
    this.short = true;
    this.at = this.end;
    return false;
  }

  /** Shows the next number. */
  number(definition: FieldDefinition, text?: (value: number) => string): number {
    const width = definition.width ?? 1;
    if (!this.#has(width)) return 0;
    const value = this.peek(width);
    this.tree.add(definition, this.at, width, value, text?.(value));
    this.at += width;
    return value;
  }

  /** Shows so many of the next octets. */
  piece(definition: FieldDefinition, length: number, text?: string): Uint8Array | undefined {
    if (!this.#has(length)) return undefined;
    const piece = this.bytes.subarray(this.at, this.at + length);
    this.tree.add(definition, this.at, length, definition.type === "bytes" ? piece : undefined, text);
    this.at += length;
    return piece;
  }

  /** Opens a part over so many of the next octets, and reads in it no further than it goes. */
  within(definition: FieldDefinition, length: number, title: string | undefined, read: () => void): void {
    const known = Math.min(length, this.left);
    if (known < length) this.short = true;
    const { end } = this;
    this.tree.open(definition, this.at, known, undefined, title);
    this.end = this.at + known;
    read();
    this.tree.close();
    this.at = this.end;
    this.end = end;
  }

  /** Reads again and again while there is something left. */
  each(read: () => void): void {
    while (this.left > 0) {
      const before = this.at;
      read();
      if (this.at === before) return;
    }
  }
}
