import { create } from "zustand";
import type { LogEntry } from "../../src/engine/protocol/index.ts";
import { onPush, request, useConnection } from "../connection/index.ts";

/** Lines that the page holds; then the oldest go. */
export const LINES_LIMIT = 10_000;
/** Lines of one request. */
const PIECE = 500;

interface Log {
  readonly lines: readonly LogEntry[];
  /** Virtual time of the oldest line, where older ones are no longer kept. */
  readonly begins: number | undefined;
  /** A device's name; empty for all. */
  readonly host: string;
  /** What a line must have in it, in any case. */
  readonly search: string;
  /** Whether the list goes on to the newest by itself. */
  readonly follows: boolean;
}

export const useLog = create<Log>(() => ({ lines: [], begins: undefined, host: "", search: "", follows: true }));

/** Lines that fit what is looked for. */
export function fitting(lines: readonly LogEntry[], host: string, search: string): readonly LogEntry[] {
  const wanted = search.trim().toLowerCase();
  if (host === "" && wanted === "") return lines;
  return lines.filter((line) => {
    if (host !== "" && line.host !== host) return false;
    return wanted === "" || `${line.program} ${line.text}`.toLowerCase().includes(wanted);
  });
}

/** Puts new lines behind those that are there, each once, and lets the oldest go. */
export function joined(lines: readonly LogEntry[], added: readonly LogEntry[]): readonly LogEntry[] {
  const next = (lines.at(-1)?.n ?? -1) + 1;
  const fresh = added.filter(({ n }) => n >= next);
  const all = fresh.length === 0 ? lines : [...lines, ...fresh];
  return all.length > LINES_LIMIT ? all.slice(-LINES_LIMIT) : all;
}

function add(added: readonly LogEntry[]): void {
  useLog.setState(({ lines }) => {
    const all = joined(lines, added);
    const first = all[0];
    return { lines: all, begins: first !== undefined && first.n > 0 ? first.at : undefined };
  });
}

/** All that the engine has, from the beginning. What is asked later takes the place of what is asked now. */
let asked = 0;
async function load(): Promise<void> {
  const own = ++asked;
  useLog.setState({ lines: [], begins: undefined });
  for (let from = 0; own === asked; ) {
    const { lines } = await request("log.lines", { from, count: PIECE });
    if (own !== asked) return;
    add(lines);
    if (lines.length < PIECE) return;
    from = (lines.at(-1)?.n ?? from) + 1;
  }
}

/** Called once: from then on the page has the log. */
export function beginLog(): void {
  let session = 0;
  // What breaks off is asked again in the next session.
  const again = (): void => void load().catch(() => {});
  const look = (now: number): void => {
    if (now === session) return;
    session = now;
    again();
  };
  useConnection.subscribe((state) => look(state.session));
  look(useConnection.getState().session);
  onPush("branch", again);
  onPush("log", ({ lines }) => {
    const next = (useLog.getState().lines.at(-1)?.n ?? -1) + 1;
    // Lines that were left out of a push, because there were too many, are asked for.
    if ((lines[0]?.n ?? next) > next && asked > 0) again();
    else add(lines);
  });
}
