import type { QueryType } from "../codes.ts";
import type { Message } from "../message.ts";
import { isSameName, isWithin, type Name } from "../name.ts";
import type { Question, RecordWith, ResourceRecord } from "../record.ts";
import type { Finding } from "./cache.ts";

/** Aliases that are followed one after the other; more are a circle. */
export const ALIAS_LIMIT = 16;

/** What a response tells of one name. */
export interface NamedFinding {
  readonly name: Name;
  readonly type: QueryType;
  readonly finding: Finding;
}

/**
 * What a response tells about its question: the aliases on the way (RFC 1034 §3.6.2), and what is at their end, unless the
 * server does not know that. Records that have nothing to do with the question are passed over (RFC 2181 §5.4.1).
 * @returns undefined when it tells nothing: a failure, a refusal, or a delegation to others (RFC 1034 §4.3.1)
 */
export function findingsOf(response: Message, question: Question): NamedFinding[] | undefined {
  if (response.rcode !== "NOERROR" && response.rcode !== "NXDOMAIN") return undefined;
  const { type } = question;
  const found: NamedFinding[] = [];
  let { name } = question;
  for (let aliases = 0; aliases < ALIAS_LIMIT; aliases++) {
    const own = response.answers.filter((record) => record.class === "IN" && isSameName(record.name, name));
    const records = type === "ANY" ? own : own.filter((record) => record.type === type);
    if (records.length > 0) return [...found, { name, type, finding: { kind: "records", records } }];
    const alias = own.find((record) => record.type === "CNAME");
    if (alias === undefined) break;
    found.push({ name, type: "CNAME", finding: { kind: "records", records: [alias] } });
    name = alias.data.target;
  }
  const negative = negativeOf(response, name, found.length > 0);
  if (negative !== undefined) found.push({ name, type, finding: negative });
  return found.length > 0 ? found : undefined;
}

/** The code is about the last name of a chain of aliases (RFC 2308 §2.1). */
function negativeOf(response: Message, name: Name, hasAliases: boolean): Finding | undefined {
  const authority = response.authorities.find(isSoa);
  const soa = authority !== undefined && isWithin(name, authority.name) ? authority : undefined;
  if (response.rcode === "NXDOMAIN") return { kind: "no-name", authority: soa };
  if (soa !== undefined) return { kind: "no-data", authority: soa };
  // Without an SOA record it may be a delegation, or there is more behind the alias (RFC 2308 §2.2).
  const delegates = response.authorities.some((record) => record.type === "NS");
  const knows = response.authoritative || response.recursionAvailable;
  return !hasAliases && !delegates && knows ? { kind: "no-data", authority: undefined } : undefined;
}

const isSoa = (record: ResourceRecord): record is RecordWith<"SOA"> => record.type === "SOA";
