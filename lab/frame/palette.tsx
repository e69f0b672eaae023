import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { useText } from "../i18n/index.ts";
import { IS_MAC } from "./action-button.tsx";
import { type Action, isEnabled, searchActions, useActions } from "./actions.ts";
import { Dialog } from "./dialog.tsx";
import { GROUP_NAMES } from "./groups.ts";
import { openOverlay } from "./overlays.ts";
import { keysOf } from "./shortcut.ts";

const LIST = "palette-list";
const optionId = (index: number): string => `palette-${index}`;

/** Finds every action by a word of its name: a combobox whose list is always open. */
export function Palette(): ReactNode {
  const t = useText();
  const actions = useActions((state) => state.actions);
  const [words, setWords] = useState("");
  const [at, setAt] = useState(0);
  const found = searchActions(
    actions.filter(({ id }) => id !== "help.palette"),
    words,
  );
  const active = Math.min(at, found.length - 1);
  const run = (action: Action | undefined): void => {
    if (action === undefined || !isEnabled(action)) return;
    openOverlay(undefined);
    // Once the dialog has given the focus back, so that an action may take it.
    requestAnimationFrame(action.run);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const moves = { ArrowDown: active + 1, ArrowUp: active - 1, PageDown: active + 8, PageUp: active - 8 };
    const to = moves[event.key as keyof typeof moves];
    if (to !== undefined) setAt(Math.max(0, Math.min(found.length - 1, to)));
    else if (event.key === "Enter") run(found[active]);
    else return;
    event.preventDefault();
  };
  return (
    <Dialog title={t("frame.palette")} onClose={() => openOverlay(undefined)} className="palette">
      <input
        className="field"
        role="combobox"
        aria-expanded="true"
        aria-controls={LIST}
        aria-activedescendant={found.length > 0 ? optionId(active) : undefined}
        aria-label={t("frame.palette")}
        placeholder={t("frame.paletteHint")}
        data-autofocus
        value={words}
        onChange={(event) => {
          setWords(event.target.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
      />
      <span className="unseen" role="status">
        {t("frame.paletteCount", { count: found.length })}
      </span>
      {found.length === 0 ? (
        <p className="palette-none muted">{t("frame.paletteNone")}</p>
      ) : (
        <Options found={found} active={active} onRun={run} onActive={setAt} />
      )}
    </Dialog>
  );
}

interface OptionsProps {
  readonly found: readonly Action[];
  readonly active: number;
  readonly onRun: (action: Action) => void;
  readonly onActive: (index: number) => void;
}

function Options({ found, active, onRun, onActive }: OptionsProps): ReactNode {
  const t = useText();
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.children[active]?.scrollIntoView({ block: "nearest" });
  }, [active]);
  return (
    <div ref={list} id={LIST} className="palette-list" role="listbox" aria-label={t("frame.palette")}>
      {found.map((action, index) => (
        // The field keeps the focus and its keys; the pointer may choose here.
        // biome-ignore lint/a11y/useKeyWithClickEvents: see above
        <div
          key={action.id}
          id={optionId(index)}
          role="option"
          tabIndex={-1}
          aria-selected={index === active}
          aria-disabled={!isEnabled(action)}
          onClick={() => onRun(action)}
          onPointerMove={() => onActive(index)}
        >
          <span className="muted">{t(GROUP_NAMES[action.group])}</span>
          <span className="grow">{t(action.text, action.params)}</span>
          <Keys shortcut={action.shortcut} />
        </div>
      ))}
    </div>
  );
}

/** The keys of a shortcut. */
export function Keys({ shortcut }: { readonly shortcut: string | undefined }): ReactNode {
  if (shortcut === undefined) return null;
  return (
    <span className="keys">
      {keysOf(shortcut, IS_MAC).map((key) => (
        <kbd key={key}>{key}</kbd>
      ))}
    </span>
  );
}
