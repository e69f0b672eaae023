import type { Fields } from "../message/fields.ts";

/** Heads that are kept, each at a place of its own by its length. A power of two. */
const PLACES = 64;
/** Longer heads are not worth keeping. */
const LONGEST = 1_024;

interface Kept {
  readonly status: number;
  readonly statusText: string;
  readonly date: string;
  readonly names: readonly string[];
  readonly values: readonly string[];
  readonly bytes: Uint8Array;
}

/**
 * The beginnings of heads that were written lately, up to the length of the content: a server's answers of one second often
 * begin alike, and to compare texts that are the same object costs nothing.
 */
export class HeadCache {
  readonly #kept: (Kept | undefined)[] = new Array(PLACES).fill(undefined);

  /** @param length by which it was kept */
  find(length: number, status: number, statusText: string, fields: Fields, date: string): Uint8Array | undefined {
    const kept = this.#kept[length & (PLACES - 1)];
    if (kept === undefined || kept.date !== date || kept.status !== status || kept.statusText !== statusText) {
      return undefined;
    }
    const { names, values } = kept;
    const { size } = fields;
    if (names.length !== size) return undefined;
    for (let i = 0; i < size; i++) {
      if (fields.nameAt(i) !== names[i] || fields.valueAt(i) !== values[i]) return undefined;
    }
    return kept.bytes;
  }

  keep(length: number, status: number, statusText: string, fields: Fields, date: string, bytes: Uint8Array): void {
    if (bytes.length > LONGEST) return;
    const all = [...fields];
    const names = all.map(([name]) => name);
    const values = all.map(([, value]) => value);
    this.#kept[length & (PLACES - 1)] = { status, statusText, date, names, values, bytes };
  }
}
