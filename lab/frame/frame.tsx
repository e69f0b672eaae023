import "../style/tokens.css";
import "../style/base.css";
import "./frame.css";
import { type ReactNode, useEffect } from "react";
import { Group, Panel as Pane, Separator } from "react-resizable-panels";
import { Alone, AloneNotice } from "../alone/alone.tsx";
import { beganAnew } from "../alone/anew.ts";
import { useText } from "../i18n/index.ts";
import { listenToKeys } from "./actions.ts";
import { DoorNotice } from "./door-notice.tsx";
import { Help } from "./help.tsx";
import { useNarrow } from "./narrow.ts";
import { type Overlay, useOverlay } from "./overlays.ts";
import { Palette } from "./palette.tsx";
import { Guard, PanelSection, PanelView } from "./panel-view.tsx";
import { openPanel, type Panel, type PanelId, type Place, TURNS, usePanels } from "./panels.ts";
import { Shortcuts } from "./shortcuts.tsx";
import { Tabs } from "./tabs.tsx";
import { TopBar } from "./top-bar.tsx";

const ANEW = beganAnew(sessionStorage);

/** The whole page: the bar at the top, the panels, the line of time. */
export function Frame(): ReactNode {
  const t = useText();
  const narrow = useNarrow();
  const overlay = useOverlay((state) => state.overlay);
  useEffect(listenToKeys, []);
  return (
    <div className="frame">
      <button type="button" className="skip button primary" onClick={() => openPanel("canvas")}>
        {t("frame.skip")}
      </button>
      <TopBar />
      <DoorNotice />
      <AloneNotice anew={ANEW} />
      <main className="frame-main">{narrow ? <NarrowPanels /> : <WidePanels />}</main>
      <TimeLine />
      {narrow && <BottomBar />}
      <Guard key={overlay}>{overlay !== undefined && <OpenOverlay overlay={overlay} />}</Guard>
    </div>
  );
}

function OpenOverlay({ overlay }: { readonly overlay: Overlay }): ReactNode {
  if (overlay === "palette") return <Palette />;
  if (overlay === "alone") return <Alone />;
  return overlay === "help" ? <Help /> : <Shortcuts />;
}

function usePlace(place: Place): readonly Panel[] {
  const panels = usePanels((state) => state.panels);
  return panels.filter((panel) => panel.place === place);
}

function WidePanels(): ReactNode {
  const t = useText();
  const { side, sideShown, canvasShown, belowShown } = usePanels();
  const sides = usePlace("side");
  const tabs = sides.some(({ id }) => id === side) ? side : sides[0]?.id;
  return (
    <Group orientation="horizontal" className="panes">
      <Pane id="middle" minSize="320px">
        <Middle canvasShown={canvasShown || !belowShown} belowShown={belowShown} />
      </Pane>
      {sideShown && tabs !== undefined && (
        <>
          <Separator className="separator" aria-label={t("frame.resizeSide")} />
          <Pane id="side" defaultSize="34%" minSize="240px">
            <section className="pane side" aria-label={t("frame.side")}>
              <GuidePlace />
              <Tabs label={t("frame.side")} panels={sides} active={tabs} onActive={(id) => openPanel(id, false)} />
            </section>
          </Pane>
        </>
      )}
    </Group>
  );
}

interface MiddleProps {
  readonly canvasShown: boolean;
  readonly belowShown: boolean;
}

function Middle({ canvasShown, belowShown }: MiddleProps): ReactNode {
  const t = useText();
  const canvas = usePlace("canvas")[0];
  const below = usePlace("below")[0];
  return (
    <Group orientation="vertical" className="panes">
      {canvasShown && (
        <Pane id="canvas" minSize="120px">
          {canvas && <PanelSection panel={canvas} className="pane" />}
        </Pane>
      )}
      {belowShown && below && (
        <>
          {canvasShown && <Separator className="separator" aria-label={t("frame.resizeBelow")} />}
          <Pane id="below" defaultSize="52%" minSize="120px">
            <PanelSection panel={below} className="pane" />
          </Pane>
        </>
      )}
    </Group>
  );
}

function useTurns(): { turns: readonly Panel[]; active: PanelId | undefined } {
  const { panels, narrow } = usePanels();
  const turns = TURNS.flatMap((place) => panels.filter((panel) => panel.place === place));
  const active = turns.some(({ id }) => id === narrow) ? narrow : turns[0]?.id;
  return { turns, active };
}

function NarrowPanels(): ReactNode {
  const { turns, active } = useTurns();
  const panel = turns.find(({ id }) => id === active);
  if (panel === undefined) return null;
  return (
    <div className="side">
      <GuidePlace />
      <PanelSection key={panel.id} panel={panel} className="pane" />
    </div>
  );
}

/** The first steps, as long as they are shown. */
function GuidePlace(): ReactNode {
  const panel = usePlace("guide")[0];
  return panel === undefined ? null : <PanelView panel={panel} />;
}

function BottomBar(): ReactNode {
  const t = useText();
  const { turns, active } = useTurns();
  return (
    <nav className="bottom-bar" aria-label={t("frame.panels")}>
      {turns.map(({ id, title }) => (
        <button key={id} type="button" aria-current={id === active ? "page" : undefined} onClick={() => openPanel(id)}>
          {t(title)}
        </button>
      ))}
    </nav>
  );
}

function TimeLine(): ReactNode {
  const panel = usePlace("time")[0];
  return panel === undefined ? null : <PanelSection panel={panel} className="time-line" />;
}
