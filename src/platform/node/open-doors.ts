import { resolve } from "node:path";
import type {
  DoorDocument,
  NetworkDocument,
  PublishDocument,
  StreamDocument,
  TunnelDocument,
} from "../../network/document.ts";
import type { DatagramDoor } from "../../network/doors/datagram-door.ts";
import { FrameDoor } from "../../network/doors/frame-door.ts";
import type { StreamDoor } from "../../network/doors/stream-door.ts";
import type { Network } from "../../network/network.ts";
import { FrameStream } from "./frame-stream.ts";
import { publish } from "./publish.ts";
import { Tunnel } from "./tunnel.ts";

export interface OpenDoorsOptions {
  /** The network file's: paths are inside it. */
  readonly folder: string;
  /** Real ports in place of the document's, by the door's name. */
  readonly ports?: ReadonlyMap<string, number>;
  /** Told in words what happens at a door. */
  readonly onEvent?: (door: string, text: string) => void;
}

/** A door that is open. */
export interface OpenDoor {
  readonly document: DoorDocument;
  /** Where it is on the real machine: `"127.0.0.1:8888"`, `"nt0"`, a path. */
  readonly at: string;
  /** Joins it to the door of that name in another network of the same document; who was connected to a published port is reset. */
  join(network: Network): void;
  close(): void;
}

/** A door that cannot be opened, as when its port is in use. */
export class DoorError extends Error {
  override name = "DoorError";
  readonly door: string;

  constructor(door: string, message: string, cause: unknown) {
    super(`the door ${door} cannot be opened: ${message}`, { cause });
    this.door = door;
  }
}

/**
 * Opens all doors of a network that was built from a document, or none.
 * @throws DoorError
 */
export async function openDoors(
  network: Network,
  document: NetworkDocument,
  options: OpenDoorsOptions,
): Promise<OpenDoor[]> {
  const open: OpenDoor[] = [];
  try {
    for (const door of document.doors) open.push(await openDoor(network, door, options));
  } catch (error) {
    for (const door of open) door.close();
    throw error;
  }
  return open;
}

/** Opens one. @throws DoorError */
export async function openDoor(network: Network, door: DoorDocument, options: OpenDoorsOptions): Promise<OpenDoor> {
  try {
    if (door.kind === "publish") return await openPort(network, door, options);
    const inside = frameDoorOf(network, door);
    return door.kind === "tunnel" ? await openTunnel(inside, door, options) : await openStream(inside, door, options);
  } catch (error) {
    throw new DoorError(door.name, remedy(door, options, error as NodeJS.ErrnoException), error);
  }
}

async function openPort(network: Network, door: PublishDocument, { ports }: OpenDoorsOptions): Promise<OpenDoor> {
  const inside = publishedOf(network, door);
  const port = await publish(inside, { ...door.real, port: ports?.get(door.name) ?? door.real.port });
  return {
    document: door,
    at: `${port.at.address}:${port.at.port}`,
    ...handle(port, (other) => publishedOf(other, door)),
  };
}

async function openTunnel(inside: FrameDoor, door: TunnelDocument, { onEvent }: OpenDoorsOptions): Promise<OpenDoor> {
  const tunnel = await Tunnel.open(door.interface, inside, (error) => onEvent?.(door.name, `closed: ${error.message}`));
  return { document: door, at: door.interface, ...handle(tunnel, (other) => frameDoorOf(other, door)) };
}

async function openStream(inside: FrameDoor, door: StreamDocument, options: OpenDoorsOptions): Promise<OpenDoor> {
  const address = "path" in door.at ? { path: resolve(options.folder, door.at.path) } : door.at;
  const onState = (state: string, error?: Error): void => {
    options.onEvent?.(door.name, error === undefined ? state : `${state}: ${error.message}`);
  };
  const stream = door.listen
    ? await FrameStream.listen({ door: inside, address, onState })
    : FrameStream.connect({ door: inside, address, onState });
  const at = "path" in stream.address ? stream.address.path : `${stream.address.address}:${stream.address.port}`;
  return { document: door, at, ...handle(stream, (other) => frameDoorOf(other, door)) };
}

/** What can be done with an open door. @param insideOf its end in a network */
function handle<Inside>(
  outside: { join(inside: Inside): void; close(): void },
  insideOf: (network: Network) => Inside,
): Pick<OpenDoor, "join" | "close"> {
  return { join: (network) => outside.join(insideOf(network)), close: () => outside.close() };
}

function publishedOf(network: Network, { name }: PublishDocument): StreamDoor | DatagramDoor {
  const inside = network.published.get(name);
  if (inside === undefined) throw new RangeError("the network has no such door");
  return inside;
}

function frameDoorOf(network: Network, { name }: TunnelDocument | StreamDocument): FrameDoor {
  const inside = network.devices.get(name);
  if (!(inside instanceof FrameDoor)) throw new RangeError("the network has no such door");
  return inside;
}

/** Why a door cannot be opened, and what to do. */
function remedy(door: DoorDocument, { ports }: OpenDoorsOptions, { code, message }: NodeJS.ErrnoException): string {
  if (door.kind !== "publish") {
    const isPath = door.kind === "stream" && "path" in door.at;
    const left = isPath ? `; if nobody listens there any more, delete ${door.at.path}` : "";
    return code === "EADDRINUSE" ? `its address is in use${left}` : message;
  }
  const at = `${door.real.address}:${ports?.get(door.name) ?? door.real.port}/${door.protocol}`;
  const other = `choose another port with --port ${door.name}=NUMBER`;
  if (code === "EADDRINUSE") return `${at} is in use; ${other}`;
  return code === "EACCES" ? `${at} is not for this user; ${other}, above 1023` : `${at}: ${message}`;
}
