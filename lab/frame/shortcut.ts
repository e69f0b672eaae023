/** What of a key event decides which shortcut it is. */
export interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

/**
 * Whether a key is a shortcut: `"Mod+K"` (Ctrl, or ⌘ on a Mac), `"Shift+F5"`, `"Alt+1"`, `"?"`, `"Space"`, `"["`. Shift counts only for
 * keys of more than one letter: `"?"` is one wherever it is on the keyboard.
 */
export function isShortcut(shortcut: string, press: KeyPress): boolean {
  const parts = shortcut.split(/\+(?=.)/);
  const key = parts.pop() as string;
  const named = key === "Space" ? " " : key;
  if (press.key.toLowerCase() !== named.toLowerCase()) return false;
  if ((press.ctrlKey || press.metaKey) !== parts.includes("Mod")) return false;
  if (press.altKey !== parts.includes("Alt")) return false;
  const shifts = key.length > 1 || /^[a-z]$/i.test(key);
  return !shifts || press.shiftKey === parts.includes("Shift");
}

const MAC: Readonly<Record<string, string>> = { Mod: "⌘", Alt: "⌥", Shift: "⇧" };
const ELSEWHERE: Readonly<Record<string, string>> = { Mod: "Ctrl" };
const KEYS: Readonly<Record<string, string>> = { ArrowLeft: "←", ArrowRight: "→", ArrowUp: "↑", ArrowDown: "↓" };

/** The keys of a shortcut, as they are written on the keyboard. */
export function keysOf(shortcut: string, mac: boolean): string[] {
  const names = mac ? MAC : ELSEWHERE;
  return shortcut.split(/\+(?=.)/).map((part) => names[part] ?? KEYS[part] ?? part);
}

/** Whether what is typed there is text, so that a key without Ctrl or ⌘ is a letter. */
export function isWriting(target: EventTarget | null): boolean {
  const element = target as HTMLElement | null;
  if (element === null || typeof element.closest !== "function") return false;
  return (
    element.closest("input:not([type=checkbox], [type=radio], [type=range]), textarea, select, [contenteditable]") !==
    null
  );
}
