import type { Random } from "../../../base/random.ts";
import type { Clock } from "../../../socket/clock.ts";
import { FileChangedError, type Files, type FoundFile, type FoundFolder } from "../../files.ts";
import type { Handler } from "../handler.ts";
import { plain } from "../plain.ts";
import type { Request } from "../request.ts";
import { Response } from "../response.ts";
import { type FilePath, filePath } from "./file-path.ts";
import { LISTING_POLICY, listed, listingJson, listingPage } from "./listing.ts";
import { isCompressible, mediaTypeOf } from "./media-type.ts";
import { refuseMethod } from "./methods.ts";
import { addVary, preferredCoding, preferredLanguage, preferredType } from "./negotiate.ts";
import { sendFile } from "./send-file.ts";

export interface StaticFilesOptions {
  /** What stands for a folder; `["index.html"]` unless given. */
  readonly index?: readonly string[] | undefined;
  /** Whether a folder without it is listed; no unless given. */
  readonly listing?: boolean | undefined;
  /** Whether `a.js.br` and `a.js.gz` are sent for `a.js` to who takes them; no unless given. */
  readonly precompressed?: boolean | undefined;
  /** Languages in which files may be there, the preferred first: of `en`, `a.en.html` stands for `a.html`. */
  readonly languages?: readonly string[] | undefined;
  /** `Cache-Control` of what is sent; none unless given. */
  readonly cacheControl?: string | undefined;
  /** A file to send, with 404, for what is not there. */
  readonly notFound?: string | undefined;
}

/** What compressed siblings are named by, the smallest first. */
const SIBLINGS = { br: ".br", gzip: ".gz" } as const;
const ALLOW = "GET, HEAD, OPTIONS";

type Context = { readonly clock: Clock; readonly random: Random };

/**
 * Serves a tree of files: media types, conditional requests, ranges, folders by their index or as a list. Nothing outside the
 * tree, and no file whose name begins with a dot, is ever named (but in `/.well-known/`).
 */
export function staticFiles(context: Context, files: Files, options: StaticFilesOptions = {}): Handler {
  const server = new StaticFiles(context, files, options);
  return async (request) => {
    try {
      return await server.answer(request);
    } catch (error) {
      // It was exchanged for another between looking and reading; the other is as good.
      if (error instanceof FileChangedError) return server.answer(request);
      throw error;
    }
  };
}

class StaticFiles {
  readonly #context: Context;
  readonly #files: Files;
  readonly #options: StaticFilesOptions;

  constructor(context: Context, files: Files, options: StaticFilesOptions) {
    this.#context = context;
    this.#files = files;
    this.#options = options;
  }

  async answer(request: Request): Promise<Response> {
    const { method } = request;
    if (method === "OPTIONS") return new Response(null, { status: 204, headers: { Allow: ALLOW } });
    if (method !== "GET" && method !== "HEAD") return refuseMethod(method, ALLOW);
    const path = filePath(request.target);
    if (path === 400) return plain(400, "That is no path.");
    if (path === 404) return this.#notFound(request);
    const found = await this.#find(request, path.path);
    if (found === undefined) return this.#notFound(request);
    if (found.kind === "folder") return this.#folder(request, path, found);
    // A file has nothing below it: "/a.html/" names nothing.
    return path.isFolder ? this.#notFound(request) : this.#file(request, path.path, found);
  }

