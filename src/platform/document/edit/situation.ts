import { parseIp } from "../../../address/ip.ts";
import type { Program } from "../../../application/program.ts";
import type { Problem } from "../../../engine/protocol/problem.ts";
import type { DeviceWritten, HostWritten, NetworkWritten } from "../../../engine/protocol/written.ts";
import type { Change } from "./change.ts";

/** What a command meets. */
export interface Situation {
  readonly network: NetworkWritten;
  /** Whose parameters may name hosts. */
  readonly programs: ReadonlyMap<string, Program>;
}

/** What a command comes to: changes of the document, or why it cannot be. */
export type Outcome =
  | { readonly changes: readonly Change[]; readonly added?: readonly string[] }
  | { readonly problem: Problem };

export const done = (changes: readonly Change[], added?: readonly string[]): Outcome =>
  added === undefined ? { changes } : { changes, added };

export const refused = (code: string, text: string, params: Readonly<Record<string, string | number>>): Outcome => ({
  problem: { code, text, params },
});

const NAME = /^[A-Za-z][A-Za-z0-9_-]{0,62}$/;

/** Why something new cannot have a name; undefined when it can. */
export function nameProblem(network: NetworkWritten, name: string): Outcome | undefined {
  if (!NAME.test(name)) {
    return refused(
      "not-a-name",
      `${name.slice(0, 80)} is no name: letters, digits, - and _, a letter first, at most 63`,
      {
        name: name.slice(0, 80),
      },
    );
  }
  return isTaken(network, name)
    ? refused("name-taken", `there is a device or door ${name} already`, { name })
    : undefined;
}

export const isTaken = (network: NetworkWritten, name: string): boolean =>
  Object.hasOwn(network.devices, name) || Object.hasOwn(network.doors ?? {}, name);

export const deviceOf = (network: NetworkWritten, name: string): DeviceWritten | undefined =>
  Object.hasOwn(network.devices, name) ? network.devices[name] : undefined;

export function hostOf(network: NetworkWritten, name: string): HostWritten | undefined {
  const device = deviceOf(network, name);
  return device?.kind === "host" || device?.kind === "router" ? device : undefined;
}

export const noDevice = (name: string): Outcome => refused("no-device", `there is no device ${name}`, { name });

/** The interfaces of a host by their names, each with its addresses. */
export function interfacesOf(host: HostWritten): [name: string, addresses: string[]][] {
  if (host.interfaces === undefined) return [["eth0", [host.address ?? []].flat()]];
  return Object.entries(host.interfaces).map(([name, written]) => [
    name,
    [typeof written === "string" ? written : (written.address ?? [])].flat(),
  ]);
}

/** The address for which the name of a host stands. */
export function addressOf(network: NetworkWritten, name: string): string | undefined {
  const host = hostOf(network, name);
  const [first] = host === undefined ? [] : interfacesOf(host).flatMap(([, addresses]) => addresses);
  const address = first?.split("/")[0];
  return address !== undefined && parseIp(address) !== undefined ? address : undefined;
}

/** The device that an end of a cable names. */
export const deviceAt = (end: string): string => end.split(".")[0] ?? "";
