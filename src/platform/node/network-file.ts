import { createHash } from "node:crypto";
import { closeSync, openSync, readSync } from "node:fs";
import { PROGRAMS } from "../../application/registry.ts";
import { type ReadResult, readDocument } from "../document/read.ts";
import type { ReadOptions } from "../document/reading.ts";
import { SIZE_LIMIT } from "../document/yaml.ts";

export interface NetworkFileRead extends ReadResult {
  /** SHA-256 of the file's bytes, in hexadecimal: by it a record knows its network. */
  readonly sha256: string;
}

/**
 * Reads a network file.
 * @throws an error of the file system; what is wrong with what the file says is among the problems
 */
export function readNetworkFile(path: string, options: Partial<ReadOptions> = {}): NetworkFileRead {
  const bytes = readBounded(path);
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const text = new TextDecoder().decode(bytes);
  return { sha256, ...readDocument(text, { programs: PROGRAMS, ...options }) };
}

/** At most one byte more than a file may have. */
function readBounded(path: string): Uint8Array {
  const fd = openSync(path, "r");
  try {
    const bytes = new Uint8Array(SIZE_LIMIT + 1);
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
