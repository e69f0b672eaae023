import { milliseconds, seconds } from "../../time/instant.ts";
import type { TcpSettings } from "../../transport/tcp/settings.ts";

type Changes = Partial<TcpSettings>;
/** @param value the only one, or the middle one of three @param maximum the third */
type Setting = (value: number, maximum?: number) => Changes;

/** 1: asked for, 2: taken when the peer asks; the same in both systems. Accurate ECN, 3 and above, is not ours. */
const ecn: Setting = (value) => ({ ecn: value === 0 ? "off" : value === 1 ? "on" : "accept" });

const MTU_PROBING = ["off", "black-hole"] as const;

/** Settings of a system that are settings of ours too, under the names Linux and FreeBSD give them. */
const SETTINGS: Readonly<Record<string, Setting>> = {
  "net.ipv4.tcp_sack": (value) => ({ sack: value !== 0 }),
  "net.ipv4.tcp_timestamps": (value) => ({ timestamps: value !== 0 }),
  "net.ipv4.tcp_window_scaling": (value) => ({ windowScaling: value !== 0 }),
  "net.ipv4.tcp_rmem": (initialReceiveBuffer, maximumReceiveBuffer = initialReceiveBuffer) => ({
    initialReceiveBuffer,
    maximumReceiveBuffer,
  }),
  "net.ipv4.tcp_wmem": (initialSendBuffer, maximumSendBuffer = initialSendBuffer) => ({
    initialSendBuffer,
    maximumSendBuffer,
  }),
  "net.ipv4.tcp_ecn": ecn,
  "net.ipv4.tcp_mtu_probing": (value) => ({ mtuProbing: MTU_PROBING[value] ?? "always" }),
  "net.ipv4.tcp_retries2": (value) => ({ retries: value }),
  "net.ipv4.tcp_syn_retries": (value) => ({ synRetries: value }),
  "net.ipv4.tcp_synack_retries": (value) => ({ synAckRetries: value }),
  "net.ipv4.tcp_syncookies": (value) => ({
    synCookies: (["never", "when-full", "always"] as const)[value] ?? "always",
  }),
  "net.ipv4.tcp_max_syn_backlog": (value) => ({ synBacklog: value }),
  "net.ipv4.tcp_challenge_ack_limit": (value) => ({ challengeAckLimit: value }),
  "net.ipv4.tcp_tw_reuse": (value) => ({
    timeWaitReuse: (["never", "always", "loopback"] as const)[value] ?? "loopback",
  }),
  "net.ipv4.tcp_rfc1337": (value) => ({ timeWaitIgnoresResets: value !== 0 }),
  "net.ipv4.tcp_fin_timeout": (value) => ({ finWait2: seconds(value) }),
  "net.ipv4.tcp_keepalive_time": (value) => ({ keepAliveIdle: seconds(value) }),
  "net.ipv4.tcp_keepalive_intvl": (value) => ({ keepAliveInterval: seconds(value) }),
  "net.ipv4.tcp_keepalive_probes": (value) => ({ keepAliveProbes: value }),
  "net.ipv4.ip_default_ttl": (value) => ({ hopLimit: value }),
  "net.inet.tcp.sack.enable": (value) => ({ sack: value !== 0 }),
  "net.inet.tcp.rfc1323": (value) => ({ timestamps: (value & 1) !== 0, windowScaling: (value & 1) !== 0 }),
  "net.inet.tcp.ecn.enable": ecn,
  "net.inet.tcp.recvspace": (value) => ({ receiveBuffer: value }),
  "net.inet.tcp.sendspace": (value) => ({ sendBuffer: value }),
  "net.inet.tcp.keepidle": (value) => ({ keepAliveIdle: milliseconds(value) }),
  "net.inet.tcp.keepintvl": (value) => ({ keepAliveInterval: milliseconds(value) }),
  "net.inet.tcp.keepcnt": (value) => ({ keepAliveProbes: value }),
};

/**
 * What a line of shell sets, as far as it is `sysctl -w name=value` (several, or of three values, whose middle counts).
 * @returns undefined when the line is anything else
 */
export function readSysctl(line: string): Changes | undefined {
  const words = /^\s*sysctl\s+(?:-\w+\s+)*(.*)$/s.exec(line)?.[1];
  if (words === undefined) return undefined;
  let changes: Changes = {};
  for (const [, name = "", quoted, plain] of words.matchAll(/([\w.]+)\s*=\s*(?:"([^"]*)"|(\S+))/g)) {
    const setting = Object.hasOwn(SETTINGS, name) ? SETTINGS[name] : undefined;
    const numbers = (quoted ?? plain ?? "").trim().split(/\s+/).map(Number);
    const value = numbers.length === 3 ? numbers[1] : numbers[0];
    if (setting === undefined || value === undefined || !Number.isInteger(value)) return undefined;
    changes = { ...changes, ...setting(value, numbers[2]) };
  }
  return changes;
}
