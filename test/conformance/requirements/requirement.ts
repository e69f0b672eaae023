/** Something a standard asks for, in our own words. */
export interface Requirement {
  /** What comments in source and tests call it: `MUST-20`, `RFC 6298 (5.1)`, `RFC 2018 §4`. */
  readonly id: string;
  /** Where the standard says it. */
  readonly clause: string;
  readonly text: string;
  readonly remark?: string;
  /** Why nothing does it. */
  readonly notDone?: string;
  /** It is kept by leaving something alone, which no code can show. */
  readonly abstention?: string;
  /**
   * What to do to the code instead of taking away what stands at the tag, where that would say nothing: a text that
   * occurs once in the file, and what stands there without the requirement.
   */
  readonly without?: { readonly file: string; readonly find: string; readonly put: string };
}

/** A line of a table: the number, the section, the words, and what else there is to say. */
export type Row = readonly [
  id: string,
  section: string,
  text: string,
  more?: Omit<Partial<Requirement>, "id" | "text">,
];

/** The requirements that one document numbers. */
export const numbered = (document: string, rows: readonly Row[]): Requirement[] =>
  rows.map(([id, section, text, more]) => ({ id, clause: `${document} §${section}`, text, ...more }));

/** The requirements that are known by their section alone, or by a number within it. */
export const bySection = (document: string, rows: readonly Row[]): Requirement[] =>
  rows.map(([id, section, text, more]) => {
    const name = id === "" ? `${document} §${section}` : `${document} ${id}`;
    return { id: name, clause: `${document} §${section}`, text, ...more };
  });
