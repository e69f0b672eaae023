import type { DoorInfo, NetworkInfo } from "../../src/engine/protocol/index.ts";
import type { NetworkSnapshot } from "../../src/network/network.ts";
import { isHost } from "../host/devices.ts";
import { splitEndpoint } from "./commands.ts";

/** A door that a real client comes in by, and its host. */
export type Entrance = DoorInfo & { readonly from: string; readonly to: string };

/** The first TCP port that the network publishes: what the first steps go through. */
export function entranceOf(network: NetworkInfo | undefined): Entrance | undefined {
  const doors = network?.doors ?? [];
  return doors.find((door): door is Entrance => {
    return door.protocol === "tcp" && door.from !== undefined && door.to !== undefined;
  });
}

/** An endpoint with the name of the host that has the address: `"chat:8888"` for `"10.0.2.11:8888"`. */
export function named(endpoint: string, network: NetworkInfo | undefined): string {
  const { address, port } = splitEndpoint(endpoint);
  const owner = network?.devices.find(({ interfaces }) =>
    interfaces.some(({ addresses }) => addresses.some((own) => own.split("/")[0] === address)),
  );
  return owner === undefined ? endpoint : `${owner.name}:${port}`;
}

/** A connection as the host sees it at which its client came in. */
export interface Visit {
  /** `"10.0.1.13:49152"` */
  readonly local: string;
  readonly remote: string;
  readonly state: string;
}

/** The newest connection, but for those that are over, of the entrance's host to where the entrance leads. */
export function visitOf(entrance: Entrance, snapshot: NetworkSnapshot | undefined): Visit | undefined {
  const host = snapshot?.devices.find(({ name }) => name === entrance.from);
  const to = snapshot?.published.find(({ name }) => name === entrance.name)?.to ?? entrance.to;
  if (host === undefined || !isHost(host)) return undefined;
  const { port } = splitEndpoint(to);
  return host.tcp.connections.findLast(
    ({ remote, state }) => state !== "TIME-WAIT" && (remote === to || splitEndpoint(remote).port === port),
  );
}

/** A display filter for the frames of a connection alone. */
export function filterOf({ local }: Visit): string {
  const { address, port } = splitEndpoint(local);
  return `ip.addr == ${address} && tcp.port == ${port}`;
}
