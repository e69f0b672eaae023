import { readdirSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { Response } from "../../../application/http/response.ts";
import { contentSecurityPolicy, makeNonce } from "./guard.ts";

/** The page's files by their paths; `/` is the page itself, in which `{nonce}` stands where its nonce goes. */
export type PageFiles = ReadonlyMap<string, Uint8Array>;

/** The page as the package brings it: dist/lab. */
export function readPageFiles(folder: string): PageFiles {
  const names = readdirSync(folder).filter((name) => TYPES[extname(name)] !== undefined);
  return new Map(names.map((name) => [name === "index.html" ? "/" : `/${name}`, readFileSync(join(folder, name))]));
}

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
};

/** Names with a hash of what is in them. */
const HASHED = /-[0-9A-Z]{8}\.\w+$/;

/** @param host by which the page was asked for */
export function pageResponse(path: string, bytes: Uint8Array, host: string): Response {
  if (path !== "/") {
    const cache = HASHED.test(path) ? "private, max-age=31536000, immutable" : "no-cache";
    const type = TYPES[extname(path)] ?? "application/octet-stream";
    return new Response(bytes, { headers: { "Content-Type": type, "Cache-Control": cache } });
  }
  const nonce = makeNonce();
  const text = new TextDecoder().decode(bytes).replaceAll("{nonce}", nonce);
  const headers = {
    "Content-Type": TYPES[".html"] as string,
    "Cache-Control": "no-store",
    "Content-Security-Policy": contentSecurityPolicy(nonce, host),
  };
  return new Response(text, { headers });
}
