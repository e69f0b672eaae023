import type { Name } from "../name.ts";
import type { RecordWith, ResourceRecord } from "../record.ts";
import { EntryReader, type Token } from "./entries.ts";
import { EntryError, parseSeconds, readName, readRecordEntry } from "./record-entry.ts";

/** Records of one zone; more are a problem. */
export const RECORDS_LIMIT = 100_000;
/** Problems that are told. */
const PROBLEMS_LIMIT = 20;
/** How deep files may include others. */
const INCLUDE_LIMIT = 8;

/** Something wrong with a zone, and where; lines and columns count from 1. */
export interface ZoneProblem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** Prints a problem as compilers do: `example.zone:3:7: …`. */
export const formatZoneProblem = ({ file, line, column, message }: ZoneProblem): string =>
  `${file}:${line}:${column}: ${message}`;

/** A record, and where it stands. */
export interface PlacedRecord {
  readonly record: ResourceRecord;
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export interface MasterFileOptions {
  /** What problems call it. */
  readonly file: string;
  /** Until the first `$ORIGIN`. */
  readonly origin?: Name | undefined;
  /** Seconds, until the first `$TTL`. */
  readonly ttl?: number | undefined;
  /** The text of an included file; without it `$INCLUDE` is a problem. */
  readonly include?: ((file: string) => string | undefined) | undefined;
}

export interface MasterFile {
  readonly records: readonly PlacedRecord[];
  /** In the order of the file, the first twenty. */
  readonly problems: readonly ZoneProblem[];
}

/** Reads a master file (RFC 1035 §5, RFC 2308 §4 for `$TTL`). Never throws. */
export function parseMasterFile(text: string, options: MasterFileOptions): MasterFile {
  const reader = new MasterFileReader(options.include);
  reader.read(text, options, 0);
  return { records: reader.records, problems: reader.problems.slice(0, PROBLEMS_LIMIT) };
}

class MasterFileReader {
  readonly records: PlacedRecord[] = [];
  readonly problems: ZoneProblem[] = [];
  readonly #include: MasterFileOptions["include"];
  /** `$TTL`. */
  #defaultTtl: number | undefined;
  /** Of the record before, where there is no `$TTL` (RFC 1035 §5.1). */
  #lastTtl: number | undefined;

  constructor(include: MasterFileOptions["include"]) {
    this.#include = include;
  }

  read(text: string, { file, origin, ttl }: MasterFileOptions, depth: number): void {
    this.#defaultTtl ??= ttl;
    const entries = new EntryReader(text);
    let owner: Name | undefined;
    let within = origin;
    const tellLexical = (): void => {
      for (const { message, ...place } of entries.problems.splice(0)) this.#problem(file, place, message);
    };
    for (const { tokens, indented } of entries) {
      tellLexical();
      const full = this.records.length === RECORDS_LIMIT && this.problems.length > 0;
      if (full || this.problems.length >= PROBLEMS_LIMIT) break;
      const [first, ...rest] = tokens as [Token, ...Token[]];
      try {
        if (!indented && first.text.startsWith("$") && !first.quoted) {
          const directive = first.text.toUpperCase();
          if (directive === "$ORIGIN") within = readName(oneOf(first, rest), within);
          else if (directive === "$TTL") this.#defaultTtl = this.#readTtl(oneOf(first, rest));
          else if (directive === "$INCLUDE") this.#includeFile(first, rest, within, depth);
          else throw new EntryError(first, `there is no ${first.text}: $ORIGIN, $TTL and $INCLUDE are known`);
          continue;
        }
        if (!indented) owner = readName(first, within);
        if (owner === undefined) throw new EntryError(first, "there is no name that this belongs to");
        this.#add(owner, indented ? tokens : rest, within, first, file);
      } catch (error) {
        if (!(error instanceof EntryError)) throw error;
        this.#problem(file, error.token, error.message);
      }
    }
    tellLexical();
  }

  #problem(file: string, { line, column }: { line: number; column: number }, message: string): void {
    this.problems.push({ file, line, column, message });
  }

  #readTtl(token: Token): number {
    const seconds = parseSeconds(token.text);
    if (seconds === undefined) throw new EntryError(token, `expected a number of seconds, found ${token.text}`);
    return seconds;
  }

  #add(name: Name, tokens: readonly Token[], origin: Name | undefined, first: Token, file: string): void {
    if (this.records.length === RECORDS_LIMIT)
      throw new EntryError(first, `there are more than ${RECORDS_LIMIT} records`);
    const entry = readRecordEntry(tokens, origin, first);
    const minimum = entry.type === "SOA" ? (entry.data as RecordWith<"SOA">["data"]).minimum : undefined;
    const ttl = entry.ttl ?? this.#defaultTtl ?? this.#lastTtl ?? minimum;
    if (ttl === undefined) throw new EntryError(first, "there is no TTL: give it one, or write $TTL 1h above");
    this.#lastTtl = ttl;
    const record = { name, type: entry.type, class: entry.class ?? "IN", ttl, data: entry.data } as ResourceRecord;
    this.records.push({ record, file, line: first.line, column: first.column });
  }

  /** What an included file sets does not hold behind it, but `$TTL` (RFC 1035 §5.1, RFC 2308 §4). */
  #includeFile(first: Token, rest: readonly Token[], origin: Name | undefined, depth: number): void {
    const [path, within, more] = rest;
    if (path === undefined || more !== undefined)
      throw new EntryError(more ?? first, "expected $INCLUDE FILE [ORIGIN]");
    if (depth >= INCLUDE_LIMIT) throw new EntryError(path, `files include each other more than ${INCLUDE_LIMIT} deep`);
    const text = this.#include?.(path.text);
    if (text === undefined) throw new EntryError(path, `${path.text} cannot be included here`);
    const inside = within === undefined ? origin : readName(within, origin);
    this.read(text, { file: path.text, origin: inside }, depth + 1);
  }
}

/** The one word behind a directive. */
function oneOf(directive: Token, rest: readonly Token[]): Token {
  const [token, more] = rest;
  if (token === undefined) throw new EntryError(directive, `${directive.text} needs a word behind it`);
  if (more !== undefined) throw new EntryError(more, `${directive.text} has nothing more: ${more.text}`);
  return token;
}
