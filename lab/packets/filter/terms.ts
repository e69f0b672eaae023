/** How a term joins the filter that is there. */
export type Joining = "apply" | "and" | "or" | "not";

export const JOININGS: readonly Joining[] = ["apply", "and", "or", "not"];

/** Whether a filter has to stand in parentheses beside `&&`, `||` and `!`. Strings and what is in parentheses do not count. */
function isCompound(filter: string): boolean {
  let depth = 0;
  for (const [part] of filter.matchAll(/"(?:[^"\\]|\\.)*"|[()[\]{}]|&&|\|\||\^\^|\b(?:and|or|xor|not)\b|!(?!=)/gi)) {
    if (/^[([{]$/.test(part)) depth++;
    else if (/^[)\]}]$/.test(part)) depth--;
    else if (depth === 0 && !part.startsWith('"')) return true;
  }
  return false;
}

const operand = (filter: string): string => (isCompound(filter) ? `(${filter})` : filter);

/** The filter that is there with one more term, in as few parentheses as keep its meaning. */
export function joined(filter: string, term: string, joining: Joining): string {
  const there = filter.trim();
  if (joining === "apply") return term;
  const added = joining === "not" ? `!(${term})` : operand(term);
  if (there === "") return joining === "not" ? added : term;
  return joining === "or" ? `${operand(there)} || ${added}` : `${operand(there)} && ${added}`;
}