  /** The file itself, or the one in the language that the client prefers. */
  async #find(request: Request, path: string): Promise<Found | undefined> {
    const { languages = [] } = this.#options;
    const itself = await this.#files.find(path);
    if (languages.length === 0 || itself?.kind === "folder") return itself;
    const there: { language: string; found: FoundFile }[] = [];
    for (const language of languages) {
      const found = await this.#files.find(path.replace(/(\.[^./]*)?$/, `.${language}$1`));
      if (found?.kind === "file") there.push({ language, found });
    }
    if (there.length === 0) return itself;
    const names = there.map(({ language }) => language);
    const wanted = preferredLanguage(request, names);
    // Who wants none of them gets what is there without a language, or our first (RFC 9110 §12.5.4).
    if (wanted === undefined && itself !== undefined) return { ...itself, language: "" };
    const chosen = there.find(({ language }) => language === wanted) ?? there[0];
    return chosen === undefined ? itself : { ...chosen.found, language: chosen.language };
  }

  async #file(
    request: Request,
    path: string,
    found: FoundFile & { language?: string },
    status = 200,
  ): Promise<Response> {
    const type = mediaTypeOf(path);
    const { file, coding } = await this.#precompressed(request, path, found, type);
    const entityTag = { weak: false, opaque: file.version };
    const response = await sendFile(this.#context, request, { file, type, entityTag, status });
    const { headers } = response;
    if (coding !== undefined && (response.status === 200 || response.status === 206))
      headers.set("Content-Encoding", coding);
    if (this.#options.precompressed === true && isCompressible(type)) addVary(headers, "Accept-Encoding");
    if (found.language !== undefined) {
      addVary(headers, "Accept-Language");
      if (found.language !== "") headers.set("Content-Language", found.language);
    }
    if (this.#options.cacheControl !== undefined) headers.set("Cache-Control", this.#options.cacheControl);
    // What is text to us must not become a script to a browser that guesses.
    headers.set("X-Content-Type-Options", "nosniff");
    return response;
  }

  /** A sibling in a coding that the client takes, unless it is older than what it was made of. */
  async #precompressed(
    request: Request,
    path: string,
    file: FoundFile,
    type: string,
  ): Promise<{ file: FoundFile; coding?: keyof typeof SIBLINGS }> {
    // A language's variants have none, so that no sibling of another is sent for it.
    if (this.#options.precompressed !== true || !isCompressible(type) || "language" in file) return { file };
    const wanted = preferredCoding(request, ["br", "gzip"] as const);
    if (wanted === undefined || wanted === "identity") return { file };
    const others = (["br", "gzip"] as const).filter((each) => each !== wanted);
    for (const coding of [wanted, ...others]) {
      if (coding !== wanted && preferredCoding(request, [coding]) !== coding) continue;
      const sibling = await this.#files.find(path + SIBLINGS[coding]);
      if (sibling?.kind === "file" && sibling.modified >= file.modified) return { file: sibling, coding };
    }
    return { file };
  }

  async #folder(request: Request, path: FilePath, folder: FoundFolder): Promise<Response> {
    const prefix = path.path === "" ? "" : `${path.path}/`;
    if (!path.isFolder && path.path !== "") {
      // Names in the page are relative to the folder, so its URL ends in a slash.
      return new Response(null, { status: 308, headers: { Location: `${path.encoded}/${path.query}` } });
    }
    for (const name of this.#options.index ?? ["index.html"]) {
      const found = await this.#find(request, prefix + name);
      if (found?.kind === "file") return this.#file(request, prefix + name, found);
    }
    return this.#options.listing === true ? this.#list(request, path, folder) : this.#notFound(request);
  }

  async #list(request: Request, path: FilePath, folder: FoundFolder): Promise<Response> {
    const found = await folder.list();
    if (found === undefined) return this.#notFound(request);
    const entries = listed(found);
    const isJson = preferredType(request, ["text/html", "application/json"]) === "application/json";
    const top = path.path === "";
    const body = isJson ? listingJson(entries) : listingPage(top ? "/" : `/${path.path}/`, entries, top);
    const response = new Response(body, {
      headers: {
        "Content-Type": isJson ? "application/json" : "text/html; charset=utf-8",
        "Cache-Control": "no-cache",
        "Content-Security-Policy": LISTING_POLICY,
        "X-Content-Type-Options": "nosniff",
        Vary: "Accept",
      },
    });
    if (request.method !== "HEAD") return response;
    const length = String((await response.bytes()).length);
    response.headers.set("Content-Length", length);
    return new Response(null, { headers: response.headers });
  }

  async #notFound(request: Request): Promise<Response> {
    const { notFound } = this.#options;
    const found = notFound === undefined ? undefined : await this.#files.find(notFound.replace(/^\//, ""));
    if (found?.kind !== "file") return plain(404, "There is no such page.");
    return this.#file(request, notFound ?? "", found, 404);
  }
}

type Found = (FoundFile & { readonly language?: string }) | FoundFolder;
