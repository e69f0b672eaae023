import { formatIp } from "../../../address/ip.ts";
import { parsePrefix } from "../../../address/prefix.ts";
import type { Domain } from "../../program.ts";
import type { RecordType } from "../codes.ts";
import { isSameName, type Name, name, parentOf, parseName, prepend, ROOT, reverseName } from "../name.ts";
import type { ResourceRecord } from "../record.ts";
import { makeZone } from "./load.ts";
import { type PlacedRecord, parseMasterFile, type ZoneProblem } from "./master-file.ts";
import type { Zone } from "./zone.ts";

export interface DomainZones {
  readonly zones: readonly Zone[];
  readonly problems: readonly ZoneProblem[];
}

const FILE = "records";
/** Seconds for which it is known at most that there is no such name. */
const NEGATIVE_TTL = 300;
const SOA_TIMES = { serial: 1, refresh: 3600, retry: 600, expire: 604_800 };

/**
 * The zones of a domain: the domain's own, with an A record for each address of each host and what else is written, and
 * those of the addresses, with a PTR record for each.
 * @param lines more records, each as a line of a master file: `"www CNAME server"`
 * @param ttl of all records, seconds
 */
export function domainZones(domain: Domain, lines: readonly string[], ttl: number): DomainZones {
  const origin = parseName(domain.name);
  if (origin === undefined) return problem(`${domain.name} is no domain name`);
  const written = parseMasterFile(lines.map((line) => line.replaceAll("\n", " ")).join("\n"), {
    file: FILE,
    origin,
    ttl,
  });
  if (written.problems.length > 0) return { zones: [], problems: written.problems };
  const server = prepend(domain.server, origin);
  if (server === undefined) return problem(`${domain.server}.${domain.name} is too long for a name`);
  const maker = new RecordMaker(server, origin, ttl);
  const own = [...written.records];
  if (!own.some(({ record }) => record.type === "SOA")) own.push(maker.soa(origin));
  if (!own.some(({ record }) => record.type === "NS" && isSameName(record.name, origin))) own.push(maker.ns(origin));
  const pointers: PlacedRecord[] = [];
  const reverse = new Map<Name, PlacedRecord[]>();
  for (const host of domain.hosts) {
    const hostName = prepend(host.name, origin);
    if (hostName === undefined) return problem(`${host.name}.${domain.name} is too long for a name`);
    for (const text of host.addresses) {
      const parsed = parsePrefix(text);
      if (parsed === undefined) return problem(`${text} is no address with the length of its prefix`);
      const address = formatIp(parsed.address);
      own.push(maker.record(hostName, "A", { address }));
      pointers.push(maker.record(reverseName(address), "PTR", { target: hostName }));
      const zone = reverseZone(address, parsed.prefix.length);
      reverse.set(zone, [maker.soa(zone), maker.ns(zone)]);
    }
  }
  for (const pointer of pointers) closest(reverse, pointer.record.name)?.push(pointer);
  const made = [own, ...reverse.values()].map((records) => makeZone(records, FILE));
  return {
    zones: made.flatMap(({ zone }) => zone ?? []),
    problems: made.flatMap(({ problems }) => problems),
  };
}

const problem = (message: string): DomainZones => ({
  zones: [],
  problems: [{ file: FILE, line: 1, column: 1, message }],
});

/** The zone of the whole octets of an address's prefix: one at least and three at most. */
function reverseZone(address: string, length: number): Name {
  const octets = Math.min(3, Math.max(1, Math.floor(length / 8)));
  let zone = reverseName(address);
  for (let left = 4; left > octets; left--) zone = parentOf(zone);
  return zone;
}

/** Where zones lie in each other, a name is of the innermost. */
function closest<T>(zones: ReadonlyMap<Name, T>, name: Name): T | undefined {
  for (let at = parentOf(name); at !== ROOT; at = parentOf(at)) {
    const zone = zones.get(at);
    if (zone !== undefined) return zone;
  }
  return undefined;
}

/** Makes records that stand in no file. */
class RecordMaker {
  readonly #server: Name;
  readonly #mailbox: Name;
  readonly #ttl: number;

  constructor(server: Name, origin: Name, ttl: number) {
    this.#server = server;
    this.#mailbox = prepend("hostmaster", origin) ?? name("hostmaster.");
    this.#ttl = ttl;
  }

  record(owner: Name, type: RecordType, data: ResourceRecord["data"]): PlacedRecord {
    const record = { name: owner, type, class: "IN", ttl: this.#ttl, data } as ResourceRecord;
    return { record, file: FILE, line: 1, column: 1 };
  }

  soa(zone: Name): PlacedRecord {
    const minimum = Math.min(this.#ttl, NEGATIVE_TTL);
    return this.record(zone, "SOA", { primary: this.#server, mailbox: this.#mailbox, ...SOA_TIMES, minimum });
  }

  ns(zone: Name): PlacedRecord {
    return this.record(zone, "NS", { host: this.#server });
  }
}
