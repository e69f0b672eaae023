/** A tree of files to read from: a folder of the operating system, or one in memory. */
export interface Files {
  /**
   * What stands at a path: `""` is the whole tree, `"a/b.txt"` a file in its folder `a`. Names are as the tree has them, never
   * `"."`, `".."` or empty; one with a separator of the operating system names nothing.
   * @returns undefined where nothing stands that may be read
   */
  find(path: string): Promise<FoundFile | FoundFolder | undefined>;
}

export interface FoundFile {
  readonly kind: "file";
  /** Bytes. */
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly modified: number;
  /** Another one whenever the content is: letters, digits, "-" and ".". */
  readonly version: string;
  /**
   * The bytes from `start` up to, not including, `end`, in pieces that belong to who asked. Nothing is open before the first is
   * asked for, nor after the last.
   * @throws FileChangedError when the file is not the one that was found any more
   */
  read(start: number, end: number): AsyncIterable<Uint8Array>;
  /** All of it at once; for small ones. @throws FileChangedError */
  bytes(): Promise<Uint8Array>;
}

export interface FoundFolder {
  readonly kind: "folder";
  readonly modified: number;
  /** What is in it and may be read, in no order; undefined where the folder itself may not be. */
  list(): Promise<readonly FolderEntry[] | undefined>;
}

export interface FolderEntry {
  readonly name: string;
  readonly kind: "file" | "folder";
  /** Bytes; 0 of a folder. */
  readonly size: number;
  readonly modified: number;
}

/** A file that is another one, or another length, than when it was found. */
export class FileChangedError extends Error {
  override name = "FileChangedError";

  constructor(path: string) {
    super(`${path} has changed while it was read`);
  }
}

/** Waits for what is outside the network, as a program's context does. */
type Work = <T>(promise: Promise<T>, name: string) => Promise<T>;

/** The same files for a program on a virtual host, where time stands still while they are read. */
export function heldFiles(files: Files, work: Work): Files {
  const held = (found: FoundFile | FoundFolder | undefined): FoundFile | FoundFolder | undefined => {
    if (found === undefined) return undefined;
    if (found.kind === "folder") return { ...found, list: () => work(found.list(), "list a folder") };
    return {
      ...found,
      bytes: () => work(found.bytes(), "read a file"),
      read: (start, end) => steps(found.read(start, end), work),
    };
  };
  return { find: async (path) => held(await work(files.find(path), "find a file")) };
}

function steps(pieces: AsyncIterable<Uint8Array>, work: Work): AsyncIterable<Uint8Array> {
  return {
    [Symbol.asyncIterator]: () => {
      const iterator = pieces[Symbol.asyncIterator]();
      return {
        next: () => work(iterator.next(), "read a file"),
        return: async () => {
          await iterator.return?.();
          return { done: true, value: undefined };
        },
      };
    },
  };
}
