import type { Errno } from "../base/errno.ts";
import { type Duration, milliseconds, seconds } from "../time/instant.ts";
import { CONGESTION_CONTROLS } from "../transport/tcp/congestion/choose.ts";
import type { ConnectionOptions } from "../transport/tcp/connection-options.ts";
import type { TcpSettings } from "../transport/tcp/settings.ts";
import type { SocketOptions } from "./socket.ts";

export type OptionName = keyof SocketOptions;

/** Buffers smaller or larger than this are set to it, as Linux does silently. */
export const SMALLEST_BUFFER = 2_048;
export const LARGEST_BUFFER = 64 * 1024 * 1024;

/** The smallest that TCP_MAXSEG takes (Linux: TCP_MIN_MSS). */
const SMALLEST_SEGMENT = 88;
const LARGEST_SEGMENT = 65_495;

const isBoolean = (value: unknown): boolean => typeof value === "boolean";
const between =
  (low: number, high: number) =>
  (value: unknown): boolean =>
    Number.isInteger(value) && (value as number) >= low && (value as number) <= high;
const isDuration = between(0, Number.MAX_SAFE_INTEGER);
const isBuffer = between(1, Number.MAX_SAFE_INTEGER);
const isSeconds = between(1, 32_767);

interface OptionRule {
  readonly of: "stream" | "dgram" | "both";
  readonly check: (value: unknown) => boolean;
}

/** Which sockets have an option and what it may be. The ranges are Linux's. */
const RULES: Readonly<Record<OptionName, OptionRule>> = {
  SO_REUSEADDR: { of: "both", check: isBoolean },
  SO_BROADCAST: { of: "dgram", check: isBoolean },
  SO_KEEPALIVE: { of: "stream", check: isBoolean },
  SO_RCVBUF: { of: "both", check: isBuffer },
  SO_SNDBUF: { of: "stream", check: isBuffer },
  SO_RCVTIMEO: { of: "both", check: isDuration },
  SO_SNDTIMEO: { of: "both", check: isDuration },
  SO_LINGER: { of: "stream", check: (value) => value === undefined || between(0, 65_535)(value) },
  TCP_NODELAY: { of: "stream", check: isBoolean },
  TCP_KEEPIDLE: { of: "stream", check: isSeconds },
  TCP_KEEPINTVL: { of: "stream", check: isSeconds },
  TCP_KEEPCNT: { of: "stream", check: between(1, 127) },
  TCP_MAXSEG: { of: "stream", check: between(SMALLEST_SEGMENT, LARGEST_SEGMENT) },
  TCP_USER_TIMEOUT: { of: "stream", check: between(0, 2 ** 31 - 1) },
  TCP_CORK: { of: "stream", check: isBoolean },
  TCP_QUICKACK: { of: "stream", check: isBoolean },
  TCP_NOTSENT_LOWAT: { of: "stream", check: between(1, 2 ** 32 - 1) },
  TCP_CONGESTION: { of: "stream", check: (value) => CONGESTION_CONTROLS.some((name) => name === value) },
  TCP_INFO: { of: "stream", check: () => false },
  SO_OOBINLINE: { of: "stream", check: isBoolean },
  IP_TTL: { of: "both", check: between(1, 255) },
  IP_TOS: { of: "both", check: between(0, 255) },
};

/** @param value leave it out to ask only whether the socket has the option */
export function checkOption(type: "stream" | "dgram", name: OptionName, ...value: [unknown?]): Errno | undefined {
  const rule = Object.hasOwn(RULES, name) ? RULES[name] : undefined;
  if (rule === undefined || (rule.of !== "both" && rule.of !== type)) return "ENOPROTOOPT";
  return value.length === 0 || rule.check(value[0]) ? undefined : "EINVAL";
}

export function clampBuffer(bytes: number): number {
  return Math.min(Math.max(bytes, SMALLEST_BUFFER), LARGEST_BUFFER);
}

/** The options that the promises and the socket itself keep; the others are settings of the endpoint. */
export type OwnOptions = Pick<SocketOptions, "SO_REUSEADDR" | "SO_RCVTIMEO" | "SO_SNDTIMEO" | "SO_LINGER">;

