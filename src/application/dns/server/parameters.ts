import type { Duration } from "../../../time/instant.ts";
import type { Domain } from "../../program.ts";
import { parseName } from "../name.ts";
import { domainZones } from "../zone/domain.ts";
import { loadZone, type ZoneLoaded } from "../zone/load.ts";
import { formatZoneProblem, type ZoneProblem } from "../zone/master-file.ts";
import type { Zone } from "../zone/zone.ts";

export interface DnsServerParameters {
  readonly address: string;
  readonly port: number;
  readonly domain: Domain | null;
  readonly records: readonly string[];
  readonly zones: readonly string[];
  readonly zoneFiles: readonly { readonly path: string; readonly text: string }[];
  readonly ttl: Duration;
  readonly clients: number;
  readonly idle: Duration;
  readonly udpBytes: number;
  readonly logQueries: boolean;
}

type ZoneParameters = Pick<DnsServerParameters, "domain" | "records" | "zones" | "zoneFiles" | "ttl">;

export interface ParameterProblem {
  readonly parameter: keyof ZoneParameters;
  readonly message: string;
}

interface Part {
  readonly zones: readonly Zone[];
  readonly problems: readonly ParameterProblem[];
}

const NANOSECONDS = 1e9;

/** The zones that parameters describe, and what is wrong with them. Written ones come before those of the domain. */
export function zonesOf(parameters: ZoneParameters): Part {
  const parts = [...fileZones(parameters), ownZones(parameters)];
  return { zones: parts.flatMap(({ zones }) => zones), problems: parts.flatMap(({ problems }) => problems) };
}

const tell = (parameter: keyof ZoneParameters, problems: readonly ZoneProblem[]): ParameterProblem[] =>
  problems.map((each) => ({ parameter, message: formatZoneProblem(each) }));

/** Zones that are given as texts, and in files. A file that others include is a part of them, and no zone of its own. */
function fileZones({ zones, zoneFiles }: ZoneParameters): Part[] {
  const included = new Set<string>();
  const include = (path: string): string | undefined => {
    included.add(path);
    return zoneFiles.find((file) => file.path === path)?.text;
  };
  const texts = zones.map((text, index) => loadZone(text, { file: `zone ${index + 1}`, include }));
  const files = zoneFiles.map(({ path, text }) => ({ path, ...loadZone(text, { file: path, include }) }));
  const own = files.filter(({ path }) => !included.has(path));
  return [partOf("zones", texts), partOf("zoneFiles", own)];
}

function partOf(parameter: keyof ZoneParameters, loaded: readonly ZoneLoaded[]): Part {
  return {
    zones: loaded.flatMap(({ zone }) => zone ?? []),
    problems: tell(
      parameter,
      loaded.flatMap(({ problems }) => problems),
    ),
  };
}

function ownZones({ domain, records, ttl }: ZoneParameters): Part {
  if (domain === null) {
    const problem = { parameter: "records", message: "these are records of a domain: give it one" } as const;
    return { zones: [], problems: records.length > 0 ? [problem] : [] };
  }
  const { zones, problems } = domainZones(domain, records, Math.round(ttl / NANOSECONDS));
  return { zones, problems: tell(parseName(domain.name) === undefined ? "domain" : "records", problems) };
}
