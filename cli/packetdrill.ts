import { readFileSync } from "node:fs";
import { runPacketScript, type ScriptResult } from "../src/network/packet-script/index.ts";
import { counted, printableLines } from "./output.ts";
import { EXIT_DONE, EXIT_FAILED, fileError, UsageError } from "./usage-error.ts";

export interface PacketdrillOptions {
  /** Names for which `#ifdef` holds. */
  readonly define: ReadonlySet<string>;
  /** Options as of a script, by name. */
  readonly option: ReadonlyMap<string, string>;
  /** Tells every line that was passed over. */
  readonly verbose: boolean;
}

/** Adds a name to those given before. */
export const parseDefine = (name: string, before: ReadonlySet<string>): ReadonlySet<string> =>
  new Set([...before, name]);

/** Adds `name=value` to those given before. @throws UsageError when it is not of that form */
export function parseOption(text: string, before: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const [, name, value] = /^(\w+)=(.*)$/.exec(text) ?? [];
  if (name === undefined || value === undefined) throw new UsageError(`--option ${text}: it is NAME=VALUE`);
  return new Map([...before, [name, value]]);
}

/** `netarium packetdrill FILE…`. @returns the exit code @throws UsageError when a file cannot be read */
export async function packetdrill(files: readonly string[], options: PacketdrillOptions): Promise<number> {
  const scripts = files.map((file) => ({ file, text: readScript(file) }));
  let failed = 0;
  for (const { file, text } of scripts) {
    const result = await runPacketScript(text, {
      defined: options.define,
      options: Object.fromEntries(options.option),
    });
    if (!result.ok) failed++;
    console.log(printableLines(report(file, result, options.verbose)));
  }
  if (files.length > 1) console.log(`${counted(files.length, "script")}, ${failed} failed`);
  return failed === 0 ? EXIT_DONE : EXIT_FAILED;
}

function readScript(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw fileError(file, error);
  }
}

function report(file: string, result: ScriptResult, verbose: boolean): string {
  const { ok, line, message = "", notes } = result;
  const remarks = verbose ? notes.map((note) => `${file}:${note.line}: note: ${note.text}`) : [];
  const hint = notes.length > 0 && !verbose ? ` (${counted(notes.length, "note")}: --verbose)` : "";
  const verdict = ok ? `ok   ${file}${hint}` : `fail ${file}:${line}: ${message.replaceAll("\n", "\n       ")}`;
  return [...remarks, verdict].join("\n");
}
