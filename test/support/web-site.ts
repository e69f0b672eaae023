import { execFile } from "node:child_process";
import { mkdirSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "node:test";
import type { HttpServer, SiteDescription } from "../../src/application/http/index.ts";
import { osContext, startWebServer, type WebServerOptions } from "../../src/platform/node/index.ts";
import { temporaryFolder } from "./cli.ts";

export interface RunningSite {
  readonly server: HttpServer;
  readonly port: number;
  /** Ends in a slash. */
  readonly url: string;
  /** What it serves. */
  readonly folder: string;
  /** Lines of the access log. */
  readonly log: string[];
  /** Resolves when there are so many lines: an answer is logged when it has gone, which may be after its client. */
  logged(count: number): Promise<void>;
}

/** When the files of {@link siteFolder} were changed. */
export const MODIFIED = new Date("2026-01-01T00:00:00Z");

/** A small site beside a secret that no request may show. */
export function siteFolder(t: Pick<TestContext, "after">): string {
  const outer = temporaryFolder(t);
  const folder = join(outer, "site");
  mkdirSync(join(folder, "sub/deep"), { recursive: true });
  writeFileSync(join(outer, "secret.txt"), SECRET);
  writeFileSync(join(folder, ".hidden"), SECRET);
  symlinkSync("../secret.txt", join(folder, "link.txt"));
  const files: Record<string, string | Buffer> = {
    "index.html":
      '<!doctype html><link rel="stylesheet" href="style.css"><script src="app.js"></script><a href="sub/">sub</a><img src="a%20b.png">',
    "style.css": "body { color: rgb(1, 2, 3) }",
    "app.js": "window.loaded = true;",
    "a b.png": Buffer.from(
      "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==",
      "base64",
    ),
    "sub/index.html": '<a href="deep/one.html">one</a> <a href="../index.html">up</a>',
    "sub/deep/one.html": "<p>deep",
    "text.txt": "all work and no play ".repeat(1000),
    "large.bin": Buffer.from(Uint8Array.from({ length: 3_000_000 }, (_, at) => (at * 7919) >> 8)),
  };
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(join(folder, name), content);
    utimesSync(join(folder, name), MODIFIED, MODIFIED);
  }
  return folder;
}

export const SECRET = "the-secret-of-the-test";

/** Serves a folder on loopback until the test ends. */
export async function serveSite(
  t: Pick<TestContext, "after">,
  site: Partial<SiteDescription> = {},
  options: Partial<WebServerOptions> = {},
): Promise<RunningSite> {
  const folder = siteFolder(t);
  const end = new AbortController();
  const log: string[] = [];
  let look = (): void => {};
  const write = (line: string): void => {
    log.push(line);
    look();
  };
  const logged = (count: number): Promise<void> =>
    new Promise((resolve) => {
      look = () => log.length >= count && resolve();
      look();
    });
  const server = await startWebServer(
    osContext({ signal: end.signal, log: (code, more) => write(`${code} ${JSON.stringify(more)}`) }),
    {
      address: "127.0.0.1",
      port: 0,
      folder,
      sites: [{ name: "main", folder: ".", compression: true, cache: "no-cache", ...site }],
      accessLog: write,
      ...options,
    },
  );
  t.after(() => end.abort());
  const { port } = server.address;
  return { server, port, url: `http://127.0.0.1:${port}/`, folder, log, logged };
}

export interface Ran {
  readonly code: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** Runs a program to its end, while this process goes on serving. */
export function runTool(command: string, args: readonly string[], cwd?: string): Promise<Ran> {
  const env = { ...process.env, http_proxy: "", no_proxy: "*", LC_ALL: "C" };
  return new Promise((resolve) => {
    execFile(
      command,
      args,
      { cwd, env, encoding: "buffer", timeout: 110_000, maxBuffer: 2 ** 26 },
      (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === "number" ? error.code : -1;
        resolve({ code, stdout, stderr: String(stderr) });
      },
    );
  });
}
