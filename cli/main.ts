/** The `netarium` command. */
import { Command, CommanderError, Option } from "commander";
import type { Permission } from "../src/platform/node/index.ts";
import { caCommand } from "./ca.ts";
import { check } from "./check.ts";
import { curlCommand } from "./curl.ts";
import { execCommand } from "./exec.ts";
import { labCommand } from "./lab.ts";
import { type PacketdrillOptions, packetdrill, parseDefine, parseOption } from "./packetdrill.ts";
import { run } from "./run.ts";
import { parseFor, parsePermission, parsePort, parseSeed, parseSpeed, type RunOptions } from "./run-options.ts";
import { serveCommand } from "./serve.ts";
import { EXIT_DONE, EXIT_FAILED, EXIT_USAGE, UsageError } from "./usage-error.ts";
import { version } from "./version.ts";

const allowOption = (): Option =>
  new Option(
    "--allow <name>",
    "allow the file to publish ports off loopback, or a tunnel: publish, tunnel; may be repeated",
  )
    .argParser(parsePermission)
    .default(new Set(), "neither");

function command(): Command {
  const netarium = new Command("netarium")
    .description(
      "A whole TCP/IP network on this machine: real bytes on every wire, and the same run for the same seed.",
    )
    .version(version)
    .enablePositionalOptions()
    .exitOverride()
    .showHelpAfterError("(netarium --help says more)");
  netarium
    .command("run")
    .description("Run the network of a file, until it is over or Ctrl-C.")
    .argument("<file>", "a network file (YAML)")
    .option("--seed <number>", "of all chance; the file's unless given, else 1", parseSeed)
    .option("--for <duration>", 'end after so much virtual time, such as "10s" or "1h"', parseFor)
    .option(
      "--speed <number>",
      'virtual seconds in a real second, or "max"; max with --for and for a file without doors, or with --replay, else 1',
      parseSpeed,
    )
    .option("--pcap <file>", "write all that every interface sees to a pcapng file; - streams it to standard output")
    .option("--no-secrets", "leave out of the capture what opens its TLS")
    .option("--record <file>", "write everything that comes in from outside, for --replay")
    .option("--replay <file>", "run again what was recorded, with all doors shut")
    .addOption(allowOption())
    .addOption(
      new Option("--port <name=number>", "publish a door's port elsewhere; may be repeated")
        .argParser(parsePort)
        .default(new Map(), "as the file says"),
    )
    .option("--json", "print a summary as JSON at the end, and logs to standard error")
    .addHelpText("after", "\nExit codes: 0 done (also by Ctrl-C), 1 a program failed, 2 bad usage or file.")
    .action(async (file: string, options: RunOptions) => {
      if (options.json && options.pcap === "-") throw new UsageError("--json and --pcap - both want standard output");
      if (options.record && options.replay) throw new UsageError("--record and --replay do not go together");
      process.exitCode = await run(file, options);
    });
  netarium
    .command("check")
    .description("Check a network file, or one for netarium serve, and say what is wrong with it.")
    .argument("<file>", "a network file, or one for netarium serve (YAML)")
    .addOption(allowOption())
    .action((file: string, { allow }: { allow: ReadonlySet<Permission> }) => {
      process.exitCode = check(file, allow);
    });
  netarium
    .command("packetdrill")
    .description("Run packet scripts, in packetdrill's notation, against the TCP/IP stack of one host in virtual time.")
    .argument("<files...>", "packet scripts")
    .addOption(
      new Option("--define <name>", "read what #ifdef NAME keeps; may be repeated")
        .argParser(parseDefine)
        .default(new Set(), "nothing"),
    )
    .addOption(
      new Option("--option <name=value>", "an option as a script's own --name=value; may be repeated")
        .argParser(parseOption)
        .default(new Map(), "packetdrill's"),
    )
    .option("--verbose", "tell every line that is passed over", false)
    .addHelpText("after", "\nExit codes: 0 every script passed, 1 one failed, 2 bad usage or file.")
    .action(async (files: string[], options: PacketdrillOptions) => {
      process.exitCode = await packetdrill(files, options);
    });
  netarium.addCommand(labCommand());
  netarium.addCommand(serveCommand());
  netarium.addCommand(caCommand());
  netarium.addCommand(curlCommand());
  netarium.addCommand(execCommand());
  for (const each of netarium.commands)
    each.exitOverride().showHelpAfterError(`(netarium ${each.name()} --help says more)`);
  return netarium;
}

/** Who reads our output has gone, as with `| head`: end as if interrupted. */
function endWithReader(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
      process.emit("SIGTERM");
    });
  }
}

async function main(): Promise<void> {
  endWithReader();
  try {
    await command().parseAsync();
  } catch (error) {
    if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? EXIT_DONE : EXIT_USAGE;
    else if (error instanceof UsageError) {
      console.error(`netarium: ${error.message}`);
      process.exitCode = EXIT_USAGE;
    } else {
      const { name, message, stack } = error as Error;
      console.error(`netarium: ${name === "LivelockError" ? message : stack}`);
      process.exitCode = EXIT_FAILED;
    }
  }
}

await main();
