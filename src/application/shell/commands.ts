import { curl } from "../http/curl/curl.ts";
import { TOOLS } from "../tools/index.ts";
import type { Command } from "./command.ts";
import { dig } from "./dig.ts";
import { FILE_TOOLS } from "./files.ts";
import { helpCommand } from "./help.ts";
import { nc } from "./nc.ts";
import { nslookup } from "./nslookup.ts";
import { telnet } from "./telnet.ts";

/** What curl calls itself on a virtual host. */
const USER_AGENT = "netarium";

const curlCommand: Command = {
  name: "curl",
  summary: "Transfer over HTTP.",
  usage: "[options...] <url>",
  run: (context, args) => curl(context, args, context.io, { userAgent: USER_AGENT }),
};

const HELP = helpCommand(() => ALL);
const ALL: readonly Command[] = [curlCommand, dig, HELP, nc, nslookup, telnet, ...FILE_TOOLS, ...TOOLS].sort(
  (one, other) => (one.name < other.name ? -1 : 1),
);

/** Every command of a host's shell, by its name. */
export const COMMANDS: ReadonlyMap<string, Command> = new Map(ALL.map((command) => [command.name, command]));
