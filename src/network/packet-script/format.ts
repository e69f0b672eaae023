import type { IpFields, ScriptPacket } from "./script.ts";
import { formatTcpOption } from "./tcp-option.ts";

const FLAGS = "FSRP.UEW";

/** Flags as a script writes them, those that open or end a connection first. */
export function formatFlags(bits: number): string {
  const names = [..."SFRPUEW."].filter((name) => bits & (1 << FLAGS.indexOf(name)));
  return names.length === 0 ? "-" : names.join("");
}

/** Writes a packet as a script does. What is not looked at is left out. */
export function formatPacket(packet: ScriptPacket): string {
  const ip = formatIp(packet.ip);
  if (packet.kind === "udp") return `${ip}udp (${packet.length})`;
  if (packet.kind === "icmp") {
    return `${ip}icmp type ${packet.type} code ${packet.code}${packet.mtu ? ` mtu ${packet.mtu}` : ""}`;
  }
  const { flags, sequence, length, ack, window, urgent, options } = packet;
  const words = [formatFlags(flags), `${sequence}:${(sequence + length) >>> 0}(${length})`];
  if (ack !== undefined) words.push(`ack ${ack}`);
  if (window !== undefined) words.push(`win ${window}`);
  if (urgent !== undefined) words.push(`urg ${urgent}`);
  if (options === undefined) words.push("<...>");
  else if (options.length > 0) words.push(`<${options.map(formatTcpOption).join(",")}>`);
  return ip + words.join(" ");
}

function formatIp({ ecn, tos, ttl }: IpFields): string {
  const words = [];
  if (ecn !== undefined) words.push(ecn === "ect" ? "ect01" : (["noecn", "ect1", "ect0", "ce"][ecn] ?? ""));
  if (tos !== undefined) words.push(`tos 0x${tos.toString(16)}`);
  if (ttl !== undefined) words.push(`ttl ${ttl}`);
  return words.length === 0 ? "" : `[${words.join(", ")}] `;
}

/** Seconds with six digits, as in a script. */
export const formatTime = (nanoseconds: number): string => (nanoseconds / 1e9).toFixed(6);
