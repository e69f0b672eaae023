import type { QueryType, Rcode } from "../codes.ts";
import { isSameName, isWithin, keyOf, type Name, parentOf, ROOT } from "../name.ts";
import type { Question, RecordWith, ResourceRecord } from "../record.ts";
import type { Zone } from "./zone.ts";

/** Aliases that are followed one after the other. */
const ALIAS_LIMIT = 16;
/** Names whose addresses are sent along. */
const ADDITIONAL_LIMIT = 32;

/** An authoritative answer, or that others are in charge. */
export interface ZonesAnswer {
  readonly rcode: Rcode;
  readonly authoritative: boolean;
  readonly answers: readonly ResourceRecord[];
  readonly authorities: readonly ResourceRecord[];
  readonly additionals: readonly ResourceRecord[];
  /** The additional records are needed: without them a delegation leads nowhere (RFC 9471 §3). */
  readonly additionalsNeeded: boolean;
}

/** The zones that a server is in charge of. */
export class Zones {
  readonly #byOrigin = new Map<Name, Zone>();

  /** Of two zones of one origin the first counts. */
  constructor(zones: Iterable<Zone>) {
    for (const zone of zones) {
      const key = keyOf(zone.origin);
      if (!this.#byOrigin.has(key)) this.#byOrigin.set(key, zone);
    }
  }

  get count(): number {
    return this.#byOrigin.size;
  }

  /** The zone in which a name lies, the closest one where zones lie in each other. */
  zoneOf(name: Name): Zone | undefined {
    for (let at = keyOf(name); ; at = parentOf(at)) {
      const zone = this.#byOrigin.get(at);
      if (zone !== undefined || at === ROOT) return zone;
    }
  }

  /** Answers a question of class IN (RFC 1034 §4.3.2). */
  answer({ name, type }: Question): ZonesAnswer {
    const answers: ResourceRecord[] = [];
    const seen = new Set<Name>();
    for (let at = name; seen.size <= ALIAS_LIMIT && !seen.has(keyOf(at)); ) {
      seen.add(keyOf(at));
      const zone = this.zoneOf(at);
      // Who is in charge of nothing here says so; who is in charge of an alias has said all that it knows.
      if (zone === undefined) return answers.length > 0 ? this.#complete(answers, type) : REFUSED;
      const finding = zone.find(at, type);
      if (finding.kind === "alias") {
        answers.push(finding.record);
        at = finding.record.data.target;
      } else if (finding.kind === "records") return this.#complete([...answers, ...finding.records], type);
      else if (finding.kind === "delegation") return this.#delegation(answers, finding.records);
      else return this.#negative(answers, zone, finding.kind);
    }
    return this.#complete(answers, type);
  }

  /** Who asks for all there is gets that, and nothing besides. */
  #complete(answers: readonly ResourceRecord[], type: QueryType): ZonesAnswer {
    if (type === "ANY") return { ...EMPTY, answers };
    const additionals = this.#addressesFor(answers).filter(
      (address) => !answers.some(({ name, type }) => type === address.type && isSameName(name, address.name)),
    );
    return { ...EMPTY, answers, additionals };
  }

  /** The code is about the end of the aliases, and so is the SOA record (RFC 2308 §2.1). */
  #negative(answers: readonly ResourceRecord[], { soa }: Zone, kind: "no-data" | "no-name"): ZonesAnswer {
    const ttl = Math.min(soa.ttl, soa.data.minimum); // RFC 2308 §3
    return { ...EMPTY, rcode: kind === "no-name" ? "NXDOMAIN" : "NOERROR", answers, authorities: [{ ...soa, ttl }] };
  }

  /** Names those who are in charge, with their addresses where they are known (RFC 1034 §4.2.1). */
  #delegation(answers: readonly ResourceRecord[], servers: readonly RecordWith<"NS">[]): ZonesAnswer {
    const additionals = this.#addressesFor(servers);
    const additionalsNeeded = servers.some((server) => isWithin(server.data.host, server.name));
    return {
      ...EMPTY,
      authoritative: answers.length > 0,
      answers,
      authorities: servers,
      additionals,
      additionalsNeeded,
    };
  }

  /** What will be asked for next (RFC 1035 §3.3.9, §3.3.11, RFC 2782). */
  #addressesFor(records: readonly ResourceRecord[]): ResourceRecord[] {
    const names = new Map<Name, Name>();
    for (const record of records) {
      const target = targetOf(record);
      if (target !== undefined && names.size < ADDITIONAL_LIMIT) names.set(keyOf(target), target);
    }
    return [...names.values()].flatMap((name) => this.zoneOf(name)?.addressesOf(name) ?? []);
  }
}

const EMPTY = {
  rcode: "NOERROR",
  authoritative: true,
  answers: [],
  authorities: [],
  additionals: [],
  additionalsNeeded: false,
} as const;
const REFUSED: ZonesAnswer = { ...EMPTY, rcode: "REFUSED", authoritative: false };

function targetOf(record: ResourceRecord): Name | undefined {
  if (record.type === "NS") return record.data.host;
  if (record.type === "MX") return record.data.exchange;
  return record.type === "SRV" ? record.data.target : undefined;
}
