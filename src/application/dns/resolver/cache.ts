import type { Instant } from "../../../time/instant.ts";
import type { QueryType } from "../codes.ts";
import { formatName, keyOf, type Name } from "../name.ts";
import type { RecordWith, ResourceRecord } from "../record.ts";
import { formatData } from "../record-text.ts";

/** Record sets, and things known not to be, that are kept; the one not used for longest makes room. */
export const CACHE_LIMIT = 1000;
/** Seconds that a record set is kept at most, whatever its TTL; a day. */
export const TTL_LIMIT = 86_400;
/** Seconds that it is known at most that there is none (RFC 2308 §5 advises one to three hours). */
export const NEGATIVE_TTL_LIMIT = 10_800;

const SECOND = 1e9;

/** What is known of a name and a type. */
export type Finding =
  /** There are such records: one set. */
  | { readonly kind: "records"; readonly records: readonly ResourceRecord[] }
  /** There are none; for `"no-name"`, none of any type. The SOA record says so (RFC 2308 §2), where there was one. */
  | { readonly kind: "no-data" | "no-name"; readonly authority: RecordWith<"SOA"> | undefined };

export interface CacheEntrySnapshot {
  readonly name: string;
  /** `"*"` for what is known of every type. */
  readonly type: string;
  /** Seconds left. */
  readonly ttl: number;
  /** As master files write it; `NODATA` or `NXDOMAIN` for what is known not to be. */
  readonly data: readonly string[];
}

interface Entry {
  readonly name: Name;
  readonly type: QueryType | "*";
  readonly finding: Finding;
  readonly since: Instant;
  readonly until: Instant;
}

/** What answers have told, until its time is over (RFC 1034 §4.3.4, RFC 2308 §5). */
export class Cache {
  readonly #now: () => Instant;
  readonly #limit: number;
  readonly #entries = new Map<string, Entry>();

  constructor(now: () => Instant, limit: number = CACHE_LIMIT) {
    this.#now = now;
    this.#limit = limit;
  }

  /** What is known, with TTLs as they are by now. */
  find(name: Name, type: QueryType): Finding | undefined {
    return this.#find(name, type) ?? this.#find(name, "*");
  }

  #find(name: Name, type: QueryType | "*"): Finding | undefined {
    const key = `${type} ${keyOf(name)}`;
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    this.#entries.delete(key);
    if (entry.until <= this.#now()) return undefined;
    this.#entries.set(key, entry); // it becomes the youngest
    return aged(entry.finding, Math.floor((this.#now() - entry.since) / SECOND));
  }

  /** Keeps what has been found, unless it is not to be kept. */
  add(name: Name, type: QueryType, finding: Finding): void {
    const ttl = lifetime(finding);
    const entryType = finding.kind === "no-name" ? "*" : type;
    const key = `${entryType} ${keyOf(name)}`;
    this.#entries.delete(key);
    if (finding.kind !== "no-name") this.#entries.delete(`* ${keyOf(name)}`); // there is such a name by now
    if (ttl === 0) return;
    const [oldest] = this.#entries.keys();
    if (this.#entries.size >= this.#limit && oldest !== undefined) this.#entries.delete(oldest);
    const since = this.#now();
    this.#entries.set(key, { name, type: entryType, finding, since, until: (since + ttl * SECOND) as Instant });
  }

  clear(): void {
    this.#entries.clear();
  }

  /** What is kept and still holds, the youngest last. */
  snapshot(): readonly CacheEntrySnapshot[] {
    const now = this.#now();
    return [...this.#entries.values()]
      .filter(({ until }) => until > now)
      .map(({ name, type, finding, until }) => ({
        name: formatName(name),
        type,
        ttl: Math.ceil((until - now) / SECOND),
        data: dataOf(finding),
      }));
  }
}

function dataOf(finding: Finding): string[] {
  if (finding.kind === "records") return finding.records.map(formatData);
  return [finding.kind === "no-name" ? "NXDOMAIN" : "NODATA"];
}

/** Seconds that it may be kept. The records of a set count by the least of their TTLs (RFC 2181 §5.2). */
function lifetime(finding: Finding): number {
  if (finding.kind === "records") return Math.min(TTL_LIMIT, ...finding.records.map(({ ttl }) => ttl));
  if (finding.authority === undefined) return 0; // RFC 2308 §5: without an SOA it is not to be cached
  return Math.min(NEGATIVE_TTL_LIMIT, finding.authority.ttl, finding.authority.data.minimum);
}

function aged(finding: Finding, age: number): Finding {
  const older = <Type extends ResourceRecord>(record: Type): Type => ({
    ...record,
    ttl: Math.max(0, record.ttl - age),
  });
  if (finding.kind === "records") return { ...finding, records: finding.records.map(older) };
  return { ...finding, authority: finding.authority && older(finding.authority) };
}
