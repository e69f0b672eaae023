import { create } from "zustand";
import { type Params, type TextKey, text } from "../i18n/index.ts";
import { watchFocus } from "./focus.ts";
import { isShortcut, isWriting, type KeyPress } from "./shortcut.ts";

export type ActionGroup = "go" | "time" | "canvas" | "edit" | "packets" | "terminal" | "view" | "help";

/** Something that a person can do: the palette, menus, shortcuts and buttons all read this one list. */
export interface Action {
  /** `"time.play"` */
  readonly id: string;
  readonly group: ActionGroup;
  readonly text: TextKey;
  readonly params?: Params;
  /** As {@link isShortcut} reads it. */
  readonly shortcut?: string;
  /** The key is the field's own where text is written or selected, such as Ctrl-Z. */
  readonly leavesText?: true;
  /** The key does it only while the focus is in such an element, or nowhere. A selector. */
  readonly keyWithin?: string;
  /** What it does. Failures are its own to tell of. */
  readonly run: () => void;
  /** Whether it can be done now; always, unless told. */
  readonly enabled?: () => boolean;
}

interface Actions {
  readonly actions: readonly Action[];
}

export const useActions = create<Actions>(() => ({ actions: [] }));

/** Called by the `register.ts` of an area. An action of the same id is replaced. @returns what takes them away again */
export function registerActions(added: readonly Action[]): () => void {
  const ids = new Set(added.map(({ id }) => id));
  useActions.setState(({ actions }) => ({ actions: [...actions.filter(({ id }) => !ids.has(id)), ...added] }));
  return () => useActions.setState(({ actions }) => ({ actions: actions.filter((action) => !added.includes(action)) }));
}

export const isEnabled = (action: Action): boolean => action.enabled?.() ?? true;

export const findAction = (id: string): Action | undefined => useActions.getState().actions.find((a) => a.id === id);

/** Does an action, if there is one and it can be done. */
export function runAction(id: string): void {
  const action = findAction(id);
  if (action !== undefined && isEnabled(action)) action.run();
}

/** The action that a key does here. Where text is written, only shortcuts with Ctrl or ⌘ are ones. */
export function actionOf(press: KeyPress, target: EventTarget | null): Action | undefined {
  const writing = isWriting(target);
  return useActions.getState().actions.find(({ shortcut, leavesText, keyWithin }) => {
    if (shortcut === undefined || (writing && (leavesText || !shortcut.startsWith("Mod+")))) return false;
    return isShortcut(shortcut, press) && (keyWithin === undefined || isWithin(target, keyWithin));
  });
}

const PRESSED_BY_SPACE = "button, a, summary, [type=checkbox], [type=radio], [role=button], [role=tab]";

/** Whether the focus is in such an element, or nowhere. */
function isWithin(target: EventTarget | null, selector: string): boolean {
  const element = target as Element | null;
  if (element === null || typeof element.closest !== "function") return true;
  return element.tagName === "BODY" || element.closest(selector) !== null;
}

/** Lets keys do actions, wherever the focus is. @returns what ends that */
export function listenToKeys(): () => void {
  const focus = watchFocus();
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.isComposing || document.querySelector("dialog:modal") !== null) return;
    // Space presses what the keyboard has focused. What was clicked has the focus as well, but nobody wants to press it again.
    const presses = event.key === " " && !focus.isByPointer() && (event.target as Element).closest?.(PRESSED_BY_SPACE);
    const action = presses ? undefined : actionOf(event, event.target);
    if (action === undefined || (action.leavesText && (!isEnabled(action) || hasSelectedText()))) return;
    event.preventDefault();
    if (isEnabled(action)) action.run();
  };
  window.addEventListener("keydown", onKeyDown);
  return () => {
    focus.end();
    window.removeEventListener("keydown", onKeyDown);
  };
}

const hasSelectedText = (): boolean => getSelection()?.isCollapsed === false;

/** Those whose text has each of the words, in any case, first those that begin with them; all for no word. */
export function searchActions(actions: readonly Action[], words: string): Action[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  const nameOf = (action: Action): string => `${text(action.text, action.params)} ${action.id}`.toLowerCase();
  const found = actions.filter((action) => wanted.every((word) => nameOf(action).includes(word)));
  const begins = (action: Action): boolean => nameOf(action).startsWith(wanted.join(" "));
  return [...found.filter(begins), ...found.filter((action) => !begins(action))];
}
