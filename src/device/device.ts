import type { Nic, NicSnapshot } from "../link/nic.ts";

/** The boxes there are. */
export type DeviceKind = "host" | "hub" | "switch" | "router" | "door";

/** A box that cables are plugged into: what a network, a capture and the lab need to know of it. */
export interface Device {
  /** Unique in its network: `"pc1"`. */
  readonly name: string;
  readonly kind: DeviceKind;
  /** Where cables are plugged in, in the order of their making; a host's loopback among them. */
  readonly nics: readonly Nic[];
  /** How the device stands now, in plain data that is the caller's to keep. Looking changes nothing. */
  snapshot(): DeviceSnapshot;
}

export interface DeviceSnapshot {
  readonly name: string;
  readonly kind: DeviceKind;
  readonly nics: readonly NicSnapshot[];
}
