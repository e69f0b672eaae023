import { useVirtualizer } from "@tanstack/react-virtual";
import { type ReactNode, useEffect, useMemo, useRef } from "react";
import type { LogEntry } from "../../src/engine/protocol/index.ts";
import { formatClock } from "../i18n/format.ts";
import { useText } from "../i18n/index.ts";
import { lookAt, selectDevice } from "../selection.ts";
import { fitting, useLog } from "./lines.ts";

const ROW = 24;
/** Pixels from the end within which the list counts as being there. */
const AT_END = 8;

/** What programs have logged, newest last. */
export default function LogPanel(): ReactNode {
  const t = useText();
  const { lines, begins, host, search } = useLog();
  const fit = useMemo(() => fitting(lines, host, search), [lines, host, search]);
  if (lines.length === 0) {
    return (
      <div className="empty">
        <strong>{t("log.emptyTitle")}</strong>
        <p>{t("log.empty")}</p>
      </div>
    );
  }
  return (
    <div className="log-panel">
      <LogBar shown={fit.length} />
      {begins !== undefined && <p className="log-notice">{t("log.dropped", { time: formatClock(begins) })}</p>}
      {fit.length === 0 ? <div className="empty">{t("log.none")}</div> : <Lines lines={fit} />}
    </div>
  );
}

function LogBar({ shown }: { readonly shown: number }): ReactNode {
  const t = useText();
  const { lines, host, search, follows } = useLog();
  const hosts = useMemo(() => [...new Set(lines.map((line) => line.host))].sort(), [lines]);
  return (
    <div className="log-bar">
      <select
        className="field"
        aria-label={t("log.filter")}
        value={host}
        onChange={({ target }) => useLog.setState({ host: target.value })}
      >
        <option value="">{t("log.all")}</option>
        {hosts.map((name) => (
          <option key={name}>{name}</option>
        ))}
      </select>
      <input
        className="field grow"
        type="search"
        data-autofocus
        placeholder={t("log.search")}
        aria-label={t("log.search")}
        value={search}
        onChange={({ target }) => useLog.setState({ search: target.value })}
      />
      <span className="muted log-count" role="status">
        {t("log.lines", { count: shown })}
      </span>
      <button
        type="button"
        className="button"
        aria-pressed={follows}
        onClick={() => useLog.setState({ follows: !follows })}
      >
        {t("log.follow")}
      </button>
    </div>
  );
}

function Lines({ lines }: { readonly lines: readonly LogEntry[] }): ReactNode {
  const t = useText();
  const scroll = useRef<HTMLDivElement>(null);
  const follows = useLog((state) => state.follows);
  const rows = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => ROW,
    getItemKey: (index) => lines[index]?.n ?? index,
    overscan: 12,
  });
  const last = lines.at(-1)?.n;
  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever another line is the last
  useEffect(() => {
    if (follows) rows.scrollToIndex(lines.length - 1, { align: "end" });
  }, [last, follows]);
  const onScroll = (): void => {
    const { current } = scroll;
    if (current === null) return;
    const isAtEnd = current.scrollHeight - current.scrollTop - current.clientHeight < AT_END;
    if (!isAtEnd && rows.scrollDirection === "backward" && follows) useLog.setState({ follows: false });
  };
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
    <section ref={scroll} className="log-scroll" aria-label={t("log.list")} tabIndex={0} onScroll={onScroll}>
      <ol className="log-lines" style={{ height: rows.getTotalSize() }}>
        {rows.getVirtualItems().map(({ key, index, start }) => {
          const line = lines[index];
          if (line === undefined) return null;
          return (
            <li
              key={key}
              data-index={index}
              ref={rows.measureElement}
              style={{ transform: `translateY(${start}px)` }}
              aria-posinset={index + 1}
              aria-setsize={lines.length}
            >
              <Line line={line} />
            </li>
          );
        })}
      </ol>
    </section>
  );
}

function Line({ line: { at, host, program, text } }: { readonly line: LogEntry }): ReactNode {
  const t = useText();
  const time = formatClock(at);
  return (
    <>
      <button
        type="button"
        className="log-time mono"
        title={t("log.lookAt", { time })}
        aria-label={t("log.lookAt", { time })}
        onClick={() => lookAt(at)}
      >
        {time}
      </button>
      <button type="button" className="log-host mono" onClick={() => selectDevice(host)}>
        {host}
      </button>
      <span className="log-program muted" translate="no">
        {program}
      </span>
      <span className="log-text" translate="no">
        {text}
      </span>
    </>
  );
}
