import type { Problem } from "./problem.ts";

/** What stands still of a network: sent in the welcome and again when it changes. */
export interface NetworkInfo {
  readonly name: string;
  readonly file: string;
  readonly seed: number;
  /** Milliseconds since 1970 at virtual 0. */
  readonly epoch: number;
  /** The document as it was read, for people. */
  readonly document: string;
  /** Those that there are now; events of one that has been taken away name Nics of none of them. */
  readonly devices: readonly DeviceInfo[];
  /** Each at its index, those that are gone included. */
  readonly cables: readonly CableInfo[];
  readonly doors: readonly DoorInfo[];
  /** What the document asks for and this engine has not, with all that takes part in it; the rest runs without. */
  readonly lacks: readonly Problem[];
}

export interface DeviceInfo {
  readonly name: string;
  readonly kind: "host" | "router" | "hub" | "switch" | "door";
  readonly interfaces: readonly InterfaceInfo[];
  /** Names of the programs that the document starts on it. */
  readonly programs: readonly string[];
}

export interface InterfaceInfo {
  /** Which Nic of the network: what events and views say. */
  readonly nic: number;
  /** `"eth0"` */
  readonly name: string;
  readonly mac: string;
  /** `"10.0.1.11/24"` */
  readonly addresses: readonly string[];
  readonly medium: "broadcast" | "pointToPoint" | "loopback";
}

export interface CableInfo {
  /** Its place among all cables that there ever were in this course. */
  readonly index: number;
  /** It has been taken away. */
  readonly gone?: true;
  /** Its place among the cables of the document, while it is there. */
  readonly written?: number;
  /** `"alice.eth0-hub.1"` */
  readonly name: string;
  /** Its two Nics. */
  readonly a: number;
  readonly b: number;
}

/** A published port, a tunnel or a stream, and where it really is, once it is open. */
export interface DoorInfo {
  readonly name: string;
  readonly kind: "publish" | "tunnel" | "stream";
  readonly protocol?: "tcp" | "udp";
  /** `"127.0.0.1:8888"` */
  readonly at?: string;
  /** The host at which real clients enter. */
  readonly from?: string;
  /** `"chat:8888"` */
  readonly to?: string;
  /** Why it is not open: `port-in-use` … */
  readonly problem?: Problem;
}
