import { type CableConditions, IDEAL, isFaulty } from "../../link/conditions.ts";
import type { CableDocument, CableEnd, HubDocument } from "../../network/document.ts";
import { type OffloadWritten, offloadOf } from "../../network/offload-written.ts";
import type { DevicesRead } from "./devices.ts";
import { quote, suggest } from "./problem.ts";
import type { Reading } from "./reading.ts";
import type { CableFile, NetworkFile } from "./schema.ts";
import { readConditions } from "./values.ts";
import type { Path } from "./yaml.ts";

/** The only port of a tunnel or stream, to which one cable goes. */
export const DOOR_PORT = "eth0";

/** Where the ends of cables go, and which are taken. */
export class Ports {
  readonly #reading: Reading;
  readonly #devices: DevicesRead;
  /** The tunnels and streams. */
  readonly #doors: ReadonlySet<string>;
  readonly #taken = new Map<string, Path>();
  /** By device, how many of its ports {@link choose} has looked at; none of them is free. */
  readonly #tried = new Map<string, number>();
  /** By hub and switch, how many of its ports are known to be needed. */
  readonly #needed = new Map<string, number>();

  constructor(reading: Reading, devices: DevicesRead, doors: ReadonlySet<string>) {
    this.#reading = reading;
    this.#devices = devices;
    this.#doors = doors;
  }

