import type { SocketAddress } from "../address/endpoint.ts";
import type { IpAddress } from "../address/ip.ts";
import type { MacAddress } from "../address/mac.ts";
import type { Prefix } from "../address/prefix.ts";
import type { CableConditions } from "../link/conditions.ts";
import type { Duration } from "../time/instant.ts";
import type { CongestionControlName } from "../transport/tcp/congestion/choose.ts";
import type { TcpSettings } from "../transport/tcp/settings.ts";
import type { NamesOptions } from "./names.ts";
import type { OffloadWritten } from "./offload-written.ts";

/**
 * A network as a file says it, checked and with names and units resolved: what `platform/document` makes of a YAML text,
 * and what `build` makes a network of. Plain data.
 */
export interface NetworkDocument {
  readonly name: string;
  /** What to tell who starts it; `{door.address}` and `{door.port}` stand for what a published port got. */
  readonly welcome: string;
  readonly seed: number | undefined;
  /** The date at virtual 0, in milliseconds since 1970. */
  readonly epoch: number;
  readonly tcp: Partial<TcpSettings>;
  /** Of hosts that say no other. */
  readonly names: NamesOptions;
  readonly devices: readonly DeviceDocument[];
  readonly cables: readonly CableDocument[];
  readonly doors: readonly DoorDocument[];
  readonly faults: readonly FaultDocument[];
}

export type DeviceDocument = HostDocument | HubDocument;

/** A host; a router is one that forwards. */
export interface HostDocument {
  readonly kind: "host" | "router";
  readonly name: string;
  readonly interfaces: readonly InterfaceDocument[];
  readonly routes: readonly RouteDocument[];
  /** In place of the network's. */
  readonly tcp: Partial<TcpSettings>;
  /** In place of the network's; its hosts file beside the network's. */
  readonly names: NamesOptions;
  readonly programs: readonly ProgramDocument[];
}

export interface InterfaceDocument {
  readonly name: string;
  readonly addresses: readonly { readonly address: IpAddress; readonly prefix: Prefix }[];
  readonly mtu: number | undefined;
  readonly mac: MacAddress | undefined;
}

export interface RouteDocument {
  readonly to: Prefix;
  readonly gateway: IpAddress;
  /** Of the connections that go by it. */
  readonly congestionControl?: CongestionControlName | undefined;
}

/** A hub or a switch. */
export interface HubDocument {
  readonly kind: "hub" | "switch";
  readonly name: string;
  readonly ports: number;
}

export interface ProgramDocument {
  /** As the registry knows it. */
  readonly program: string;
  /** Checked against the program's own specification. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /** When it starts. */
  readonly at: Duration;
}

/** One end of a cable: a device or a door, and which of its Nics. */
export interface CableEnd {
  readonly device: string;
  readonly port: string;
  /** The document leaves the choice of the port: another one would do. */
  readonly chosen?: true;
}

export interface CableDocument {
  readonly a: CableEnd;
  readonly b: CableEnd;
  /** From a to b, and from b to a. */
  readonly conditions: readonly [Partial<CableConditions>, Partial<CableConditions>];
  /** Frames that may wait at each end. */
  readonly queue: number | undefined;
  readonly offload: OffloadWritten;
}

/** Where the outside comes in. */
export type DoorDocument = PublishDocument | TunnelDocument | StreamDocument;

/** A port of the real machine, joined to one of a virtual host. */
export interface PublishDocument {
  readonly kind: "publish";
  readonly name: string;
  readonly protocol: "tcp" | "udp";
  readonly real: SocketAddress;
  /** The virtual host at which real clients enter. */
  readonly from: string;
  readonly to: SocketAddress;
}

/** A Linux TAP device at the end of a cable. */
export interface TunnelDocument {
  readonly kind: "tunnel";
  readonly name: string;
  readonly interface: string;
}

/** Ethernet frames over a stream socket at the end of a cable. */
export interface StreamDocument {
  readonly kind: "stream";
  readonly name: string;
  /** A UNIX socket's path inside the file's folder, or an address and port. */
  readonly at: { readonly path: string } | SocketAddress;
  /** Waits for the far end to connect, rather than connecting to it. */
  readonly listen: boolean;
}

/** Something done to a cable at a time. */
export interface FaultDocument {
  /** Which of the document's cables. */
  readonly cable: number;
  readonly direction: "both" | "a-b" | "b-a";
  readonly action: FaultAction;
  readonly at: Duration;
  /** After so long it is undone; never unless given. */
  readonly for: Duration | undefined;
  /** It is done again so long after each beginning. */
  readonly every: Duration | undefined;
}

export type FaultAction =
  | { readonly kind: "cut" | "heal" | "unplug" | "plug" }
  | { readonly kind: "change"; readonly conditions: Partial<CableConditions> };
