import type { SocketAddress } from "../../address/endpoint.ts";
import { DatagramDoor } from "../../network/doors/datagram-door.ts";
import type { StreamDoor } from "../../network/doors/stream-door.ts";
import { publishDatagrams } from "./publish-datagrams.ts";
import { publishStreams } from "./publish-streams.ts";

/** A port that is published: real clients reach the network by it. */
export interface PublishedPort<Door = StreamDoor | DatagramDoor> {
  /** Where it is; the port is the one that was chosen when 0 was asked for. */
  readonly at: SocketAddress;
  /**
   * Joins it to the same door of another network, in place of the one before: the port stays, and whoever was connected is
   * reset, those included whom the other network knows from a replay.
   */
  join(door: Door): void;
  /** Ends it: the port is free again, and the clients that are there are sent away. */
  close(): void;
}

/** A port cannot be published: `code` is the errno's name. */
export class PublishError extends Error {
  override name = "PublishError";
  readonly code: string;
  readonly address: string;
  readonly port: number;

  constructor(code: string, name: string, protocol: string, { address, port }: SocketAddress) {
    const place = `${protocol} port ${port} of ${address}`;
    super(`"${name}" cannot be published on ${place}: ${WHY[code] ?? code}`);
    this.code = code;
    this.address = address;
    this.port = port;
  }
}

const WHY: Readonly<Record<string, string>> = {
  EADDRINUSE: "another program has it. Stop that program, or publish on another port",
  EADDRNOTAVAIL: "this machine does not have the address. Publish on one that it has, such as 127.0.0.1",
  EACCES: "this user may not take it. Publish on a port from 1024 on",
};

/** Where a port is published unless told. */
export const LOOPBACK_ONLY = "127.0.0.1";

/**
 * Publishes a port: joins it to its door in the network. Not to be called in a replay, in which doors stay shut.
 * @param at its address is {@link LOOPBACK_ONLY} unless told
 * @throws PublishError when the port cannot be had
 */
export async function publish(
  door: StreamDoor | DatagramDoor,
  at: { readonly address?: string; readonly port: number },
): Promise<PublishedPort> {
  const real = { address: at.address ?? LOOPBACK_ONLY, port: at.port };
  try {
    return await (door instanceof DatagramDoor ? publishDatagrams(door, real) : publishStreams(door, real));
  } catch (error) {
    throw new PublishError((error as NodeJS.ErrnoException).code ?? String(error), door.name, door.protocol, real);
  }
}
