import { parseIp } from "../../address/ip.ts";
import { parseMac } from "../../address/mac.ts";
import type { Command, CommandContext } from "../shell/command.ts";
import { readOptions } from "../shell/options.ts";
import { lookUp, print, settingErrorText } from "./output.ts";

interface Entry {
  readonly address: string;
  /** Undefined while it is asked for, and when nobody answered. */
  readonly mac: string | undefined;
  readonly isPermanent: boolean;
  readonly nic: string;
}

/** Shows the neighbours' link addresses as net-tools do, enters and forgets them. */
export const arp: Command = {
  name: "arp",
  summary: "Show the addresses of neighbours, enter or forget one.",
  usage: "[-aen] [-i interface] [host] | -d host | -s host address",
  async run(context, args) {
    const options = readOptions(args, "aedni:s");
    const most = typeof options !== "string" && options.given.has("s") ? 2 : 1;
    if (typeof options === "string" || options.operands.length > most) {
      context.io.stderr(`arp: ${typeof options === "string" ? options : `usage: arp ${arp.usage}`}\n`);
      return 255;
    }
    const { given, operands } = options;
    const [host] = operands;
    if (given.has("d") || given.has("s")) return await change(context, operands, given.has("d"));
    const found = host === undefined ? undefined : await lookUp(context, host);
    if (typeof found === "string") {
      context.io.stderr(`${host}: ${found}\n`);
      return 255;
    }
    const isWanted = ({ address, nic }: Entry): boolean =>
      (found === undefined || address === found.address) && (!given.has("i") || nic === given.get("i"));
    const entries = entriesOf(context).filter(isWanted);
    if (entries.length > 0) await print(context, ...(given.has("a") ? entries.map(bsdLine) : table(entries)));
    else if (found !== undefined) await print(context, `${host} (${found.address}) -- no entry`);
    return entries.length === 0 && found !== undefined ? 1 : 0;
  },
};

async function change(context: CommandContext, [name = "", mac]: readonly string[], forgets: boolean): Promise<number> {
  const found = await lookUp(context, name);
  const address = typeof found === "string" ? undefined : parseIp(found.address);
  const link = parseMac(mac ?? "");
  if (address === undefined || (!forgets && link === undefined)) {
    const why = address === undefined ? `${name}: Unknown host` : "arp: invalid hardware address";
    context.io.stderr(`${why}\n`);
    return 255;
  }
  const { settings } = context.host;
  const refused =
    link === undefined || forgets ? settings.forgetNeighbor(address) : settings.setNeighbor(address, link);
  if (refused === undefined) return 0;
  context.io.stderr(forgets ? `No ARP entry for ${name}\n` : `SIOCSARP: ${settingErrorText(refused)}\n`);
  return 255;
}

function entriesOf({ host }: CommandContext): Entry[] {
  return host.snapshot().ipv4.interfaces.flatMap(({ name, neighbors }) =>
    neighbors
      .filter(({ state }) => state !== "NONE")
      .map(({ address, mac, state }) => ({
        address,
        mac: state === "INCOMPLETE" || state === "FAILED" ? undefined : mac,
        isPermanent: state === "PERMANENT",
        nic: name,
      })),
  );
}

function table(entries: readonly Entry[]): string[] {
  const line = (address: string, type: string, mac: string, flags: string, mask: string, nic: string): string =>
    `${address.padEnd(23)}  ${type.padEnd(8)}${mac.padEnd(20)}${flags.padEnd(6)}${mask.padEnd(15)} ${nic}`;
  return [
    line("Address", "HWtype", "HWaddress", "Flags", "Mask", "Iface"),
    ...entries.map(({ address, mac, isPermanent, nic }) =>
      mac === undefined
        ? line(address, "", "(incomplete)", "", "", nic)
        : line(address, "ether", mac, isPermanent ? "CM" : "C", "", nic),
    ),
  ];
}

function bsdLine({ address, mac, isPermanent, nic }: Entry): string {
  const at = mac === undefined ? "<incomplete>" : `${mac} [ether]`;
  return `? (${address}) at ${at}${isPermanent ? " PERM" : ""} on ${nic}`;
}
