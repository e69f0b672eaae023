import type { Context, Pattern } from "./syntax.ts";

/** Instructions of a program: a counted repetition is written out. */
export const PROGRAM_LIMIT = 2_000;

export type Instruction =
  | { readonly kind: "letter"; readonly accepts: (code: number) => boolean }
  /** Goes on at both. */
  | { readonly kind: "fork"; readonly to: number; readonly or: number }
  /** Goes on at the next one where it holds. */
  | { readonly kind: "assert"; readonly context: Context }
  | { readonly kind: "found" };

/** What a pattern becomes, to be run at all its places at once. @returns undefined when it is too long */
export function programOf(pattern: Pattern): readonly Instruction[] | undefined {
  const program: Instruction[] = [];
  if (!write(pattern, program)) return undefined;
  program.push({ kind: "found" });
  return program;
}

/** Whatever is written is at least one instruction, so that the limit ends what repeats nothing, too. @returns false past the limit */
function write(pattern: Pattern, program: Instruction[]): boolean {
  const at = program.length;
  if (at >= PROGRAM_LIMIT) return false;
  switch (pattern.kind) {
    case "letter":
      program.push({ kind: "letter", accepts: pattern.accepts });
      return true;
    case "assert":
      program.push({ kind: "assert", context: pattern.context });
      return true;
    case "sequence":
      if (pattern.parts.length === 0) program.push({ kind: "fork", to: at + 1, or: at + 1 });
      return pattern.parts.every((part) => write(part, program));
    case "either":
      return writeEither(pattern.parts, program);
    case "repeat":
      return writeRepeat(pattern, program);
  }
}

function writeEither(parts: readonly Pattern[], program: Instruction[]): boolean {
  const ends: number[] = [];
  for (const [index, part] of parts.entries()) {
    const fork = program.length;
    const isLast = index === parts.length - 1;
    if (!isLast) program.push(NOWHERE);
    if (!write(part, program)) return false;
    if (isLast) break;
    ends.push(program.push(NOWHERE) - 1);
    program[fork] = { kind: "fork", to: fork + 1, or: program.length };
  }
  for (const end of ends) program[end] = { kind: "fork", to: program.length, or: program.length };
  return true;
}

function writeRepeat({ of, least, most }: Extract<Pattern, { kind: "repeat" }>, program: Instruction[]): boolean {
  for (let n = 0; n < least; n++) if (!write(of, program)) return false;
  if (most === Number.POSITIVE_INFINITY) {
    const fork = program.push(NOWHERE) - 1;
    if (!write(of, program)) return false;
    program.push({ kind: "fork", to: fork, or: fork });
    program[fork] = { kind: "fork", to: fork + 1, or: program.length };
    return true;
  }
  const forks: number[] = [];
  for (let n = least; n < most; n++) {
    forks.push(program.push(NOWHERE) - 1);
    if (!write(of, program)) return false;
  }
  for (const fork of forks) program[fork] = { kind: "fork", to: fork + 1, or: program.length };
  if (most === 0) program.push({ kind: "fork", to: program.length + 1, or: program.length + 1 });
  return true;
}

/** Stands where a fork will, once it is known where it leads. */
const NOWHERE: Instruction = { kind: "fork", to: 0, or: 0 };
