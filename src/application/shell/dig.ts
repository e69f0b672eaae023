import type { SocketAddress } from "../../address/endpoint.ts";
import { seconds } from "../../time/instant.ts";
import type { Message } from "../dns/message.ts";
import { formatName } from "../dns/name.ts";
import type { ResourceRecord } from "../dns/record.ts";
import { formatData } from "../dns/record-text.ts";
import { type Asked, ask, serversOf } from "./ask.ts";
import { type Command, type CommandContext, EXIT_INTERRUPTED } from "./command.ts";
import { type DigSettings, DigUsageError, digSettings } from "./dig-options.ts";

const EXIT_NO_SERVER_NAME = 10;
const EXIT_NO_REPLY = 9;
const NO_SERVERS = ";; no servers could be reached\n";
const encoder = new TextEncoder();

/** Asks name servers and shows the whole answer, as BIND's dig. */
export const dig: Command = {
  name: "dig",
  summary: "Ask a name server, and show its whole answer.",
  usage: "[@server] [-p port] [-x address] [name] [type] [+short] [+tcp] [+norecurse] [+noall] [+answer]",
  run: async (context, args) => {
    try {
      return await run(context, digSettings(args), args);
    } catch (error) {
      if (context.signal.aborted) return EXIT_INTERRUPTED;
      if (!(error instanceof DigUsageError)) throw error;
      context.io.stderr(`dig: ${error.message}\n`);
      return 1;
    }
  },
};

async function run(context: CommandContext, settings: DigSettings, args: readonly string[]): Promise<number> {
  const { io, host } = context;
  const { server, port = 53, question, short, parts, tries, time } = settings;
  const given = settings.port === undefined ? {} : { port };
  const servers: readonly SocketAddress[] | undefined =
    server === undefined
      ? host.nameServers.map((each) => ({ ...each, ...given }))
      : await serversOf(context, server, port);
  if (servers === undefined) {
    io.stderr(`dig: couldn't get address for '${server}': not found\n`);
    return EXIT_NO_SERVER_NAME;
  }
  const troubles: string[] = [];
  const { tcp, plain, recursion } = settings;
  const options = { tcp, plain, recursion, tries, timeout: seconds(time) };
  const asked = await ask(context, question, servers, options, (line) => troubles.push(`${line}\n`));
  let text = troubles.join("");
  if (!short && parts.has("cmd")) {
    text += `\n; <<>> DiG netarium <<>> ${args.join(" ")}\n`;
    if (server !== undefined) text += `; (${servers.length} server${servers.length === 1 ? "" : "s"} found)\n`;
    text += ";; global options: +cmd\n";
  }
  if (asked === undefined) text += NO_SERVERS;
  else if (short) text += asked.response.answers.map((record) => `${formatData(record)}\n`).join("");
  else text += describe(asked, settings, server ?? asked.server.address, context.clock.date());
  await io.stdout(encoder.encode(text));
  return asked === undefined ? EXIT_NO_REPLY : 0;
}

function describe(asked: Asked, settings: DigSettings, server: string, date: Date): string {
  const { parts } = settings;
  const { response } = asked;
  const { questions, answers, authorities, additionals } = response;
  const comments = parts.has("comments");
  const section = (title: string, lines: readonly string[], shown: boolean): string =>
    !shown || lines.length === 0
      ? ""
      : `${comments ? `;; ${title} SECTION:\n` : ""}${lines.join("")}${comments ? "\n" : ""}`;
  const asks = questions.map((each) => `;${columns([formatName(each.name), 32], [each.class, 40], [each.type, 0])}\n`);
  return [
    comments ? describeHead(response, settings) : "",
    section("QUESTION", asks, parts.has("question")),
    section("ANSWER", answers.map(formatLine), parts.has("answer")),
    section("AUTHORITY", authorities.map(formatLine), parts.has("authority")),
    section("ADDITIONAL", additionals.map(formatLine), parts.has("additional")),
    parts.has("stats") ? describeStats(asked, server, date) : "",
  ].join("");
}

function describeHead(response: Message, { recursion }: DigSettings): string {
  const { opcode, rcode, id, questions, answers, authorities, additionals, edns } = response;
  const flags = [
    ...["qr", response.authoritative && "aa", response.truncated && "tc", response.recursionDesired && "rd"],
    ...[response.recursionAvailable && "ra", response.authenticData && "ad", response.checkingDisabled && "cd"],
  ].filter((flag) => flag !== false);
  const counts = `QUERY: ${questions.length}, ANSWER: ${answers.length}, AUTHORITY: ${authorities.length}`;
  // The OPT record is one of the additional ones.
  const additional = additionals.length + (edns === undefined ? 0 : 1);
  const refused = recursion && response.recursionDesired && !response.recursionAvailable;
  return (
    `;; Got answer:\n;; ->>HEADER<<- opcode: ${opcode}, status: ${rcode}, id: ${id}\n` +
    `;; flags: ${flags.join(" ")}; ${counts}, ADDITIONAL: ${additional}\n` +
    `${refused ? ";; WARNING: recursion requested but not available\n" : ""}\n` +
    (edns === undefined
      ? ""
      : `;; OPT PSEUDOSECTION:\n; EDNS: version: ${edns.version}, flags:${edns.dnssecOk ? " do" : ""}; udp: ${edns.udpSize}\n`)
  );
}

function describeStats({ server, took, tcp, length }: Asked, written: string, date: Date): string {
  return (
    `;; Query time: ${Math.round(took / 1e6)} msec\n` +
    `;; SERVER: ${server.address}#${server.port}(${written}) (${tcp ? "TCP" : "UDP"})\n` +
    `;; WHEN: ${whenOf(date)}\n;; MSG SIZE  rcvd: ${length}\n\n`
  );
}

/** `"Thu Jan 01 00:00:03 UTC 2026"` */
function whenOf(date: Date): string {
  const [day = "", number = "", month = "", year = "", time = ""] = date.toUTCString().replace(",", "").split(" ");
  return `${day} ${month} ${number} ${time} UTC ${year}`;
}

function formatLine(record: ResourceRecord): string {
  const { name, ttl, type } = record;
  return `${columns([formatName(name), 24], [String(ttl), 32], [record.class, 40], [type, 48], [formatData(record), 0])}\n`;
}

/** Texts, each with the column at which the next begins; one that is too long pushes it on by one. */
function columns(...cells: readonly (readonly [text: string, next: number])[]): string {
  let line = "";
  let column = 0;
  for (const [index, [text, next]] of cells.entries()) {
    line += text;
    column += text.length;
    if (index === cells.length - 1) break;
    const to = Math.max(next, column + 1);
    const tabs = Math.floor(to / 8) - Math.floor(column / 8);
    line += tabs > 0 ? "\t".repeat(tabs) + " ".repeat(to % 8) : " ".repeat(to - column);
    column = to;
  }
  return line;
}
