import type { Command } from "./command.ts";
import { harmless } from "./terminal/harmless.ts";

/** What may be written on a host. */
export interface Known {
  readonly commands: readonly Pick<Command, "name" | "usage">[];
  /** Names and addresses of hosts. */
  readonly hosts: readonly string[];
  readonly files: readonly string[];
  /** Whether `@host` leads to another one. */
  readonly switches: boolean;
}

export interface Completion {
  /** How many characters before the cursor the candidates are of. */
  readonly length: number;
  /** Whole, sorted, each once. */
  readonly candidates: readonly string[];
}

/**
 * Whether a file's name can stand in a line, and on a terminal, as it is. A server may have chosen it (`curl -OJ`), and what completes a
 * line is drawn as if it had been typed.
 */
const isWord = (name: string): boolean => harmless(name) === name && /^[^\s;&|<>()"'\\$#*?`]+$/.test(name);

const FILE_COMMANDS: readonly string[] = ["cat", "rm"];

/** What a line up to the cursor may go on with. */
export function complete(line: string, known: Known): Completion {
  const [word = ""] = /[^\s;&|<>"']*$/.exec(line) ?? [];
  const before = line.slice(0, line.length - word.length);
  const [, current = ""] = /(?:^|[;&|])\s*([^;&|]*)$/.exec(before) ?? [];
  const words = current.trim().split(/\s+/).filter(Boolean);
  if (known.switches && /^(?:@\S+|\S+\$)$/.test(words[0] ?? "")) words.shift();
  const [name] = words;
  if (known.switches && current.trim() === "" && word.startsWith("@"))
    return among(
      word,
      known.hosts.map((host) => `@${host}`),
    );
  if (/[<>]\s*$/.test(before) || FILE_COMMANDS.includes(name ?? "")) return among(word, known.files.filter(isWord));
  if (name === undefined)
    return among(
      word,
      known.commands.map((command) => command.name),
    );
  if (word.startsWith("-"))
    return among(word, optionsOf(known.commands.find((command) => command.name === name)?.usage));
  if (name === "help")
    return among(
      word,
      known.commands.map((command) => command.name),
    );
  // The host of a URL, and dig's server.
  const [part = ""] = /[^/@]*$/.exec(word) ?? [];
  return among(part, known.hosts);
}

function among(word: string, all: readonly string[]): Completion {
  const candidates = [...new Set(all)].filter((each) => each.startsWith(word)).sort();
  return { length: [...word].length, candidates };
}

/** `-k`, `-l` and `-w` of `"[-kl] [-w seconds]"`. */
function optionsOf(usage = ""): string[] {
  const long = [...usage.matchAll(/(?<![\w-])--[a-z][a-z-]*/g)].map(([option]) => option);
  const words = [...usage.matchAll(/(?<![\w-])-([A-Za-z0-9]+)(=?)/g)];
  return [
    ...long,
    ...words.flatMap(([, letters = "", value]) =>
      value ? [`-${letters}=`] : [...letters].map((letter) => `-${letter}`),
    ),
  ];
}

/** What all candidates begin with. */
export function commonStart(candidates: readonly string[]): string {
  const [first = "", ...rest] = candidates;
  let length = first.length;
  for (const each of rest) while (!each.startsWith(first.slice(0, length))) length--;
  return first.slice(0, length);
}

/** Candidates in columns, down and then across, as shells list them. */
export function inColumns(candidates: readonly string[], columns: number): string {
  const width = Math.max(...candidates.map((each) => each.length)) + 2;
  const across = Math.max(1, Math.floor(columns / width));
  const down = Math.ceil(candidates.length / across);
  const lines = Array.from({ length: down }, (_, row) =>
    candidates
      .filter((_, index) => index % down === row)
      .map((each) => each.padEnd(width))
      .join("")
      .trimEnd(),
  );
  return lines.map((line) => `${line}\n`).join("");
}
