import type { CurlFile, CurlSource } from "../http/curl/io.ts";
import type { CommandFiles } from "./command.ts";

/** Bytes that the files of one host may have together. */
export const HOST_FILES_LIMIT = 2 ** 26;

/** The files of a virtual host, which live in memory as long as the network runs. */
export class HostFiles implements CommandFiles {
  readonly #contents = new Map<string, Uint8Array>();
  #used = 0;

  /** The paths of all, sorted. */
  get paths(): string[] {
    return [...this.#contents.keys()].sort();
  }

  async open(path: string): Promise<CurlSource> {
    const content = this.#contents.get(normal(path));
    if (content === undefined) throw fileError("ENOENT", path, "there is no such file");
    return { size: content.length, pieces: () => once(content) };
  }

  /** @param options.append leaves what a file holds, and writes behind it */
  async create(path: string, options: { fresh?: boolean; append?: boolean } = {}): Promise<CurlFile> {
    const { fresh = false, append = false } = options;
    const place = normal(path);
    if (place === "" || place.endsWith("/")) throw fileError("EISDIR", path, "it is a folder");
    if (fresh && this.#contents.has(place)) throw fileError("EEXIST", path, "it is there already");
    if (!append || !this.#contents.has(place)) this.#set(place, new Uint8Array());
    const write = async (bytes: Uint8Array): Promise<void> => {
      const before = this.#contents.get(place) ?? new Uint8Array();
      if (this.#used + bytes.length > HOST_FILES_LIMIT) throw fileError("ENOSPC", path, "No space left on device");
      const whole = new Uint8Array(before.length + bytes.length);
      whole.set(before);
      whole.set(bytes, before.length);
      this.#set(place, whole);
    };
    return { write, close: async () => {} };
  }

  async remove(path: string): Promise<void> {
    this.#used -= this.#contents.get(normal(path))?.length ?? 0;
    this.#contents.delete(normal(path));
  }

  #set(place: string, content: Uint8Array): void {
    this.#used += content.length - (this.#contents.get(place)?.length ?? 0);
    this.#contents.set(place, content);
  }
}

async function* once(content: Uint8Array): AsyncGenerator<Uint8Array> {
  if (content.length > 0) yield content.slice();
}

/** Folders are there by the paths of their files: `"./a//b"` is `"a/b"`, and nothing is above the first. */
function normal(path: string): string {
  const names: string[] = [];
  for (const name of path.split("/")) {
    if (name === "..") names.pop();
    else if (name !== "" && name !== ".") names.push(name);
  }
  return names.join("/") + (names.length > 0 && path.endsWith("/") ? "/" : "");
}

const fileError = (code: string, path: string, what: string): Error =>
  Object.assign(new Error(`${path}: ${what}`), { code });
