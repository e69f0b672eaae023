import { formatProblem } from "../../document/problem.ts";
import { readDocument } from "../../document/read.ts";
import { SIZE_LIMIT } from "../../document/yaml.ts";
import { type NetworkRead, type NetworkSource, type PageFolder, readOptions, StartError } from "./source.ts";

/** Problems that are told. */
const TOLD = 3;

/**
 * Reads a network file, with the files that it names beside the page.
 * @throws StartError that says what is wrong with it, and where
 */
export async function readSource(source: NetworkSource, fetchText: PageFolder["fetchText"]): Promise<NetworkRead> {
  const { text, file } = source;
  if (text.length > SIZE_LIMIT) {
    const where = `more than ${SIZE_LIMIT} letters`;
    throw new StartError("bad-network-file", `${file} has ${where}`, { file, where });
  }
  const files = new Map<string, string | undefined>();
  const wanted = new Set<string>();
  const options = readOptions(files, (name) => wanted.add(name));
  let result = readDocument(text, options);
  if (wanted.size > 0) {
    for (const name of wanted) files.set(name, await fetchText(name));
    result = readDocument(text, options);
  }
  const { document, problems } = result;
  if (document !== undefined) return { ...source, document, options };
  const errors = problems.filter(({ severity }) => severity === "error").slice(0, TOLD);
  const where = errors.map((problem) => formatProblem(file, problem)).join("\n");
  throw new StartError("bad-network-file", where, { file, where });
}
