import type { FieldTable } from "./fields.ts";
import type { FilterProblem } from "./problem.ts";

/** Longer words are no slip of the hand. */
const LETTERS = 48;
/** Signs that other languages have, and what a filter has for them. */
const SIGNS: Readonly<Record<string, string>> = { "=": "==", "=>": ">=", "=<": "<=", "<>": "!=" };

/** What was meant in place of the letters that are wrong, where that can be guessed. */
export function suggestionFor(problem: FilterProblem, fields: FieldTable): string | undefined {
  const { code, params } = problem;
  const text = String(params.text ?? "");
  if (code === "unknown-sign") return SIGNS[text];
  if (code === "unexpected")
    return /^(?:AND|OR|NOT|XOR|IN|CONTAINS|MATCHES)$/i.test(text) ? text.toLowerCase() : undefined;
  return code === "unknown-field" ? nearestName(text, fields.names) : undefined;
}

/** The sign of another language that stands at a place; undefined where there is none. */
export const foreignSignAt = (text: string, at: number): string | undefined =>
  Object.keys(SIGNS)
    .sort((a, b) => b.length - a.length)
    .find((sign) => text.startsWith(sign, at) && !(sign === "=" && text[at + 1] === "="));

/** The name that a mistyped one is nearest to: few slips away, beginning alike, and short. */
export function nearestName(typed: string, names: readonly string[]): string | undefined {
  const wanted = typed.toLowerCase();
  if (wanted.length < 2 || wanted.length > LETTERS) return undefined;
  const most = wanted.length < 4 ? 1 : wanted.length < 8 ? 2 : 3;
  let best: { readonly name: string; readonly cost: number } | undefined;
  for (const name of names) {
    if (Math.abs(name.length - wanted.length) > most) continue;
    const slips = slipsBetween(wanted, name.toLowerCase(), most);
    if (slips > most) continue;
    const cost = slips * 100 - sharedBeginning(wanted, name) + name.length / 100;
    if (best === undefined || cost < best.cost) best = { name, cost };
  }
  return best?.name;
}

function sharedBeginning(one: string, other: string): number {
  let at = 0;
  while (at < one.length && one[at] === other[at]) at++;
  return at;
}

/**
 * How many letters were left out, added, mistaken or exchanged with the next.
 * @param most from which on it is no matter how many more
 */
function slipsBetween(one: string, other: string, most: number): number {
  let before: number[] = [];
  let last = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (let row = 1; row <= one.length; row++) {
    const now = [row];
    for (let at = 1; at <= other.length; at++) {
      const same = one[row - 1] === other[at - 1];
      let slips = Math.min((last[at] ?? 0) + 1, (now[at - 1] ?? 0) + 1, (last[at - 1] ?? 0) + (same ? 0 : 1));
      const exchanged = row > 1 && at > 1 && one[row - 1] === other[at - 2] && one[row - 2] === other[at - 1];
      if (exchanged) slips = Math.min(slips, (before[at - 2] ?? 0) + 1);
      now.push(slips);
    }
    if (Math.min(...now) > most && Math.min(...last) > most) return most + 1;
    before = last;
    last = now;
  }
  return last[other.length] ?? 0;
}
