import { constants, type Stats } from "node:fs";
import { type FileHandle, lstat, open, readdir, readlink, realpath, stat } from "node:fs/promises";
import { join, sep } from "node:path";
import {
  FileChangedError,
  type Files,
  type FolderEntry,
  type FoundFile,
  type FoundFolder,
} from "../../application/files.ts";

/** Which symbolic links are followed: none, those that stay inside the folder, or all. */
export type SymlinkPolicy = "none" | "inside" | "all";

export interface OsFilesOptions {
  /** `"inside"` unless given. */
  readonly symlinks?: SymlinkPolicy | undefined;
}

/** Bytes of a piece in which a file is read: large enough that the calls for it cost little beside it. */
const PIECE = 262_144;
/** Entries of a folder that are listed. */
const LIST_LIMIT = 10_000;

/** What the operating system says where there is nothing, or nothing for us. */
const NOTHING: ReadonlySet<string> = new Set([
  "ENOENT",
  "ENOTDIR",
  "ELOOP",
  "ENAMETOOLONG",
  "EACCES",
  "EPERM",
  "EINVAL",
  "ENXIO",
]);

/** On Windows more than the separators is no part of a name: drives and streams, wildcards, devices, what is cut off. */
const NO_WINDOWS_NAME = /[<>:"|?*\\]|[. ]$|^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;

/** A folder of the operating system. Only regular files and folders are found. */
export class OsFiles implements Files {
  readonly #root: string;
  readonly #symlinks: SymlinkPolicy;

  private constructor(root: string, symlinks: SymlinkPolicy) {
    this.#root = root;
    this.#symlinks = symlinks;
  }

  /** @throws the operating system's error when there is no such folder */
  static async open(folder: string, { symlinks = "inside" }: OsFilesOptions = {}): Promise<OsFiles> {
    const root = await realpath(folder);
    if (!(await stat(root)).isDirectory())
      throw Object.assign(new Error(`${folder} is no folder`), { code: "ENOTDIR" });
    return new OsFiles(root, symlinks);
  }

  async find(path: string): Promise<FoundFile | FoundFolder | undefined> {
    if (!isPath(path)) return undefined;
    const full = path === "" ? this.#root : join(this.#root, path);
    const status = await unlessNothing(this.#status(full));
    if (status?.isFile()) return this.#file(full, status);
    return status?.isDirectory() ? this.#folder(full, status) : undefined;
  }

  async #status(full: string): Promise<Stats | undefined> {
    if (this.#symlinks === "all") return stat(full);
    const real = await realpath(full);
    return this.#allows(full, real) ? lstat(real) : undefined;
  }

  #allows(full: string, real: string): boolean {
    if (this.#symlinks === "all") return true;
    if (this.#symlinks === "none") return real === full;
    return real === this.#root || real.startsWith(this.#root.endsWith(sep) ? this.#root : this.#root + sep);
  }

  #file(full: string, found: Stats): FoundFile {
    const { size, mtimeMs: modified } = found;
    const version = `${Math.round(modified * 1000).toString(36)}-${size.toString(36)}-${found.ino.toString(36)}`;
    const opened = (): Promise<FileHandle> => this.#open(full, found);
    const bytes = async (): Promise<Uint8Array> => {
      const handle = await opened();
      try {
        const content = Buffer.allocUnsafeSlow(size);
        for (let at = 0; at < size; ) {
          const { bytesRead } = await handle.read(content, at, size - at, at);
          if (bytesRead === 0) throw new FileChangedError(full);
          at += bytesRead;
        }
        return content;
      } finally {
        await handle.close();
      }
    };
    return { kind: "file", size, modified, version, bytes, read: (start, end) => pieces(opened, full, start, end) };
  }

  /**
   * Opens what was found, and nothing that has come into its place: links can be exchanged between looking and opening, so
   * what was opened is looked at again.
   */
  async #open(full: string, found: Stats): Promise<FileHandle> {
    // Without waiting, as opening a named pipe would.
    const handle = await open(full, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)).catch(() => undefined);
    if (handle === undefined) throw new FileChangedError(full);
    try {
      const status = await handle.stat();
      const isSame = status.ino === found.ino && status.dev === found.dev && status.size === found.size;
      if (isSame && status.mtimeMs === found.mtimeMs && (await this.#isAllowed(handle, full))) return handle;
    } catch (error) {
      await handle.close();
      throw error;
    }
    await handle.close();
    throw new FileChangedError(full);
  }

  /** Where an open file stands, which Linux tells without a race; elsewhere by its name. */
  async #isAllowed(handle: FileHandle, full: string): Promise<boolean> {
    if (this.#symlinks === "all") return true;
    const isLinux = process.platform === "linux";
    const real = isLinux
      ? await readlink(`/proc/self/fd/${handle.fd}`).catch(() => realpath(full))
      : await realpath(full);
    return this.#allows(full, real);
  }

  #folder(full: string, { mtimeMs: modified }: Stats): FoundFolder {
    return { kind: "folder", modified, list: () => this.#list(full) };
  }

  async #list(full: string): Promise<FolderEntry[]> {
    const names = (await unlessNothing(readdir(full)))?.slice(0, LIST_LIMIT) ?? [];
    const entries: FolderEntry[] = [];
    for (const name of names) {
      const status = await unlessNothing(this.#status(join(full, name)));
      const kind = status?.isFile() ? "file" : status?.isDirectory() ? "folder" : undefined;
      if (status === undefined || kind === undefined) continue;
      entries.push({ name, kind, size: kind === "file" ? status.size : 0, modified: status.mtimeMs });
    }
    return entries;
  }
}

/** Each name is one to the operating system too. */
function isPath(path: string): boolean {
  if (path === "") return true;
  return path.split("/").every((name) => {
    if (name === "" || name === "." || name === ".." || name.includes("\0")) return false;
    return process.platform !== "win32" || !NO_WINDOWS_NAME.test(name);
  });
}

async function unlessNothing<T>(promise: Promise<T>): Promise<T | undefined> {
  try {
    return await promise;
  } catch (error) {
    if (NOTHING.has((error as NodeJS.ErrnoException).code ?? "")) return undefined;
    throw error;
  }
}

/** Reads one piece ahead of who asks, so that the disk and the network work at once. */
async function* pieces(
  opened: () => Promise<FileHandle>,
  path: string,
  start: number,
  end: number,
): AsyncGenerator<Uint8Array> {
  if (start >= end) return;
  const handle = await opened();
  const read = async (at: number): Promise<Uint8Array> => {
    const piece = Buffer.allocUnsafeSlow(Math.min(PIECE, end - at));
    const { bytesRead } = await handle.read(piece, 0, piece.length, at);
    if (bytesRead === 0) throw new FileChangedError(path);
    return piece.subarray(0, bytesRead);
  };
  let ahead = read(start);
  try {
    for (let at = start; at < end; ) {
      const piece = await ahead;
      at += piece.length;
      if (at < end) ahead = read(at);
      ahead.catch(() => {}); // told when it is asked for
      yield piece;
    }
  } finally {
    await ahead.catch(() => {});
    await handle.close();
  }
}
