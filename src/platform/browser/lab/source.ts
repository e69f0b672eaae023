import { PROGRAMS } from "../../../application/registry.ts";
import type { Problem } from "../../../engine/protocol/problem.ts";
import type { NetworkDocument } from "../../../network/document.ts";
import { PERMISSIONS, type ReadOptions } from "../../document/reading.ts";
import { PARTS } from "./later/parts.ts";

/** Letters of a file that a network file names. */
const NAMED_FILE_LIMIT = 2 ** 22;

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

/** A network file that was read when the page was built. */
export interface ReadBefore {
  readonly text: string;
  /** Undefined for what cannot be written down so. */
  readonly document: NetworkDocument | undefined;
  /** The files that it names, by their paths. */
  readonly files: Readonly<Record<string, string>>;
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

/** The page's folder. */
export interface PageFolder {
  /** The text of a file beside the page, by its name; undefined where there is none. */
  readonly fetchText: (name: string) => Promise<string | undefined>;
  /** What the build has read of the network that is seen first. */
  readonly readBefore: () => Promise<ReadBefore | undefined>;
}

/**
 * The network that stands beside the page. It was read when the page was built, unless somebody has put another there since: so
 * that reading has to be loaded only then.
 * @throws StartError
 */
export async function networkBeside(file: string, folder: PageFolder): Promise<NetworkRead> {
  const [text, before] = await Promise.all([folder.fetchText(file), folder.readBefore()]);
  if (text === undefined) {
    throw new StartError("no-network-file", `${file} is not there beside the page, or cannot be read`, { file });
  }
  if (before?.document === undefined || before.text !== text) return readNetwork({ text, file }, folder);
  const { document } = before;
  const names = document.devices.flatMap((each) => ("programs" in each ? each.programs : []));
  if (names.some(({ program }) => !PROGRAMS.has(program))) await PARTS.programs();
  return { text, file, document, options: readOptions(new Map(Object.entries(before.files))) };
}

/** All that only Node can do is let pass: it has no effect here, and is told to who watches. @param files that may be named */
export function readOptions(
  files: ReadonlyMap<string, string | undefined>,
  onWanted?: (name: string) => void,
): ReadOptions {
  const readFile = (name: string): string | { readonly message: string } => {
    const text = files.get(name);
    if (!files.has(name)) onWanted?.(name);
    if (text === undefined) return { message: "it is not beside the page" };
    return text.length > NAMED_FILE_LIMIT ? { message: `it has more than ${NAMED_FILE_LIMIT} letters` } : text;
  };
  return { programs: PROGRAMS, allow: new Set(PERMISSIONS), readFile };
}

/** Reads a network file. @throws StartError that says what is wrong with it, and where */
export async function readNetwork(source: NetworkSource, { fetchText }: PageFolder): Promise<NetworkRead> {
  // It may name any program.
  const [{ readSource }] = await Promise.all([import("./read-source.ts"), PARTS.programs()]);
  return readSource(source, fetchText);
}
