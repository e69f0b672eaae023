import { parseHostPort, type SocketAddress } from "../../address/endpoint.ts";
import { formatIp, parseIp } from "../../address/ip.ts";
import { parseName } from "../../application/dns/name.ts";
import { completeParameters } from "../../application/parameters.ts";
import type { Domain, ParameterSpec, Program } from "../../application/program.ts";
import type { ProgramDocument } from "../../network/document.ts";
import { type Duration, parseDuration } from "../../time/instant.ts";
import type { DevicesRead } from "./devices.ts";
import { describe, quote, suggest } from "./problem.ts";
import type { Reading } from "./reading.ts";
import type { ProgramFile } from "./schema.ts";
import { durationOf, leadsOut } from "./values.ts";
import { readSites } from "./web-sites.ts";
import type { Path } from "./yaml.ts";

/** Files that one program may be given. */
const FILES_LIMIT = 100;

/** The address of a host by its name: its first; of an address, the address itself. Tells a problem when there is none. */
export function resolveHost(reading: Reading, devices: DevicesRead, written: string, path: Path): string | undefined {
  if (parseIp(written) !== undefined) return written;
  const host = devices.hosts.get(written);
  if (host === undefined) {
    const hint = suggest(written, devices.hosts.keys());
    reading.error(path, `${quote(written)} is neither an address nor a host of this network`, hint);
    return undefined;
  }
  const [first] = host.addresses;
  if (first === undefined)
    reading.error(path, `${written} has no address`, 'give it one, such as address: "10.0.0.1/24"');
  return first === undefined ? undefined : formatIp(first.address);
}

/** Reads `"server:8888"`. */
export function resolveEndpoint(
  reading: Reading,
  devices: DevicesRead,
  written: string,
  path: Path,
): SocketAddress | undefined {
  const parts = parseHostPort(written);
  const address = parts === undefined ? undefined : resolveHost(reading, devices, parts.host, path);
  return parts === undefined || address === undefined ? undefined : { address, port: parts.port };
}

/** Reads `"www.example.test:80"`: a name with a dot, which is looked up when the program runs. */
function domainEndpoint(devices: DevicesRead, written: string): SocketAddress | undefined {
  const { host, port } = parseHostPort(written) ?? { host: "", port: 0 };
  const isName = /\.(?!\d+\.?$)[^.]+\.?$/.test(host) && parseName(host) !== undefined && !devices.hosts.has(host);
  return isName ? { address: host, port } : undefined;
}

/** Reads the programs of a host and checks their parameters against their own specifications. */
export function readPrograms(
  reading: Reading,
  devices: DevicesRead,
  files: readonly ProgramFile[],
  path: Path,
): ProgramDocument[] {
  return files.flatMap((written, index) => {
    const at = [...path, index];
    const file = typeof written === "string" ? { run: written } : written;
    const program = reading.options.programs.get(file.run);
    if (program === undefined) {
      const place = typeof written === "string" ? at : [...at, "run"];
      reading.error(
        place,
        `there is no program ${quote(file.run)}`,
        suggest(file.run, reading.options.programs.keys()),
      );
      return [];
    }
    const parameters = readParameters(reading, devices, program, file.with ?? {}, at);
    checkParameters(reading, program, parameters, at);
    return [{ program: program.name, parameters, at: file.at === undefined ? (0 as Duration) : durationOf(file.at) }];
  });
}

function readParameters(
  reading: Reading,
  devices: DevicesRead,
  program: Program,
  given: Readonly<Record<string, unknown>>,
  path: Path,
): Record<string, unknown> {
  const specs = new Map<string, ParameterSpec>(Object.entries(program.parameters));
  const parameters: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(given)) {
    const spec = specs.get(name);
    const at = [...path, "with", name];
    if (spec === undefined) {
      const hint = suggest(name, specs.keys());
      reading.error(at, `${program.name} has no parameter ${quote(name)}`, hint ?? "it takes none", "key");
      continue;
    }
    const read = readValue(reading, devices, spec, value, at);
    if (read !== undefined) parameters[name] = read;
  }
  for (const [name, spec] of specs) {
    if (spec.default !== undefined || Object.hasOwn(given, name)) continue;
    const expected = `expected ${EXPECTED[spec.type]}`;
    reading.error(
      path,
      `${program.name} needs the parameter ${quote(name)}: ${expected}`,
      `write it under with: ${spec.summary}`,
    );
  }
  return parameters;
}

