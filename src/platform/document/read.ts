import type { DeviceDocument, NetworkDocument } from "../../network/document.ts";
import { DEFAULT_EPOCH } from "../../network/virtual-clock.ts";
import { Ports, readCables } from "./cables.ts";
import { type HostRead, readDevices } from "./devices.ts";
import { cabledDoors, readDoors } from "./doors.ts";
import { readFaults } from "./faults.ts";
import { tellIssues } from "./issues.ts";
import { checkLinks } from "./links.ts";
import { readNames } from "./names.ts";
import { describe, type Problem, quote, suggest } from "./problem.ts";
import { readPrograms } from "./programs.ts";
import { Reading, type ReadOptions } from "./reading.ts";
import { DEVICES_LIMIT, FORMAT_VERSION, type HostFile, type NetworkFile, networkFile } from "./schema.ts";
import { readTcp } from "./values.ts";
import { readYaml } from "./yaml.ts";

export interface ReadResult {
  /** Undefined when there is an error: then nothing may start. */
  readonly document: NetworkDocument | undefined;
  /** What the file says, as plain data; undefined when it is no YAML. */
  readonly written: unknown;
  /** Errors and warnings in the order of the file. */
  readonly problems: readonly Problem[];
}

const NO_DEVICES_HINT = 'add one, such as "pc: { kind: host, address: 10.0.0.1/24 }"';

/**
 * Reads a network file, which nobody has to trust: finds as many of its problems as can be told at once, each with its
 * place, what was expected and what to do.
 */
export function readDocument(text: string, options: ReadOptions): ReadResult {
  const yaml = readYaml(text);
  const reading = new Reading(yaml, options);
  const file = reading.failed ? undefined : readFile(reading, yaml.value);
  const document = file === undefined ? undefined : readNetwork(reading, file);
  return { document: reading.failed ? undefined : document, written: yaml.value, problems: reading.problems };
}

function readFile(reading: Reading, value: unknown): NetworkFile | undefined {
  if (!checkVersion(reading, value)) return undefined;
  const devices = reading.valueAt(["devices"]);
  const count = typeof devices === "object" && devices !== null ? Object.keys(devices).length : 0;
  if (count > DEVICES_LIMIT) {
    reading.error(["devices"], `${count} devices are more than the limit of ${DEVICES_LIMIT}`, undefined, "key");
    return undefined;
  }
  const parsed = networkFile.safeParse(value);
  if (parsed.success) {
    if (count === 0) reading.warn(["devices"], "there are no devices, so nothing can happen", NO_DEVICES_HINT, "key");
    return parsed.data;
  }
  tellIssues(reading, parsed.error.issues);
  return undefined;
}

/** The version stands first, so that a file of another one is not judged by this one's rules. */
function checkVersion(reading: Reading, value: unknown): boolean {
  const begin = `a network file begins with "netarium: ${FORMAT_VERSION}"`;
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    reading.error([], `${begin}, and this is ${describe(value)}`);
    return false;
  }
  const version = reading.valueAt(["netarium"]);
  if (version === undefined) {
    const isServer = reading.valueAt(["netarium-web"]) !== undefined;
    reading.error([], begin, isServer ? 'this is a web server\'s: use "netarium serve"' : "add that line at the top");
  } else if (version !== FORMAT_VERSION) {
    const known = `this netarium knows version ${FORMAT_VERSION}`;
    const newer = typeof version === "number" && version > FORMAT_VERSION;
    const remedy = newer
      ? "install a newer netarium (npm install netarium@latest)"
      : `write netarium: ${FORMAT_VERSION}`;
    reading.error(["netarium"], `the version ${describe(version)} is unknown: ${known}`, remedy);
    return false;
  } else if (Object.keys(value)[0] !== "netarium") {
    reading.error(["netarium"], begin, "move this line to the top", "key");
  }
  return version !== undefined;
}

function readNetwork(reading: Reading, file: NetworkFile): NetworkDocument {
  const devices = readDevices(reading, file);
  const ports = new Ports(reading, devices, cabledDoors(file));
  const cables = readCables(reading, file, ports);
  checkLinks(reading, devices, cables.cables, ports);
  const withPrograms = ({ host, path }: HostRead): DeviceDocument => {
    const written = file.devices[host.name] as HostFile;
    const names = readNames(reading, devices, written, path);
    return { ...host, names, programs: readPrograms(reading, devices, written.programs ?? [], [...path, "programs"]) };
  };
  const read = Object.keys(file.devices).map((name): DeviceDocument => {
    const host = devices.hosts.get(name);
    const hub = devices.hubs.get(name);
    if (host !== undefined) return withPrograms(host);
    return ports.complete(hub ?? { kind: "hub", name, ports: 0 });
  });
  checkLayout(reading, file);
  return {
    name: file.name ?? "",
    welcome: file.welcome ?? "",
    seed: file.seed,
    epoch: readEpoch(reading, file.epoch),
    tcp: readTcp(file.tcp),
    names: readNames(reading, devices, file, []),
    devices: read,
    cables: cables.cables,
    doors: readDoors(reading, file, devices, ports),
    faults: readFaults(reading, file, cables),
  };
}

/** Where things stand is of no concern to the network: only that they are there. */
function checkLayout(reading: Reading, file: NetworkFile): void {
  for (const name of Object.keys(file.layout ?? {})) {
    if (Object.hasOwn(file.devices, name) || Object.hasOwn(file.doors ?? {}, name)) continue;
    const hint = suggest(name, [...Object.keys(file.devices), ...Object.keys(file.doors ?? {})]);
    reading.warn(["layout", name], `there is no device or door ${quote(name)}`, hint, "key");
  }
}

function readEpoch(reading: Reading, text: string | undefined): number {
  if (text === undefined) return DEFAULT_EPOCH;
  const epoch = Date.parse(text.length === 10 ? `${text}T00:00:00Z` : text);
  if (Number.isNaN(epoch)) reading.error(["epoch"], `${text} is no date there is`);
  return epoch;
}