  /** Takes the port that an end names, or undefined when the end leaves the choice ({@link choose}) or is wrong. */
  take(written: string, path: Path): CableEnd | undefined {
    const [device = "", port] = written.split(".");
    const known = this.#portsOf(device);
    if (known === undefined) {
      const hint = suggest(device, this.#names());
      this.#reading.error(path, `there is no device ${quote(device)}`, hint);
      return undefined;
    }
    if (port === undefined) return undefined;
    if (!known.has(port)) {
      this.#reading.error(path, `${device} has no port ${quote(port)}`, known.hint(port));
      return undefined;
    }
    const before = this.#taken.get(`${device}.${port}`);
    if (before !== undefined) {
      const message = `${written} has a cable already, that of line ${this.#reading.lineOf(before)}`;
      this.#reading.error(path, message, "a port takes one cable");
      return undefined;
    }
    return this.#occupy(device, port, path);
  }

  /** Takes the first port that is free. */
  choose(device: string, path: Path): CableEnd | undefined {
    const ports = this.#portsOf(device);
    if (ports === undefined) return undefined;
    for (const port of ports.from(this.#tried.get(device) ?? 0)) {
      this.#tried.set(device, (this.#tried.get(device) ?? 0) + 1);
      if (!this.#taken.has(`${device}.${port}`)) return { ...this.#occupy(device, port, path), chosen: true };
    }
    this.#reading.error(path, `every port of ${device} has a cable already`, ports.remedy);
    return undefined;
  }

  isTaken(device: string, port: string): boolean {
    return this.#taken.has(`${device}.${port}`);
  }

  /** A hub or switch with as many ports as it needs. */
  complete(hub: HubDocument): HubDocument {
    return { ...hub, ports: hub.ports || Math.max(1, this.#needed.get(hub.name) ?? 0) };
  }

  #occupy(device: string, port: string, path: Path): CableEnd {
    this.#taken.set(`${device}.${port}`, path);
    if (this.#devices.hubs.has(device)) {
      this.#needed.set(device, Math.max(this.#needed.get(device) ?? 0, Number(port)));
    }
    return { device, port };
  }

  #portsOf(device: string): PortNames | undefined {
    const host = this.#devices.hosts.get(device)?.host;
    if (host !== undefined) {
      return new ListedPorts(
        host.interfaces.map(({ name }) => name),
        "give it one more interface, under interfaces",
      );
    }
    if (this.#doors.has(device)) return new ListedPorts([DOOR_PORT], "a tunnel or stream takes one cable");
    const hub = this.#devices.hubs.get(device);
    return hub === undefined ? undefined : new NumberedPorts(hub.ports || MOST_PORTS);
  }

  #names(): string[] {
    return [...this.#devices.hosts.keys(), ...this.#devices.hubs.keys(), ...this.#doors];
  }
}

/** Ports of a hub or switch that says no number. */
const MOST_PORTS = 10_000;

interface PortNames {
  readonly remedy: string;
  has(name: string): boolean;
  /** Its names but the first so many. */
  from(skipped: number): Iterable<string>;
  hint(name: string): string | undefined;
}

class ListedPorts implements PortNames {
  readonly #names: readonly string[];
  readonly remedy: string;

  constructor(names: readonly string[], remedy: string) {
    this.#names = names;
    this.remedy = remedy;
  }

  has = (name: string): boolean => this.#names.includes(name);
  from = (skipped: number): Iterable<string> => this.#names.slice(skipped);
  hint = (name: string): string | undefined => suggest(name, this.#names);
}

class NumberedPorts implements PortNames {
  readonly #count: number;
  readonly remedy = "give it more with ports";

  constructor(count: number) {
    this.#count = count;
  }

  has = (name: string): boolean => /^[1-9]\d{0,3}$/.test(name) && Number(name) <= this.#count;
  hint = (): string => `its ports are 1 to ${this.#count}`;
  *from(skipped: number): Iterable<string> {
    for (let port = skipped + 1; port <= this.#count; port++) yield `${port}`;
  }
}

export interface CablesRead {
  readonly cables: readonly CableDocument[];
  /** By the cable's place in the file, its place among {@link cables}. */
  readonly indices: readonly (number | undefined)[];
}

/** Reads the cables: first those ends that name a port, then those that take one that is left. */
export function readCables(reading: Reading, file: NetworkFile, ports: Ports): CablesRead {
  const written = file.cables ?? [];
  const named = written.map(({ between }, index) => {
    const at = ["cables", index, "between"];
    if (isLoop({ between })) reading.error([...at, 1], `a cable joins two ends, and both are ${between[0]}`);
    return between.map((end, side) => ports.take(end, [...at, side]));
  });
  const cables: CableDocument[] = [];
  const indices = written.map((cable, index) => {
    const [a, b] = cable.between.map((end, side) => {
      return (
        named[index]?.[side] ??
        (end.includes(".") || isLoop(cable) ? undefined : ports.choose(end, ["cables", index, "between", side]))
      );
    });
    const conditions = readSides(reading, cable, ["cables", index]);
    if (a === undefined || b === undefined) return undefined;
    const offload = cable.offload ?? false;
    if (leavesOut(offload) && conditions.some(needsAll)) {
      reading.warn(["cables", index, "offload"], NO_EFFECT, "on such a cable only coalescing has an effect");
    }
    return cables.push({ a, b, conditions, queue: cable.queue, offload }) - 1;
  });
  return { cables, indices };
}

const NO_EFFECT = "checksums and segmentation cannot be left to a cable with a rate or with faults";

const leavesOut = (offload: OffloadWritten): boolean => offloadOf(offload).checksum;

const needsAll = (conditions: Partial<CableConditions>): boolean =>
  isFaulty({ ...IDEAL, ...conditions }) || conditions.rate !== undefined;

const isLoop = ({ between: [a, b] }: Pick<CableFile, "between">): boolean => a === b;

function readSides(reading: Reading, cable: CableFile, path: Path): CableDocument["conditions"] {
  const both = readConditions(cable);
  for (const end of Object.keys(cable.from ?? {})) {
    if (cable.between.includes(end)) continue;
    const hint = `write ${[...new Set(cable.between)].map(quote).join(" or ")}`;
    reading.error([...path, "from", end], `${quote(end)} is no end of this cable`, hint, "key");
  }
  const side = (end: string) => ({ ...both, ...readConditions(cable.from?.[end] ?? {}) });
  return [side(cable.between[0]), side(cable.between[1])];
}
