/**
 * `npm run build:lab`: the lab as a folder for any server of static files, at any path, with the engine in a Worker of the page.
 *
 *     npm run build:lab -- [--network FILE] [FOLDER]
 */
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { parseArgs } from "node:util";
import type { Metafile } from "esbuild";
import { PROGRAMS } from "../src/application/registry.ts";
import { formatProblem, PERMISSIONS, readDocument } from "../src/platform/document/index.ts";
import { type BuiltPage, buildPage, bundle } from "./build.ts";
import { later } from "./later.ts";
import { literal } from "./literal.ts";

const ROOT = dirname(import.meta.dirname);
/** Runs the programs that people write. */
const QUICKJS = createRequire(import.meta.url).resolve("@jitl/quickjs-wasmfile-release-sync/wasm");
const WORKER = join(ROOT, "src", "platform", "browser", "lab", "worker.ts");
/** The network that is seen first unless another is named. */
const NETWORK = join(ROOT, "examples", "chat-room.yaml");
/** Where it goes unless told. */
const FOLDER = join(ROOT, "dist", "lab-static");

/** The folder's files by their names. */
export interface StaticLab {
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly page: BuiltPage;
  readonly engine: Metafile;
}

/**
 * @param path of the network file that is seen first
 * @throws when something is wrong with it, or the page cannot be built
 */
export async function buildStaticLab(path: string = NETWORK): Promise<StaticLab> {
  const network = readNetwork(path);
  const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { readonly version: string };
  const quickJs = readFileSync(QUICKJS);
  const quickJsFile = `quickjs-${createHash("sha256").update(quickJs).digest("hex").slice(0, 8)}.wasm`;
  const built = await bundle(
    { engine: WORKER },
    {
      define: { NETARIUM_VERSION: JSON.stringify(version), QUICKJS_FILE: JSON.stringify(quickJsFile) },
      plugins: [later(ROOT)],
    },
  );
  const files = new Map<string, Uint8Array>(built.outputFiles.map(({ path, contents }) => [basename(path), contents]));
  files.set(quickJsFile, quickJs);
  const engine = [...files.keys()].find((name) => /^engine-.*\.js$/.test(name)) ?? "";
  const page = await buildPage({ policy: policy(engine), waiting: WAITING });
  for (const [path, bytes] of page.files) files.set(path === "/" ? "index.html" : path.slice(1), bytes);
  const html = new TextDecoder().decode(files.get("index.html"));
  files.set("index.html", new TextEncoder().encode(html.replaceAll("{nonce}", nonceOf(html))));
  for (const [name, text] of network) files.set(name, new TextEncoder().encode(text));
  return { files, page, engine: built.metafile };
}

/** A network file, the files that it names, and what comes of reading it, as a module. */
function readNetwork(path: string): Map<string, string> {
  const text = readFileSync(path, "utf8");
  const files = new Map<string, string>();
  const readFile = (name: string): string => {
    const named = readFileSync(join(dirname(path), name), "utf8");
    files.set(name, named);
    return named;
  };
  const { document, problems } = readDocument(text, { programs: PROGRAMS, allow: new Set(PERMISSIONS), readFile });
  if (document === undefined) throw new Error(problems.map((problem) => formatProblem(path, problem)).join("\n"));
  const before = `{ text: ${literal(text)}, document: ${literal(document)}, files: ${literal(Object.fromEntries(files))} }`;
  return files.set("network.yaml", text).set("network.js", `export const before = ${before};\n`);
}

/**
 * No server draws a nonce for each page here, so there is one for each build. It only lets style elements be, which xterm and others
 * write; scripts are files of the folder or nothing.
 */
const nonceOf = (html: string): string => createHash("sha256").update(html).digest("base64url").slice(0, 22);

/** What the page may load: its own files. A Worker has the policy of its own answer, which is the server's to send. */
function policy(engine: string): string {
  const allowed = [
    "default-src 'none'",
    "script-src 'self'",
    "worker-src 'self'",
    "style-src 'self' 'nonce-{nonce}'",
    "img-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  return [
    `<meta http-equiv="Content-Security-Policy" content="${allowed}">`,
    '<meta name="referrer" content="no-referrer">',
    `<meta name="netarium-engine" content="${engine}">`,
  ].join("\n    ");
}

/** Stands there until the page runs, and stays where it cannot: browsers load no modules of a page that was opened as a file. */
const WAITING = `<p>The lab is loading. If this stays, see that a web server serves this folder: opened as a file it cannot run.</p>
    <p lang="zh-CN">实验室正在加载。如果一直停在这里，请用网页服务器提供此文件夹：直接作为文件打开无法运行。</p>`;

if (import.meta.main) {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { network: { type: "string" } } });
  const folder = positionals[0] ?? FOLDER;
  const { files } = await buildStaticLab(values.network);
  if (positionals[0] === undefined) rmSync(folder, { recursive: true, force: true });
  for (const [name, bytes] of files) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), bytes);
  }
  console.log(`The lab is in ${folder}: put it on any web server, or look at it with\n  npx netarium serve ${folder}`);
}
