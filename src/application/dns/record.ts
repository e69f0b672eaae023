import type { KnownType, QueryType, RecordClass, RecordType, UnknownType } from "./codes.ts";
import { isSameName, keyOf, type Name } from "./name.ts";

/** What a record says, by its type. Texts of TXT are bytes, one character each. */
export interface DataOf {
  readonly A: { readonly address: string };
  readonly AAAA: { readonly address: string };
  readonly NS: { readonly host: Name };
  readonly CNAME: { readonly target: Name };
  readonly PTR: { readonly target: Name };
  readonly MX: { readonly preference: number; readonly exchange: Name };
  readonly TXT: { readonly texts: readonly string[] };
  readonly SRV: { readonly priority: number; readonly weight: number; readonly port: number; readonly target: Name };
  readonly SOA: {
    /** The zone's first name server. */
    readonly primary: Name;
    /** Whose zone it is: a mail address with a dot for the `@`. */
    readonly mailbox: Name;
    readonly serial: number;
    /** Seconds, as the three below. */
    readonly refresh: number;
    readonly retry: number;
    readonly expire: number;
    /** How long it is known that there is no such record (RFC 2308 §4). */
    readonly minimum: number;
  };
}

/** The bytes of a type without a name (RFC 3597 §3). */
export interface OpaqueData {
  readonly bytes: Uint8Array;
}

interface RecordBase {
  readonly name: Name;
  readonly class: RecordClass;
  /** Seconds. */
  readonly ttl: number;
}

export type RecordWith<Type extends KnownType> = RecordBase & { readonly type: Type; readonly data: DataOf[Type] };
export type OpaqueRecord = RecordBase & { readonly type: UnknownType; readonly data: OpaqueData };

/** A resource record (RFC 1035 §3.2.1). */
export type ResourceRecord = { [Type in KnownType]: RecordWith<Type> }[KnownType] | OpaqueRecord;

export interface Question {
  readonly name: Name;
  readonly type: QueryType;
  readonly class: RecordClass;
}

/** A name in the data counts for the bytes of the name; its field may be compressed in messages (RFC 3597 §4), or may not. */
export type FieldKind = "ipv4" | "ipv6" | "name" | "plain-name" | "uint16" | "uint32" | "seconds" | "texts";

/** The fields of each type's data, in the order in which they stand on the wire and in a master file. */
export const FIELDS: { readonly [Type in KnownType]: { readonly [Field in keyof DataOf[Type]]: FieldKind } } = {
  A: { address: "ipv4" },
  AAAA: { address: "ipv6" },
  NS: { host: "name" },
  CNAME: { target: "name" },
  PTR: { target: "name" },
  MX: { preference: "uint16", exchange: "name" },
  TXT: { texts: "texts" },
  SRV: { priority: "uint16", weight: "uint16", port: "uint16", target: "plain-name" }, // RFC 2782, "Target"
  SOA: {
    primary: "name",
    mailbox: "name",
    serial: "uint32",
    refresh: "seconds",
    retry: "seconds",
    expire: "seconds",
    minimum: "seconds",
  },
};

export type FieldValue = string | number | readonly string[];

/** The fields of a type by name; undefined for a type whose data is opaque. */
export function fieldsOf(type: RecordType): readonly (readonly [string, FieldKind])[] | undefined {
  return LISTS.get(type);
}
const LISTS = new Map<string, readonly (readonly [string, FieldKind])[]>(
  Object.entries(FIELDS).map(([type, fields]) => [type, Object.entries(fields)]),
);

/** Whether two records say the same, their TTLs aside (RFC 2181 §5). */
export function isSameRecord(a: ResourceRecord, b: ResourceRecord): boolean {
  return a.type === b.type && a.class === b.class && isSameName(a.name, b.name) && dataKey(a) === dataKey(b);
}

/** The data as a text that is equal for equal data; names in it are compared without case. */
export function dataKey({ type, data }: ResourceRecord): string {
  const fields = fieldsOf(type);
  if (fields === undefined) return String((data as OpaqueData).bytes);
  const values = data as unknown as Readonly<Record<string, FieldValue>>;
  return JSON.stringify(
    fields.map(([field, kind]) => (kind.endsWith("name") ? keyOf(values[field] as Name) : values[field])),
  );
}
