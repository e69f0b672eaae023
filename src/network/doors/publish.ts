import type { Port } from "../../address/endpoint.ts";
import type { IpAddress } from "../../address/ip.ts";
import type { LogParameters } from "../../application/program.ts";
import type { Host } from "../../device/host.ts";
import type { Inputs } from "../input-log.ts";

/** What a published port writes into the log: it maps real to virtual endpoints. English by code. */
export const PUBLISH_MESSAGES = {
  opened: "{real} enters as {virtual} and goes on to {to}",
  refused: "{real} is refused: {errno}",
  reset: "{real} is reset: {errno}; {lost} bytes from it are lost",
  left: "{real} resets {virtual}; {lost} bytes from it are lost",
  closed: "{real} has ended: {in} B in, {out} B out",
  expired: "{real} has been silent and is forgotten: {in} B in, {out} B out",
} as const;

export type PublishLog = (code: keyof typeof PUBLISH_MESSAGES, parameters: LogParameters) => void;

export interface PublishOptions {
  /** The door's: `"chat"`. */
  readonly name: string;
  /** Where real clients enter the network. */
  readonly host: Host;
  /** Where they go. */
  readonly to: { readonly address: IpAddress; readonly port: Port };
  readonly inputs: Inputs;
  readonly log?: PublishLog | undefined;
}

/** One real client at a published port, as it stands. */
export interface PublishedClient {
  /** Counted from 1 by the door. */
  readonly number: number;
  /** `"127.0.0.1:40000"` */
  readonly real: string;
  /** `"10.0.0.9:51234"`; with port 0 while it has none. */
  readonly virtual: string;
  /** Bytes that went into the network and out of it. */
  readonly in: number;
  readonly out: number;
}

export interface PublishSnapshot {
  readonly name: string;
  readonly protocol: "tcp" | "udp";
  readonly host: string;
  readonly to: string;
  readonly clients: readonly PublishedClient[];
}
