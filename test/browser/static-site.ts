/** The lab without a server: its static folder, behind a plain server of files, at a path that it was not made for. */
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname, extname, join } from "node:path";
import { buildStaticLab, type StaticLab } from "../../lab/build-static.ts";
import { ROOT } from "../support/cli.ts";

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
};

const PATH = "/some/where/";

let built: Promise<StaticLab> | undefined;
const folder = (): Promise<StaticLab> => {
  built ??= buildStaticLab();
  return built;
};

export class StaticSite {
  readonly url: string;
  readonly #close: () => Promise<void>;

  private constructor(url: string, close: () => Promise<void>) {
    this.url = url;
    this.#close = close;
  }

  /** @param path of the network file that it begins with, in the repository; files that this names are served too */
  static async start(path: string): Promise<StaticSite> {
    const file = join(ROOT, path);
    const { files } = await folder();
    const bytesOf = (name: string): Uint8Array | undefined => {
      if (name === "network.yaml") return readFileSync(file);
      return files.get(name === "" ? "index.html" : name) ?? beside(file, name);
    };
    const server = createServer(({ url = "" }, response) => {
      const { pathname } = new URL(url, "http://localhost");
      const name = decodeURIComponent(pathname.slice(PATH.length));
      const bytes = pathname.startsWith(PATH) ? bytesOf(name) : undefined;
      if (bytes === undefined) response.writeHead(404).end();
      else response.writeHead(200, { "content-type": TYPES[extname(name || "index.html")] ?? "text/plain" }).end(bytes);
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const close = async (): Promise<void> => {
      server.closeAllConnections();
      server.close();
    };
    return new StaticSite(`http://127.0.0.1:${(server.address() as AddressInfo).port}${PATH}`, close);
  }

  /** Nothing comes in from outside. */
  door(name: string): string {
    throw new Error(`the door ${name} is shut`);
  }

  close(): Promise<void> {
    return this.#close();
  }
}

/** A file that the network file names, such as a zone. */
function beside(file: string, name: string): Uint8Array | undefined {
  try {
    return name.includes("..") ? undefined : readFileSync(join(dirname(file), name));
  } catch {
    return undefined;
  }
}
