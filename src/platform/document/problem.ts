/** Something wrong with a network file, and where. Lines and columns count from 1. */
export interface Problem {
  readonly severity: "error" | "warning";
  readonly line: number;
  readonly column: number;
  /** What is wrong, and what was expected. */
  readonly message: string;
  /** What to do, such as `did you mean "delay"?` */
  readonly hint: string | undefined;
}

/** Prints a problem as compilers do: `net.yaml:3:7: error: …`. */
export function formatProblem(file: string, problem: Problem): string {
  const hint = problem.hint === undefined ? "" : `\n    ${problem.hint}`;
  return `${file}:${problem.line}:${problem.column}: ${problem.severity}: ${problem.message}${hint}`;
}

/** A name as it stands in a message: quoted, and cut where it is too long to read. */
export function quote(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 57)}…` : text);
}

/** A value as it stands in a message. */
export function describe(value: unknown): string {
  if (value === undefined || value === null) return "nothing";
  if (typeof value === "string") return quote(value);
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? "a mapping" : String(value);
}

/** The hint for a name that is none of those there are: the nearest one, or all of them where they are few. */
export function suggest(name: string, known: Iterable<string>): string | undefined {
  const names = [...known];
  let nearest: string | undefined;
  let least = Math.max(1, Math.floor(name.length / 3)) + 1;
  for (const candidate of names.slice(0, 1000)) {
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase(), least);
    if (distance >= least) continue;
    least = distance;
    nearest = candidate;
  }
  if (nearest !== undefined) return `did you mean ${quote(nearest)}?`;
  return names.length > 0 && names.length <= 12 ? `there is ${names.map(quote).join(", ")}` : undefined;
}

/** How many letters are to be added, removed, changed or exchanged with their neighbour; `limit` stands for more. */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit || a.length > 100) return limit;
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1];
      const [left = 0, up = 0, diagonal = 0] = [current[column - 1], above[column], above[column - 1]];
      let least = Math.min(left + 1, up + 1, diagonal + (same ? 0 : 1));
      const exchanged = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (exchanged) least = Math.min(least, (before[column - 2] ?? 0) + 1);
      current.push(least);
    }
    before = above;
    above = current;
  }
  return above[b.length] ?? limit;
}
