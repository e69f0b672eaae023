import { createWriteStream, statSync, type WriteStream } from "node:fs";
import { dirname, resolve } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import {
  HTTP_MESSAGES,
  type HttpServer,
  PROXY_MESSAGES,
  SITE_MESSAGES,
  type WebServer,
} from "../src/application/http/index.ts";
import { formatMessage, type LogParameters } from "../src/index.ts";
import {
  DEFAULT_HTTPS_PORT,
  formatProblem,
  GATEWAY_MESSAGES,
  osContext,
  readWebFile,
  startWebServer,
  type WebServerDocument,
  WebServerError,
} from "../src/platform/node/index.ts";
import { printable, printableLines } from "./output.ts";
import { EXIT_DONE, EXIT_FAILED, EXIT_USAGE, fileError, UsageError } from "./usage-error.ts";

const DEFAULT_PORT = 8080;
const LOOPBACK = "127.0.0.1";
const WORKERS_LIMIT = 1000;
const MESSAGES = { ...HTTP_MESSAGES, ...SITE_MESSAGES, ...PROXY_MESSAGES, ...GATEWAY_MESSAGES };
/** Milliseconds for which answers may go on after Ctrl-C, and those after which it is said that they do. */
const GRACE = 10_000;
const QUIET = 300;

export interface ServeOptions {
  readonly port?: number;
  readonly bind?: string;
  readonly quiet?: boolean;
  readonly wsgi?: string;
  readonly workers?: number;
  readonly python?: string;
  readonly tls?: boolean;
}

/** `netarium serve`. */
export function serveCommand(): Command {
  return new Command("serve")
    .description("Serve a folder, or the sites that a file describes, over HTTP on this machine, until Ctrl-C.")
    .argument(
      "[dir|config]",
      "a folder, or a file (YAML) that begins with netarium-web: 1; with --wsgi where the modules are, here unless given",
    )
    .option(
      "--port <number>",
      `the port; the file's unless given, else ${DEFAULT_PORT}; 0 chooses one`,
      parsePortNumber,
    )
    .option("--bind <address>", "the address; the file's unless given, else 127.0.0.1, which only this machine reaches")
    .option("--wsgi <module:app>", "serve a Python application (PEP 3333), or what module:factory() gives")
    .option("--workers <number>", "processes of the application; 2 unless given", parseWorkers)
    .option("--python <path>", "its interpreter; python3 unless given")
    .option(
      "--tls",
      "serve HTTPS only: the port is that of HTTPS, 8443 unless given; the certificate is the file's, else of the local authority (netarium ca)",
    )
    .option("--quiet", "do not write each request to standard output")
    .addHelpText("after", "\nExit codes: 0 done (by Ctrl-C), 1 the server failed, 2 bad usage or file.")
    .action(async (target: string | undefined, options: ServeOptions) => {
      process.exitCode = await serve(target, options);
    });
}

function parsePortNumber(text: string): number {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65_535) throw new InvalidArgumentError("a port is a number from 0 to 65535.");
  return port;
}

function parseWorkers(text: string): number {
  const workers = Number(text);
  if (!/^\d{1,4}$/.test(text) || workers < 1 || workers > WORKERS_LIMIT) {
    throw new InvalidArgumentError(`it is a number from 1 to ${WORKERS_LIMIT}.`);
  }
  return workers;
}

/** What is served, and relative to what. */
interface Served {
  readonly document: WebServerDocument;
  readonly folder: string;
}

async function serve(target: string | undefined, options: ServeOptions): Promise<number> {
  const served =
    options.wsgi === undefined ? whatIsServed(target, options) : applicationServed(target, options.wsgi, options);
  if (served === undefined) return EXIT_USAGE;
  const { document, folder } = served;
  const address = options.bind ?? document.bind ?? LOOPBACK;
  const { port, https } = portsOf(document, options);
  const log = openLog(options.quiet === true ? false : document.accessLog, folder);
  const end = new AbortController();
  const context = osContext({ signal: end.signal, log: logLine });
  let server: WebServer;
  try {
    server = await startWebServer(context, { ...document, address, port, https, folder, accessLog: log.write });
  } catch (error) {
    throw startError(error, address, portsTaken(port, https));
  }
  console.log(welcome(document, server, https !== undefined));
  const stopped = untilStopped(server);
  try {
    await server.ended;
    return EXIT_DONE;
  } catch (error) {
    console.error(`netarium: the server has ended: ${(error as Error).message}`);
    return EXIT_FAILED;
  } finally {
    stopped();
    log.end();
    end.abort();
  }
}

/** With `--tls` there is one port, and it is that of HTTPS. */
function portsOf({ port, https }: WebServerDocument, options: ServeOptions) {
  if (!options.tls) return { port: options.port ?? port ?? DEFAULT_PORT, https };
  return { port: 0, https: { ...https, port: options.port ?? https?.port, plain: "off" as const } };
}

