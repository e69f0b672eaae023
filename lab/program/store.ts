import { create } from "zustand";
import type { LogEntry, Methods } from "../../src/engine/protocol/index.ts";
import { onPush, type RequestError, request, useConnection } from "../connection/index.ts";
import type { CodeProblem } from "../editor/code-editor.tsx";
import { useLog } from "../log/lines.ts";
import { hostsOf } from "../terminal/terminals.ts";

type Launched = Methods["program.list"]["result"]["programs"][number];

/** Where the text is kept between visits. */
const KEPT = "netarium-program";
const NAME = "program.ts";

interface ProgramState {
  readonly name: string;
  readonly source: string;
  /** Where it runs; the first host unless chosen. */
  readonly host: string;
  /** Those that were run, the newest last. */
  readonly launched: readonly Launched[];
  /** The one whose output is shown, by its number, and the text that it was. */
  readonly run: number | undefined;
  readonly ran: string;
  /** Why it could not be run or stopped. */
  readonly refused: RequestError | undefined;
}

export const useProgram = create<ProgramState>(() => ({
  ...kept(),
  host: "",
  launched: [],
  run: undefined,
  ran: "",
  refused: undefined,
}));

/** The text of the last visit; none until the panel puts an example there. */
function kept(): { readonly name: string; readonly source: string } {
  try {
    const { name, source } = JSON.parse(localStorage.getItem(KEPT) ?? "null") ?? {};
    if (typeof name === "string" && typeof source === "string") return { name, source };
  } catch {
    // As if there had been no visit.
  }
  return { name: NAME, source: "" };
}

/** Another text, or another name; kept for the next visit. */
export function write(change: Partial<Pick<ProgramState, "name" | "source">>): void {
  useProgram.setState(change);
  const { name, source } = useProgram.getState();
  try {
    localStorage.setItem(KEPT, JSON.stringify({ name, source }));
  } catch {
    // Where nothing is kept the text is there until the page is left.
  }
}

/** The host that it runs on. */
export function hostOf({ host }: Pick<ProgramState, "host">): string | undefined {
  const hosts = hostsOf(useConnection.getState());
  return hosts.includes(host) ? host : hosts[0];
}

export async function runProgram(): Promise<void> {
  const { name, source, ...state } = useProgram.getState();
  const host = hostOf(state);
  if (host === undefined) return;
  await asked(async () => {
    const { run } = await request("program.run", { host, name: nameOf(name), source });
    useProgram.setState({ run, ran: source });
  });
}

export async function stopProgram(): Promise<void> {
  const current = currentOf(useProgram.getState());
  if (current !== undefined) await asked(async () => void (await request("program.stop", { program: current.name })));
}

/** A name that the engine takes. */
const nameOf = (name: string): string => (/^[A-Za-z][\w.-]{0,63}$/.test(name) ? name : NAME);

async function asked(ask: () => Promise<void>): Promise<void> {
  try {
    await ask();
    useProgram.setState({ refused: undefined });
  } catch (error) {
    useProgram.setState({ refused: error as RequestError });
  }
  await look();
}

/** The one whose output is shown, once it has begun. */
export const currentOf = ({ launched, run }: Pick<ProgramState, "launched" | "run">): Launched | undefined =>
  launched.find((each) => each.run === run);

export const isRunning = (state: Pick<ProgramState, "launched" | "run">): boolean => {
  const { state: now } = currentOf(state) ?? {};
  return now === "running" || now === "waiting";
};

/** What a program has written, of the lines of all. */
export const linesOf = (lines: readonly LogEntry[], name: string | undefined): readonly LogEntry[] =>
  name === undefined ? [] : lines.filter(({ run }) => run === name);

/** Where it failed, as long as its text is the one that ran. */
export function problemsOf(lines: readonly LogEntry[], isSame: boolean): readonly CodeProblem[] {
  if (!isSame) return [];
  return lines.flatMap(({ code, params: { line, column, why } }) =>
    code === "program-failed" && typeof line === "number"
      ? [{ line, column: typeof column === "number" ? column : undefined, text: String(why) }]
      : [],
  );
}

async function look(): Promise<void> {
  try {
    const { programs } = await request("program.list", {});
    const before = JSON.stringify(useProgram.getState().launched);
    if (JSON.stringify(programs) !== before) useProgram.setState({ launched: programs });
  } catch {
    // Asked again at the next change.
  }
}

/** Called once: from then on the page knows how programs stand. */
export function beginPrograms(): void {
  let asked = false;
  const soon = (): void => {
    const { run } = useProgram.getState();
    if (asked || run === undefined) return;
    asked = true;
    setTimeout(() => {
      asked = false;
      void look();
    }, 200);
  };
  onPush("state", () => (isRunning(useProgram.getState()) || currentOf(useProgram.getState()) === undefined) && soon());
  onPush("log", soon);
  onPush("branch", soon);
  useLog.subscribe(soon);
}
