import { gather } from "../../gather.ts";

/** A file that is written, made when it is opened. */
export interface CurlFile {
  write(bytes: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

/** A file that is read. */
export interface CurlSource {
  /** Bytes. */
  readonly size: number;
  pieces(): AsyncIterable<Uint8Array>;
}

/** The files of who runs curl. What goes wrong is an Error with a `code` as Node's: `"ENOENT"`. */
export interface CurlFiles {
  open(path: string): Promise<CurlSource>;
  /** Makes a file, or empties it. @param makeFolders makes the folders it is in. @param fresh EEXIST where there is one */
  create(path: string, options?: { makeFolders?: boolean; fresh?: boolean }): Promise<CurlFile>;
  remove(path: string): Promise<void>;
}

/** What curl reads and writes beside the network. */
export interface CurlIo {
  readonly files: CurlFiles;
  stdout(bytes: Uint8Array): Promise<void>;
  stderr(text: string): void;
  stdin(): AsyncIterable<Uint8Array>;
}

/** All of a file, or of standard input with `-`. */
export async function readAll(io: CurlIo, path: string): Promise<Uint8Array> {
  return gather(path === "-" ? io.stdin() : (await io.files.open(path)).pieces());
}
