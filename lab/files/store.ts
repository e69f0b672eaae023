import { create } from "zustand";
import type { ExampleInfo } from "../../src/engine/protocol/index.ts";
import { RequestError, request, useConnection } from "../connection/index.ts";
import { say, textOf, useDocument } from "../edit/document.ts";
import { openPanel, type PanelId, usePanels } from "../frame/panels.ts";
import { text, textOfCode } from "../i18n/index.ts";
import { save } from "../packets/export.ts";
import { selectDevice, setFilter, useSelection } from "../selection.ts";
import { forget, type Kept, keep, lost } from "./kept.ts";
import { LINK_LIMIT, type Link, readLink, writeLink } from "./link.ts";

/** A network that is to take the place of this one. */
export interface Opening {
  readonly text?: string;
  readonly example?: string;
  /** What it is called to people. */
  readonly file: string;
  readonly play?: boolean;
  readonly link?: Link;
}

interface Files {
  /** What waits for a word, because this network was edited and not saved. */
  readonly asking: Opening | undefined;
  readonly examples: readonly ExampleInfo[] | undefined;
  /** What an engine that ended has taken with it, and this browser has kept. */
  readonly kept: Kept | undefined;
}

export const useFiles = create<Files>(() => ({ asking: undefined, examples: undefined, kept: undefined }));

export const NEW_NETWORK = "netarium: 1\ndevices: {}\n";
/** Octets of a file that is opened. */
const FILE_LIMIT = 2 ** 20;

const isChanged = (): boolean => useDocument.getState().document?.changed === true;

/** Opens a network; asks first if this one was edited and not saved. */
export function open(opening: Opening): void {
  useFiles.setState({ examples: undefined });
  if (isChanged()) useFiles.setState({ asking: opening });
  else void openNow(opening);
}

/** Opens a network, whatever becomes of this one. */
export async function openNow({ text: written, example, file, play, link }: Opening): Promise<void> {
  useFiles.setState({ asking: undefined, kept: undefined });
  try {
    const params = { ...(written !== undefined && { text: written, file }), ...(example !== undefined && { example }) };
    const answer = await request("document.open", { ...params, ...(play !== undefined && { play }) });
    if (!answer.taken) {
      say(text("edit.notOpened", { file, why: textOf(answer.problems) }), true);
      return;
    }
    selectDevice(undefined);
    say(text(play ? "edit.opened" : "edit.openedPaused", { file }));
    if (link?.filter !== undefined) setFilter(link.filter);
    const panel = usePanels.getState().panels.find(({ id }) => id === link?.panel)?.id;
    if (panel !== undefined) openPanel(panel as PanelId, false);
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    const { code, params, text: english } = error.problem;
    say(text("edit.notOpened", { file, why: textOfCode("problems", code, params, english) }), true);
  }
}

/** Lets somebody choose a file of theirs. */
export function chooseFile(): void {
  const input = document.createElement("input");
  input.type = "file";
  input.accept = ".yaml,.yml,.json,text/yaml";
  input.onchange = () => void openFile(input.files?.[0]);
  input.click();
}

export async function openFile(file: File | undefined): Promise<void> {
  if (file === undefined) return;
  if (file.size > FILE_LIMIT) say(text("edit.fileTooLarge", { file: file.name }), true);
  else open({ text: await file.text(), file: file.name });
}

/** Saves the document as the browser saves files, and says so to the engine. */
export async function saveFile(): Promise<void> {
  const { document } = useDocument.getState();
  if (document === undefined) return;
  const name = document.file.split(/[\\/]/).at(-1) || "network.yaml";
  save(/\.\w+$/.test(name) ? name : `${name}.yaml`, [document.text], "application/yaml");
  await request("document.saved", { version: document.version }).catch(() => {});
}

export async function showExamples(): Promise<void> {
  try {
    const { examples } = await request("document.examples", {});
    useFiles.setState({ examples });
  } catch (error) {
    if (error instanceof RequestError)
      say(textOfCode("problems", error.problem.code, error.problem.params, error.problem.text), true);
  }
}

/** Copies an address that carries the whole network, with the filter and panel of now. */
export async function copyLink(): Promise<void> {
  const { document } = useDocument.getState();
  if (document === undefined) return;
  const { filter } = useSelection.getState();
  const fragment = await writeLink({ text: document.text, filter, panel: usePanels.getState().side });
  if (fragment.length > LINK_LIMIT) {
    say(text("edit.linkTooLarge"), true);
    return;
  }
  try {
    await navigator.clipboard.writeText(`${location.href.split("#")[0]}#${fragment}`);
    say(text("edit.linkCopied"));
  } catch {
    say(text("edit.linkNotCopied"), true);
  }
}

/** The network in the page's address, once there is an engine to open it. It leaves the address bar, where it is long. */
async function openLink(fragment: string): Promise<void> {
  const link = await readLink(fragment);
  if (link === undefined) return;
  history.replaceState(null, "", location.pathname + location.search);
  if (typeof link === "string") say(text(link === "link-too-large" ? "edit.linkTooLarge" : "edit.linkBroken"), true);
  else open({ text: link.text, file: text("edit.linkFile"), link });
}

/** Looks at links, and keeps what is edited, from now on. */
export function begin(): void {
  let fragment = location.hash.slice(1);
  let seen = "";
  window.addEventListener("hashchange", () => void openLink(location.hash.slice(1)));
  const look = (): void => {
    const { document } = useDocument.getState();
    const engine = useConnection.getState().welcome?.engine;
    if (document === undefined || engine === undefined) return;
    if (seen !== engine) {
      seen = engine;
      useFiles.setState({ kept: lost(localStorage, document.file, engine, document.text) });
      if (fragment !== "") void openLink(fragment);
      fragment = "";
    }
    if (document.changed) keep(localStorage, { file: document.file, text: document.text, at: Date.now(), engine });
    else if (useFiles.getState().kept === undefined) forget(localStorage, document.file);
  };
  useDocument.subscribe((now, before) => {
    if (now.document !== before.document) look();
  });
}

/** Goes on with what was kept. */
export async function takeKept(): Promise<void> {
  const { kept } = useFiles.getState();
  if (kept !== undefined) await openNow({ text: kept.text, file: kept.file });
}

export function dropKept(): void {
  const { kept } = useFiles.getState();
  useFiles.setState({ kept: undefined });
  if (kept !== undefined) forget(localStorage, kept.file);
}
