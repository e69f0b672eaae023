import { ANY, formatIp, parseIp } from "../../address/ip.ts";
import { broadcastOf, maskOf, parsePrefix } from "../../address/prefix.ts";
import type { HostSnapshot } from "../../device/host.ts";
import type { Command, CommandContext } from "../shell/command.ts";
import { readOptions } from "../shell/options.ts";
import { print, settingErrorText } from "./output.ts";

type NicSnapshot = HostSnapshot["nics"][number];

/** Bits of an interface's flags and their names (Linux `net_device_flags`). */
const FLAGS: readonly (readonly [bit: number, name: string, of: (nic: NicSnapshot) => boolean])[] = [
  [0x1, "UP", () => true],
  [0x2, "BROADCAST", ({ medium }) => medium === "broadcast"],
  [0x8, "LOOPBACK", ({ medium }) => medium === "loopback"],
  [0x10, "POINTOPOINT", ({ medium }) => medium === "pointToPoint"],
  [0x40, "RUNNING", ({ medium, carrier }) => carrier || medium === "loopback"],
  [0x80, "NOARP", ({ medium }) => medium === "pointToPoint"],
  [0x100, "PROMISC", ({ promiscuous }) => promiscuous],
  [0x1000, "MULTICAST", ({ medium }) => medium !== "loopback"],
];

const UNITS = ["KiB", "MiB", "GiB", "TiB"] as const;

/** Shows network interfaces as net-tools do, of each the first address, and gives them another. */
export const ifconfig: Command = {
  name: "ifconfig",
  summary: "Show network interfaces, or give one an address.",
  usage: "[-a] [interface [address[/length]] [netmask mask] [up]]",
  async run(context, args) {
    const options = readOptions(args, "a");
    if (typeof options === "string") {
      context.io.stderr(`ifconfig: ${options}\n`);
      return 1;
    }
    const snapshot = context.host.snapshot();
    const [name, ...changes] = options.operands;
    const nics = [...snapshot.nics].filter((nic) => name === undefined || nic.name === name);
    if (nics.length === 0) {
      context.io.stderr(`${name}: error fetching interface information: Device not found\n`);
      return 1;
    }
    if (name !== undefined && changes.length > 0) {
      const problem = change(context, name, changes);
      if (problem !== undefined) context.io.stderr(`${problem}\n`);
      return problem === undefined ? 0 : 1;
    }
    nics.sort((one, other) => (one.name < other.name ? -1 : 1));
    await print(context, ...nics.flatMap((nic) => describe(nic, snapshot)));
    return 0;
  },
};

/** Gives an interface another first address. @returns what is wrong */
function change({ host }: CommandContext, name: string, words: readonly string[]): string | undefined {
  const [written = ""] = host.snapshot().ipv4.interfaces.find((each) => each.name === name)?.addresses ?? [];
  const before = parsePrefix(written);
  let address = before?.address;
  let length = before?.prefix.length;
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? "";
    if (word === "up") continue;
    if (word === "down") return `ifconfig: ${name} cannot be taken down here: cut its cable`;
    if (word === "netmask") {
      const mask = parseIp(words[++index] ?? "");
      length = mask === undefined ? undefined : lengthOf(mask);
      if (length === undefined) return `SIOCSIFNETMASK: Invalid argument`;
      continue;
    }
    const [text = "", bits] = word.split("/");
    address = parseIp(text);
    if (address === undefined) return `ifconfig: ${word}: not an address, and no option here`;
    length = bits === undefined ? classLength(address) : /^\d{1,2}$/.test(bits) ? Number(bits) : 33;
  }
  if (address === undefined || length === undefined) return "SIOCSIFNETMASK: Cannot assign requested address";
  if (before?.address === address && before.prefix.length === length) return undefined;
  // As in Linux the new one takes the old one's place, with what depended on it.
  if (before !== undefined) host.settings.removeAddress(name, before.address);
  const refused = address === ANY ? undefined : host.settings.addAddress(name, address, length);
  if (refused === undefined) return undefined;
  if (before !== undefined) host.settings.addAddress(name, before.address, before.prefix.length);
  return `SIOCSIFADDR: ${settingErrorText(refused)}`;
}

/** How many ones a mask begins with. @returns undefined when others follow the first zero */
export function lengthOf(mask: number): number | undefined {
  const length = Math.clz32(~mask);
  return maskOf(length) === mask ? length : undefined;
}

/** The prefix length that an address had before there were prefixes (RFC 791 §2.3), which net-tools still assume. */
const classLength = (address: number): number => (address >>> 31 === 0 ? 8 : address >>> 30 === 2 ? 16 : 24);

function describe(nic: NicSnapshot, { ipv4 }: HostSnapshot): string[] {
  const flags = FLAGS.filter(([, , isSet]) => isSet(nic));
  const bits = flags.reduce((sum, [bit]) => sum + bit, 0);
  const [address] = ipv4.interfaces.find(({ name }) => name === nic.name)?.addresses ?? [];
  const { sentFrames, sentBytes, receivedFrames, receivedBytes, drops } = nic.counters;
  const dropped = Object.values(drops).reduce((sum, count) => sum + count, 0);
  const link =
    nic.medium === "loopback"
      ? "loop  txqueuelen 1000  (Local Loopback)"
      : `ether ${nic.mac}  txqueuelen ${nic.queueLimit}  (Ethernet)`;
  const lines = [
    ...(address === undefined ? [] : [describeAddress(address, nic.medium === "broadcast")]),
    link,
    `RX packets ${receivedFrames}  bytes ${receivedBytes} (${scale(receivedBytes)})`,
    `RX errors 0  dropped ${dropped}  overruns 0  frame 0`,
    `TX packets ${sentFrames}  bytes ${sentBytes} (${scale(sentBytes)})`,
    "TX errors 0  dropped 0 overruns 0  carrier 0  collisions 0",
  ];
  const names = flags.map(([, flag]) => flag).join(",");
  return [`${nic.name}: flags=${bits}<${names}>  mtu ${nic.mtu}`, ...lines.map((line) => `        ${line}`), ""];
}

function describeAddress(text: string, broadcasts: boolean): string {
  const parsed = parsePrefix(text);
  if (parsed === undefined) return `inet ${text}`;
  const { address, prefix } = parsed;
  const broadcast = broadcasts ? broadcastOf(prefix) : undefined;
  const rest = broadcast === undefined ? "" : `  broadcast ${formatIp(broadcast)}`;
  return `inet ${formatIp(address)}  netmask ${maskText(prefix.length)}${rest}`;
}

/** `"255.255.255.0"` of 24. */
export function maskText(length: number): string {
  return [0, 8, 16, 24].map((before) => 256 - 2 ** (8 - Math.min(8, Math.max(0, length - before)))).join(".");
}

/** Bytes in units of 1024, chosen by powers of 1000 and cut, not rounded: so net-tools do. */
function scale(bytes: number): string {
  let unit = -1;
  for (let left = bytes; left >= 1000 && unit < UNITS.length - 1; left /= 1000) unit++;
  return unit < 0
    ? `${bytes.toFixed(1)} B`
    : `${(Math.floor((bytes * 10) / 1024 ** (unit + 1)) / 10).toFixed(1)} ${UNITS[unit]}`;
}
