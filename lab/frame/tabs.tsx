import { type KeyboardEvent, type ReactNode, useState } from "react";
import { useText } from "../i18n/index.ts";
import { PanelView } from "./panel-view.tsx";
import { type Panel, type PanelId, panelElementId } from "./panels.ts";

interface Props {
  readonly label: string;
  readonly panels: readonly Panel[];
  readonly active: PanelId;
  readonly onActive: (id: PanelId) => void;
}

/** Panels that take turns. One that was shown is kept: a terminal goes on while another tab is looked at. */
export function Tabs({ label, panels, active, onActive }: Props): ReactNode {
  const t = useText();
  const [seen, setSeen] = useState<ReadonlySet<PanelId>>(new Set([active]));
  if (!seen.has(active)) setSeen(new Set([...seen, active]));
  const onKeyDown = (event: KeyboardEvent): void => {
    const at = panels.findIndex(({ id }) => id === active);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: panels.length - 1 }[event.key];
    const next = to === undefined ? undefined : panels.at(to % panels.length);
    if (next === undefined) return;
    event.preventDefault();
    onActive(next.id);
    document.getElementById(tabId(next.id))?.focus();
  };
  return (
    <div className="tabs">
      <div className="tab-list" role="tablist" aria-label={label} onKeyDown={onKeyDown}>
        {panels.map(({ id, title }) => (
          <button
            key={id}
            id={tabId(id)}
            type="button"
            role="tab"
            aria-selected={id === active}
            aria-controls={panelElementId(id)}
            tabIndex={id === active ? 0 : -1}
            onClick={() => onActive(id)}
          >
            {t(title)}
          </button>
        ))}
      </div>
      {panels.map((panel) => (
        <div
          key={panel.id}
          id={panelElementId(panel.id)}
          className="tab-panel"
          role="tabpanel"
          aria-labelledby={tabId(panel.id)}
          hidden={panel.id !== active}
          tabIndex={-1}
        >
          {seen.has(panel.id) && <PanelView panel={panel} />}
        </div>
      ))}
    </div>
  );
}

const tabId = (id: PanelId): string => `tab-${id}`;
