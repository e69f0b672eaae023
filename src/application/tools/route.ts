import { ANY, type IpAddress, parseIp } from "../../address/ip.ts";
import { type Prefix, prefixOf } from "../../address/prefix.ts";
import type { Command, CommandContext, RouteSettings } from "../shell/command.ts";
import { readOptions } from "../shell/options.ts";
import { lengthOf } from "./ifconfig.ts";
import { lookUp, print, settingErrorText } from "./output.ts";
import { routeLines } from "./routes.ts";

const USAGE =
  "[-n] | add|del [-net|-host] target[/length]|default [netmask mask] [gw gateway] [metric n] [reject] [dev interface]";
const EXIT_REFUSED = 7;
const EXIT_WORDS = 4;

/** Shows the routing table as net-tools do, and changes it. */
export const route: Command = {
  name: "route",
  summary: "Show the routing table, or change it.",
  usage: USAGE,
  async run(context, args) {
    const [verb, ...words] = args;
    if (verb === "add" || verb === "del") return await change(context, verb, words);
    const options = readOptions(args, "en");
    if (typeof options === "string" || options.operands.length > 0) {
      const why = typeof options === "string" ? options : `unknown word '${options.operands[0]}'`;
      context.io.stderr(`route: ${why}\nUsage: route ${USAGE}\n`);
      return EXIT_WORDS;
    }
    await print(context, ...routeLines(context, options.given.has("n"), options.given.has("e") ? "netstat" : "route"));
    return 0;
  },
};

interface Change extends RouteSettings {
  readonly prefix: Prefix;
}

async function change(context: CommandContext, verb: "add" | "del", words: readonly string[]): Promise<number> {
  const read = await readChange(context, words);
  if (typeof read === "string") {
    context.io.stderr(`route: ${read}\n`);
    return EXIT_WORDS;
  }
  const { settings } = context.host;
  const { prefix, ...target } = read;
  const refused = verb === "add" ? settings.addRoute(prefix, target) : settings.removeRoute(prefix, target.gateway);
  if (refused === undefined) return 0;
  const why = verb === "del" && refused === "ENETUNREACH" ? "No such process" : settingErrorText(refused);
  context.io.stderr(`${verb === "add" ? "SIOCADDRT" : "SIOCDELRT"}: ${why}\n`);
  return EXIT_REFUSED;
}

/** @returns what is wrong */
async function readChange(context: CommandContext, words: readonly string[]): Promise<Change | string> {
  const left = [...words];
  const kind = left[0] === "-net" || left[0] === "-host" ? left.shift() : undefined;
  const target = left.shift();
  if (target === undefined) return `usage: route ${USAGE}`;
  const [text = "", bits] = target.split("/");
  const address = target === "default" ? ANY : await addressOf(context, text);
  if (typeof address === "string") return address;
  let length =
    bits === undefined
      ? target === "default" || address === ANY
        ? 0
        : kind === "-net"
          ? undefined
          : 32
      : Number(bits);
  const found: { gateway?: IpAddress; nic?: string; metric?: number; rejects?: boolean } = {};
  while (left.length > 0) {
    const word = left.shift() ?? "";
    if (word === "reject") {
      found.rejects = true;
      continue;
    }
    const value = left.shift();
    if (value === undefined && !["gw", "netmask", "metric", "dev"].includes(word)) found.nic = word;
    else if (value === undefined) return `${word} of what?`;
    else if (word === "netmask") length = lengthOf(parseIp(value) ?? Number.NaN);
    else if (word === "metric") found.metric = Number(value);
    else if (word === "dev") found.nic = value;
    else if (word === "gw") {
      const gateway = await addressOf(context, value);
      if (typeof gateway === "string") return gateway;
      found.gateway = gateway;
    } else return `unknown word '${word}'`;
  }
  if (length === undefined || !(length >= 0 && length <= 32) || !Number.isInteger(length))
    return "netmask doesn't make sense";
  const prefix = prefixOf(address, length);
  if (prefix.address !== address) return "netmask doesn't match route address";
  return Number.isInteger(found.metric ?? 0) ? { prefix, ...found } : "a metric is a number";
}

async function addressOf(context: CommandContext, text: string): Promise<IpAddress | string> {
  const found = await lookUp(context, text);
  const address = typeof found === "string" ? undefined : parseIp(found.address);
  return address ?? `${text}: Host name lookup failure`;
}
