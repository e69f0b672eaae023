import type { ReactNode } from "react";
import { useText } from "../i18n/index.ts";
import { ActionButton } from "./action-button.tsx";
import { PanelView } from "./panel-view.tsx";
import { usePanels } from "./panels.ts";

/** The name of what is looked at, what other areas put there, and the way to all that can be done. */
export function TopBar(): ReactNode {
  const t = useText();
  const panels = usePanels((state) => state.panels);
  return (
    <header className="top-bar">
      <h1>{t("frame.lab")}</h1>
      {panels
        .filter(({ place }) => place === "top")
        .map((panel) => (
          <PanelView key={panel.id} panel={panel} />
        ))}
      <span className="grow" />
      <ActionButton id="help.palette" icon={<SearchIcon />} className="plain" />
      <ActionButton id="help.open" className="plain" />
    </header>
  );
}

const SearchIcon = (): ReactNode => (
  <svg className="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
    <path d="M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10zM10.600 10.600 14 14" />
  </svg>
);
