import { type ReactNode, type RefObject, useEffect, useId, useRef } from "react";
import { useText } from "../../i18n/index.ts";
import { problemText } from "../problem.ts";
import { leaveStream } from "../session.ts";
import { usePackets } from "../store.ts";
import { FILTER_ID } from "./filter-id.ts";
import { Meant } from "./meant.tsx";
import type { Verdict } from "./use-check.ts";
import { type FilterInput, useFilterInput } from "./use-filter-input.ts";

type State = "empty" | "checking" | "valid" | "applied" | "invalid";
const SIGNS: Readonly<Record<State, string>> = { empty: "⌕", valid: "✓", applied: "✓", invalid: "✕", checking: "…" };

/** The display filter: green or red while it is typed, applied with Enter. */
export function FilterBar(): ReactNode {
  const t = useText();
  const id = useId();
  const filter = useFilterInput();
  const { draft, applied, verdict, invalid, options, active } = filter;
  const shown = options.length > 0;
  const state = draft.trim() === "" ? "empty" : stateOf(verdict, draft === applied);
  return (
    <div className="filter-bar" data-state={state}>
      <div className="filter-box">
        <span className="filter-sign" aria-hidden="true">
          {SIGNS[state]}
        </span>
        <div className="filter-line">
          <Underlined text={draft} verdict={verdict} input={filter.ref} />
          <input
            ref={filter.ref}
            id={FILTER_ID}
            type="text"
            role="combobox"
            aria-label={t("packets.filter")}
            aria-autocomplete="list"
            aria-expanded={shown}
            aria-controls={`${id}-list`}
            aria-activedescendant={shown && active >= 0 ? `${id}-${active}` : undefined}
            aria-invalid={invalid}
            aria-describedby={`${id}-verdict`}
            enterKeyHint="go"
            autoComplete="off"
            autoCapitalize="off"
            autoCorrect="off"
            spellCheck={false}
            placeholder={t("packets.filterPlaceholder")}
            value={draft}
            onChange={({ target }) => filter.type(target.value, target.selectionStart ?? target.value.length)}
            onBlur={filter.close}
            onKeyDown={filter.onKeyDown}
          />
        </div>
        <FilterButtons filter={filter} />
      </div>
      <div className={invalid ? "filter-verdict" : "unseen"}>
        <span id={`${id}-verdict`} role="status">
          <VerdictText verdict={verdict} applied={draft === applied} />
        </span>
        <Meant filter={filter} />
      </div>
      <Options id={id} filter={filter} />
    </div>
  );
}

function FilterButtons({ filter }: { readonly filter: FilterInput }): ReactNode {
  const t = useText();
  const streamFilter = usePackets((all) => all.streamFilter);
  const { draft, applied, invalid, apply } = filter;
  return (
    <>
      {streamFilter !== undefined && streamFilter.filter === applied && (
        <button type="button" className="chip" title={t("packets.filterChipRemove")} onClick={leaveStream}>
          {t("packets.filterChip", { filter: streamFilter.filter })} <span aria-hidden="true">✕</span>
          <span className="unseen">{t("packets.filterChipRemove")}</span>
        </button>
      )}
      {(draft !== "" || applied !== "") && (
        <button
          type="button"
          className="button plain icon"
          aria-label={t("packets.clearFilter")}
          onClick={() => apply("")}
        >
          ✕
        </button>
      )}
      <button
        type="button"
        className="button plain icon"
        aria-label={t("packets.filterHistory")}
        disabled={!filter.hasHistory}
        onClick={filter.showHistory}
      >
        ▾
      </button>
      {draft.trim() !== applied && (
        <button type="button" className="button primary" disabled={invalid} onClick={() => apply(draft)}>
          {t("packets.applyFilter")}
        </button>
      )}
    </>
  );
}

function Options({ id, filter }: { readonly id: string; readonly filter: FilterInput }): ReactNode {
  const t = useText();
  const { popup, options, active } = filter;
  const label = t(popup === "history" ? "packets.filterHistory" : "packets.filterNames");
  return (
    <div id={`${id}-list`} role="listbox" className="filter-options" aria-label={label} hidden={options.length === 0}>
      {options.map((option, n) => (
        <div
          key={option.text}
          id={`${id}-${n}`}
          role="option"
          aria-selected={n === active}
          tabIndex={-1}
          onPointerDown={(event) => {
            event.preventDefault();
            option.choose();
          }}
        >
          <code>{option.text}</code>
          <span className="muted">{option.label}</span>
        </div>
      ))}
    </div>
  );
}

function stateOf(verdict: Verdict, applied: boolean): State {
  if (verdict.kind !== "checked") return "checking";
  if (!verdict.check.ok) return "invalid";
  return applied ? "applied" : "valid";
}

function VerdictText({ verdict, applied }: { readonly verdict: Verdict; readonly applied: boolean }): ReactNode {
  const t = useText();
  if (verdict.kind === "empty") return t("packets.filterEmpty");
  if (verdict.kind !== "checked") return t("packets.filterChecking");
  if (verdict.check.ok) return t(applied ? "packets.filterApplied" : "packets.filterValid");
  return t("packets.filterInvalid", { message: problemText(verdict.check.error) });
}

interface UnderlinedProps {
  readonly text: string;
  readonly verdict: Verdict;
  readonly input: RefObject<HTMLInputElement | null>;
}

/** Lies under the input with the same letters, unseen but for the line below what is wrong. */
function Underlined({ text, verdict, input }: UnderlinedProps): ReactNode {
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const above = input.current;
    const follow = (): void => ref.current?.scrollTo({ left: above?.scrollLeft ?? 0 });
    follow();
    above?.addEventListener("scroll", follow);
    return () => above?.removeEventListener("scroll", follow);
  });
  if (verdict.kind !== "checked" || verdict.check.ok) return null;
  const { offset, length } = verdict.check;
  const at = Math.min(offset, text.length);
  const end = Math.max(at + 1, at + length);
  return (
    <div ref={ref} className="filter-underlined" aria-hidden="true" translate="no">
      {text.slice(0, at)}
      <u>{text.slice(at, end) || " "}</u>
      {text.slice(end)}
    </div>
  );
}
