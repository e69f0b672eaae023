import { create } from "zustand";
import type {
  DocumentAnswer,
  DocumentCommand,
  DocumentProblem,
  DocumentState,
  Method,
  Methods,
} from "../../src/engine/protocol/index.ts";
import { onPush, RequestError, request, useConnection } from "../connection/index.ts";
import { type TextKey, text, textOfCode } from "../i18n/index.ts";

/** An edit that wants the network to begin anew, until somebody has decided. */
export interface Anew {
  readonly again: () => Promise<Outcome>;
}

interface DocumentStore {
  /** The document as the engine last told it. */
  readonly document: DocumentState | undefined;
  /** What is said about the last edit; nobody has read it away yet. */
  readonly notice: { readonly text: string; readonly bad: boolean } | undefined;
  readonly anew: Anew | undefined;
}

export const useDocument = create<DocumentStore>(() => ({ document: undefined, notice: undefined, anew: undefined }));

/** What came of an edit. Problems have their text in the page's language. */
export type Outcome =
  | { readonly taken: true; readonly added: readonly string[] }
  | { readonly taken: false; readonly problems: readonly DocumentProblem[] };

let begun = false;

/** Asks for the document, from now on in each session. */
export function begin(): void {
  if (begun) return;
  begun = true;
  const ask = (): void => {
    request("document.get", {}).then(told, () => {});
  };
  onPush("document", ({ document }) => told(document));
  useConnection.subscribe((now, before) => {
    if (now.session !== before.session) ask();
  });
  if (useConnection.getState().session > 0) ask();
}

/** Until the document of a version has come. */
const awaited = new Set<{ readonly version: number; readonly come: () => void }>();

function told(document: DocumentState): void {
  useDocument.setState({ document });
  for (const one of awaited) {
    if (document.version < one.version) continue;
    awaited.delete(one);
    one.come();
  }
}

function until(version: number): Promise<void> {
  if ((useDocument.getState().document?.version ?? 0) >= version) return Promise.resolve();
  return new Promise((come) => awaited.add({ version, come }));
}

type Editing = "document.edit" | "document.replace" | "document.undo" | "document.redo";
type Asked<M extends Editing> = Omit<Methods[M]["params"], "version">;

/** Edits one after the other: each is of the document that the one before it made. */
let last: Promise<unknown> = Promise.resolve();

function inTurn<M extends Editing>(method: M, asked: Asked<M>): Promise<Outcome> {
  const outcome = last.then(() => ask(method, asked));
  last = outcome.catch(() => {});
  return outcome;
}

async function ask<M extends Editing>(method: M, asked: Asked<M>): Promise<Outcome> {
  const version = useDocument.getState().document?.version;
  if (version === undefined) return refused("disconnected", "The engine cannot be reached now.");
  try {
    const params = { ...asked, version } as unknown as Methods[M]["params"];
    const answer = (await request(method as Method, params as never)) as DocumentAnswer;
    if (!answer.taken) return { taken: false, problems: answer.problems.map(translated) };
    await until(answer.version);
    return { taken: true, added: answer.added };
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    const { code, text: english } = error.problem;
    // A key that was pressed once too often.
    if (code === "nothing-to-undo" || code === "nothing-to-redo") return { taken: true, added: [] };
    if (code === "begins-anew") {
      useDocument.setState({ anew: { again: () => inTurn(method, { ...asked, anew: true }) } });
    }
    return refused(code, english, error.problem.params);
  }
}

const refused = (code: string, english: string, params: DocumentProblem["params"] = {}): Outcome => ({
  taken: false,
  problems: [translated({ severity: "error", code, text: english, params })],
});

function translated(problem: DocumentProblem): DocumentProblem {
  return { ...problem, text: textOfCode("problems", problem.code, problem.params, problem.text) };
}

/** Does commands as one step. What the engine says against it is the caller's to show. */
export const tryEdit = (commands: readonly DocumentCommand[]): Promise<Outcome> =>
  commands.length === 0 ? Promise.resolve({ taken: true, added: [] }) : inTurn("document.edit", { commands });

/** As {@link tryEdit}; what the engine says against it is shown on the canvas. @returns whether it was done, and what was added */
export async function edit(commands: readonly DocumentCommand[]): Promise<readonly string[] | undefined> {
  return shown(await tryEdit(commands));
}

export const replaceText = (replacement: string): Promise<Outcome> => inTurn("document.replace", { text: replacement });

export const undo = (): void => void turn("document.undo", "edit.undone");
export const redo = (): void => void turn("document.redo", "edit.redone");

async function turn(method: "document.undo" | "document.redo", done: TextKey): Promise<void> {
  const { document } = useDocument.getState();
  const step = method === "document.undo" ? document?.undo[0] : document?.redo[0];
  const outcome = await inTurn(method, {});
  if (shown(outcome) !== undefined && step !== undefined) {
    say(text(done, { step: textOfCode("edit", `step.${step.what}`, { names: step.names.join(", ") }) }));
  }
}

/** Shows what is against an edit, or nothing any more. @returns what was added, if it was done */
export function shown(outcome: Outcome): readonly string[] | undefined {
  if (outcome.taken) {
    useDocument.setState({ notice: undefined });
    return outcome.added;
  }
  const { anew } = useDocument.getState();
  if (anew === undefined) say(textOf(outcome.problems), true);
  return undefined;
}

/** What is wrong, and what to do: errors only, if there are any. */
export function textOf(problems: readonly DocumentProblem[]): string {
  const errors = problems.filter(({ severity }) => severity === "error");
  const told = errors.length > 0 ? errors : problems;
  return [...new Set(told.map(({ text: what, hint }) => (hint === undefined ? what : `${what} (${hint})`)))].join("; ");
}

export const say = (words: string | undefined, bad = false): void =>
  useDocument.setState({ notice: words === undefined ? undefined : { text: words, bad } });

export const canUndo = (): boolean => (useDocument.getState().document?.undo.length ?? 0) > 0;
export const canRedo = (): boolean => (useDocument.getState().document?.redo.length ?? 0) > 0;
