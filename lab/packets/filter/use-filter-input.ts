import { type KeyboardEvent, type RefObject, useEffect, useRef, useState } from "react";
import { setFilter, useSelection } from "../../selection.ts";
import { loadHistory, remembered, saveHistory } from "./history.ts";
import { isLawful, useCheck, type Verdict } from "./use-check.ts";
import { useCompletion } from "./use-completion.ts";

/** A line of the list below the input. */
export interface Option {
  readonly text: string;
  readonly label: string;
  readonly choose: () => void;
}

export interface FilterInput {
  readonly ref: RefObject<HTMLInputElement | null>;
  readonly draft: string;
  readonly applied: string;
  readonly verdict: Verdict;
  readonly invalid: boolean;
  /** What the list below shows, while it is open. */
  readonly popup: "names" | "history" | undefined;
  readonly options: readonly Option[];
  /** Which of them Enter takes; −1 for none. */
  readonly active: number;
  readonly hasHistory: boolean;
  readonly type: (text: string, caret: number) => void;
  readonly apply: (filter: string) => void;
  readonly showHistory: () => void;
  readonly close: () => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
}

/** What is typed into the filter's input, and what comes of it. */
export function useFilterInput(): FilterInput {
  const applied = useSelection((all) => all.filter);
  const ref = useRef<HTMLInputElement>(null);
  const [draft, setDraft] = useState(applied);
  const [caret, setCaret] = useState(0);
  const [popup, setPopup] = useState<"names" | "history">();
  const [active, setActive] = useState(-1);
  const [history, remember] = useHistory();
  const applying = useApplying(remember);
  const verdict = useCheck(draft);
  const completion = useCompletion(draft, caret, popup === "names");
  useEffect(() => setDraft(applied), [applied]);
  const invalid = verdict.kind === "checked" && !verdict.check.ok;
  const show = (what: "names" | "history" | undefined): void => {
    setPopup(what);
    setActive(-1);
  };
  const apply = (filter: string): void => {
    show(undefined);
    const text = filter.trim();
    setDraft(text);
    applying.ask(text);
  };
  const insert = (from: number, name: string): void => {
    const at = from + name.length;
    setDraft(`${draft.slice(0, from)}${name}${draft.slice(caret)}`);
    setCaret(at);
    show(undefined);
    requestAnimationFrame(() => ref.current?.setSelectionRange(at, at));
  };
  const type = (text: string, at: number): void => {
    applying.forget();
    setDraft(text);
    setCaret(at);
    show("names");
  };
  const names = (completion?.candidates ?? []).map(
    ({ name, label }): Option => ({ text: name, label, choose: () => insert(completion?.from ?? 0, name) }),
  );
  const earlier = history.map((text): Option => ({ text, label: "", choose: () => apply(text) }));
  const options = popup === undefined ? [] : popup === "history" ? earlier : names;
  const close = (): void => show(undefined);
  const onKeyDown = (event: KeyboardEvent): void => {
    const choose = options[active]?.choose ?? (() => apply(draft));
    const reset = (): void => setDraft(applied);
    const browse = (): void => show(draft.trim() === "" ? "history" : "names");
    const handled = onComboKey(event, {
      count: options.length,
      active,
      changed: draft !== applied,
      setActive,
      browse,
      choose,
      close,
      reset,
    });
    if (handled) event.preventDefault();
  };
  const showHistory = (): void => {
    show("history");
    ref.current?.focus();
  };
  const hasHistory = history.length > 0;
  return {
    ref,
    draft,
    applied,
    verdict,
    invalid,
    popup,
    options,
    active,
    hasHistory,
    type,
    apply,
    showHistory,
    close,
    onKeyDown,
  };
}

/** Applies what Enter asked for, once it is known to be lawful, unless something else has been typed meanwhile. */
function useApplying(remember: (filter: string) => void) {
  const wished = useRef<string>(undefined);
  const forget = (): void => {
    wished.current = undefined;
  };
  const ask = (filter: string): void => {
    wished.current = filter;
    void isLawful(filter).then((lawful) => {
      if (!lawful || wished.current !== filter) return;
      setFilter(filter);
      remember(filter);
    });
  };
  return { ask, forget };
}

/** Filters that were applied before, kept for the next visit. */
function useHistory(): readonly [readonly string[], (filter: string) => void] {
  const [history, setHistory] = useState(() => loadHistory(localStorage));
  const remember = (filter: string): void => {
    const next = remembered(history, filter);
    setHistory(next);
    saveHistory(localStorage, next);
  };
  return [history, remember];
}

interface Combo {
  readonly count: number;
  readonly active: number;
  readonly changed: boolean;
  readonly setActive: (active: number) => void;
  readonly browse: () => void;
  readonly choose: () => void;
  readonly close: () => void;
  readonly reset: () => void;
}

/** The keys of a combobox (WAI-ARIA). @returns whether it was one */
function onComboKey(event: KeyboardEvent, combo: Combo): boolean {
  const { count, active } = combo;
  if (event.nativeEvent.isComposing) return false;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    const to = event.key === "ArrowDown" ? active + 1 : active < 0 ? count - 1 : active - 1;
    if (count === 0) combo.browse();
    else combo.setActive(to >= count ? -1 : to);
    return true;
  }
  if (event.key === "Enter") {
    combo.choose();
    return true;
  }
  if (event.key !== "Escape" || (count === 0 && !combo.changed)) return false;
  if (count > 0) combo.close();
  else combo.reset();
  return true;
}
