import type { ReactNode } from "react";
import { useText } from "../../i18n/index.ts";
import type { Verdict } from "./use-check.ts";
import type { FilterInput } from "./use-filter-input.ts";

/** What was meant by a mistyped filter, to be taken without leaving it. */
export function Meant({ filter }: { readonly filter: FilterInput }): ReactNode {
  const t = useText();
  const { draft, verdict } = filter;
  const meant = meantBy(draft, verdict);
  if (meant === undefined) return null;
  const take = (): void => {
    filter.type(meant.draft, meant.draft.length);
    filter.close();
    filter.ref.current?.focus();
  };
  return (
    <button
      type="button"
      className="button plain filter-meant"
      onPointerDown={(event) => event.preventDefault()}
      onClick={take}
    >
      {t("packets.filterMeant", { text: meant.word })}
    </button>
  );
}

/** What is suggested by a verdict on this very draft, and the draft with it. */
function meantBy(draft: string, verdict: Verdict): { readonly word: string; readonly draft: string } | undefined {
  if (verdict.kind !== "checked" || verdict.of !== draft || verdict.check.ok) return undefined;
  const { offset, length, suggestion } = verdict.check;
  if (suggestion === undefined) return undefined;
  return { word: suggestion, draft: draft.slice(0, offset) + suggestion + draft.slice(offset + length) };
}
