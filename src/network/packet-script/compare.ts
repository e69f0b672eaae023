import { formatFlags } from "./format.ts";
import type { IpFields, ScriptPacket, TcpPacket } from "./script.ts";
import { formatTcpOption, type TcpOption } from "./tcp-option.ts";

/**
 * How a packet of the host is not what the script expects. Both have the script's numbers.
 * @param stampTolerance how far a timestamp may be from the script's; undefined when its value is not looked at
 * @returns undefined when it is what is expected
 */
export function difference(
  expected: ScriptPacket,
  came: ScriptPacket,
  stampTolerance: number | undefined,
): string | undefined {
  if (expected.kind !== came.kind) return `expected a packet of ${expected.kind}, one of ${came.kind} came`;
  const wrong = differenceOfIp(expected.ip, came.ip);
  if (wrong !== undefined) return wrong;
  if (expected.kind === "tcp") return differenceOfTcp(expected, came as TcpPacket, stampTolerance);
  if (expected.kind === "udp") return differs("length", expected.length, (came as typeof expected).length);
  const { type, code, mtu } = came as typeof expected;
  return (
    differs("ICMP type", expected.type, type) ??
    differs("ICMP code", expected.code, code) ??
    (expected.mtu === undefined ? undefined : differs("MTU", expected.mtu, mtu))
  );
}

function differs(what: string, expected: unknown, came: unknown): string | undefined {
  return expected === came ? undefined : `${what}: expected ${expected}, came ${came ?? "none"}`;
}

function differenceOfIp(expected: IpFields, came: IpFields): string | undefined {
  if (expected.ecn === "ect" && came.ecn !== 1 && came.ecn !== 2) return differs("ECN", "ect0 or ect1", came.ecn);
  return (
    (expected.ecn === undefined || expected.ecn === "ect" ? undefined : differs("ECN", expected.ecn, came.ecn)) ??
    (expected.tos === undefined ? undefined : differs("type of service", expected.tos, came.tos)) ??
    (expected.ttl === undefined ? undefined : differs("time to live", expected.ttl, came.ttl))
  );
}

function differenceOfTcp(expected: TcpPacket, came: TcpPacket, stampTolerance: number | undefined): string | undefined {
  return (
    differs("flags", formatFlags(expected.flags), formatFlags(came.flags)) ??
    differs("sequence number", expected.sequence, came.sequence) ??
    differs("length", expected.length, came.length) ??
    (expected.ack === undefined ? undefined : differs("ack", expected.ack, came.ack)) ??
    (expected.window === undefined ? undefined : differs("window", expected.window, came.window)) ??
    (expected.urgent === undefined ? undefined : differs("urgent pointer", expected.urgent, came.urgent)) ??
    (expected.options === undefined
      ? undefined
      : differenceOfOptions(expected.options, came.options ?? [], stampTolerance))
  );
}

function differenceOfOptions(
  expected: readonly TcpOption[],
  came: readonly TcpOption[],
  stampTolerance: number | undefined,
): string | undefined {
  const same =
    expected.length === came.length && expected.every((option, index) => isSame(option, came[index], stampTolerance));
  if (same) return undefined;
  const list = (options: readonly TcpOption[]): string => `<${options.map(formatTcpOption).join(",")}>`;
  return differs("TCP options", list(expected), list(came));
}

function isSame(expected: TcpOption, came: TcpOption | undefined, stampTolerance: number | undefined): boolean {
  if (came === undefined) return false;
  if (expected.kind === "TS" && came.kind === "TS") {
    if (expected.echo !== came.echo) return false;
    return stampTolerance === undefined || Math.abs((expected.value - came.value) | 0) <= stampTolerance;
  }
  return formatTcpOption(expected) === formatTcpOption(came);
}

/** Two segments as one. @returns undefined when the second does not follow the first */
export function join(first: TcpPacket, second: ScriptPacket): TcpPacket | undefined {
  if (second.kind !== "tcp" || second.length === 0 || second.ack !== first.ack) return undefined;
  if (((first.sequence + first.length) | 0) !== (second.sequence | 0)) return undefined;
  return { ...first, flags: first.flags | second.flags, length: first.length + second.length };
}
