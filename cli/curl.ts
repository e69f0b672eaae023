import { Command } from "commander";
import { curl } from "../src/application/http/curl/curl.ts";
import { nodeCurlIo } from "../src/platform/node/curl-io.ts";
import { osContext } from "../src/platform/node/index.ts";
import { version } from "./version.ts";

/** The exit code of a command that Ctrl-C has ended. */
const EXIT_INTERRUPTED = 130;

/** `netarium curl`: its options are curl's, so nothing of the command line is read before it is handed on. */
export function curlCommand(): Command {
  return new Command("curl")
    .description(
      "Transfer over HTTP as curl does: its options, its requests, its exit codes (curl --help, docs/curl.md).",
    )
    .usage("[options...] <url>")
    .argument("[words...]", "options and URLs as curl takes them")
    .helpOption(false)
    .allowUnknownOption()
    .passThroughOptions()
    .action(async (_words: string[], _options: object, command: Command) => {
      process.exitCode = await run(command.args);
    });
}

async function run(argv: readonly string[]): Promise<number> {
  const control = new AbortController();
  const stop = (): void => control.abort(new Error("interrupted"));
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) process.once(signal, stop);
  try {
    // A list of thousands of names, which no other command has to wait for.
    const { isPublicSuffix } = await import("../src/platform/node/public-suffixes.ts");
    const context = osContext({ signal: control.signal });
    const exit = await curl(context, argv, nodeCurlIo, { userAgent: `netarium/${version}`, isPublicSuffix });
    return control.signal.aborted ? EXIT_INTERRUPTED : exit;
  } finally {
    for (const signal of signals) process.removeListener(signal, stop);
  }
}
