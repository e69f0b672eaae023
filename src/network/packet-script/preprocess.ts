import { ScriptError } from "./script-error.ts";

/**
 * Blanks out what `#ifdef NAME`, `#ifndef NAME`, `#else` and `#endif` leave out, and their own lines; places stay.
 * Other lines that begin with `#` are comments.
 */
export function preprocess(text: string, defined: ReadonlySet<string>): string {
  const kept: { line: number; own: boolean; outer: boolean }[] = [];
  let keep = true;
  const lines = text.split("\n").map((content, index) => {
    const [, word, name = ""] = /^\s*#\s*(ifdef|ifndef|else|endif)\b\s*(\w*)/.exec(content) ?? [];
    if (word === undefined) return keep ? content : "";
    if (word === "ifdef" || word === "ifndef") {
      const own = defined.has(name) === (word === "ifdef");
      kept.push({ line: index + 1, own, outer: keep });
      keep &&= own;
      return "";
    }
    const last = word === "else" ? kept.at(-1) : kept.pop();
    if (last === undefined) throw new ScriptError(index + 1, `#${word} without #ifdef`);
    keep = last.outer && (word === "endif" || !last.own);
    return "";
  });
  const open = kept[0];
  if (open !== undefined) throw new ScriptError(open.line, "#ifdef without #endif");
  return lines.join("\n");
}
