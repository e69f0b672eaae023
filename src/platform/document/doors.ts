import { parseHostPort, type SocketAddress } from "../../address/endpoint.ts";
import { isLoopback, parseIp } from "../../address/ip.ts";
import type { DoorDocument, PublishDocument, StreamDocument } from "../../network/document.ts";
import { DOOR_PORT, type Ports } from "./cables.ts";
import type { DevicesRead } from "./devices.ts";
import { quote, suggest } from "./problem.ts";
import { resolveEndpoint } from "./programs.ts";
import type { Permission, Reading } from "./reading.ts";
import type { DoorFile, NetworkFile } from "./schema.ts";
import { leadsOut } from "./values.ts";
import type { Path } from "./yaml.ts";

/** The names of the doors that a cable goes to. */
export function cabledDoors(file: NetworkFile): Set<string> {
  const doors = Object.entries(file.doors ?? {});
  return new Set(doors.filter(([, door]) => !("publish" in door)).map(([name]) => name));
}

/** Reads where the outside comes in, and refuses what who starts the network has not allowed. */
export function readDoors(reading: Reading, file: NetworkFile, devices: DevicesRead, ports: Ports): DoorDocument[] {
  const taken = new Map<string, Path>();
  return Object.entries(file.doors ?? {}).flatMap(([name, door]) => {
    const path = ["doors", name];
    if (devices.hosts.has(name) || devices.hubs.has(name)) {
      reading.error(path, `${quote(name)} is the name of a device already`, "give the door another", "key");
    }
    if (!("publish" in door) && !ports.isTaken(name, DOOR_PORT)) {
      reading.warn(path, `no cable goes to the door ${name}`, `join it with between: [${name}, …]`, "key");
    }
    const read = readDoor(reading, devices, name, door, path);
    if (read?.kind === "publish") checkTaken(reading, taken, read, path);
    return read === undefined ? [] : [read];
  });
}

function readDoor(
  reading: Reading,
  devices: DevicesRead,
  name: string,
  door: DoorFile,
  path: Path,
): DoorDocument | undefined {
  if ("tunnel" in door) {
    need(reading, "tunnel", [...path, "tunnel"], "a tunnel joins this network to the machine's own");
    return { kind: "tunnel", name, interface: door.tunnel };
  }
  if ("stream" in door) return readStream(reading, name, door.stream, door.listen ?? false, [...path, "stream"]);
  const real = localAddress(reading, door.real, [...path, "real"]);
  const to = resolveEndpoint(reading, devices, door.to, [...path, "to"]);
  if (!devices.hosts.has(door.from)) {
    reading.error([...path, "from"], `there is no host ${quote(door.from)}`, suggest(door.from, devices.hosts.keys()));
  }
  if (real === undefined || to === undefined) return undefined;
  return { kind: "publish", name, protocol: door.publish, real, from: door.from, to };
}

/** An address of the real machine: a loopback one, unless another is allowed. */
function localAddress(reading: Reading, written: string, path: Path): SocketAddress | undefined {
  const parts = parseHostPort(written);
  if (parts === undefined) return undefined;
  const address = parts.host === "localhost" ? "127.0.0.1" : parts.host;
  const parsed = parseIp(address);
  if (parsed === undefined) {
    reading.error(path, `${quote(parts.host)} is no address of this machine`, 'write an address, such as "127.0.0.1"');
    return undefined;
  }
  if (!isLoopback(parsed)) need(reading, "publish", path, `${address} can be reached from other machines`);
  return { address, port: parts.port };
}

function readStream(
  reading: Reading,
  name: string,
  written: string,
  listen: boolean,
  path: Path,
): StreamDocument | undefined {
  if (!written.startsWith("unix:")) {
    const at = localAddress(reading, written, path);
    return at === undefined ? undefined : { kind: "stream", name, at, listen };
  }
  const file = written.slice("unix:".length);
  if (leadsOut(file)) {
    reading.error(
      path,
      `${quote(file)} leads out of the file's folder`,
      'write a path inside it, such as "unix:vm.sock"',
    );
    return undefined;
  }
  return { kind: "stream", name, at: { path: file }, listen };
}

function need(reading: Reading, permission: Permission, path: Path, why: string): void {
  if (reading.options.allow?.has(permission)) return;
  reading.error(path, `${why}, which is not allowed`, `start it with --allow=${permission} if you trust this file`);
}

function checkTaken(reading: Reading, taken: Map<string, Path>, door: PublishDocument, path: Path): void {
  const key = `${door.protocol} ${door.real.address}:${door.real.port}`;
  const before = taken.get(key);
  taken.set(key, path);
  if (before === undefined || door.real.port === 0) return;
  reading.error([...path, "real"], `${key} is published twice, first in line ${reading.lineOf(before)}`);
}