export const DEFAULT_OPTIONS: OwnOptions = {
  SO_REUSEADDR: false,
  SO_RCVTIMEO: 0 as Duration,
  SO_SNDTIMEO: 0 as Duration,
  SO_LINGER: undefined,
};

export const isOwn = (name: OptionName): name is keyof OwnOptions => Object.hasOwn(DEFAULT_OPTIONS, name);

type StreamOption = Exclude<OptionName, keyof OwnOptions | "SO_BROADCAST" | "TCP_INFO">;

/** A stream socket's option as a setting of its connection. */
interface Translation<Name extends StreamOption> {
  readonly write: (value: SocketOptions[Name]) => Partial<ConnectionOptions>;
  readonly read: (settings: TcpSettings) => SocketOptions[Name];
}

const toSeconds = (duration: Duration): number => Math.round(duration / 1e9);

const TRANSLATIONS: { readonly [Name in StreamOption]: Translation<Name> } = {
  SO_KEEPALIVE: { write: (keepAlive) => ({ keepAlive }), read: (options) => options.keepAlive }, // MUST-24
  SO_RCVBUF: {
    write: (bytes) => ({ receiveBuffer: clampBuffer(bytes) }),
    read: (settings) => settings.receiveBuffer ?? settings.initialReceiveBuffer,
  },
  SO_SNDBUF: {
    write: (bytes) => ({ sendBuffer: clampBuffer(bytes) }),
    read: (settings) => settings.sendBuffer ?? settings.initialSendBuffer,
  },
  TCP_NODELAY: { write: (noDelay) => ({ noDelay }), read: (options) => options.noDelay }, // RFC 9293 §3.7.4 (MUST-17)
  TCP_KEEPIDLE: {
    write: (count) => ({ keepAliveIdle: seconds(count) }), // RFC 9293 §3.8.4 (MUST-27)
    read: (options) => toSeconds(options.keepAliveIdle),
  },
  TCP_KEEPINTVL: {
    write: (count) => ({ keepAliveInterval: seconds(count) }),
    read: (options) => toSeconds(options.keepAliveInterval),
  },
  TCP_KEEPCNT: {
    write: (keepAliveProbes) => ({ keepAliveProbes }),
    read: (options) => options.keepAliveProbes,
  },
  TCP_MAXSEG: {
    write: (maximumSegmentSize) => ({ maximumSegmentSize }),
    read: (options) => options.maximumSegmentSize,
  },
  TCP_USER_TIMEOUT: {
    write: (count) => ({ userTimeout: milliseconds(count) }), // R2 (RFC 9293 §3.8.3, MUST-21; RFC 5482 §3)
    read: (options) => Math.round(options.userTimeout / 1e6),
  },
  TCP_CORK: { write: (cork) => ({ cork }), read: (options) => options.cork },
  TCP_QUICKACK: { write: (quickAck) => ({ quickAck }), read: (options) => options.quickAck },
  TCP_NOTSENT_LOWAT: { write: (notSentLimit) => ({ notSentLimit }), read: (options) => options.notSentLimit },
  TCP_CONGESTION: {
    write: (congestionControl) => ({ congestionControl }),
    read: (options) => options.congestionControl,
  },
  SO_OOBINLINE: { write: (urgentInline) => ({ urgentInline }), read: (options) => options.urgentInline },
  IP_TTL: { write: (hopLimit) => ({ hopLimit }), read: (options) => options.hopLimit }, // RFC 9293 §3.9.2 (MUST-49)
  // RFC 9293 §3.9.1.9 (MUST-48, SHLD-21, SHLD-22)
  IP_TOS: { write: (trafficClass) => ({ trafficClass }), read: (options) => options.trafficClass },
};

/** @param name one that {@link checkOption} allows for a stream and that is not its {@link isOwn own} */
export function toConnectionOptions<Name extends OptionName>(
  name: Name,
  value: SocketOptions[Name],
): Partial<ConnectionOptions> {
  const translation = TRANSLATIONS[name as StreamOption] as unknown as Translation<StreamOption>;
  return translation.write(value as never);
}

export function fromConnectionOptions<Name extends OptionName>(name: Name, settings: TcpSettings): SocketOptions[Name] {
  return TRANSLATIONS[name as StreamOption].read(settings) as SocketOptions[Name];
}
