import { randomUUID } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { Command, Option } from "commander";
import { PROGRAMS } from "../src/application/registry.ts";
import { Engine } from "../src/engine/index.ts";
import type { NetworkDocument } from "../src/index.ts";
import { documentTools } from "../src/platform/document/edit/index.ts";
import { readMessage } from "../src/platform/lab/messages.ts";
import {
  formatProblem,
  NetworkTls,
  nodeCiphers,
  nodeCompression,
  nodePlatform,
  nodeScripts,
} from "../src/platform/node/index.ts";
import { LabDoors } from "../src/platform/node/lab/lab-doors.ts";
import { type LabServer, type LabServerOptions, serveLab } from "../src/platform/node/lab/lab-server.ts";
import { openBrowser } from "../src/platform/node/lab/open-browser.ts";
import { type PageFiles, readPageFiles } from "../src/platform/node/lab/page-files.ts";
import { namedFiles } from "../src/platform/node/network-file.ts";
import { readChecked } from "./check.ts";
import { type LabOptions, NO_PORTS, parseLabPort } from "./lab-options.ts";
import { printableLines } from "./output.ts";
import { asksForTls, checkPorts } from "./run.ts";
import { parsePermission, parseSeed } from "./run-options.ts";
import { EXIT_DONE, EXIT_FAILED, EXIT_USAGE, UsageError } from "./usage-error.ts";
import { version } from "./version.ts";
import { fillWelcome } from "./welcome.ts";

/** Where the page is unless told; the next that is free when this one is not. */
const DEFAULT_PORT = 4680;
const PORTS_TRIED = 20;

/** `dist` when this runs as it was built, else the clone itself. */
const HERE = dirname(import.meta.dirname);
const PAGE_SOURCE = join(HERE, "lab", "build.ts");
const EXAMPLE = join("examples", "chat-room.yaml");

/** `netarium lab`. */
export function labCommand(): Command {
  return new Command("lab")
    .description("Open the lab: run the network of a file, and watch and steer it on a page in the browser.")
    .argument("[file]", `a network file (YAML); ${EXAMPLE} unless given`)
    .addOption(
      new Option(
        "--port <number>",
        `the page's port, ${DEFAULT_PORT} or the next that is free unless given, 0 for any; NAME=NUMBER publishes a door's port elsewhere; may be repeated`,
      )
        .argParser(parseLabPort)
        .default(NO_PORTS, "as the file says"),
    )
    .option("--no-open", "print the page's address, and open no browser")
    .option("--seed <number>", "of all chance; the file's unless given, else 1", parseSeed)
    .addOption(
      new Option(
        "--allow <name>",
        "allow the file to publish ports off loopback, or a tunnel: publish, tunnel; may be repeated",
      )
        .argParser(parsePermission)
        .default(new Set(), "neither"),
    )
    .addHelpText("after", "\nExit codes: 0 done (by Ctrl-C), 1 the lab failed, 2 bad usage or file.")
    .action(async (file: string | undefined, options: LabOptions) => {
      process.exitCode = await lab(file ?? exampleFile(), options);
    });
}

/** The network that one sees first: beside the package's or the clone's folder of code. */
function exampleFile(): string {
  return [HERE, dirname(HERE)].map((folder) => join(folder, EXAMPLE)).find((path) => existsSync(path)) ?? EXAMPLE;
}

/** The networks that can be opened by their names: what stands beside the one that one sees first. */
function examples(): { name: string; text: string }[] {
  const folder = dirname(exampleFile());
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder).filter((each) => extname(each) === ".yaml");
  return files.map((each) => ({ name: basename(each, ".yaml"), text: readFileSync(join(folder, each), "utf8") }));
}

