import { parseCall } from "./parse-call.ts";
import { parsePacket } from "./parse-packet.ts";
import { preprocess } from "./preprocess.ts";
import { Scanner } from "./scanner.ts";
import type { Action, Script, ScriptEvent, ScriptOption, Time } from "./script.ts";
import { ScriptError } from "./script-error.ts";

/**
 * Reads a script in packetdrill's notation.
 * @param defined the names for which `#ifdef` holds
 * @throws ScriptError
 */
export function parseScript(text: string, defined: ReadonlySet<string> = new Set()): Script {
  const scanner = new Scanner(preprocess(text.replaceAll("\r\n", "\n"), defined));
  const options: ScriptOption[] = [];
  const events: ScriptEvent[] = [];
  while (!scanner.atEnd) {
    const { line } = scanner;
    const [, name, value = ""] = scanner.take(/--([a-zA-Z_]\w*)(?:=(\S*))?/) ?? [];
    if (name === "ip_version" && value === "ipv6") throw new ScriptError(line, "IPv6 is not supported yet");
    if (name !== undefined) options.push({ line, name, value: value.replace(/^"(.*)"$/, "$1") });
    else events.push(parseEvent(scanner, line));
  }
  return { options, events };
}

/** In `0...0.2` the first number takes no dot of the ellipsis. */
const NUMBER = String.raw`(\d+(?:\.(?!\.)\d*)?|\.\d+)`;
const TIME = new RegExp(String.raw`(\+?)\s*${NUMBER}(?:\s*~\s*\+?\s*${NUMBER}|\s*\.\.\.\s*\+?\s*${NUMBER})?`);

function parseEvent(scanner: Scanner, line: number): ScriptEvent {
  const { time, end } = parseTime(scanner);
  return { line, time, end, action: parseAction(scanner) };
}

/** A time may be missing before a shell line or a block of code; then it is at once. */
function parseTime(scanner: Scanner): { time: Time; end: number | undefined } {
  if (scanner.take(/\*/) !== undefined) return { time: { kind: "any" }, end: undefined };
  const [whole, plus, at, latest, end] = scanner.take(TIME) ?? [];
  if (whole === undefined) {
    if (scanner.sees(/`|%\{/)) return { time: { kind: "relative", at: 0, latest: undefined }, end: undefined };
    scanner.fail("expected a time, an option or a line of shell");
  }
  const nanoseconds = (text: string | undefined): number | undefined =>
    text === undefined ? undefined : Math.round(Number(text) * 1e9);
  const kind = plus === "+" ? "relative" : "absolute";
  return { time: { kind, at: nanoseconds(at) ?? 0, latest: nanoseconds(latest) }, end: nanoseconds(end) };
}

function parseAction(scanner: Scanner): Action {
  const shell = scanner.take(/`([^`]*)`/)?.[1];
  if (shell !== undefined) return { kind: "shell", text: shell.trim() };
  const code = scanner.take(/%\{([\s\S]*?)\}%/)?.[1];
  if (code !== undefined) return { kind: "code", text: code.trim() };
  if (scanner.take(/</) !== undefined) return { kind: "packet", direction: "in", packet: parsePacket(scanner) };
  if (scanner.take(/>/) !== undefined) return { kind: "packet", direction: "out", packet: parsePacket(scanner) };
  return { kind: "call", call: parseCall(scanner) };
}
