import type { QueryType, RecordType } from "../codes.ts";
import { isSameName, keyOf, labelCount, type Name, parentOf, prepend } from "../name.ts";
import type { RecordWith, ResourceRecord } from "../record.ts";

/** What a zone has to say about a name and a type (RFC 1034 §4.3.2). */
export type ZoneFinding =
  | { readonly kind: "records"; readonly records: readonly ResourceRecord[] }
  | { readonly kind: "alias"; readonly record: RecordWith<"CNAME"> }
  /** It is in a zone of others, who are named. */
  | { readonly kind: "delegation"; readonly records: readonly RecordWith<"NS">[] }
  | { readonly kind: "no-data" | "no-name" };

/** The records of one name. */
type Sets = ReadonlyMap<RecordType, readonly ResourceRecord[]>;

/** DS records stand above the cut that they are about (RFC 4035 §3.1.4.1). */
const DS: QueryType = "TYPE43";

/** A zone: all records from its origin down to where it delegates. */
export class Zone {
  readonly origin: Name;
  readonly soa: RecordWith<"SOA">;
  /** By names in small letters. One without records of its own is there for those below it (RFC 4592 §2.2.2). */
  readonly #names: ReadonlyMap<Name, Sets>;

  /** @param records of the origin and below, each set with one TTL */
  constructor(soa: RecordWith<"SOA">, records: Iterable<ResourceRecord>) {
    this.soa = soa;
    this.origin = soa.name;
    const names = new Map<Name, Map<RecordType, ResourceRecord[]>>();
    const setsOf = (name: Name): Map<RecordType, ResourceRecord[]> => {
      const key = keyOf(name);
      const there = names.get(key);
      if (there !== undefined) return there;
      const made = new Map<RecordType, ResourceRecord[]>();
      names.set(key, made);
      if (!isSameName(name, soa.name)) setsOf(parentOf(name));
      return made;
    };
    for (const record of records) {
      const sets = setsOf(record.name);
      const set = sets.get(record.type);
      if (set === undefined) sets.set(record.type, [record]);
      else set.push(record);
    }
    this.#names = names;
  }

  /** @param name in the zone */
  find(name: Name, type: QueryType): ZoneFinding {
    let encloser = this.origin;
    for (const at of this.#downTo(name)) {
      const sets = this.#names.get(keyOf(at));
      if (sets === undefined) return this.#fromWildcard(encloser, name, type);
      const servers = sets.get("NS") as readonly RecordWith<"NS">[] | undefined;
      const isCut = servers !== undefined && !isSameName(at, this.origin);
      if (isCut && !(type === DS && isSameName(at, name))) return { kind: "delegation", records: servers };
      encloser = at;
    }
    return answerFrom(this.#names.get(keyOf(name)) as Sets, type);
  }

  /** From the origin down to a name. */
  #downTo(name: Name): Name[] {
    const path: Name[] = [];
    const above = labelCount(this.origin);
    for (let at = name, left = labelCount(name); left >= above; at = parentOf(at), left--) path.unshift(at);
    return path;
  }

  /** Below the closest name that is there, `*` stands for whatever is not (RFC 4592 §3.3.1). */
  #fromWildcard(encloser: Name, name: Name, type: QueryType): ZoneFinding {
    const wildcard = prepend("*", encloser);
    const sets = wildcard === undefined ? undefined : this.#names.get(keyOf(wildcard));
    if (sets === undefined) return { kind: "no-name" };
    const finding = answerFrom(sets, type);
    if (finding.kind === "alias") return { kind: "alias", record: { ...finding.record, name } };
    if (finding.kind !== "records") return finding;
    return { kind: "records", records: finding.records.map((record) => ({ ...record, name })) };
  }

  /** The addresses of a name as they stand here, also below a cut, where they are glue (RFC 1034 §4.2.1). */
  addressesOf(name: Name): readonly ResourceRecord[] {
    const sets = this.#names.get(keyOf(name));
    return [...(sets?.get("A") ?? []), ...(sets?.get("AAAA") ?? [])];
  }
}

function answerFrom(sets: Sets, type: QueryType): ZoneFinding {
  if (type === "ANY") {
    const records = [...sets.values()].flat();
    return records.length === 0 ? { kind: "no-data" } : { kind: "records", records };
  }
  const records = sets.get(type as RecordType);
  if (records !== undefined) return { kind: "records", records };
  const [alias] = (sets.get("CNAME") ?? []) as readonly RecordWith<"CNAME">[];
  return alias === undefined ? { kind: "no-data" } : { kind: "alias", record: alias };
}
