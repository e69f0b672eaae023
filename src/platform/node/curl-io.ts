import { createReadStream } from "node:fs";
import { open, rm, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import type { CurlFile, CurlFiles, CurlIo } from "../../application/http/curl/io.ts";
import { makeFolder } from "./make-folder.ts";

/** The machine's files. @param folder that names are relative to */
export function curlFiles(folder: string): CurlFiles {
  return {
    async open(path) {
      const place = resolve(folder, path);
      const found = await stat(place);
      if (found.isDirectory()) throw Object.assign(new Error(`${path} is a folder`), { code: "EISDIR" });
      return { size: found.size, pieces: () => createReadStream(place) };
    },
    async create(path, { makeFolders = false, fresh = false } = {}): Promise<CurlFile> {
      const place = resolve(folder, path);
      if (makeFolders) makeFolder(dirname(place));
      const file = await open(place, fresh ? "wx" : "w");
      return {
        async write(bytes) {
          for (let at = 0; at < bytes.length; ) at += (await file.write(bytes, at)).bytesWritten;
        },
        close: () => file.close(),
      };
    },
    remove: (path) => rm(resolve(folder, path), { force: true }),
  };
}

/** What the command `curl` reads and writes on this machine: its files and the process's own streams. */
export const nodeCurlIo: CurlIo = {
  files: curlFiles("."),
  stdout: (bytes) =>
    new Promise((resolve, reject) => {
      process.stdout.write(bytes, (error) => (error == null ? resolve() : reject(error)));
    }),
  stderr: (text) => void process.stderr.write(text),
  stdin: () => process.stdin,
};
