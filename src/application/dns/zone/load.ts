import { formatName, isWithin, keyOf, type Name } from "../name.ts";
import { dataKey, isSameRecord, type RecordWith, type ResourceRecord } from "../record.ts";
import { type MasterFileOptions, type PlacedRecord, parseMasterFile, type ZoneProblem } from "./master-file.ts";
import { Zone } from "./zone.ts";

export interface ZoneLoaded {
  /** Undefined when there is a problem. */
  readonly zone: Zone | undefined;
  readonly problems: readonly ZoneProblem[];
}

/** Makes a zone of a master file. Never throws. */
export function loadZone(text: string, options: MasterFileOptions): ZoneLoaded {
  const { records, problems } = parseMasterFile(text, options);
  return problems.length > 0 ? { zone: undefined, problems } : makeZone(records, options.file);
}

/** Makes a zone of records, which have to be those of one. @param file of problems that no record has */
export function makeZone(placed: readonly PlacedRecord[], file: string): ZoneLoaded {
  const problems: ZoneProblem[] = [];
  const tell = (at: PlacedRecord | undefined, message: string): void => {
    const { line, column } = at ?? { line: 1, column: 1 };
    problems.push({ file: at?.file ?? file, line, column, message });
  };
  const soas = placed.filter(({ record }) => record.type === "SOA");
  const soa = soas[0]?.record as RecordWith<"SOA"> | undefined;
  if (soa === undefined) tell(undefined, "there is no SOA record, with which a zone begins (RFC 1035 §5.2)");
  const other = soas.find(({ record }) => soa !== undefined && !isSameRecord(record, soa));
  if (other !== undefined) tell(other, "there is more than one SOA record (RFC 1035 §5.2)");
  if (soa === undefined || other !== undefined) return { zone: undefined, problems };
  checkPlaces(placed, soa.name, tell);
  checkAliases(placed, tell);
  const atOrigin = placed.some(({ record }) => record.type === "NS" && keyOf(record.name) === keyOf(soa.name));
  if (!atOrigin) tell(soas[0], `there is no NS record of ${formatName(soa.name)} (RFC 2181 §6.1)`);
  return { zone: problems.length > 0 ? undefined : new Zone(soa, asSets(placed)), problems };
}

type Tell = (at: PlacedRecord, message: string) => void;

function checkPlaces(placed: readonly PlacedRecord[], origin: Name, tell: Tell): void {
  for (const each of placed) {
    const { record } = each;
    if (record.class !== "IN") tell(each, `the class is ${record.class}, and only IN is served`);
    else if (!isWithin(record.name, origin)) {
      tell(each, `${formatName(record.name)} does not lie in the zone ${formatName(origin)} (RFC 1035 §5.2)`);
    }
  }
}

/** Where there is an alias there is nothing else (RFC 1034 §3.6.2, RFC 2181 §10.1). */
function checkAliases(placed: readonly PlacedRecord[], tell: Tell): void {
  const aliases = new Map<Name, ResourceRecord>();
  for (const { record } of placed) if (record.type === "CNAME") aliases.set(keyOf(record.name), record);
  for (const each of placed) {
    const alias = aliases.get(keyOf(each.record.name));
    if (alias === undefined || alias === each.record) continue;
    if (each.record.type === "CNAME" && dataKey(each.record) === dataKey(alias)) continue;
    tell(each, `${formatName(each.record.name)} is an alias (CNAME), and has other records as well (RFC 2181 §10.1)`);
  }
}

/** Without doubles, and with one TTL for each set: its first (RFC 2181 §5, §5.2). */
function asSets(placed: readonly PlacedRecord[]): ResourceRecord[] {
  const seen = new Set<string>();
  const ttls = new Map<string, number>();
  return placed.flatMap(({ record }) => {
    const set = `${record.type} ${keyOf(record.name)}`;
    const whole = `${set} ${dataKey(record)}`;
    if (seen.has(whole)) return [];
    seen.add(whole);
    const ttl = ttls.get(set) ?? record.ttl;
    ttls.set(set, ttl);
    return [{ ...record, ttl }];
  });
}
