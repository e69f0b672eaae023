/** Options by their letters, those without a value as `""`, and what stands behind them. */
export interface Options {
  readonly options: ReadonlyMap<string, string>;
  readonly operands: readonly string[];
  /** What is wrong, as GNU's `getopt` words it: `"invalid option -- 'x'"`. */
  readonly problem: string | undefined;
}

/**
 * Reads short options as POSIX's utilities take them ("Utility Syntax Guidelines"): `-kl`, `-w5`, `-w 5`, `--` ends them. As
 * with GNU's, they may stand behind operands.
 * @param letters those that there are; one that takes a value with a colon behind it: `"klw:"`
 */
export function getopt(args: readonly string[], letters: string): Options {
  const options = new Map<string, string>();
  const operands: string[] = [];
  for (let index = 0; index < args.length; index++) {
    const word = args[index] ?? "";
    if (word === "--") {
      operands.push(...args.slice(index + 1));
      break;
    }
    if (word.length < 2 || !word.startsWith("-")) {
      operands.push(word);
      continue;
    }
    for (let at = 1; at < word.length; at++) {
      const letter = word.charAt(at);
      const place = letter === ":" ? -1 : letters.indexOf(letter);
      if (place < 0) return { options, operands, problem: `invalid option -- '${letter}'` };
      if (letters[place + 1] !== ":") {
        options.set(letter, "");
        continue;
      }
      const value = at + 1 < word.length ? word.slice(at + 1) : args[++index];
      if (value === undefined) return { options, operands, problem: `option requires an argument -- '${letter}'` };
      options.set(letter, value);
      break;
    }
  }
  return { options, operands, problem: undefined };
}
