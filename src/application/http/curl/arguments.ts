import { type CurlConfig, newConfig } from "./config.ts";
import { LETTERS, NOT_HERE, OPTIONS } from "./options.ts";

/** What a command line comes to. */
export type Parsed =
  | { readonly kind: "transfers"; readonly configs: readonly CurlConfig[] }
  | { readonly kind: "help" }
  | { readonly kind: "version" }
  /** What curl says of it; its exit code is 2. */
  | { readonly kind: "fault"; readonly message: string };

/** Said of an option that curl has and we have not. */
const LACKING = "the installed libcurl version doesn't support this";

/** Names that end an ordinary parse. */
const SPECIAL = ["help", "version", "next"];
const ALL: readonly string[] = [...OPTIONS.keys(), ...SPECIAL, ...NOT_HERE];

class Fault extends Error {}

/**
 * Reads a command line in curl's grammar: letters that stand together, values that follow a letter at once or come next, long
 * names that may be shortened while they are clear, `--no-` before switches, and `--` before what only looks like an option.
 */
export function parseArguments(argv: readonly string[]): Parsed {
  const configs: CurlConfig[] = [newConfig()];
  let special: string | undefined;
  const reader = new Reader(argv);
  try {
    for (let word = reader.next(); word !== undefined; word = reader.next()) {
      const config = configs.at(-1) as CurlConfig;
      if (reader.onlyUrls || !word.startsWith("-") || word === "-") config.urls.push(word);
      else if (word === "--") reader.onlyUrls = true;
      else if (word.startsWith("--")) special ??= takeLong(config, word, reader);
      else special ??= takeLetters(config, word, reader);
      if (special === "next") {
        if (config.urls.length === 0) throw new Fault("missing URL before --next");
        configs.push({ ...newConfig(), silent: config.silent, showError: config.showError, verbose: config.verbose });
        special = undefined;
      } else if (special !== undefined) return { kind: special as "help" | "version" };
    }
    configs.forEach(check);
  } catch (error) {
    if (error instanceof Fault) return { kind: "fault", message: error.message };
    throw error;
  }
  return { kind: "transfers", configs };
}

/** The words of the command line, one after the other. */
class Reader {
  readonly #words: readonly string[];
  #at = 0;
  onlyUrls = false;

  constructor(words: readonly string[]) {
    this.#words = words;
  }

  next(): string | undefined {
    return this.#words[this.#at++];
  }
}

/** @returns the name of what ends the parse */
function takeLong(config: CurlConfig, word: string, reader: Reader): string | undefined {
  const written = word.slice(2);
  const off = written.startsWith("no-");
  const name = nameOf(off ? written.slice(3) : written, word, off);
  return takeOption(config, name, word, off, () => reader.next());
}

function takeLetters(config: CurlConfig, word: string, reader: Reader): string | undefined {
  for (let at = 1; at < word.length; at++) {
    const name = LETTERS[word[at] as string];
    const rest = word.slice(at + 1);
    if (name === undefined) throw new Fault(`option ${word}: is unknown`);
    const off = name.startsWith("no-");
    const full = off ? name.slice(3) : name;
    const takesValue = OPTIONS.get(full)?.takes === "value";
    const special = takeOption(config, full, word, off, () => (rest === "" ? reader.next() : rest));
    if (special !== undefined) return special;
    if (takesValue) break;
  }
  return undefined;
}

function takeOption(
  config: CurlConfig,
  name: string,
  word: string,
  off: boolean,
  value: () => string | undefined,
): string | undefined {
  if (SPECIAL.includes(name)) return name;
  const option = OPTIONS.get(name);
  if (option === undefined) throw new Fault(`option ${word}: ${LACKING}`);
  if (option.takes === "nothing") {
    option.apply(config, !off);
    return undefined;
  }
  if (off) throw new Fault(`option ${word}: used '--no-' for option that isn't a boolean`);
  const given = value();
  if (given === undefined) throw new Fault(`option ${word}: requires parameter`);
  const fault = option.apply(config, given);
  if (fault !== undefined) throw new Fault(`option ${word}: ${fault}`);
  return undefined;
}

/** The option that is meant: one of that name, or the only one that begins so. */
function nameOf(written: string, word: string, off: boolean): string {
  if (ALL.includes(written)) return written;
  // What begins with "no-" by its own name was split.
  if (off && ALL.includes(`no${written}`)) return `no${written}`;
  const found = written === "" ? [] : ALL.filter((name) => name.startsWith(written));
  if (found.length === 1) return found[0] as string;
  throw new Fault(`option ${word}: ${found.length === 0 ? "is unknown" : "is ambiguous"}`);
}

/** What does not go together. */
function check(config: CurlConfig): void {
  const { urls, data, form, uploads, head, get } = config;
  if (urls.length === 0) throw new Fault("no URL specified!");
  const kinds = [
    head && "HEAD (-I, --head)",
    data.length > 0 && !get && "POST (-d, --data)",
    form.length > 0 && "multipart formpost (-F, --form)",
    uploads.length > 0 && "PUT (-T, --upload-file)",
  ].filter((kind) => kind !== false);
  if (kinds.length > 1) {
    throw new Fault(`You can only select one HTTP request method! You asked for both ${kinds[0]} and ${kinds[1]}.`);
  }
}
