import type { SocketAddress } from "../../address/endpoint.ts";
import { isPort } from "../../address/endpoint.ts";
import { parseIp } from "../../address/ip.ts";
import { type Duration, seconds } from "../../time/instant.ts";
import { parseType, type QueryType } from "../dns/codes.ts";
import { DNS_PORT } from "../dns/message.ts";
import { formatName, type Name, parseName, reverseName } from "../dns/name.ts";
import type { ResourceRecord } from "../dns/record.ts";
import { formatData } from "../dns/record-text.ts";
import { ask, serversOf } from "./ask.ts";
import { type Command, type CommandContext, EXIT_INTERRUPTED } from "./command.ts";

const encoder = new TextEncoder();

interface Settings {
  type: QueryType | undefined;
  port: number | undefined;
  tries: number;
  timeout: Duration;
  recursion: boolean;
  readonly operands: string[];
}

/** Asks a name server for a name or an address, as BIND's nslookup with arguments. */
export const nslookup: Command = {
  name: "nslookup",
  summary: "Ask a name server for a name or an address.",
  usage: "[-type=type] [-port=port] [-timeout=seconds] [-retry=count] [-norecurse] name [server]",
  run: async (context, args) => {
    const settings = settingsOf(args);
    const problem = typeof settings === "string" ? settings : undefined;
    if (typeof settings === "string" || settings.operands.length === 0 || settings.operands.length > 2) {
      context.io.stderr(`${problem ?? `Usage: nslookup ${nslookup.usage}`}\n`);
      return 1;
    }
    try {
      return await look(context, settings);
    } catch (error) {
      if (context.signal.aborted) return EXIT_INTERRUPTED;
      throw error;
    }
  },
};

/** @returns what is wrong, for what cannot be read */
function settingsOf(args: readonly string[]): Settings | string {
  const settings: Settings = {
    type: undefined,
    port: undefined,
    tries: 2,
    timeout: seconds(5),
    recursion: true,
    operands: [],
  };
  for (const word of args) {
    const [, name = "", value = ""] = /^-([a-z]+)(?:=(.*))?$/i.exec(word) ?? [];
    const number = /^\d{1,5}$/.test(value) ? Number(value) : undefined;
    if (!word.startsWith("-")) settings.operands.push(word);
    else if (/^(t|ty|type|q|query|querytype)$/.test(name)) {
      settings.type = parseType(value);
      if (settings.type === undefined) return `unknown query type: ${value}`;
    } else if (name === "port" && number !== undefined && isPort(number)) settings.port = number;
    else if (name === "timeout" && number !== undefined) settings.timeout = seconds(Math.max(1, number));
    else if (name === "retry" && number !== undefined) settings.tries = number + 1;
    else if (name === "norecurse" || name === "norec") settings.recursion = false;
    else return `*** Invalid option: ${word.slice(1)}`;
  }
  return settings;
}

async function look(context: CommandContext, settings: Settings): Promise<number> {
  const { io, host } = context;
  const [written = "", server] = settings.operands;
  const { port } = settings;
  const isAddress = parseIp(written) !== undefined;
  const name = isAddress ? reverseName(written) : parseName(written);
  const servers =
    server === undefined
      ? host.nameServers.map((each) => ({ ...each, port: port ?? each.port }))
      : await serversOf(context, server, port ?? DNS_PORT);
  if (servers === undefined || name === undefined) {
    const what = servers === undefined ? `couldn't get address for '${server}': not found` : `'${written}' is no name`;
    io.stderr(`nslookup: ${what}\n`);
    return 1;
  }
  const type = settings.type ?? (isAddress ? "PTR" : "A");
  const { text, failed } = await describe(context, settings, { name, type, written, servers, server, isAddress });
  await io.stdout(encoder.encode(`${text}\n`));
  return failed ? 1 : 0;
}

interface Order {
  readonly name: Name;
  readonly type: QueryType;
  readonly written: string;
  readonly servers: readonly SocketAddress[];
  /** As it was written. */
  readonly server: string | undefined;
  readonly isAddress: boolean;
}

async function describe(
  context: CommandContext,
  { type: asked, tries, timeout, recursion }: Settings,
  { name, type, written, servers, server, isAddress }: Order,
): Promise<{ text: string; failed: boolean }> {
  let text = "";
  const tell = (line: string): void => {
    text += `${line}\n`;
  };
  const options = { tries, timeout, recursion };
  const first = await ask(context, { name, type, class: "IN" }, servers, options, tell);
  if (first === undefined) return { text: `${text};; no servers could be reached\n`, failed: true };
  const { response } = first;
  const { address, port } = first.server;
  if (!isAddress) text += `Server:\t\t${server ?? address}\nAddress:\t${address}#${port}\n\n`;
  if (response.rcode !== "NOERROR")
    return { text: `${text}** server can't find ${plain(name)}: ${response.rcode}\n`, failed: true };
  const records = [...response.answers];
  if (asked === undefined && !isAddress) {
    // Where nobody has said which, both families are asked for.
    const other = await ask(context, { name, type: "AAAA", class: "IN" }, [first.server], options, () => {});
    records.push(...(other?.response.answers ?? []).filter((each) => each.type === "AAAA"));
  }
  if (records.length === 0) return { text: `${text}*** Can't find ${written}: No answer\n`, failed: false };
  if (!response.authoritative) text += "Non-authoritative answer:\n";
  return { text: text + records.map(describeRecord).join(""), failed: false };
}

/** Without the dot at its end. */
const plain = (name: Name): string => formatName(name).replace(/(?!^)\.$/, "");

function describeRecord(record: ResourceRecord): string {
  const name = plain(record.name);
  switch (record.type) {
    case "A":
      return `Name:\t${name}\nAddress: ${record.data.address}\n`;
    case "AAAA":
      return `Name:\t${name}\nAddress: ${record.data.address}\n`;
    case "CNAME":
      return `${name}\tcanonical name = ${formatData(record)}\n`;
    case "PTR":
      return `${name}\tname = ${formatData(record)}\n`;
    case "NS":
      return `${name}\tnameserver = ${formatData(record)}\n`;
    case "MX":
      return `${name}\tmail exchanger = ${formatData(record)}\n`;
    case "TXT":
      return `${name}\ttext = ${formatData(record)}\n`;
    case "SRV":
      return `${name}\tservice = ${formatData(record)}\n`;
    case "SOA": {
      const { primary, mailbox, serial, refresh, retry, expire, minimum } = record.data;
      return (
        `${name}\n\torigin = ${plain(primary)}\n\tmail addr = ${plain(mailbox)}\n\tserial = ${serial}\n` +
        `\trefresh = ${refresh}\n\tretry = ${retry}\n\texpire = ${expire}\n\tminimum = ${minimum}\n`
      );
    }
    default:
      return `${name}\trdata_${record.type.slice("TYPE".length)} = ${formatData(record)}\n`;
  }
}