async function lab(file: string, options: LabOptions): Promise<number> {
  const { document, problems } = readChecked(file, options.allow);
  for (const problem of problems) console.error(printableLines(formatProblem(file, problem)));
  if (document === undefined) return EXIT_USAGE;
  checkPorts(document, options.port.doors);
  const page = await pageFiles();
  const tls = new NetworkTls();
  // Making keys takes a while, in which real time would run away from the network.
  if (asksForTls(document)) await tls.authority;
  const onEvent = (door: string, text: string): void => console.error(`netarium: ${door}: ${printableLines(text)}`);
  const doors = new LabDoors(document, { folder: dirname(file), ports: options.port.doors, onEvent });
  const engine = await Engine.start({
    document,
    text: readFileSync(file, "utf8"),
    file,
    seed: options.seed,
    platform: nodePlatform,
    compression: nodeCompression,
    tls,
    ciphers: nodeCiphers,
    scripts: nodeScripts(),
    doors,
    documents: documentTools(
      { programs: PROGRAMS, allow: options.allow, readFile: namedFiles(dirname(file)) },
      examples(),
    ),
    netarium: version,
    id: randomUUID(),
    kind: "node",
    onSlowHold: ({ names }) => console.error(`netarium: time stands still, waiting for ${names.join(", ")}`),
  });
  tls.onSecret = (line) => engine.keepSecret(line);
  try {
    const server = await serve(options.port.page, { page, read: readMessage, admit: (...all) => engine.admit(...all) });
    return await untilStopped(server, () => tell(server, document, doors, options));
  } finally {
    await engine.close();
  }
}

/** What the package brings built, or, in a clone, what is built now from the source. */
async function pageFiles(): Promise<PageFiles> {
  if (!existsSync(PAGE_SOURCE)) return readPageFiles(join(HERE, "lab"));
  const { buildPage } = (await import(pathToFileURL(PAGE_SOURCE).href)) as {
    buildPage(): Promise<{ files: PageFiles }>;
  };
  return (await buildPage()).files;
}

/** @param port undefined for any from the usual one on @throws UsageError when it cannot be had */
async function serve(port: number | undefined, options: Omit<LabServerOptions, "port">): Promise<LabServer> {
  for (let wanted = port ?? DEFAULT_PORT; ; wanted++) {
    try {
      return await serveLab({ ...options, port: wanted });
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "EADDRINUSE" && port === undefined && wanted < DEFAULT_PORT + PORTS_TRIED) continue;
      if (code === "EADDRINUSE") {
        throw new UsageError(`port ${wanted} is in use: end what uses it, or choose another with --port (0 takes any)`);
      }
      if (code === "EACCES")
        throw new UsageError(`port ${wanted} may not be used by you: choose one above 1023 with --port`);
      throw error;
    }
  }
}

function tell(server: LabServer, document: NetworkDocument, doors: LabDoors, { open }: LabOptions): void {
  for (const { problem } of doors.info) if (problem !== undefined) console.error(`netarium: ${problem.text}`);
  const places = new Map(doors.info.map(({ name, at }) => [name, at]));
  if (document.welcome !== "" && doors.info.some(({ at }) => at !== undefined))
    console.log(`${printableLines(fillWelcome(document.welcome, places))}\n`);
  console.log(`The lab: ${server.url}`);
  const opened = open && openBrowser(server.invite());
  const what = opened
    ? "It opens in your browser; if not, open that address."
    : "Open that address in a browser on this machine.";
  console.log(`${what} Ctrl-C ends it.`);
}

/** The first Ctrl-C ends it in good order, a second one at once. @param begun called once Ctrl-C is heeded */
async function untilStopped(server: LabServer, begun: () => void): Promise<number> {
  let interrupted = false;
  const stop = (signal: NodeJS.Signals): void => {
    if (interrupted) process.exit(signal === "SIGINT" ? 130 : 143);
    interrupted = true;
    void server.close().catch(() => {});
  };
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) process.on(signal, stop);
  try {
    begun();
    await server.ended;
    return EXIT_DONE;
  } catch (error) {
    console.error(`netarium: the lab has ended: ${(error as Error).message}`);
    return EXIT_FAILED;
  } finally {
    for (const signal of signals) process.off(signal, stop);
  }
}
