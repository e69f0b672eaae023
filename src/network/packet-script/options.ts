import { type IpAddress, ip, parseIp } from "../../address/ip.ts";
import type { ScriptOption } from "./script.ts";
import { ScriptError } from "./script-error.ts";

/** What the options of a script set. The defaults are packetdrill's. */
export interface ScriptSettings {
  /** How far from its time a packet or the end of a call may be, nanoseconds. */
  tolerance: number;
  localAddress: IpAddress;
  remoteAddress: IpAddress;
  gateway: IpAddress;
  prefixLength: number;
  mtu: number;
  /** Where `bind(3, ..., ...)` binds. */
  bindPort: number;
  /** Where `connect(3, ..., ...)` goes. */
  connectPort: number;
  /** How long a step of the timestamp clock is, nanoseconds; 0: timestamps sent are not looked at. */
  timestampTick: number;
  /** A wrong packet, a wrong result of a call: a note, and the script goes on. */
  packetsMayFail: boolean;
  callsMayFail: boolean;
  /** Ours: whether the host's windows, and the options of its SYNs, are looked at. A script of another system wants no. */
  checksWindows: boolean;
  checksSynOptions: boolean;
}

export function defaultSettings(): ScriptSettings {
  return {
    tolerance: 4e6,
    localAddress: ip("192.168.0.1"),
    remoteAddress: ip("192.0.2.1"),
    gateway: ip("192.168.0.2"),
    prefixLength: 16,
    mtu: 1500,
    bindPort: 8080,
    connectPort: 8080,
    timestampTick: 0,
    packetsMayFail: false,
    callsMayFail: false,
    checksWindows: true,
    checksSynOptions: true,
  };
}

type Reader = (settings: ScriptSettings, value: string) => boolean;

const number =
  (set: (settings: ScriptSettings, value: number) => void, low = 0, high = 1e9): Reader =>
  (settings, text) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (!(value >= low && value <= high)) return false;
    set(settings, value);
    return true;
  };

const address =
  (name: "localAddress" | "remoteAddress" | "gateway"): Reader =>
  (settings, text) => {
    const [plain = "", length] = text.split("/");
    const parsed = parseIp(plain);
    if (parsed === undefined) return false;
    settings[name] = parsed;
    if (length !== undefined && name === "localAddress") settings.prefixLength = Number(length);
    return settings.prefixLength >= 0 && settings.prefixLength <= 32;
  };

const READERS: Readonly<Record<string, Reader>> = {
  tolerance_usecs: number((settings, value) => {
    settings.tolerance = value * 1e3;
  }),
  local_ip: address("localAddress"),
  remote_ip: address("remoteAddress"),
  gateway_ip: address("gateway"),
  netmask_ip: (settings, text) => {
    const mask = parseIp(text);
    if (mask === undefined) return false;
    settings.prefixLength = 32 - Math.log2((~mask >>> 0) + 1);
    return Number.isInteger(settings.prefixLength);
  },
  mtu: number(
    (settings, value) => {
      settings.mtu = value;
    },
    68,
    65_535,
  ),
  bind_port: number(
    (settings, value) => {
      settings.bindPort = value;
    },
    1,
    65_535,
  ),
  connect_port: number(
    (settings, value) => {
      settings.connectPort = value;
    },
    1,
    65_535,
  ),
  tcp_ts_tick_usecs: number((settings, value) => {
    settings.timestampTick = value * 1e3;
  }),
  non_fatal: (settings, text) => {
    const kinds = text.split(",");
    settings.packetsMayFail = kinds.includes("packet");
    settings.callsMayFail = kinds.includes("syscall");
    return kinds.every((kind) => kind === "packet" || kind === "syscall");
  },
  check_windows: number(
    (settings, value) => {
      settings.checksWindows = value === 1;
    },
    0,
    1,
  ),
  check_syn_options: number(
    (settings, value) => {
      settings.checksSynOptions = value === 1;
    },
    0,
    1,
  ),
  ip_version: (_settings, text) => text === "ipv4" || text === "ipv4-mapped-ipv6",
};

/**
 * Applies one option of a script.
 * @returns false for one that means nothing here
 * @throws ScriptError for a value that is none
 */
export function applyOption(settings: ScriptSettings, option: ScriptOption): boolean {
  const reader = Object.hasOwn(READERS, option.name) ? READERS[option.name] : undefined;
  if (reader === undefined) return false;
  if (!reader(settings, option.value)) {
    throw new ScriptError(option.line, `--${option.name} cannot be "${option.value}"`);
  }
  return true;
}
