import { CurlError, CurlExit } from "./curl-error.ts";
import type { CurlFile, CurlIo } from "./io.ts";

export interface OutputOptions {
  readonly makeFolders: boolean;
  /**
   * Whether a file that is there already is kept, and a number is added to the name; where nothing was said, a name that the
   * server gives is refused then: it may be that of any file here.
   */
  readonly noClobber: boolean | undefined;
}

/** Where a transfer's body goes: standard output, or a file that is made when its first byte comes. */
export class Output {
  readonly #io: CurlIo;
  readonly #options: OutputOptions;
  #path: string | undefined;
  #file: CurlFile | undefined;
  #made = false;
  #isServersName = false;

  /** @param path undefined for standard output */
  constructor(io: CurlIo, path: string | undefined, options: OutputOptions) {
    this.#io = io;
    this.#path = path;
    this.#options = options;
  }

  /** The file's name; undefined for standard output. */
  get path(): string | undefined {
    return this.#path;
  }

  /** Another name, which the server gives, while no byte has come. */
  rename(path: string): void {
    if (this.#made) return;
    this.#path = path;
    this.#isServersName = true;
  }

  /** @throws CurlError 23 */
  async write(bytes: Uint8Array): Promise<void> {
    if (bytes.length === 0) return;
    try {
      if (this.#path === undefined) await this.#io.stdout(bytes);
      else {
        await this.#make();
        await this.#file?.write(bytes);
      }
    } catch (error) {
      if (error instanceof CurlError) throw error;
      throw new CurlError(CurlExit.WRITE_ERROR, "Failure writing output to destination");
    }
  }

  /** Ends it. @param empty makes the file though nothing came */
  async close(empty: boolean): Promise<void> {
    try {
      if (empty && this.#path !== undefined) await this.#make();
    } finally {
      await this.#file?.close();
      this.#file = undefined;
    }
  }

  /** Takes away what was written. */
  async remove(): Promise<void> {
    await this.#file?.close();
    this.#file = undefined;
    if (this.#made && this.#path !== undefined) await this.#io.files.remove(this.#path).catch(() => {});
  }

  async #make(): Promise<void> {
    if (this.#made || this.#path === undefined) return;
    const { makeFolders, noClobber } = this.#options;
    const fresh = noClobber ?? this.#isServersName;
    const wanted = this.#path;
    for (let number = 0; !this.#made; number++) {
      const path = number === 0 ? wanted : `${wanted}.${number}`;
      try {
        this.#file = await this.#io.files.create(path, { makeFolders, fresh });
        this.#path = path;
        this.#made = true;
      } catch (error) {
        const { code } = error as { code?: unknown };
        if (noClobber && code === "EEXIST" && number < 100) continue;
        this.#io.stderr(`Warning: Failed to open the file ${path}: ${wordsOf(code)}\n`);
        throw new CurlError(CurlExit.WRITE_ERROR, "Failure writing output to destination");
      }
    }
  }
}

const WORDS: Readonly<Record<string, string>> = {
  ENOENT: "No such file or directory",
  EACCES: "Permission denied",
  EISDIR: "Is a directory",
  EEXIST: "File exists",
  ENOTDIR: "Not a directory",
};

const wordsOf = (code: unknown): string => WORDS[String(code)] ?? String(code);
