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
      <ActionButton id="help.palette" className="plain" />
    </header>
  );
}