/** Asks the program itself, when nothing else is wrong. */
function checkParameters(reading: Reading, program: Program, parameters: Record<string, unknown>, path: Path): void {
  if (reading.failed || program.check === undefined) return;
  for (const { parameter, message } of program.check(completeParameters(program, parameters))) {
    const given = Object.hasOwn(parameters, parameter);
    reading.error(
      given ? [...path, "with", parameter] : path,
      `${parameter}: ${message}`,
      undefined,
      given ? "key" : "value",
    );
  }
}

const EXPECTED: Readonly<Record<ParameterSpec["type"], string>> = {
  port: "a port from 0 to 65535",
  endpoint: 'a host or address and a port such as "server:8888"',
  address: 'a host or an address such as "10.0.0.1"',
  text: "a text",
  texts: "a list of texts",
  count: "a whole number, 0 or more",
  number: "a number",
  duration: 'a duration such as "1.5s"',
  boolean: "true or false",
  files: "a list of paths",
  domain: 'a domain name such as "example.test"',
  sites: "a mapping of sites by name",
};

/** @returns undefined when the value is not one of the type; a problem is told then */
function readValue(reading: Reading, devices: DevicesRead, spec: ParameterSpec, value: unknown, path: Path): unknown {
  const isText = typeof value === "string";
  if (spec.type === "sites") return readSites(reading, value, path, "virtual");
  if (spec.type === "endpoint" && isText && parseHostPort(value)) {
    return domainEndpoint(devices, value) ?? resolveEndpoint(reading, devices, value, path);
  }
  if (spec.type === "address" && isText) return resolveHost(reading, devices, value, path);
  if (spec.type === "files" && fits("texts", value)) return readFiles(reading, value as string[], path);
  if (spec.type === "domain" && isText && parseName(value)) return domainOf(devices, value, String(path[1]));
  const read = spec.type === "duration" && isText ? parseDuration(value) : fits(spec.type, value) ? value : undefined;
  if (read === undefined) reading.error(path, `expected ${EXPECTED[spec.type]}, found ${describe(value)}`);
  return read;
}

/** Files of the folder in which the network file is. */
function readFiles(reading: Reading, paths: readonly string[], path: Path): { path: string; text: string }[] {
  if (paths.length > FILES_LIMIT)
    reading.error(path, `${paths.length} files are more than the limit of ${FILES_LIMIT}`);
  return paths.slice(0, FILES_LIMIT).flatMap((file, index) => {
    const at = [...path, index];
    if (leadsOut(file)) {
      reading.error(at, `${quote(file)} leads out of the file's folder`, 'write a path inside it, such as "a.zone"');
      return [];
    }
    const text = reading.options.readFile?.(file);
    if (typeof text === "string") return [{ path: file, text }];
    reading.error(at, `${quote(file)} cannot be read`, text?.message);
    return [];
  });
}

/** @param server the host that the program runs on */
function domainOf(devices: DevicesRead, name: string, server: string): Domain {
  const hosts = [...devices.hosts.values()].map(({ host, addresses }) => ({
    name: host.name,
    addresses: addresses.map(({ address, prefix }) => `${formatIp(address)}/${prefix.length}`),
  }));
  return { name, server, hosts };
}

function fits(type: ParameterSpec["type"], value: unknown): boolean {
  const isCount = Number.isSafeInteger(value) && (value as number) >= 0;
  if (type === "port") return isCount && (value as number) <= 65_535;
  if (type === "count") return isCount;
  if (type === "number") return Number.isFinite(value);
  if (type === "text") return typeof value === "string";
  if (type === "texts") return Array.isArray(value) && value.every((each) => typeof each === "string");
  return type === "boolean" && typeof value === "boolean";
}
