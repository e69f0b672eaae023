/** The words of a command line, read as `getopt_long` does: options anywhere, until `--`. */
export interface ReadOptions {
  /** The last argument of each option that was given; empty for one that takes none. */
  readonly given: ReadonlyMap<string, string>;
  readonly operands: readonly string[];
}

/**
 * @param short letters, each with a colon behind it when it takes an argument: `"c:nq"`
 * @param long words of options that begin with `--`, and the letter that each is short for
 * @returns in getopt's words what is wrong: `"invalid option -- 'x'"`
 */
export function readOptions(
  args: readonly string[],
  short: string,
  long: Readonly<Record<string, string>> = {},
): ReadOptions | string {
  const given = new Map<string, string>();
  const operands: string[] = [];
  for (let index = 0; index < args.length; index++) {
    const word = args[index] ?? "";
    if (word === "--") {
      operands.push(...args.slice(index + 1));
      break;
    }
    if (word.startsWith("--")) {
      const letter = Object.hasOwn(long, word.slice(2)) ? long[word.slice(2)] : undefined;
      if (letter === undefined) return `unrecognized option '${word}'`;
      given.set(letter, "");
    } else if (word.startsWith("-") && word !== "-") {
      const rest = readLetters(word.slice(1), short, given);
      if (typeof rest === "string") return rest;
      if (rest === undefined) continue;
      const argument = args[++index];
      if (argument === undefined) return `option requires an argument -- '${rest.letter}'`;
      given.set(rest.letter, argument);
    } else operands.push(word);
  }
  return { given, operands };
}

/** @returns the letter whose argument is the next word, if one is; what is wrong */
function readLetters(
  letters: string,
  short: string,
  given: Map<string, string>,
): { readonly letter: string } | string | undefined {
  for (let at = 0; at < letters.length; at++) {
    const letter = letters[at] ?? "";
    const known = letter === ":" ? -1 : short.indexOf(letter);
    if (known < 0) return `invalid option -- '${letter}'`;
    if (short[known + 1] === ":") {
      const argument = letters.slice(at + 1);
      if (argument === "") return { letter };
      given.set(letter, argument);
      return undefined;
    }
    given.set(letter, "");
  }
  return undefined;
}

/** A decimal number within bounds. @returns undefined for anything else */
export function readNumber(text: string, low: number, high: number): number | undefined {
  if (!/^[0-9]+(\.[0-9]+)?$/.test(text)) return undefined;
  const value = Number(text);
  return value >= low && value <= high ? value : undefined;
}
