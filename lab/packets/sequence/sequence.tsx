import {
  type KeyboardEvent,
  type ReactNode,
  useEffect,
  useId,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import type { SequenceArrow, SequenceDiagram } from "../../../src/engine/protocol/index.ts";
import { type TextKey, type Translate, useText } from "../../i18n/index.ts";
import { selectEvent, useSelection } from "../../selection.ts";
import { Empty } from "../empty.tsx";
import { fileName, save } from "../export.ts";
import { secondsText, spanText } from "../list/time-text.ts";
import { dropText, problemText } from "../problem.ts";
import { usePackets } from "../store.ts";
import { useAnswer } from "../use-answer.ts";
import { layOut, type Placed, type PlacedArrow } from "./layout.ts";
import { arrowShapes, arrowsBetween, backShapes, HEADER, headerShapes, linkShapes, type Shape } from "./shapes.ts";
import { svgFile } from "./svg.ts";

/** Pixels of a diagram that is saved. */
const FILE_WIDTH = 900;
/** Drawn above and below what is seen. */
const AROUND = 200;

const PHASES: Readonly<Record<SequenceArrow["phase"], TextKey>> = {
  handshake: "packets.phaseHandshake",
  data: "packets.phaseData",
  close: "packets.phaseClose",
  other: "packets.phaseOther",
};

/** A conversation as arrows between life lines. */
export function Sequence(): ReactNode {
  const t = useText();
  const event = usePackets((all) => all.conversation);
  const asked = useAnswer("packets.sequence", event);
  if (event === undefined) return <Empty title={t("packets.sequenceNone")} text={t("packets.sequenceNoneHint")} />;
  if (asked.kind === "failed")
    return <Empty failed title={t("packets.sequenceFailed")} text={problemText(asked.problem)} />;
  if (asked.kind === "waiting")
    return (
      <div className="empty" role="status">
        {t("frame.loading")}
      </div>
    );
  const diagram = asked.answer;
  const phaseText = (phase: SequenceArrow["phase"]): string => t(PHASES[phase]);
  const onSave = (): void => {
    const file = svgFile(layOut(diagram, FILE_WIDTH, dropText), diagram.title, phaseText);
    save(fileName(diagram.title, "svg"), [file], "image/svg+xml");
  };
  return (
    <div className="sequence">
      <div className="stream-bar">
        <h2 translate="no">{diagram.title}</h2>
        <span className="grow" />
        <button type="button" className="button" onClick={onSave} disabled={diagram.arrows.length === 0}>
          {t("packets.sequenceSave")}
        </button>
      </div>
      {diagram.truncated && <p className="stream-note">{t("packets.sequenceTruncated")}</p>}
      {diagram.arrows.length === 0 ? (
        <div className="empty">{t("packets.sequenceEmpty")}</div>
      ) : (
        <Drawing diagram={diagram} phaseText={phaseText} />
      )}
    </div>
  );
}

/** What an arrow is, in words. */
function arrowText(t: Translate, { arrow, fate }: PlacedArrow, ends: SequenceDiagram["ends"]): string {
  const [from, to] = [ends[arrow.from]?.name ?? "", ends[arrow.to]?.name ?? ""];
  const left = secondsText(arrow.left, 6);
  const { label } = arrow;
  if (fate === "lost") return t("packets.arrowLost", { label, from, to, left, reason: dropText(arrow.lost ?? "") });
  if (fate === "flying") return t("packets.arrowFlying", { label, from, to, left });
  return t("packets.arrowArrived", {
    label,
    from,
    to,
    left,
    took: spanText((arrow.arrived ?? arrow.left) - arrow.left),
  });
}

interface DrawingProps {
  readonly diagram: SequenceDiagram;
  readonly phaseText: (phase: SequenceArrow["phase"]) => string;
}

/** The part of the diagram that is seen. Its arrows are a list to choose from by the keyboard, and for those who listen. */
function Drawing({ diagram, phaseText }: DrawingProps): ReactNode {
  const t = useText();
  const id = useId();
  const ref = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState({ width: 0, height: 0 });
  const [top, setTop] = useState(0);
  const selected = useSelection((all) => all.event);
  const placed = useMemo(() => layOut(diagram, Math.max(320, size.width), dropText), [diagram, size.width]);
  const at = placed.arrows.findIndex(({ arrow }) => arrow.event === selected);
  useLayoutEffect(() => {
    const element = ref.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => setSize({ width: element.clientWidth, height: element.clientHeight }));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  useEffect(() => {
    const element = ref.current;
    const arrow = placed.arrows[at];
    if (element === null || arrow === undefined) return;
    const [above, under] = [arrow.y1 - 30, arrow.y2 + HEADER + 20 - element.clientHeight];
    if (element.scrollTop > above || element.scrollTop < under)
      element.scrollTop = Math.max(0, above - element.clientHeight / 3);
  }, [at, placed]);
  const onKeyDown = (event: KeyboardEvent): void => {
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: at + 1,
      ArrowUp: at < 0 ? 0 : at - 1,
      Home: 0,
      End: placed.arrows.length - 1,
    };
    const to = steps[event.key];
    if (to === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const arrow = placed.arrows[Math.max(0, Math.min(placed.arrows.length - 1, to))];
    if (arrow !== undefined) selectEvent(arrow.arrow.event);
  };
  const [from, to] = [top - AROUND, top + size.height + AROUND];
  return (
    <div ref={ref} className="sequence-drawing" onScroll={({ currentTarget }) => setTop(currentTarget.scrollTop)}>
      <div
        role="listbox"
        aria-label={t("packets.sequenceArrows")}
        aria-activedescendant={at < 0 ? undefined : `${id}-${at}`}
        tabIndex={0}
        onKeyDown={onKeyDown}
      >
        <svg className="sequence-header" width={placed.width} height={HEADER} aria-hidden="true">
          <Shapes shapes={headerShapes(placed)} />
        </svg>
        <svg width={placed.width} height={placed.height} role="presentation">
          {/* biome-ignore lint/a11y/noAriaHiddenOnFocusable: nothing in it takes the focus */}
          <g aria-hidden="true">
            <Shapes shapes={backShapes(placed, from, to, phaseText)} />
            <Shapes shapes={linkShapes(placed, from, to)} />
          </g>
          <Arrows
            placed={placed}
            from={from}
            to={to}
            at={at}
            id={id}
            text={(arrow) => arrowText(t, arrow, diagram.ends)}
          />
        </svg>
      </div>
      <p className="sequence-legend muted">{t("packets.sequenceLegend")}</p>
    </div>
  );
}

interface ArrowsProps {
  readonly placed: Placed;
  readonly from: number;
  readonly to: number;
  readonly at: number;
  readonly id: string;
  readonly text: (arrow: PlacedArrow) => string;
}

/** What is seen of the arrows, and above it, unseen, what is chosen: the whole text of an arrow may be longer than what is seen. */
function Arrows({ placed, from, to, at, id, text }: ArrowsProps): ReactNode {
  const seen = arrowsBetween(placed, from, to);
  return (
    <>
      {/* biome-ignore lint/a11y/noAriaHiddenOnFocusable: nothing in it takes the focus */}
      <g aria-hidden="true">
        {/* All labels above all lines: one arrow's end is where the next one's label stands. */}
        {seen.map((arrow) => (
          <Shapes key={arrow.arrow.event} shapes={arrowShapes(arrow).filter(({ kind }) => kind !== "text")} />
        ))}
        {seen.map((arrow) => (
          <Shapes key={arrow.arrow.event} shapes={arrowShapes(arrow).filter(({ kind }) => kind === "text")} />
        ))}
      </g>
      {seen.map((arrow) => {
        const n = placed.arrows.indexOf(arrow);
        return (
          <path
            key={arrow.arrow.event}
            id={`${id}-${n}`}
            role="option"
            aria-selected={n === at}
            aria-label={text(arrow)}
            aria-posinset={n + 1}
            aria-setsize={placed.arrows.length}
            className="sequence-arrow"
            d={hitOf(arrow)}
            onClick={() => selectEvent(arrow.arrow.event)}
          />
        );
      })}
    </>
  );
}

/** The arrow and its label, as one thing to click. */
function hitOf({ x1, y1, x2, y2, label }: PlacedArrow): string {
  const left = label.anchor === "start" ? label.x : label.x - label.width;
  return `M${x1} ${y1}L${x2} ${y2}M${left} ${label.y - 7}h${label.width}v6h${-label.width}z`;
}

function Shapes({ shapes }: { readonly shapes: readonly Shape[] }): ReactNode {
  return shapes.map((shape, n) => {
    const className = `seq-${shape.kind} seq-${shape.look}${shape.kind === "line" && shape.dashed ? " dashed" : ""}`;
    if (shape.kind !== "text") {
      // biome-ignore lint/suspicious/noArrayIndexKey: shapes have no names, and hold no state
      return <path key={n} className={className} d={shape.d} />;
    }
    return (
      // biome-ignore lint/suspicious/noArrayIndexKey: as above
      <text key={n} className={className} x={shape.x} y={shape.y} textAnchor={shape.anchor}>
        {shape.text}
      </text>
    );
  });
}
