import { readWebDocument, type WebReadResult } from "../document/web-file.ts";
import { SIZE_LIMIT } from "../document/yaml.ts";
import { readBounded } from "./network-file.ts";

/**
 * Reads a file for `netarium serve`.
 * @throws an error of the file system; what is wrong with what the file says is among the problems
 */
export const readWebFile = (path: string): WebReadResult => readWebDocument(textOf(path));

/** Whether a file is meant to be one for `netarium serve`. @throws an error of the file system */
export const isWebFile = (path: string): boolean => /^"?netarium-web"?\s*:/m.test(textOf(path));

const textOf = (path: string): string => new TextDecoder().decode(readBounded(path, SIZE_LIMIT));
