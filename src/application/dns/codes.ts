/** The numbers of DNS and what they are called, in messages and in master files (IANA, "Domain Name System Parameters"). */

/** Types of records whose data is understood. */
export type KnownType = "A" | "NS" | "CNAME" | "SOA" | "PTR" | "MX" | "TXT" | "AAAA" | "SRV";
/** Any other, by its number (RFC 3597 §5). */
export type UnknownType = `TYPE${number}`;
export type RecordType = KnownType | UnknownType;
/** What a question may ask for besides (RFC 1035 §3.2.3, RFC 1995). */
export type QueryType = RecordType | "ANY" | "AXFR" | "IXFR" | "MAILA" | "MAILB" | "OPT";

const TYPE_NUMBERS: Readonly<Record<Exclude<QueryType, UnknownType>, number>> = {
  A: 1,
  NS: 2,
  CNAME: 5,
  SOA: 6,
  PTR: 12,
  MX: 15,
  TXT: 16,
  AAAA: 28,
  SRV: 33,
  OPT: 41,
  IXFR: 251,
  AXFR: 252,
  MAILB: 253,
  MAILA: 254,
  ANY: 255,
};
const TYPE_NAMES = namesOf(TYPE_NUMBERS);

/** `CLASS4` and such are classes without a name (RFC 3597 §5). */
export type RecordClass = "IN" | "CH" | "HS" | "NONE" | "ANY" | `CLASS${number}`;
const CLASS_NUMBERS: Readonly<Record<Exclude<RecordClass, `CLASS${number}`>, number>> = {
  IN: 1,
  CH: 3,
  HS: 4,
  NONE: 254,
  ANY: 255,
};
const CLASS_NAMES = namesOf(CLASS_NUMBERS);

/** What is asked of a server (RFC 1035 §4.1.1, RFC 1996, RFC 2136). */
export type Opcode = "QUERY" | "IQUERY" | "STATUS" | "NOTIFY" | "UPDATE" | `OPCODE${number}`;
const OPCODE_NUMBERS = { QUERY: 0, IQUERY: 1, STATUS: 2, NOTIFY: 4, UPDATE: 5 } as const;
const OPCODE_NAMES = namesOf(OPCODE_NUMBERS);

/** How it went (RFC 1035 §4.1.1, RFC 6891 §9). Those past 15 need EDNS. */
export type Rcode =
  | ("NOERROR" | "FORMERR" | "SERVFAIL" | "NXDOMAIN" | "NOTIMP" | "REFUSED" | "YXDOMAIN" | "YXRRSET" | "NXRRSET")
  | ("NOTAUTH" | "NOTZONE" | "BADVERS" | `RCODE${number}`);
const RCODE_NUMBERS = {
  NOERROR: 0,
  FORMERR: 1,
  SERVFAIL: 2,
  NXDOMAIN: 3,
  NOTIMP: 4,
  REFUSED: 5,
  YXDOMAIN: 6,
  YXRRSET: 7,
  NXRRSET: 8,
  NOTAUTH: 9,
  NOTZONE: 10,
  BADVERS: 16,
} as const;
const RCODE_NAMES = namesOf(RCODE_NUMBERS);

function namesOf<Name extends string>(numbers: Readonly<Record<Name, number>>): ReadonlyMap<number, Name> {
  return new Map(Object.entries<number>(numbers).map(([name, number]) => [number, name as Name]));
}

function numberOf(numbers: Readonly<Record<string, number>>, generic: string, name: string): number {
  return numbers[name] ?? Number(name.slice(generic.length));
}

export const typeOf = (number: number): QueryType => TYPE_NAMES.get(number) ?? `TYPE${number}`;
export const typeNumber = (type: QueryType): number => numberOf(TYPE_NUMBERS, "TYPE", type);

/** Reads a type's mnemonic in any case, or `TYPE65280`; one that has a name gets it. @returns undefined for what is none */
export function parseType(text: string): QueryType | undefined {
  const upper = text.toUpperCase();
  if (Object.hasOwn(TYPE_NUMBERS, upper)) return upper as QueryType;
  const number = genericNumber(upper, "TYPE");
  return number === undefined ? undefined : typeOf(number);
}

export const classOf = (number: number): RecordClass => CLASS_NAMES.get(number) ?? `CLASS${number}`;
export const classNumber = (each: RecordClass): number => numberOf(CLASS_NUMBERS, "CLASS", each);

/** Reads a class as {@link parseType} does a type. */
export function parseClass(text: string): RecordClass | undefined {
  const upper = text.toUpperCase();
  if (Object.hasOwn(CLASS_NUMBERS, upper)) return upper as RecordClass;
  const number = genericNumber(upper, "CLASS");
  return number === undefined ? undefined : classOf(number);
}

/** The number of `TYPE65280`, when 16 bits hold it. */
function genericNumber(text: string, generic: string): number | undefined {
  if (!text.startsWith(generic) || !/^\d{1,5}$/.test(text.slice(generic.length))) return undefined;
  const number = Number(text.slice(generic.length));
  return number > 0xffff ? undefined : number;
}

export const opcodeOf = (number: number): Opcode => OPCODE_NAMES.get(number) ?? `OPCODE${number}`;
export const opcodeNumber = (opcode: Opcode): number => numberOf(OPCODE_NUMBERS, "OPCODE", opcode);
export const rcodeOf = (number: number): Rcode => RCODE_NAMES.get(number) ?? `RCODE${number}`;
export const rcodeNumber = (rcode: Rcode): number => numberOf(RCODE_NUMBERS, "RCODE", rcode);

/** Whether records of a type may stand in a zone: no meta-type, which only questions have (RFC 6895 §3.1). */
export function isRecordType(type: QueryType): type is RecordType {
  const number = typeNumber(type);
  return number !== 0 && number !== TYPE_NUMBERS.OPT && (number < 128 || number > 255);
}

/** Whether a type is one of those that only a question can have and that have a name here. */
export function isQuestionOnly(type: QueryType): type is Exclude<QueryType, RecordType> {
  return !type.startsWith("TYPE") && !isRecordType(type);
}
