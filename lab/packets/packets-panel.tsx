import { type ReactNode, useEffect, useLayoutEffect, useRef } from "react";
import { Group, Panel as Pane, Separator } from "react-resizable-panels";
import { useConnection } from "../connection/index.ts";
import { useText } from "../i18n/index.ts";
import { setFilter, useSelection } from "../selection.ts";
import { Detail } from "./detail/detail.tsx";
import { Empty } from "./empty.tsx";
import { FindBar, NumberBar } from "./find-bar.tsx";
import { Stream } from "./follow/stream.tsx";
import { PacketList } from "./list/packet-list.tsx";
import { problemText } from "./problem.ts";
import { Sequence } from "./sequence/sequence.tsx";
import { begin, open } from "./session.ts";
import { Status } from "./status.tsx";
import { type Screen, type Shape, usePackets } from "./store.ts";
import { Toolbar } from "./toolbar.tsx";
import { OpenInWireshark } from "./wireshark.tsx";

/** Pixels: narrower, list and detail take turns; higher, the detail stands below the list. */
const NARROW = 620;
const HIGH = 560;

/** The packets: list, fields and bytes, streams, sequence diagrams. */
export function PacketsPanel(): ReactNode {
  const ref = useRef<HTMLDivElement>(null);
  const shape = usePackets((all) => all.shape);
  useShape(ref);
  const asking = usePackets((all) => all.asking);
  const screen = usePackets((all) => all.screen);
  useEffect(begin, []);
  return (
    <div ref={ref} className={`packets packets-${shape}`}>
      <Toolbar />
      {asking === "find" && <FindBar />}
      {asking === "number" && <NumberBar />}
      {asking === "wireshark" && <OpenInWireshark />}
      <Screens />
      <div className="packets-body">
        <Body shape={shape} screen={screen} />
      </div>
      <Status />
    </div>
  );
}

function useShape(ref: React.RefObject<HTMLDivElement | null>): void {
  useLayoutEffect(() => {
    const element = ref.current;
    if (element === null) return;
    const measure = (): void => {
      const { clientWidth: width, clientHeight: height } = element;
      const shape: Shape = width < NARROW ? "steps" : height > HIGH ? "below" : "beside";
      if (usePackets.getState().shape !== shape) usePackets.setState({ shape });
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [ref]);
}

const SCREENS: readonly Screen[] = ["list", "stream", "sequence"];
const TITLES = { list: "packets.list", stream: "packets.stream", sequence: "packets.sequence" } as const;

/** List, stream and diagram take turns; the last two are there once there is a conversation. */
function Screens(): ReactNode {
  const t = useText();
  const screen = usePackets((all) => all.screen);
  const conversation = usePackets((all) => all.conversation);
  if (conversation === undefined) return null;
  return (
    <nav className="screens" aria-label={t("packets.list")}>
      {SCREENS.map((each) => (
        <button
          key={each}
          type="button"
          aria-current={each === screen ? "page" : undefined}
          onClick={() => usePackets.setState({ screen: each })}
        >
          {t(TITLES[each])}
        </button>
      ))}
    </nav>
  );
}

interface BodyProps {
  readonly shape: Shape;
  readonly screen: Screen;
}

function Body({ shape, screen }: BodyProps): ReactNode {
  const t = useText();
  const shown = usePackets((all) => all.detailShown);
  const main = screen === "list" ? <List /> : screen === "stream" ? <Stream /> : <Sequence />;
  if (shape === "steps") return shown ? <DetailStep /> : main;
  return (
    <Group orientation={shape === "below" ? "vertical" : "horizontal"} className="panes" key={shape}>
      <Pane id="packet-list" minSize="120px">
        {main}
      </Pane>
      {shown && (
        <>
          <Separator className="separator" aria-label={t("packets.detail")} />
          <Pane id="packet-detail" minSize="120px" defaultSize={shape === "below" ? "50%" : "44%"}>
            <Detail />
          </Pane>
        </>
      )}
    </Group>
  );
}

/** On a narrow screen the detail takes the list's place, with a way back. */
function DetailStep(): ReactNode {
  const t = useText();
  return (
    <div className="packets-step">
      <button type="button" className="button plain" onClick={() => usePackets.setState({ detailShown: false })}>
        <span aria-hidden="true">←</span> {t("packets.backToList")}
      </button>
      <Detail />
    </div>
  );
}

/** The list, or why there is none. */
function List(): ReactNode {
  const t = useText();
  const link = useConnection((all) => all.link.kind);
  const view = usePackets((all) => all.view);
  const problem = usePackets((all) => all.problem);
  const filter = useSelection((all) => all.filter);
  const clear = (
    <button type="button" className="button" onClick={() => setFilter("")}>
      {t("packets.clearFilter")}
    </button>
  );
  if (problem !== undefined && link === "open") {
    return (
      <Empty failed title={t("packets.cannotOpen")} text={problemText(problem)}>
        <button type="button" className="button primary" onClick={() => void open()}>
          {t("packets.tryAgain")}
        </button>
        {filter !== "" && clear}
      </Empty>
    );
  }
  if (view === undefined) {
    if (link !== "open") return <Empty title={t("packets.notConnected")} text={t("packets.notConnectedHint")} />;
    return (
      <div className="empty" role="status">
        {t("frame.loading")}
      </div>
    );
  }
  if (view.total === 0) return <Empty title={t("packets.none")} text={t("packets.noneHint")} />;
  if (view.matched - view.first > 0) return <PacketList />;
  if (view.examined < view.total)
    return (
      <div className="empty" role="status">
        {t("packets.stillLooking")}
      </div>
    );
  return (
    <Empty title={t("packets.noneMatched")} text={t("packets.noneMatchedHint", { total: view.total, filter })}>
      {clear}
    </Empty>
  );
}
