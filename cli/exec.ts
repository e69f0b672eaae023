import { Command } from "commander";
import { type CommandRun, EXIT_NOT_FOUND } from "../src/application/shell/command.ts";
import { COMMANDS } from "../src/application/shell/commands.ts";
import { HostFiles } from "../src/application/shell/host-files.ts";
import { Host } from "../src/device/host.ts";
import { build, type Duration, type Instant, NEVER, type RunLoop, seconds } from "../src/index.ts";
import { startCommand } from "../src/network/commands.ts";
import type { Network } from "../src/network/network.ts";
import {
  FileCapture,
  formatProblem,
  NetworkTls,
  nodeCompression,
  nodeScripts,
  runLoop,
} from "../src/platform/node/index.ts";
import { readChecked } from "./check.ts";
import { printableLines } from "./output.ts";
import { parseFor, parseSeed } from "./run-options.ts";
import { EXIT_USAGE, fileError, UsageError } from "./usage-error.ts";

/** When the command starts unless told: what starts with the network is up by then. */
const START: Instant = seconds(1) as number as Instant;

interface ExecOptions {
  readonly seed?: number;
  readonly at?: Duration;
  readonly for?: Duration;
  readonly pcap?: string;
}

/** `netarium exec`: one command on one host of a network that runs for it alone. */
export function execCommand(): Command {
  return new Command("exec")
    .description("Run a network until a command on one of its hosts has ended (docs/tools.md).")
    .argument("<file>", "a network file (YAML)")
    .argument("<host>", "a host or router of it")
    .argument("<command...>", `what to run there: ${[...COMMANDS.keys()].join(", ")}`)
    .option("--seed <number>", "of all chance; the file's unless given, else 1", parseSeed)
    .option("--at <duration>", "the virtual time at which the command starts; 1s unless given", parseFor)
    .option("--for <duration>", "interrupt the command after so much virtual time", parseFor)
    .option("--pcap <file>", "write all that every interface sees to a pcapng file")
    .passThroughOptions()
    .addHelpText(
      "after",
      "\nThe network runs as fast as it can, its doors shut; in real time once a command reads from a terminal." +
        "\nExit code: the command's; 2 bad usage or file, 127 no such command.",
    )
    .action(async (file: string, host: string, words: string[], options: ExecOptions) => {
      process.exitCode = await exec(file, host, words, options);
    });
}

async function exec(file: string, hostName: string, words: readonly string[], options: ExecOptions): Promise<number> {
  const { document, problems } = readChecked(file, new Set(["publish", "tunnel"]));
  for (const problem of problems) console.error(printableLines(formatProblem(file, problem)));
  if (document === undefined) return EXIT_USAGE;
  const tls = new NetworkTls();
  const network = build(document, { seed: options.seed, compression: nodeCompression, tls, scripts: nodeScripts() });
  const host = hostOf(network, hostName, file);
  const [name = "", ...args] = words;
  const command = COMMANDS.get(name);
  if (command === undefined) {
    console.error(`netarium: there is no command ${name}; ${hostName} has ${[...COMMANDS.keys()].join(", ")}`);
    return EXIT_NOT_FOUND;
  }
  const loop = runLoop(network, {
    isOpen: () => loop.speed !== "max",
    onSlowHold: ({ names }) => console.error(`netarium: time stands still, waiting for ${names.join(", ")}`),
  });
  const capture = options.pcap === undefined ? undefined : openCapture(options.pcap, network, tls);
  await loop.run(options.at === undefined ? START : (options.at as number as Instant));
  const run = startCommand(network, host, command, args, processIo(loop));
  const limit = options.for === undefined ? NEVER : ((network.now + options.for) as Instant);
  const status = await toItsEnd(loop, run, limit);
  capture?.close();
  process.stdin.destroy();
  return status;
}

function openCapture(path: string, { scheduler, epoch, nics }: Network, tls: NetworkTls): FileCapture {
  const onError = (error: Error): void => console.error(`netarium: the capture ends: ${error.message}`);
  try {
    const capture = new FileCapture({ path, scheduler, epoch: new Date(epoch), nics, onError });
    tls.onSecret = (line) => capture.secret(line);
    return capture;
  } catch (error) {
    throw fileError(path, error, "write");
  }
}

function hostOf(network: Network, name: string, file: string): Host {
  const host = network.devices.get(name);
  if (host instanceof Host) return host;
  const hosts = [...network.devices.values()].filter((each) => each instanceof Host).map((each) => each.name);
  throw new UsageError(`${file} has no host ${name}; it has ${hosts.join(", ") || "none"}`);
}

/** The process's streams; files are the host's, in memory. Who types at a terminal does so in real time. */
function processIo(loop: RunLoop): Parameters<typeof startCommand>[4] {
  return {
    files: new HostFiles(),
    columns: process.stdout.isTTY ? process.stdout.columns : undefined,
    stdout: (bytes) =>
      new Promise((resolve, reject) => {
        process.stdout.write(bytes, (error) => (error == null ? resolve() : reject(error)));
      }),
    stderr: (text) => void process.stderr.write(text),
    stdin: () => {
      if (process.stdin.isTTY) loop.speed = 1;
      return process.stdin;
    },
  };
}

/** Runs until the command has ended: by itself, by Ctrl-C, at the limit, or because nothing is left that could happen. */
async function toItsEnd(loop: RunLoop, run: CommandRun, limit: Instant): Promise<number> {
  let interrupted = false;
  const interrupt = (): void => {
    if (interrupted) process.exit(130);
    interrupted = true;
    run.interrupt();
    loop.wake();
  };
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) process.on(signal, interrupt);
  const status = run.ended.then((code) => {
    loop.stop();
    return code;
  });
  try {
    const end = await loop.run(limit);
    if (end !== "stopped") {
      if (end === "idle") console.error("netarium: nothing is left that could happen: the command is interrupted");
      run.interrupt();
      if ((await loop.run()) !== "stopped") run.kill();
    }
    return await status;
  } finally {
    for (const signal of signals) process.off(signal, interrupt);
  }
}
