import { accessSync, constants, lstatSync, realpathSync, type Stats, statSync } from "node:fs";
import { type FileHandle, open, readdir, readlink, realpath, stat } from "node:fs/promises";
import { join, sep } from "node:path";
import { setImmediate } from "node:timers/promises";
import {
  FileChangedError,
  type Files,
  type FolderEntry,
  type FoundFile,
  type FoundFolder,
} from "../../application/files.ts";
import { Turns } from "../../application/turns.ts";

/** Which symbolic links are followed: none, those that stay inside the folder, or all. */
export type SymlinkPolicy = "none" | "inside" | "all";

export interface OsFilesOptions {
  /** `"inside"` unless given. */
  readonly symlinks?: SymlinkPolicy | undefined;
}

/** Bytes of a piece in which a file is read: large enough that the calls for it cost little beside it. */
const PIECE = 262_144;
/**
 * Of a file's beginning, though, pieces are short: the kernel takes about as much for a client that may never read it, and
 * what waits behind that is held for each of them.
 */
const BEGINNING = 4 * 2 ** 20;
const SHORT_PIECE = 65_536;
/**
 * Pieces that are read at once, for all clients together: less than the four threads that Node has for files, or a small file
 * would wait behind a piece for each client of a large one, once for each of its calls.
 */
const PIECES_AT_ONCE = 2;
const turns = new Turns(PIECES_AT_ONCE);
/** Entries of a folder that are listed. */
const LIST_LIMIT = 10_000;
const LOOKED_UP_AT_ONCE = 256;

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

const READ_BY_ALL = 0o444;

/** On Windows more than the separators is no part of a name: drives and streams, wildcards, devices, what is cut off. */
const NO_WINDOWS_NAME = /[<>:"|?*\\]|[. ]$|^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;

/** Bytes of a file that is kept in memory, and of all that are. */
const KEPT = 65_536;
const KEPT_TOGETHER = 32 * 2 ** 20;
/** Milliseconds after which a change shows in a file's times for sure. */
const SETTLED = 2000;

/**
 * A folder of the operating system. Only regular files and folders are found. Names are looked up without waiting, as the kernel
 * has them in memory and a turn of the event loop costs ten times as much; contents are waited for, and small ones kept as
 * long as their files stay what they were.
 */
export class OsFiles implements Files {
  readonly #root: string;
  readonly #symlinks: SymlinkPolicy;
  readonly #kept = new KeptContents();

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
    const status = unlessNothing(() => this.#status(full));
    if (status?.isFile()) return mayRead(full, status) ? this.#file(full, status) : undefined;
    return status?.isDirectory() ? this.#folder(full, status) : undefined;
  }

  #status(full: string): Stats | undefined {
    if (this.#symlinks === "all") return statSync(full);
    const real = realpathSync.native(full);
    return this.#allows(full, real) ? lstatSync(real) : undefined;
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
      const kept = this.#kept.get(full, found);
      if (kept !== undefined) return Buffer.from(kept);
      const content = await readAll(opened, full, size);
      this.#kept.keep(full, found, content);
      return Buffer.from(content);
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
      if (isSame(status, found) && (await this.#isAllowed(handle, full))) return handle;
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

  async #list(full: string): Promise<FolderEntry[] | undefined> {
    const names = await readdir(full).catch((error) => unlessNothing<string[]>(() => raise(error)));
    if (names === undefined) return undefined;
    const entries: FolderEntry[] = [];
    for (const [at, name] of names.slice(0, LIST_LIMIT).entries()) {
      if (at % LOOKED_UP_AT_ONCE === LOOKED_UP_AT_ONCE - 1) await setImmediate(); // others have their turn
      const path = join(full, name);
      const status = unlessNothing(() => this.#status(path));
      const kind = status?.isFile() ? "file" : status?.isDirectory() ? "folder" : undefined;
      if (status === undefined || kind === undefined || !mayRead(path, status)) continue;
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

function unlessNothing<T>(call: () => T): T | undefined {
  try {
    return call();
  } catch (error) {
    if (NOTHING.has((error as NodeJS.ErrnoException).code ?? "")) return undefined;
    throw error;
  }
}

/** Whether it may be read. Of most files that shows in the mode, which spares a call. */
const mayRead = (path: string, { mode }: Stats): boolean =>
  (mode & READ_BY_ALL) === READ_BY_ALL ||
  unlessNothing(() => {
    accessSync(path, constants.R_OK);
    return true;
  }) === true;

function raise(error: unknown): never {
  throw error;
}

/** Nothing of a file has changed, its times included, which nobody can turn back unseen. */
const isSame = (a: Stats, b: Stats): boolean =>
  a.ino === b.ino && a.dev === b.dev && a.size === b.size && a.mtimeMs === b.mtimeMs && a.ctimeMs === b.ctimeMs;

/** Contents of small files, by their paths; the one used least lately goes first. */
class KeptContents {
  readonly #entries = new Map<string, { readonly status: Stats; readonly content: Uint8Array }>();
  #bytes = 0;

  get(path: string, status: Stats): Uint8Array | undefined {
    const entry = this.#entries.get(path);
    if (entry === undefined) return undefined;
    this.#entries.delete(path);
    if (!isSame(entry.status, status)) {
      this.#bytes -= entry.content.length;
      return undefined;
    }
    this.#entries.set(path, entry);
    return entry.content;
  }

  keep(path: string, status: Stats, content: Uint8Array): void {
    // What changed just now may change again without another time: the clock of file systems goes in steps.
    if (content.length > KEPT || Date.now() - status.ctimeMs < SETTLED) return;
    this.#bytes += content.length - (this.#entries.get(path)?.content.length ?? 0);
    this.#entries.set(path, { status, content });
    for (const [oldest, { content: gone }] of this.#entries) {
      if (this.#bytes <= KEPT_TOGETHER) return;
      this.#entries.delete(oldest);
      this.#bytes -= gone.length;
    }
  }
}

async function readAll(opened: () => Promise<FileHandle>, path: string, size: number): Promise<Uint8Array> {
  const handle = await opened();
  try {
    const content = Buffer.allocUnsafeSlow(size);
    for (let at = 0; at < size; ) {
      const { bytesRead } = await handle.read(content, at, size - at, at);
      if (bytesRead === 0) throw new FileChangedError(path);
      at += bytesRead;
    }
    return content;
  } finally {
    await handle.close();
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
    const piece = Buffer.allocUnsafeSlow(Math.min(at - start < BEGINNING ? SHORT_PIECE : PIECE, end - at));
    await turns.take();
    try {
      const { bytesRead } = await handle.read(piece, 0, piece.length, at);
      if (bytesRead === 0) throw new FileChangedError(path);
      return piece.subarray(0, bytesRead);
    } finally {
      turns.end();
    }
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
