import { seconds } from "../../../time/instant.ts";
import type { ProgramContext } from "../../program.ts";
import type { CookieJar } from "../client/cookie-jar.ts";
import { parseArguments } from "./arguments.ts";
import type { CurlConfig, OutputPlace } from "./config.ts";
import { formatCookieFile } from "./cookie-file.ts";
import { CurlError } from "./curl-error.ts";
import { expandGlob, fillGlob } from "./glob.ts";
import { type CurlIo, readAll } from "./io.ts";
import { type CurlSettings, Session } from "./session.ts";
import { type TransferOrder, type TransferResult, transfer } from "./transfer.ts";
import { writeOut } from "./write-out.ts";

/** The exit code of a command line that cannot be read. */
const EXIT_USAGE = 2;
/** Statuses that pass: such a transfer is worth another try. */
const PASSING: ReadonlySet<number> = new Set([408, 429, 500, 502, 503, 504]);
/** Seconds before the second try; each later pause is twice as long, up to ten minutes. */
const FIRST_PAUSE = 1;
const LONGEST_PAUSE = 600;
const encoder = new TextEncoder();

/**
 * Transfers over HTTP as the command `curl` does them: its options, its requests byte for byte, its output and exit codes. It
 * asks for nothing but a program's context and what it reads and writes, so it runs on a virtual host as well.
 * @param argv the words of the command line after the command's name
 * @returns the exit code
 */
export async function curl(
  context: ProgramContext,
  argv: readonly string[],
  io: CurlIo,
  settings: CurlSettings,
): Promise<number> {
  const parsed = parseArguments(argv);
  if (parsed.kind === "fault") {
    io.stderr(`curl: ${parsed.message}\ncurl: try 'curl --help' for more information\n`);
    return EXIT_USAGE;
  }
  if (parsed.kind !== "transfers") {
    const text = parsed.kind === "help" ? HELP : `curl of ${settings.userAgent}\nProtocols: http https\n`;
    await io.stdout(encoder.encode(text));
    return 0;
  }
  let exit = 0;
  let jar: CookieJar | undefined;
  for (const config of parsed.configs) {
    const run = await runConfig(context, io, config, settings, jar);
    jar = run.jar ?? jar;
    exit = run.exit;
    if (exit !== 0 && config.failEarly) break;
  }
  return exit;
}

/** Everything up to `--next`. */
async function runConfig(
  context: ProgramContext,
  io: CurlIo,
  config: CurlConfig,
  settings: CurlSettings,
  before: CookieJar | undefined,
): Promise<{ exit: number; jar: CookieJar | undefined }> {
  let session: Session | undefined;
  try {
    session = await Session.open(context, io, config, settings, before);
    const exit = await runTransfers(session);
    await keepCookies(session);
    return { exit, jar: session.jar };
  } catch (error) {
    if (!(error instanceof CurlError)) throw error;
    tell(io, config, error);
    return { exit: error.exit, jar: session?.jar };
  } finally {
    await session?.close();
  }
}

async function runTransfers(session: Session): Promise<number> {
  const { config, io } = session;
  let exit = 0;
  let number = 0;
  for (const [index, pattern] of config.urls.entries()) {
    const place = config.outputs[index] ?? (config.remoteNameAll ? { kind: "remote-name" as const } : undefined);
    for (const { url, parts } of config.globOff ? [{ url: pattern, parts: [] }] : expandGlob(pattern)) {
      const order = { url, number: number++, upload: config.uploads[index], ...outputOf(place, config, parts) };
      const { error, facts } = await tryTransfer(session, order);
      if (error !== undefined) tell(io, config, error);
      exit = error?.exit ?? 0;
      if (config.writeOut !== undefined) {
        const texts = writeOut(await formatOf(session), facts);
        await io.stdout(encoder.encode(texts.stdout));
        io.stderr(texts.stderr);
      }
      if (exit !== 0 && config.failEarly) return exit;
      if (session.context.signal.aborted) return exit;
    }
  }
  return exit;
}

function outputOf(
  place: OutputPlace | undefined,
  { outputDir }: CurlConfig,
  parts: readonly string[],
): Pick<TransferOrder, "path" | "remoteName"> {
  const folder = outputDir === undefined ? "" : `${outputDir}/`;
  if (place === undefined || (place.kind === "file" && place.path === "-"))
    return { path: undefined, remoteName: false };
  if (place.kind === "remote-name") return { path: folder, remoteName: true };
  return { path: folder + fillGlob(place.path, parts), remoteName: false };
}

/** One transfer, and again as `--retry` allows. */
async function tryTransfer(session: Session, order: TransferOrder): Promise<TransferResult> {
  const { config, context, io } = session;
  const began = context.clock.now();
  for (let left = config.retry, pause = FIRST_PAUSE; ; left--, pause = Math.min(2 * pause, LONGEST_PAUSE)) {
    const result = await transfer(session, order);
    const elapsed = (context.clock.now() - began) / 1e9;
    const late = config.retryMaxTime > 0 && elapsed > config.retryMaxTime;
    if (left <= 0 || late || context.signal.aborted || !isPassing(result, config)) return result;
    const wait = config.retryDelay > 0 ? config.retryDelay : (result.retryAfter ?? pause);
    if (!config.silent) io.stderr(`Warning: Transient problem. Will retry in ${wait} seconds. ${left} retries left.\n`);
    await context.clock.sleep(seconds(wait), context.signal);
  }
}

function isPassing({ error, facts }: TransferResult, config: CurlConfig): boolean {
  if (error === undefined || error.exit === 22) return PASSING.has(facts.status);
  if (config.retryAllErrors || error.exit === 28 || error.exit === 6 || error.exit === 5) return true;
  return error.exit === 7 && config.retryConnRefused;
}

/** `-w @file` reads the format from a file, the ends of lines left out. */
async function formatOf({ config, io }: Session): Promise<string> {
  const { writeOut: format = "" } = config;
  if (!format.startsWith("@")) return format;
  return new TextDecoder().decode(await readAll(io, format.slice(1))).replaceAll(/[\r\n]/g, "");
}

async function keepCookies({ config, jar, io }: Session): Promise<void> {
  const { cookieJar: path } = config;
  if (path === undefined || jar === undefined) return;
  const bytes = encoder.encode(formatCookieFile(jar));
  if (path === "-") {
    await io.stdout(bytes);
    return;
  }
  try {
    const file = await io.files.create(path);
    await file.write(bytes);
    await file.close();
  } catch {
    io.stderr(`Warning: failed to save cookies in ${path}\n`);
  }
}

function tell(io: CurlIo, { silent, showError }: CurlConfig, { exit, message }: CurlError): void {
  if (!silent || showError) io.stderr(`curl: (${exit}) ${message}\n`);
}

const HELP = `Usage: curl [options...] <url>
 -d, --data <data>          HTTP POST data
 -f, --fail                 Fail fast with no output on HTTP errors
 -F, --form <name=content>  Specify multipart MIME data
 -H, --header <header>      Pass custom header to server
 -i, --include              Include response headers in the output
 -I, --head                 Show document info only
 -L, --location             Follow redirects
 -o, --output <file>        Write to file instead of stdout
 -O, --remote-name          Write output to a file named as the remote file
 -s, --silent               Silent mode
 -T, --upload-file <file>   Transfer local FILE to destination
 -u, --user <user:password> Server user and password
 -v, --verbose              Make the operation more talkative
 -w, --write-out <format>   Tell facts of the transfer after it
All options that are here are in docs/curl.md.
`;
