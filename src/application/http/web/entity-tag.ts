/** An entity tag: what tells representations of one resource apart (RFC 9110 §8.8.3). */
export interface EntityTag {
  readonly weak: boolean;
  /** What stands between the quotes. */
  readonly opaque: string;
}

/** Tags of one field that are looked at. */
export const TAGS_LIMIT = 100;

const TAG = /[ \t,]*(W\/)?"([\x21\x23-\x7e\x80-\xff]*)"[ \t]*(?=,|$)/y;

export const formatEntityTag = ({ weak, opaque }: EntityTag): string => `${weak ? "W/" : ""}"${opaque}"`;

/** Reads one entity tag. @returns undefined when the text is none */
export function parseEntityTag(text: string): EntityTag | undefined {
  const match = /^(W\/)?"([\x21\x23-\x7e\x80-\xff]*)"$/.exec(text);
  return match === null ? undefined : { weak: match[1] !== undefined, opaque: match[2] ?? "" };
}

/** Reads a list of entity tags, up to where it is no such list. `"*"` stands for any. */
export function parseEntityTags(text: string): readonly EntityTag[] | "*" {
  if (text.trim() === "*") return "*";
  const tags: EntityTag[] = [];
  TAG.lastIndex = 0;
  for (let match = TAG.exec(text); match !== null && tags.length < TAGS_LIMIT; match = TAG.exec(text)) {
    tags.push({ weak: match[1] !== undefined, opaque: match[2] ?? "" });
  }
  return tags;
}

/** Both are strong and the same (RFC 9110 §8.8.3.2). */
export const matchStrongly = (a: EntityTag, b: EntityTag): boolean => !a.weak && !b.weak && a.opaque === b.opaque;

/** The same, weak or not (RFC 9110 §8.8.3.2). */
export const matchWeakly = (a: EntityTag, b: EntityTag): boolean => a.opaque === b.opaque;
