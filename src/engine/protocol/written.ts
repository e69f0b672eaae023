/**
 * A network as its document says it, before names and units are resolved: the plain data of the YAML text. What each key means
 * stands in docs/network-files.md; keys are left out where the document says nothing.
 */
export interface NetworkWritten extends NamesWritten {
  readonly netarium: 1;
  readonly name?: string;
  readonly welcome?: string;
  readonly seed?: number;
  readonly epoch?: string;
  readonly tcp?: TcpWritten;
  readonly devices: Readonly<Record<string, DeviceWritten>>;
  readonly cables?: readonly CableWritten[];
  readonly doors?: Readonly<Record<string, DoorWritten>>;
  readonly faults?: readonly FaultWritten[];
  /** Where devices and doors stand on the canvas. The network is the same without. */
  readonly layout?: Readonly<Record<string, Position>>;
}

/** On the canvas, in its own units: to the right, and down. */
export type Position = readonly [x: number, y: number];

export interface NamesWritten {
  readonly nameServers?: readonly string[];
  readonly search?: readonly string[];
  readonly hosts?: Readonly<Record<string, string | readonly string[]>>;
}

export type TcpWritten = Readonly<Record<string, string | number | boolean>>;

export type DeviceWritten = HostWritten | HubWritten;

export interface InterfaceWritten {
  /** `"10.0.0.1/24"` */
  readonly address?: string | readonly string[];
  readonly mtu?: number;
  readonly mac?: string;
}

export interface HostWritten extends InterfaceWritten, NamesWritten {
  readonly kind: "host" | "router";
  readonly gateway?: string;
  /** For more than one; an address stands for an interface that has nothing else. */
  readonly interfaces?: Readonly<Record<string, string | InterfaceWritten>>;
  readonly routes?: readonly RouteWritten[];
  readonly tcp?: TcpWritten;
  readonly programs?: readonly ProgramWritten[];
}

export interface RouteWritten {
  readonly to: string;
  readonly via: string;
  readonly congestionControl?: string;
}

export interface HubWritten {
  readonly kind: "hub" | "switch";
  readonly ports?: number;
}

/** A program's name, or more. */
export type ProgramWritten =
  | string
  | {
      readonly run: string;
      readonly with?: Readonly<Record<string, unknown>>;
      readonly at?: string;
    };

/** Durations such as `"1.5ms"`, rates such as `"100Mbit/s"`, probabilities such as `"1%"` or 0.01. */
export interface ConditionsWritten {
  readonly delay?: string;
  readonly jitter?: string;
  readonly rate?: string;
  readonly loss?: string | number;
  readonly duplication?: string | number;
  readonly reordering?: string | number;
  readonly reorderDelay?: string;
  readonly corruption?: string | number;
  readonly pastFcs?: boolean;
}

/** What a cable does to what one end sends, or both. */
export interface CableConditionsWritten extends ConditionsWritten {
  /** Nothing arrives, and the sender cannot tell. */
  readonly cut?: boolean;
}

export interface CableWritten extends CableConditionsWritten {
  /** Devices, or their interfaces or ports: `["pc1", "hub.3"]`. */
  readonly between: readonly [string, string];
  readonly queue?: number;
  readonly offload?: boolean | readonly string[];
  /** By an end as it stands in `between`: what holds for what it sends, in place of what holds both ways. */
  readonly from?: Readonly<Record<string, CableConditionsWritten>>;
}

export type DoorWritten =
  | { readonly publish: "tcp" | "udp"; readonly real: string; readonly from: string; readonly to: string }
  | { readonly tunnel: string }
  | { readonly stream: string; readonly listen?: boolean };

export interface FaultWritten extends ConditionsWritten {
  readonly cable: readonly [string, string];
  readonly at: string;
  readonly for?: string;
  readonly every?: string;
  readonly from?: string;
  readonly do?: "cut" | "heal" | "unplug" | "plug";
}

/** Devices that were copied, with the cables between them. */
export interface Fragment {
  readonly devices: Readonly<Record<string, DeviceWritten>>;
  readonly cables: readonly CableWritten[];
  readonly layout: Readonly<Record<string, Position>>;
}
