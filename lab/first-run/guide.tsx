import "./guide.css";
import { type ReactNode, useEffect, useState } from "react";
import type { PacketRow } from "../../src/engine/protocol/index.ts";
import { useConnection } from "../connection/index.ts";
import { runAction } from "../frame/actions.ts";
import { openPanel } from "../frame/panels.ts";
import { useSnapshot } from "../host/snapshot.ts";
import { textOfCode, useText } from "../i18n/index.ts";
import { seeFrom } from "../packets/session.ts";
import { usePackets } from "../packets/store.ts";
import { selectDevice, selectEvent, setFilter, useSelection } from "../selection.ts";
import { inside as commandInside } from "./commands.ts";
import { dismissGuide, useGuide } from "./guide-store.ts";
import { findHandshake } from "./handshake.ts";
import { type Entrance, entranceOf, filterOf, named, type Visit, visitOf } from "./progress.ts";
import { CopyLine, Recipes } from "./recipes.tsx";

/** Three steps from a first look to the handshake of one's own connection. Nothing when they were put away. */
export function Guide(): ReactNode {
  const network = useConnection((state) => state.network);
  const entrance = entranceOf(network);
  const shown = useGuide((state) => state.shown);
  if (!shown || entrance === undefined) return null;
  return <Steps entrance={entrance} to={named(entrance.to, network)} />;
}

interface StepsProps {
  readonly entrance: Entrance;
  /** Where it leads, as people call it. */
  readonly to: string;
}

function Steps({ entrance, to }: StepsProps): ReactNode {
  const t = useText();
  const visit = useVisit(entrance);
  const filter = useSelection((state) => state.filter);
  const [drawn, setDrawn] = useState(false);
  const isDrawing = usePackets(({ screen }) => screen === "sequence");
  if (isDrawing && visit !== undefined && !drawn) setDrawn(true);
  const handshake = useHandshake(entrance.from, visit);
  const seen = visit !== undefined && (filter === filterOf(visit) || drawn);
  const now = !visit ? 1 : !seen ? 2 : drawn ? 4 : 3;
  /** From the reader's own end, where each packet is seen once, and from the first on. */
  const showPackets = (): void => {
    if (visit === undefined) return;
    setFilter(filterOf(visit));
    seeFrom({ kind: "device", device: entrance.from });
    usePackets.setState({ screen: "list" });
    if (handshake[0] !== undefined) selectEvent(handshake[0].event);
    openPanel("packets", false);
  };
  const drawSequence = (): void => {
    const [first] = handshake;
    if (first === undefined) return;
    selectEvent(first.event);
    runAction("packets.sequence");
  };
  return (
    <section className="guide" aria-label={t("firstRun.title")}>
      <header className="guide-head">
        <h2>{t("firstRun.title")}</h2>
        <button type="button" className="button plain" onClick={dismissGuide}>
          {t("firstRun.dismiss")}
        </button>
      </header>
      <ol>
        <Step number={1} now={now} title={t("firstRun.open")}>
          {now === 1 ? <OpenOne entrance={entrance} to={to} /> : <Opened visit={visit} />}
        </Step>
        <Step number={2} now={now} title={t("firstRun.watch")}>
          {now === 2 && (
            <>
              <p>{t("firstRun.watchHow", { host: entrance.from })}</p>
              <button type="button" className="button primary" onClick={showPackets}>
                {t("firstRun.watchDo")}
              </button>
            </>
          )}
        </Step>
        <Step number={3} now={now} title={t("firstRun.draw")}>
          {now >= 3 && (
            <>
              <p>{t(now === 4 ? "firstRun.drawn" : "firstRun.drawHow")}</p>
              <Handshake rows={handshake} />
              <button
                type="button"
                className={`button ${now === 3 ? "primary" : ""}`}
                disabled={handshake.length === 0}
                onClick={drawSequence}
              >
                {t("firstRun.drawDo")}
              </button>
            </>
          )}
        </Step>
      </ol>
      {now === 4 && (
        <p className="guide-done" role="status">
          <strong>{t("firstRun.done")}</strong> {t("firstRun.doneNext")}
        </p>
      )}
    </section>
  );
}

