import { type KeyboardEvent, type PointerEvent, type ReactNode, useId, useRef } from "react";
import { useConnection } from "../connection/index.ts";
import { formatDuration } from "../i18n/format.ts";
import { useText } from "../i18n/index.ts";
import { useSelection } from "../selection.ts";
import { Branches, BranchPicker } from "./branches.tsx";
import { lookBack, showNow, useTimeBar } from "./commands.ts";
import { clockText } from "./time-text.ts";
import { useHistogram } from "./use-histogram.ts";
import { useLogMarks } from "./use-marks.ts";
import { barsPath, placeIn, SPANS, type TimeWindow, timeAt, timeOfKey, windowTo } from "./window.ts";

/** Frames, drops and log lines over time; a slider that looks at the past. */
export function TimeLine(): ReactNode {
  const now = useConnection(({ state }) => state?.now ?? 0);
  const span = useTimeBar((bar) => bar.span);
  const heldEnd = useTimeBar((bar) => bar.heldEnd);
  const window = windowTo(heldEnd ?? now, span);
  return (
    <div className="line">
      <Track window={window} now={now} />
      <div className="line-foot">
        <span className="line-end mono muted">{clockText(window.from)}</span>
        <Legend />
        <BranchPicker />
        <RangePicker />
        <span className="line-end mono muted">{clockText(window.to)}</span>
      </div>
    </div>
  );
}

function Track({ window, now }: { readonly window: TimeWindow; readonly now: number }): ReactNode {
  const t = useText();
  const earliest = useConnection(({ state }) => state?.capture.earliest ?? 0);
  const past = useSelection(({ time }) => time);
  const track = useRef<HTMLDivElement>(null);
  const helpId = useId();
  const shown = past ?? now;
  const look = (time: number | undefined): void => (time === undefined ? showNow() : lookBack(time));
  const lookAtPointer = ({ clientX }: PointerEvent): void => {
    const { left, width } = (track.current as HTMLDivElement).getBoundingClientRect();
    const time = timeAt(window, (clientX - left) / width);
    look(time >= now ? undefined : Math.max(earliest, time));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const time = timeOfKey(event.key, shown, window, { earliest, now });
    if (time === null || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    look(time);
  };
  return (
    <>
      <div
        ref={track}
        className="track"
        role="slider"
        tabIndex={0}
        data-autofocus
        aria-label={t("time.line")}
        aria-describedby={helpId}
        aria-valuemin={Math.round(earliest / 1e6)}
        aria-valuemax={Math.round(now / 1e6)}
        aria-valuenow={Math.round(shown / 1e6)}
        aria-valuetext={t(past === undefined ? "time.lineNow" : "time.linePast", { time: clockText(shown) })}
        onKeyDown={onKeyDown}
        onPointerDown={(event) => {
          if (event.button !== 0) return;
          event.currentTarget.setPointerCapture(event.pointerId);
          lookAtPointer(event);
        }}
        onPointerMove={(event) => {
          if (event.currentTarget.hasPointerCapture(event.pointerId)) lookAtPointer(event);
        }}
      >
        <Bars window={window} />
        {earliest > window.from && (
          <div
            className="track-gone"
            style={{ width: `${100 * placeIn(window, earliest)}%` }}
            title={t("time.earliest", { time: clockText(earliest) })}
          />
        )}
        <div className="track-now" style={{ left: `${100 * placeIn(window, now)}%` }} />
        {past !== undefined && <div className="track-past" style={{ left: `${100 * placeIn(window, past)}%` }} />}
      </div>
      <span id={helpId} className="unseen">
        {t("time.lineHelp")}
      </span>
    </>
  );
}

/** What was counted stays where it was in time while the window moves on, until it is counted anew. */
function Bars({ window }: { readonly window: TimeWindow }): ReactNode {
  const histogram = useHistogram(window);
  const marks = useLogMarks();
  const length = window.to - window.from;
  const seen = marks.filter((at) => at >= window.from && at <= window.to);
  const ticks = [...new Set(seen.map((at) => placeIn(window, at).toFixed(3)))];
  const most = histogram === undefined ? 0 : Math.max(...histogram.frames, ...histogram.drops);
  return (
    <svg className="track-bars" viewBox="0 0 1 1" preserveAspectRatio="none" aria-hidden="true">
      {histogram !== undefined && (
        <g
          transform={`translate(${(histogram.from - window.from) / length} 0) scale(${(histogram.to - histogram.from) / length} 1)`}
        >
          <path className="bars-frames" d={barsPath(histogram.frames, most)} />
          <path className="bars-drops" d={barsPath(histogram.drops, most)} />
        </g>
      )}
      <path className="bars-logs" d={ticks.map((place) => `M${place} 0V0.16`).join("")} />
      <Branches window={window} />
    </svg>
  );
}

function Legend(): ReactNode {
  const t = useText();
  return (
    <span className="legend" aria-hidden="true">
      <span className="legend-frames">{t("time.frames")}</span>
      <span className="legend-drops">{t("time.drops")}</span>
      <span className="legend-logs">{t("time.logs")}</span>
    </span>
  );
}

function RangePicker(): ReactNode {
  const t = useText();
  const span = useTimeBar((bar) => bar.span);
  return (
    <label className="range">
      <span className="unseen">{t("time.range")}</span>
      <select
        value={String(span)}
        onChange={({ target }) =>
          useTimeBar.setState({ span: SPANS.find((each) => String(each) === target.value), heldEnd: undefined })
        }
      >
        {SPANS.map((each) => (
          <option key={String(each)} value={String(each)}>
            {each === undefined ? t("time.rangeAll") : t("time.rangeLast", { span: formatDuration(each) })}
          </option>
        ))}
      </select>
    </label>
  );
}
