/**
 * Bundles the page: modules that load lazily become files of their own, one CSS file, names with a hash of what is in them.
 * A clone does it when the lab starts; `npm run build` writes what comes of it into dist/lab.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { type BuildOptions, type BuildResult, build, type Metafile } from "esbuild";
import { programExamples } from "./program-examples.ts";

const FOLDER = import.meta.dirname;

/** A file of the page by its path, such as `/main-ABCDEFGH.js`; `/` is the page itself. */
export interface BuiltPage {
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** What esbuild tells of what it made: sizes, and who loads whom. */
  readonly metafile: Metafile;
}

/** What stands in the page at its comments of these names; nothing unless given. */
export interface PageParts {
  readonly policy?: string;
  readonly waiting?: string;
}

/** @throws when a module cannot be read, or a style sheet is imported where it would never be loaded */
export async function buildPage(parts: PageParts = {}): Promise<BuiltPage> {
  const { outputFiles, metafile } = await bundle({ main: join(FOLDER, "main.tsx") });
  const files = new Map<string, Uint8Array>();
  const names = outputFiles.map(({ path, contents }) => {
    const name = basename(path);
    files.set(`/${name}`, contents);
    return name;
  });
  const entry = (ending: string): string | undefined =>
    names.find((name) => new RegExp(`^main-.*\\${ending}$`).test(name));
  const lost = names.filter((name) => name.endsWith(".css") && name !== entry(".css"));
  if (lost.length > 0) {
    throw new Error(`${lost.join(", ")}: no page loads the style of a lazy module; import it where main.tsx sees it`);
  }
  files.set("/", new TextEncoder().encode(page(entry(".js") ?? "", entry(".css"), parts)));
  for (const name of ["favicon.svg"]) files.set(`/${name}`, readFileSync(join(FOLDER, name)));
  return { files, metafile };
}

/** Modules for browsers, what loads lazily in files of its own. @param more what stands for names and modules that the code leaves open */
export function bundle(
  entryPoints: Record<string, string>,
  more: Pick<BuildOptions, "define" | "plugins"> = {},
): Promise<BuildResult<{ metafile: true; write: false }>> {
  return build({
    absWorkingDir: dirname(FOLDER),
    entryPoints,
    outdir: "dist/lab",
    entryNames: "[name]-[hash]",
    chunkNames: "[name]-[hash]",
    assetNames: "[name]-[hash]",
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "browser",
    target: "es2023",
    jsx: "automatic",
    minify: true,
    legalComments: "none",
    conditions: ["netarium:source"],
    define: { "process.env.NODE_ENV": '"production"', ...more.define },
    plugins: [programExamples(dirname(FOLDER)), ...(more.plugins ?? [])],
    loader: { ".svg": "text" },
    metafile: true,
    write: false,
    logLevel: "silent",
  });
}

/** Its addresses are relative: it may stand anywhere. */
function page(script: string, style: string | undefined, { policy = "", waiting = "" }: PageParts): string {
  const template = readFileSync(join(FOLDER, "index.html"), "utf8");
  const link = style === undefined ? "" : `<link rel="stylesheet" href="${style}">`;
  return template
    .replace("<!-- policy -->", () => policy)
    .replace("<!-- waiting -->", () => waiting)
    .replace("<!-- style -->", () => link)
    .replace("<!-- script -->", () => `<script type="module" src="${script}"></script>`);
}

if (import.meta.main) {
  const folder = join(dirname(FOLDER), "dist", "lab");
  mkdirSync(folder, { recursive: true });
  const { files } = await buildPage();
  for (const [path, bytes] of files) writeFileSync(join(folder, path === "/" ? "index.html" : path), bytes);
}
