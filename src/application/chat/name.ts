/** Characters of a name. */
export const NAME_LENGTH = 20;

/** More marks than this on one letter only deface the lines around it. */
const MARKS = 2;

/**
 * What of a wished name can be one: letters, digits, marks and `_ - .` of any script, at least one letter or digit among
 * them, composed (so that equal names are equal), cut to {@link NAME_LENGTH}.
 * @returns undefined when nothing is left
 */
export function cleanName(wish: string): string | undefined {
  const allowed = wish
    .normalize("NFKC")
    .replaceAll(/[^\p{L}\p{N}\p{M}_.-]|\p{DI}/gu, "") // some letters and marks show nothing (UAX #44)
    .replaceAll(new RegExp(`(\\p{M}{${MARKS}})\\p{M}+`, "gu"), "$1")
    .replace(/^\p{M}+/u, "");
  const name = [...allowed].slice(0, NAME_LENGTH).join("");
  return /[\p{L}\p{N}]/u.test(name) ? name : undefined;
}

/** Equal for names that people would take for the same. */
export function nameKey(name: string): string {
  return name.normalize("NFKC").toLowerCase();
}
