import { PROGRAMS } from "../../../application/registry.ts";
import type { Problem } from "../../../engine/protocol/problem.ts";
import type { NetworkDocument } from "../../../network/document.ts";
import { formatProblem } from "../../document/problem.ts";
import { readDocument } from "../../document/read.ts";
import { PERMISSIONS, type ReadOptions } from "../../document/reading.ts";
import { SIZE_LIMIT } from "../../document/yaml.ts";
import { PARTS } from "./later/parts.ts";

/** Letters of a file that a network file names. */
const NAMED_FILE_LIMIT = 2 ** 22;
/** Rounds of reading, each of which fetches the files that the one before found named. */
const ROUNDS_LIMIT = 3;

/** A network file as it is given. */
export interface NetworkSource {
  readonly text: string;
  /** What it is called. */
  readonly file: string;
}

export interface NetworkRead extends NetworkSource {
  readonly document: NetworkDocument;
  /** How it was read, and is read again when it has been edited: files that it names later are not fetched. */
  readonly options: ReadOptions;
}

/** Why there is no engine. */
export class StartError extends Error {
  override name = "StartError";
  readonly problem: Problem;

  constructor(code: string, text: string, params?: Problem["params"]) {
    super(text);
    this.problem = { code, text, ...(params !== undefined && { params }) };
  }
}

/** Gets the text of a file beside the page, by its name; undefined where there is none. */
export type Fetch = (name: string) => Promise<string | undefined>;

/** The network file that stands beside the page. @throws StartError when it is not there */
export async function fetchSource(file: string, fetchText: Fetch): Promise<NetworkSource> {
  const text = await fetchText(file);
  if (text === undefined) {
    throw new StartError("no-network-file", `${file} is not there beside the page, or cannot be read`, { file });
  }
  return { text, file };
}

/**
 * Reads a network file, with the files that it names beside the page. All that only Node can do is let pass: it has no effect here,
 * and is told to who watches.
 * @throws StartError that says what is wrong with it, and where
 */
export async function readSource(source: NetworkSource, fetchText: Fetch): Promise<NetworkRead> {
  const { text, file } = source;
  if (text.length > SIZE_LIMIT) {
    throw new StartError("bad-network-file", `${file} has more than ${SIZE_LIMIT} letters`, { file, where: "" });
  }
  const files = new Map<string, string | undefined>();
  let whole = false;
  for (let round = 0; ; round++) {
    const wanted = new Set<string>();
    const readFile = (name: string): string | { readonly message: string } => {
      const known = files.get(name);
      if (known === undefined && !files.has(name)) wanted.add(name);
      if (known === undefined) return { message: "it is not beside the page" };
      return known.length > NAMED_FILE_LIMIT ? { message: `it has more than ${NAMED_FILE_LIMIT} letters` } : known;
    };
    const options: ReadOptions = { programs: PROGRAMS, allow: new Set(PERMISSIONS), readFile };
    const { document, problems } = readDocument(text, options);
    if (wanted.size > 0 && round < ROUNDS_LIMIT) {
      for (const name of wanted) files.set(name, await fetchText(name));
      continue;
    }
    if (document !== undefined) return { ...source, document, options };
    if (!whole) {
      // It may name a program that is not loaded yet.
      await PARTS.programs();
      whole = true;
      continue;
    }
    const where = problems.filter(({ severity }) => severity === "error").slice(0, 3);
    const told = where.map((problem) => formatProblem(file, problem)).join("\n");
    throw new StartError("bad-network-file", told, { file, where: told });
  }
}
