import type { TcpOption } from "./tcp-option.ts";

/** A packet script as it was read: its options, and its events in order. Times are nanoseconds. */
export interface Script {
  readonly options: readonly ScriptOption[];
  readonly events: readonly ScriptEvent[];
}

/** `--name=value` */
export interface ScriptOption {
  readonly line: number;
  readonly name: string;
  readonly value: string;
}

/** When an event happens. */
export type Time =
  /** `0.1` and, with an end, `0.1~0.2`. */
  | { readonly kind: "absolute"; readonly at: number; readonly latest: number | undefined }
  /** `+0.1` and `+0.1~+0.2`: counted from the event before. */
  | { readonly kind: "relative"; readonly at: number; readonly latest: number | undefined }
  /** `*`: whenever it comes. */
  | { readonly kind: "any" };

export interface ScriptEvent {
  readonly line: number;
  readonly time: Time;
  /** A call that blocks: when it returns, in the terms of {@link time} (`0.1...0.3`). */
  readonly end: number | undefined;
  readonly action: Action;
}

export type Action =
  | { readonly kind: "packet"; readonly direction: "in" | "out"; readonly packet: ScriptPacket }
  | { readonly kind: "call"; readonly call: Call }
  /** A line between backticks. */
  | { readonly kind: "shell"; readonly text: string }
  /** `%{ … }%` */
  | { readonly kind: "code"; readonly text: string };

/** What stands between `[` and `]` in front of a packet. */
export interface IpFields {
  /** `[ect0]`, `[ect1]`, `[ce]`, `[noecn]`: the two bits. `"ect"` is either of the two that say so. */
  readonly ecn?: number | "ect" | undefined;
  readonly tos?: number | undefined;
  readonly ttl?: number | undefined;
}

export type ScriptPacket = TcpPacket | UdpPacket | IcmpPacket;

/** A segment. Numbers are the script's: they count from 0 at each end's initial sequence number. */
export interface TcpPacket {
  readonly kind: "tcp";
  readonly ip: IpFields;
  /** The flags' bits as they stand in the header. */
  readonly flags: number;
  readonly sequence: number;
  /** `0:0(0)!`: the number is the wire's. */
  readonly absolute?: boolean;
  readonly length: number;
  readonly ack: number | undefined;
  /** As it stands in the header; undefined is not looked at. */
  readonly window: number | undefined;
  readonly urgent: number | undefined;
  /** Undefined (`<...>`) is not looked at. */
  readonly options: readonly TcpOption[] | undefined;
}

export interface UdpPacket {
  readonly kind: "udp";
  readonly ip: IpFields;
  readonly length: number;
}

export interface IcmpPacket {
  readonly kind: "icmp";
  readonly ip: IpFields;
  readonly type: number;
  readonly code: number;
  readonly mtu: number | undefined;
  /** The packet of the other direction that it is about. */
  readonly about: { readonly protocol: "tcp" | "udp"; readonly sequence: number; readonly length: number } | undefined;
}

/** A system call and what it gives. */
export interface Call {
  readonly name: string;
  readonly args: readonly Value[];
  /** Undefined for `?`, which is anything. */
  readonly result: Value | undefined;
  /** `EAGAIN` of `= -1 EAGAIN (…)` */
  readonly errno: string | undefined;
}

/** An argument. */
export type Value =
  /** `...` */
  | { readonly kind: "ellipsis" }
  | { readonly kind: "number"; readonly value: number }
  /** A constant that has no number here, as `SOCK_STREAM`. */
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "text"; readonly text: string }
  /** `[a, b]` */
  | { readonly kind: "list"; readonly items: readonly Value[] }
  /** `{a, b}`, `{name=a}` */
  | { readonly kind: "record"; readonly items: readonly Value[]; readonly fields: ReadonlyMap<string, Value> }
  /** `htons(80)` */
  | { readonly kind: "call"; readonly name: string; readonly args: readonly Value[] };