/** The ports that may be in use already: not those that are chosen. */
const portsTaken = (port: number, https: WebServerDocument["https"]): number[] =>
  (https === undefined ? [port] : [https.port ?? DEFAULT_HTTPS_PORT, port]).filter((each) => each !== 0);

/** @returns undefined when the file is wrong, which is said */
function whatIsServed(target: string | undefined, { workers, python }: ServeOptions): Served | undefined {
  if (target === undefined) throw new UsageError("serve what? Name a folder or a file, or an application with --wsgi");
  if (workers !== undefined || python !== undefined) throw new UsageError("--workers and --python go with --wsgi");
  let isFolder: boolean;
  try {
    isFolder = statSync(target).isDirectory();
  } catch (error) {
    throw fileError(target, error);
  }
  if (isFolder) return { document: folderDocument(resolve(target)), folder: process.cwd() };
  const { document, problems } = readWebFile(target);
  for (const problem of problems) console.error(printableLines(formatProblem(target, problem)));
  return document === undefined ? undefined : { document, folder: dirname(resolve(target)) };
}

/** A Python application that is the whole site. */
function applicationServed(target = ".", wsgi: string, { workers, python }: ServeOptions): Served {
  const folder = resolve(target);
  const gateways = [{ path: "/", wsgi, folder, workers, python }];
  return { document: { ...folderDocument(folder), sites: [{ name: "main", gateways }] }, folder: process.cwd() };
}

/** What a folder alone is: listed, compressed, and asked for anew each time, as it is probably worked on. */
const folderDocument = (folder: string): WebServerDocument => ({
  port: undefined,
  bind: undefined,
  accessLog: true,
  limits: {},
  sites: [{ name: "main", folder, listing: true, compression: true, cache: "no-cache" }],
});

/** Codes and gaps of the log in words, on standard error: standard output is for requests. */
function logLine(code: string, parameters: LogParameters = {}): void {
  const text = formatMessage(MESSAGES, code, parameters);
  console.error(code === "form" ? printable(text) : printableLines(text));
}

interface Log {
  readonly write: ((line: string) => void) | undefined;
  end(): void;
}

function openLog(to: string | boolean, folder: string): Log {
  if (to === false) return { write: undefined, end: () => {} };
  if (to === true) return { write: (line) => void process.stdout.write(`${line}\n`), end: () => {} };
  const path = resolve(folder, to);
  const file: WriteStream = createWriteStream(path, { flags: "a" });
  file.on("error", (error) =>
    console.error(`netarium: the access log ends: ${fileError(path, error, "write").message}`),
  );
  return { write: (line) => void file.write(`${line}\n`), end: () => void file.end() };
}

function welcome(
  document: WebServerDocument,
  { address: { address, port }, plain }: WebServer,
  isSecure: boolean,
): string {
  const isAll = address === "0.0.0.0" || address === "::";
  const host = isAll ? LOOPBACK : address.includes(":") ? `[${address}]` : address;
  const reach = isAll ? ", and to all who reach this machine" : "";
  const names = document.sites.flatMap(({ hosts = [] }) => hosts.filter((name) => !name.includes("*")));
  const sites = names.length === 0 ? "" : `\nSites: ${names.join(", ")}`;
  const also = plain === undefined ? "" : `, and on http://${host}:${plain.port}/`;
  return `Serving on ${isSecure ? "https" : "http"}://${host}:${port}/${also}${reach}. Ctrl-C ends it.${printableLines(sites)}`;
}

function startError(error: unknown, address: string, ports: readonly number[]): Error {
  if (error instanceof WebServerError) return new UsageError(error.message);
  const { code } = error as { code?: string };
  const port = ports.join(" or ");
  const words: Readonly<Record<string, string>> = {
    EADDRINUSE: `port ${port} of ${address} is in use: end what uses it, or choose another with --port (0 takes any)`,
    EACCES: `port ${port} may not be used by you: choose one above 1023 with --port`,
    EADDRNOTAVAIL: `${address} is no address of this machine: --bind 0.0.0.0 takes all that it has`,
    EAFNOSUPPORT: `${address} is no address that can be listened on`,
    EINVAL: `${address} is no address that can be listened on`,
  };
  const said = words[code ?? ""];
  return said === undefined ? (error as Error) : new UsageError(said);
}

/** The first Ctrl-C lets answers end, for a while; a second one ends at once. */
function untilStopped(server: HttpServer): () => void {
  let interrupted = false;
  const timers: NodeJS.Timeout[] = [];
  const stop = (signal: NodeJS.Signals): void => {
    if (interrupted) process.exit(signal === "SIGINT" ? 130 : 143);
    interrupted = true;
    void server.close({ graceful: true }).catch(() => {});
    timers.push(
      setTimeout(() => console.error("What was begun is ended, for at most 10 s. Ctrl-C again ends at once."), QUIET),
      setTimeout(() => void server.close().catch(() => {}), GRACE),
    );
  };
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) process.on(signal, stop);
  return () => {
    for (const timer of timers) clearTimeout(timer);
    for (const signal of signals) process.off(signal, stop);
  };
}
