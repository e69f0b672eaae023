import { toHex } from "../base/hex.ts";
import { sha256 } from "../base/sha256.ts";
import type { Files, FolderEntry, FoundFile, FoundFolder } from "./files.ts";

/** Bytes of a piece in which a file is read. */
const PIECE = 65_536;

/** Files in memory, of which none changes. Their folders are there by their paths. */
export class MemoryFiles implements Files {
  readonly #found = new Map<string, FoundFile | FoundFolder>();

  /**
   * @param contents by path, such as `"index.html"` or `"/css/site.css"`
   * @param modified of all, milliseconds since 1970
   * @throws RangeError for a path that is none, or of which a file is a part
   */
  constructor(contents: Iterable<readonly [path: string, content: string | Uint8Array]>, modified: number) {
    const folders = new Map<string, FolderEntry[]>([["", []]]);
    for (const [written, content] of contents) {
      const path = written.replace(/^\//, "");
      const names = path.split("/");
      if (names.some((name) => name === "" || name === "." || name === ".."))
        throw new RangeError(`${written} is no path`);
      if (this.#found.has(path) || folders.has(path)) throw new RangeError(`${written} is there twice`);
      const file = fileOf(typeof content === "string" ? new TextEncoder().encode(content) : content, modified);
      this.#found.set(path, file);
      const entry: FolderEntry = { name: names.at(-1) ?? "", kind: "file", size: file.size, modified };
      this.#enter(folders, names, entry, modified);
    }
    for (const [path, entries] of folders) {
      this.#found.set(path, { kind: "folder", modified, list: async () => entries });
    }
  }

  async find(path: string): Promise<FoundFile | FoundFolder | undefined> {
    return this.#found.get(path);
  }

  /** Puts an entry in its folder, and that in its own as far as it is new. */
  #enter(folders: Map<string, FolderEntry[]>, names: readonly string[], entry: FolderEntry, modified: number): void {
    for (let depth = names.length - 1; ; depth--) {
      const path = names.slice(0, depth).join("/");
      if (this.#found.has(path)) throw new RangeError(`${path} is a file, and cannot hold ${names.join("/")}`);
      const known = folders.get(path);
      if (known !== undefined) {
        known.push(entry);
        return;
      }
      folders.set(path, [entry]);
      entry = { name: names[depth - 1] ?? "", kind: "folder", size: 0, modified };
    }
  }
}

function fileOf(content: Uint8Array, modified: number): FoundFile {
  const version = toHex(sha256(content).subarray(0, 8));
  async function* read(start: number, end: number): AsyncGenerator<Uint8Array> {
    for (let at = start; at < end; at += PIECE) yield content.slice(at, Math.min(end, at + PIECE));
  }
  return { kind: "file", size: content.length, modified, version, read, bytes: async () => content.slice() };
}