interface StepProps {
  readonly number: number;
  /** The step that is to be done; the earlier ones are. */
  readonly now: number;
  readonly title: string;
  readonly children: ReactNode;
}

function Step({ number, now, title, children }: StepProps): ReactNode {
  const t = useText();
  const state = number < now ? "done" : number === now ? "now" : "later";
  return (
    <li data-state={state} aria-current={state === "now" ? "step" : undefined}>
      <span className="guide-number" aria-hidden="true">
        {state === "done" ? "✓" : number}
      </span>
      <div className="guide-step">
        <h3>
          {title}
          {state === "done" && <span className="unseen"> {t("firstRun.stepDone")}</span>}
        </h3>
        {children}
      </div>
    </li>
  );
}

/** How to come in: from one's own machine, or from the terminal of the host at which real clients do. */
function OpenOne({ entrance, to }: StepsProps): ReactNode {
  const t = useText();
  const { from, at, problem } = entrance;
  const isAlone = problem?.code === "no-outside";
  const inside = (
    <div className="guide-inside">
      <CopyLine text={commandInside(to)} />
      <button
        type="button"
        className={`button ${isAlone ? "primary" : ""}`}
        onClick={() => {
          selectDevice(from);
          openPanel("terminal", false);
          runAction(`terminal.open.${from}`);
        }}
      >
        {t("firstRun.openTerminal", { host: from })}
      </button>
    </div>
  );
  return (
    <>
      {at !== undefined && (
        <>
          <p>{t("firstRun.openHow", { to })}</p>
          <Recipes at={at} />
        </>
      )}
      {isAlone && <p>{t("firstRun.openInside", { host: from })}</p>}
      {problem !== undefined && !isAlone && (
        <p className="guide-problem" role="alert">
          {t("firstRun.shut", {
            door: entrance.name,
            why: textOfCode("problems", problem.code, problem.params, problem.text),
          })}
        </p>
      )}
      {isAlone ? (
        inside
      ) : (
        <details open={at === undefined}>
          <summary>{t("firstRun.noTool", { host: from })}</summary>
          {inside}
        </details>
      )}
    </>
  );
}

function Opened({ visit }: { readonly visit: Visit | undefined }): ReactNode {
  if (visit === undefined) return null;
  return (
    <p className="mono muted">
      {visit.local} → {visit.remote} {visit.state}
    </p>
  );
}

function Handshake({ rows }: { readonly rows: readonly PacketRow[] }): ReactNode {
  if (rows.length === 0) return null;
  return (
    <ul className="guide-rows">
      {rows.map(({ event, source, destination, info }) => (
        <li key={event}>
          <button type="button" className="button plain" onClick={() => selectEvent(event)}>
            <span className="mono">
              {source} → {destination} {/\[[^\]]*\]/.exec(info)?.[0] ?? info}
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}

/** The reader's connection: once seen it stays, though it may be closed. */
function useVisit(entrance: Entrance): Visit | undefined {
  const snapshot = useSnapshot();
  const [visit, setVisit] = useState<Visit>();
  const found = visitOf(entrance, snapshot);
  if (found !== undefined && (visit?.local !== found.local || visit.state !== found.state)) setVisit(found);
  return visit;
}

function useHandshake(device: string, visit: Visit | undefined): readonly PacketRow[] {
  const [rows, setRows] = useState<readonly PacketRow[]>([]);
  const filter = visit === undefined ? undefined : filterOf(visit);
  useEffect(() => {
    if (filter === undefined) return;
    let wanted = true;
    findHandshake(device, filter).then(
      (found) => {
        if (wanted) setRows(found);
      },
      () => {},
    );
    return () => {
      wanted = false;
    };
  }, [device, filter]);
  return rows;
}
