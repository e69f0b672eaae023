import type { ParameterSpec } from "../../../application/program.ts";
import type { HostWritten, NamesWritten } from "../../../engine/protocol/written.ts";
import type { Path } from "../yaml.ts";
import type { Situation } from "./situation.ts";

/** A place of the document that names a host, alone or with a port behind it. */
export interface Reference {
  readonly path: Path;
  readonly host: string;
  /** What stands behind the name: `":8888"`, or nothing. */
  readonly rest: string;
}

/** Every place but cables, faults and where doors lead in from, that may name a host. */
export function* references({ network, programs }: Situation): Generator<Reference> {
  yield* ofNames(network, []);
  for (const [name, device] of Object.entries(network.devices)) {
    if (device.kind !== "host" && device.kind !== "router") continue;
    yield* ofNames(device, ["devices", name]);
    yield* ofPrograms(device, programs, ["devices", name, "programs"]);
  }
  for (const [name, door] of Object.entries(network.doors ?? {})) {
    if ("publish" in door) yield* named(door.to, ["doors", name, "to"]);
  }
}

function* ofNames({ nameServers, hosts }: NamesWritten, path: Path): Generator<Reference> {
  for (const [index, server] of (nameServers ?? []).entries()) yield* named(server, [...path, "nameServers", index]);
  for (const [name, written] of Object.entries(hosts ?? {})) {
    const at = [...path, "hosts", name];
    if (typeof written === "string") yield* named(written, at);
    else for (const [index, each] of written.entries()) yield* named(each, [...at, index]);
  }
}

/** The hosts that parameters of programs name. */
export function* ofPrograms(
  { programs: written }: Pick<HostWritten, "programs">,
  programs: Situation["programs"],
  path: Path,
): Generator<Reference> {
  for (const [index, program] of (written ?? []).entries()) {
    if (typeof program === "string") continue;
    const specs = new Map<string, ParameterSpec>(Object.entries(programs.get(program.run)?.parameters ?? {}));
    for (const [parameter, value] of Object.entries(program.with ?? {})) {
      const type = specs.get(parameter)?.type;
      if (type === "endpoint" || type === "address") yield* named(value, [...path, index, "with", parameter]);
    }
  }
}

function* named(value: unknown, path: Path): Generator<Reference> {
  const match = typeof value === "string" ? /^([^:\s]+)(:\d+)?$/.exec(value) : null;
  if (match !== null) yield { path, host: match[1] ?? "", rest: match[2] ?? "" };
}
