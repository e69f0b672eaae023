import { create } from "zustand";
import type { DocumentProblem } from "../../../src/engine/protocol/index.ts";
import { request } from "../../connection/index.ts";
import { replaceText, useDocument } from "../document.ts";

/** What is typed beside the network and is not the document yet. */
interface Typed {
  /** Undefined while the editor shows the document as it is. */
  readonly text: string | undefined;
  /** The document's text when one began to type: if that is another now, somebody has edited it meanwhile. */
  readonly base: string;
  /** What is wrong with the text that is shown. */
  readonly problems: readonly DocumentProblem[];
}

const KEPT = "netarium-typed";
/** So long after a key what was typed is looked at. Milliseconds. */
const PAUSE = 500;

function kept(): Typed {
  const none = { text: undefined, base: "", problems: [] };
  try {
    const { text, base } = JSON.parse(sessionStorage.getItem(KEPT) ?? "{}") as Partial<Typed>;
    return typeof text === "string" && typeof base === "string" ? { text, base, problems: [] } : none;
  } catch {
    return none;
  }
}

export const useTyped = create<Typed>(kept);

function keep(next: Partial<Typed>): void {
  useTyped.setState(next);
  const { text, base } = useTyped.getState();
  try {
    if (text === undefined) sessionStorage.removeItem(KEPT);
    else sessionStorage.setItem(KEPT, JSON.stringify({ text, base }));
  } catch {
    // Without room in the browser's storage it is kept for as long as the page is open.
  }
}

const documentText = (): string => useDocument.getState().document?.text ?? "";

let timer: ReturnType<typeof setTimeout> | undefined;

/** The text in the editor is another now, by hand. */
export function typed(text: string): void {
  const { text: before, base } = useTyped.getState();
  clearTimeout(timer);
  if (text === documentText()) {
    leave();
    return;
  }
  keep({ text, base: before === undefined ? documentText() : base });
  timer = setTimeout(() => void check(), PAUSE);
}

async function check(): Promise<void> {
  const { text } = useTyped.getState();
  if (text === undefined) return;
  try {
    const { problems } = await request("document.check", { text });
    if (useTyped.getState().text === text) keep({ problems });
  } catch {
    // The connection says that it is gone.
  }
}

/** Makes what was typed the document. @returns whether it is */
export async function apply(): Promise<boolean> {
  const { text } = useTyped.getState();
  if (text === undefined) return true;
  clearTimeout(timer);
  const outcome = await replaceText(text);
  if (outcome.taken) {
    // What has been typed since stays.
    if (useTyped.getState().text === text) leave();
    return true;
  }
  keep({ problems: outcome.problems });
  return false;
}

/** Goes back to the document. */
export function leave(): void {
  clearTimeout(timer);
  keep({ text: undefined, base: "", problems: [] });
}

/** Whether the network was edited elsewhere since one began to type. */
export const isOvertaken = ({ text, base }: Typed, document: string): boolean =>
  text !== undefined && base !== document;
