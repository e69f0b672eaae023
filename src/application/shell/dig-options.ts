import { isPort } from "../../address/endpoint.ts";
import { parseIp } from "../../address/ip.ts";
import { parseClass, parseType } from "../dns/codes.ts";
import { DNS_PORT } from "../dns/message.ts";
import { parseName, ROOT, reverseName } from "../dns/name.ts";
import type { Question } from "../dns/record.ts";

/** Parts of dig's output that `+noall` and such turn on and off. */
export type Part = "cmd" | "comments" | "question" | "answer" | "authority" | "additional" | "stats";
const PARTS: readonly Part[] = ["cmd", "comments", "question", "answer", "authority", "additional", "stats"];

export interface DigSettings {
  /** As it was written behind `@`; undefined for the host's own servers. */
  readonly server: string | undefined;
  readonly port: number | undefined;
  readonly question: Question;
  readonly parts: ReadonlySet<Part>;
  readonly short: boolean;
  readonly tcp: boolean;
  readonly plain: boolean;
  readonly recursion: boolean;
  /** Seconds. */
  readonly time: number;
  readonly tries: number;
}

/** What is told on standard error, and ends dig with status 1. */
export class DigUsageError extends Error {}

/** Reads dig's command line: one question. @throws DigUsageError */
export function digSettings(args: readonly string[]): DigSettings {
  let server: string | undefined;
  let port: number | undefined;
  let name: Question["name"] | undefined;
  let type: Question["type"] | undefined;
  let recordClass: Question["class"] = "IN";
  const parts = new Set<Part>(PARTS);
  const flags = { short: false, tcp: false, plain: false, recursion: true, time: 5, tries: 3 };
  const named = (text: string): Question["name"] => {
    const parsed = text === "." ? ROOT : parseName(text);
    if (parsed === undefined) throw new DigUsageError(`'${text}' is not a legal name (bad label)`);
    return parsed;
  };
  for (let index = 0; index < args.length; index++) {
    const word = args[index] ?? "";
    const value = (): string => {
      const given = word.length > 2 ? word.slice(2) : args[++index];
      if (given === undefined) throw new DigUsageError(`Invalid option: ${word}`);
      return given;
    };
    if (word.startsWith("@")) server = word.slice(1);
    else if (word.startsWith("+")) readFlag(word.slice(1), parts, flags);
    else if (word === "-4") continue;
    else if (word.startsWith("-t")) type = known(parseType, value(), "type");
    else if (word.startsWith("-c")) recordClass = known(parseClass, value(), "class");
    else if (word.startsWith("-q")) name = named(value());
    else if (word.startsWith("-p")) port = portOf(value());
    else if (word.startsWith("-x")) {
      const address = value();
      if (parseIp(address) === undefined) throw new DigUsageError(`Invalid IP address ${address}`);
      name = reverseName(address);
      type ??= "PTR";
    } else if (word.startsWith("-")) throw new DigUsageError(`Invalid option: ${word}`);
    else if (type === undefined && parseType(word) !== undefined) type = parseType(word);
    else if (name !== undefined && parseClass(word) !== undefined) recordClass = parseClass(word) ?? "IN";
    else if (name === undefined) name = named(word);
    else throw new DigUsageError(`one question at a time: '${word}' is another`);
  }
  const question = { name: name ?? ROOT, type: type ?? (name === undefined ? "NS" : "A"), class: recordClass };
  if (question.type === "AXFR" || question.type === "IXFR") throw new DigUsageError("zones are not transferred");
  return { server, port: port ?? (server === undefined ? undefined : DNS_PORT), question, parts, ...flags };
}

function known<T>(parse: (text: string) => T | undefined, text: string, what: string): T {
  const value = parse(text);
  if (value === undefined) throw new DigUsageError(`invalid ${what} ${text}`);
  return value;
}

function portOf(text: string): number {
  if (!/^\d{1,5}$/.test(text) || !isPort(Number(text))) throw new DigUsageError(`Couldn't parse port number '${text}'`);
  return Number(text);
}

type Flags = { short: boolean; tcp: boolean; plain: boolean; recursion: boolean; time: number; tries: number };

/** One word behind `+`; `no` in front turns it off. */
function readFlag(word: string, parts: Set<Part>, flags: Flags): void {
  const [written = "", value] = word.split("=", 2);
  const on = !written.startsWith("no");
  const name = on ? written : written.slice(2);
  const part = PARTS.find((each) => each === name);
  if (name === "all") for (const each of PARTS) on ? parts.add(each) : parts.delete(each);
  else if (part !== undefined) on ? parts.add(part) : parts.delete(part);
  else if (name === "short") flags.short = on;
  else if (name === "tcp" || name === "vc") flags.tcp = on;
  else if (name === "edns") flags.plain = !on;
  else if (name === "recurse" || name === "rec" || name === "rdflag") flags.recursion = on;
  else if (on && (name === "time" || name === "timeout")) flags.time = count(value, word, 1);
  else if (on && name === "tries") flags.tries = count(value, word, 1);
  else if (on && name === "retry") flags.tries = count(value, word, 0) + 1;
  else throw new DigUsageError(`Invalid option: +${word}`);
}

function count(text: string | undefined, word: string, least: number): number {
  const value = Number(text);
  if (text === undefined || !/^\d{1,3}$/.test(text)) throw new DigUsageError(`Invalid option: +${word}`);
  return Math.max(value, least);
}
