import { readWebDocument, type WebReadResult } from "../document/web-file.ts";
import { SIZE_LIMIT } from "../document/yaml.ts";
import { readBounded } from "./network-file.ts";

/**
 * Reads a file for `netarium serve`.
 * @throws an error of the file system; what is wrong with what the file says is among the problems
 */
export const readWebFile = (path: string): WebReadResult =>
  readWebDocument(new TextDecoder().decode(readBounded(path, SIZE_LIMIT)));
