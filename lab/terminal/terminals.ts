import { create } from "zustand";
import type { Problem } from "../../src/engine/protocol/index.ts";
import { onPush, RequestError, request, useConnection } from "../connection/index.ts";
import { openPanel } from "../frame/panels.ts";

/** Characters of one message; more are sent in several. */
const PIECE = 16_384;
/** What a terminal has until its panel has been measured. */
const FIRST_SIZE = { columns: 80, rows: 24 };
const KEPT = "netarium-screen-reader";

export interface OpenTerminal {
  readonly terminal: number;
  readonly host: string;
}

interface Terminals {
  readonly terminals: readonly OpenTerminal[];
  /** The one that is shown. */
  readonly active: number | undefined;
  /** Grows with each time that the keyboard is to go into the one that is shown. */
  readonly focused: number;
  /** Whether xterm keeps what it shows where screen readers find it. */
  readonly screenReader: boolean;
  readonly problem: Problem | undefined;
}

export const useTerminals = create<Terminals>(() => ({
  terminals: [],
  active: undefined,
  focused: 0,
  screenReader: localStorage.getItem(KEPT) === "on",
  problem: undefined,
}));

/** Names of the devices that have a shell. */
export const hostsOf = ({ network }: ReturnType<typeof useConnection.getState>): readonly string[] =>
  (network?.devices ?? []).filter(({ kind }) => kind === "host" || kind === "router").map(({ name }) => name);

/** Opens a terminal on a host, and types in it. */
export async function openTerminal(host: string): Promise<void> {
  openPanel("terminal", false);
  try {
    const { terminal } = await request("terminal.open", { host, ...FIRST_SIZE });
    useTerminals.setState(({ terminals, focused }) => ({
      terminals: [...terminals.filter((each) => each.terminal !== terminal), { terminal, host }],
      active: terminal,
      focused: focused + 1,
      problem: undefined,
    }));
  } catch (error) {
    fail(error);
  }
}

/** To the terminal that is open on a host, or to a new one. */
export function goToTerminal(host: string): void {
  const open = useTerminals.getState().terminals.find((each) => each.host === host);
  if (open === undefined) void openTerminal(host);
  else focusTerminal(open.terminal);
}

export function focusTerminal(terminal: number | undefined = useTerminals.getState().active): void {
  openPanel("terminal", false);
  useTerminals.setState(({ focused }) => ({ active: terminal, focused: focused + 1 }));
}

export function closeTerminal(terminal: number): void {
  request("terminal.close", { terminal }).catch(fail);
  forget(terminal);
}

export function type(terminal: number, text: string): void {
  for (let at = 0; at < text.length; at += PIECE) {
    request("terminal.input", { terminal, text: text.slice(at, at + PIECE) }).catch(fail);
  }
}

export function resize(terminal: number, columns: number, rows: number): void {
  request("terminal.resize", { terminal, columns, rows }).catch(() => {});
}

export function setScreenReader(on: boolean): void {
  localStorage.setItem(KEPT, on ? "on" : "off");
  useTerminals.setState({ screenReader: on });
}

/** What stands on a terminal; undefined when there is none of the number. */
export async function shownOn(terminal: number): Promise<string | undefined> {
  const { terminals } = await request("terminal.list", {});
  return terminals.find((each) => each.terminal === terminal)?.shown;
}

function forget(terminal: number): void {
  useTerminals.setState(({ terminals, active, focused }) => {
    const at = terminals.findIndex((each) => each.terminal === terminal);
    const left = terminals.filter((each) => each.terminal !== terminal);
    if (active !== terminal) return { terminals: left };
    return { terminals: left, active: (left[at] ?? left.at(-1))?.terminal, focused: focused + 1 };
  });
}

function fail(error: unknown): void {
  if (!(error instanceof RequestError)) throw error;
  // What is gone is told elsewhere, and what stood on the terminals comes again.
  if (error.problem.code !== "disconnected") useTerminals.setState({ problem: error.problem });
}

export const dismiss = (): void => useTerminals.setState({ problem: undefined });

/** Learns which terminals there are: at first, after a break, and when a network has taken another's place. */
async function list(): Promise<void> {
  try {
    const { terminals } = await request("terminal.list", {});
    keep(terminals);
  } catch (error) {
    // After a rewind they are told unasked.
    if (!(error instanceof RequestError && error.problem.code === "replaying")) fail(error);
  }
}

function keep(terminals: readonly OpenTerminal[]): void {
  useTerminals.setState(({ active }) => ({
    terminals: terminals.map(({ terminal, host }) => ({ terminal, host })),
    active: terminals.some(({ terminal }) => terminal === active) ? active : terminals.at(-1)?.terminal,
  }));
}

/** Called once: from then on the page knows the engine's terminals. */
export function beginTerminals(): void {
  let session = 0;
  const look = (now: number): void => {
    if (now === session) return;
    session = now;
    void list();
  };
  useConnection.subscribe((state) => look(state.session));
  look(useConnection.getState().session);
  onPush("terminals", ({ terminals }) => keep(terminals));
  onPush("terminal-closed", ({ terminal }) => forget(terminal));
  onPush("terminal", ({ terminal }) => {
    if (!useTerminals.getState().terminals.some((each) => each.terminal === terminal)) void list();
  });
}
