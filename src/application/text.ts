/**
 * What may never reach a terminal from a stranger: C0 and C1 controls with ESC and DEL; line and paragraph separators
 * (many programs split lines at them); marks that turn the direction of text around (embeddings, overrides and isolates of
 * UAX #9, with which "gpj.exe" is shown as "exe.jpg"); the byte order mark; and half a surrogate pair.
 */
const UNPRINTABLE = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]|\p{Cs}/gu;

/** Short names of the controls that people know by one. */
const ESCAPES: Readonly<Record<string, string>> = { "\t": "\\t", "\n": "\\n", "\r": "\\r", "\0": "\\0" };

/** The text without anything that is not printed; a tab becomes a space. */
export function removeControls(text: string): string {
  return text.replaceAll("\t", " ").replaceAll(UNPRINTABLE, "");
}

/** The text with everything that is not printed written out, as in `"\n"` or `"\x1b"`, for a log. */
export function escapeControls(text: string): string {
  return text.replaceAll(UNPRINTABLE, (control) => ESCAPES[control] ?? hexEscape(control.charCodeAt(0)));
}

function hexEscape(code: number): string {
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u${code.toString(16).padStart(4, "0")}`;
}

/** The first `limit` characters, never half of one, with an ellipsis where something is missing. */
export function shorten(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const characters = [...text.slice(0, 2 * limit + 2)];
  return characters.length <= limit ? text : `${characters.slice(0, limit).join("")}…`;
}
