import { createHash, type Hash } from "node:crypto";
import { closeSync, openSync, readSync, realpathSync, statSync } from "node:fs";
import { dirname, join, sep } from "node:path";
import { PROGRAMS } from "../../application/registry.ts";
import { type ReadResult, readDocument } from "../document/read.ts";
import type { ReadOptions } from "../document/reading.ts";
import { SIZE_LIMIT } from "../document/yaml.ts";

/** Bytes of a file that a network file names. */
export const NAMED_FILE_LIMIT = 2 ** 22;

export interface NetworkFileRead extends ReadResult {
  /** SHA-256 of the file's bytes, and of those of the files that it names, in hexadecimal: by it a record knows its network. */
  readonly sha256: string;
}

/**
 * Reads a network file.
 * @throws an error of the file system; what is wrong with what the file says is among the problems
 */
export function readNetworkFile(path: string, options: Partial<ReadOptions> = {}): NetworkFileRead {
  const bytes = readBounded(path, SIZE_LIMIT);
  const hash = createHash("sha256").update(bytes);
  const text = new TextDecoder().decode(bytes);
  const readFile = (named: string) => readNamed(dirname(path), named, hash);
  const result = readDocument(text, { programs: PROGRAMS, readFile, ...options });
  return { sha256: hash.digest("hex"), ...result };
}

/** Reads the files that network files of a folder name. */
export const namedFiles =
  (folder: string): NonNullable<ReadOptions["readFile"]> =>
  (named) =>
    readNamed(folder, named);

/** A file in a network file's folder, wherever links lead. */
function readNamed(folder: string, named: string, hash?: Hash): string | { readonly message: string } {
  try {
    const path = realpathSync(join(folder, named));
    if (!path.startsWith(realpathSync(folder) + sep))
      return { message: "it is a link that leads out of the file's folder" };
    if (!statSync(path).isFile()) return { message: "it is no file" };
    const bytes = readBounded(path, NAMED_FILE_LIMIT);
    if (bytes.length > NAMED_FILE_LIMIT) return { message: `it has more than ${NAMED_FILE_LIMIT} bytes` };
    hash?.update(bytes);
    return new TextDecoder().decode(bytes);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return { message: (error as Error).message };
  }
}

/** At most one byte more than a file may have. */
export function readBounded(path: string, limit: number): Uint8Array {
  const fd = openSync(path, "r");
  try {
    const bytes = new Uint8Array(limit + 1);
    let length = 0;
    for (;;) {
      const count = readSync(fd, bytes, length, bytes.length - length, null);
      length += count;
      if (count === 0 || length === bytes.length) return bytes.subarray(0, length);
    }
  } finally {
    closeSync(fd);
  }
}
