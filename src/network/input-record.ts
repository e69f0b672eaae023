import { fromBase64, toBase64 } from "../base/base64.ts";
import type { Instant } from "../time/instant.ts";
import type { Input } from "./input-log.ts";

/** What a record was made of: a replay needs the same. */
export interface RecordHeader {
  /** The version that made it. */
  readonly netarium: string;
  /** SHA-256 of the network file, in hexadecimal. */
  readonly document: string;
  readonly seed: number;
  /** Whether virtual time waited for work outside the network, or that work's results are inputs ({@link Works}). */
  readonly clock: "simulated" | "paced";
}

/** A run's inputs as a file has them: a line of JSON each, the header first, and at last when the run ended. */
export interface InputRecord {
  readonly header: RecordHeader;
  readonly inputs: readonly Input[];
  /** Undefined when the record was cut off. */
  readonly end: Instant | undefined;
}

/** A record that cannot be replayed. */
export class RecordError extends Error {
  override name = "RecordError";
  readonly line: number;

  constructor(line: number, message: string) {
    super(`line ${line} of the record: ${message}`);
    this.line = line;
  }
}

export const formatHeader = (header: RecordHeader): string => `${JSON.stringify(header)}\n`;

export const formatEnd = (end: Instant): string => `${JSON.stringify({ end })}\n`;

export function formatInput({ n, at, door, kind, number, count, bytes }: Input): string {
  const line = { n, t: at, door, kind, number: number || undefined, count: count || undefined };
  return `${JSON.stringify(bytes.length === 0 ? line : { ...line, bytes: toBase64(bytes) })}\n`;
}

/**
 * Reads a record. A last line that was cut off is left out.
 * @throws RecordError
 */
export function parseRecord(text: string): InputRecord {
  const lines = text.split("\n");
  const cut = lines.pop() !== "";
  const header = readHeader(parseLine(lines[0] ?? "", 1));
  const inputs: Input[] = [];
  let end: Instant | undefined;
  for (const [index, line] of lines.entries()) {
    if (index === 0) continue;
    if (end !== undefined) throw new RecordError(index + 1, "something follows the end");
    const read = parseLine(line, index + 1);
    if (isTime(read.end) && !cut) end = read.end as Instant;
    else inputs.push(readInput(read, index + 1));
  }
  return { header, inputs, end };
}

function parseLine(line: string, number: number): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === "object" && value !== null) return value as Record<string, unknown>;
  } catch {
    // Told below.
  }
  throw new RecordError(number, "not a JSON object");
}

function readHeader({ netarium, document, seed, clock }: Readonly<Record<string, unknown>>): RecordHeader {
  const isClock = clock === "simulated" || clock === "paced";
  if (typeof netarium === "string" && typeof document === "string" && Number.isSafeInteger(seed) && isClock) {
    return { netarium, document, seed: seed as number, clock };
  }
  throw new RecordError(1, "not the header of a record: a file that --record made begins with it");
}

function readInput(read: Readonly<Record<string, unknown>>, line: number): Input {
  const { n, t, door, kind, number = 0, count = 0, bytes: base64 = "" } = read;
  const bytes = typeof base64 === "string" ? fromBase64(base64) : undefined;
  const numbers = [n, number, count].every((each) => Number.isSafeInteger(each));
  if (!numbers || !isTime(t) || typeof door !== "string" || typeof kind !== "string" || bytes === undefined) {
    throw new RecordError(line, "not an input");
  }
  return { n: n as number, at: t as Instant, door, kind, bytes, number: number as number, count: count as number };
}

const isTime = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;
