import {
  type KeyboardEvent,
  memo,
  type ReactNode,
  useCallback,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import type { PacketRow } from "../../../src/engine/protocol/index.ts";
import { useConnection } from "../../connection/index.ts";
import { type TextKey, useText } from "../../i18n/index.ts";
import { copyItems, filterItems, packetItems } from "../menu/packet-menu.ts";
import { useContextMenu, useMenu } from "../menu/use-menu.tsx";
import { dropText, noteText } from "../problem.ts";
import { openIndex, rows, selectIndex } from "../session.ts";
import { usePackets } from "../store.ts";
import { type Column, cellText, columnFilter } from "./column-filter.ts";
import {
  atEnd,
  centre,
  drawn,
  elementHeight,
  emptyScroll,
  offsetOf,
  pageRows,
  resized,
  reveal,
  type ScrollState,
  scrolled,
  scrollTo,
  settled,
} from "./scroll.ts";
import { type TimeBase, timeText } from "./time-text.ts";

const ROW_HEIGHT = 26;
const COMPACT_HEIGHT = 48;
const HEAD_HEIGHT = 26;
/** Pixels: below the first, a row has two lines; below the second, the list shows fewer columns; from the third on, nanoseconds. */
const COMPACT = 600;
const SMALL = 760;
const LARGE = 1100;

const COLUMNS: readonly (readonly [Column, TextKey])[] = [
  ["number", "packets.number"],
  ["time", "packets.time"],
  ["source", "packets.source"],
  ["destination", "packets.destination"],
  ["protocol", "packets.protocol"],
  ["length", "packets.length"],
  ["info", "packets.info"],
  ["where", "packets.where"],
];

const rowId = (index: number): string => `packet-row-${index}`;

/** The rows of the view. Only those that are seen, and some around them, are in the page. */
export function PacketList(): ReactNode {
  const t = useText();
  const view = usePackets((all) => all.view);
  const index = usePackets((all) => all.index);
  const sought = usePackets((all) => all.sought);
  const following = usePackets((all) => all.following);
  usePackets((all) => all.rowsCame);
  const { ref, scroll, move, size } = useScroll(view?.first ?? 0, view?.matched ?? 0);
  const { menu, open } = useMenu();
  const press = useContextMenu((target, x, y) => {
    const element = target.closest<HTMLElement>("[data-index]");
    const at = element === null ? index : Number(element.dataset.index);
    const row = at === undefined ? undefined : rows.row(at);
    if (row === undefined || at === undefined) return;
    void selectIndex(at);
    const column = (target.closest<HTMLElement>("[data-column]")?.dataset.column ?? "info") as Column;
    const filter = columnFilter(row, column);
    const place = element === null ? document.getElementById(rowId(at))?.getBoundingClientRect() : undefined;
    const items = [
      ...filterItems(filter),
      ...packetItems(row.event, row.time),
      ...copyItems(row.event, cellText(row, column), filter),
    ];
    open({ label: t("packets.menuOf", { number: row.number }), items, x: place?.left ?? x, y: place?.bottom ?? y });
  });
  const first = view?.first ?? 0;
  const { first: from, end } = drawn(scroll);
  useEffect(() => rows.want(first + from, first + end, view?.matched ?? 0));
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is sought moves the list, not rows that go at its other end
  useEffect(() => {
    if (sought !== undefined) move((s) => centre(s, sought.index - first));
  }, [sought, move]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the newest row is kept in sight whenever there is a newer one
  useLayoutEffect(() => {
    if (following) move((s) => scrollTo(s, s.rows * s.rowHeight));
  }, [following, scroll.rows, scroll.viewport, move]);
  const onKeyDown = (event: KeyboardEvent): void => onListKey(event, scroll, first, index, move);
  const indices = Array.from({ length: Math.max(0, end - from) }, (_, n) => from + n);
  return (
    <>
      <div
        ref={ref}
        className={`packet-list ${size}`}
        role="grid"
        aria-label={t("packets.list")}
        aria-rowcount={(view?.matched ?? 0) + 1}
        aria-activedescendant={
          index !== undefined && index - first >= from && index - first < end ? rowId(index) : undefined
        }
        tabIndex={0}
        data-autofocus
        onKeyDown={onKeyDown}
        onClick={(event) => {
          const clicked = (event.target as Element).closest<HTMLElement>("[data-index]")?.dataset.index;
          if (clicked !== undefined) void openIndex(Number(clicked));
        }}
        {...press}
      >
        <div className="packet-head" role="row" aria-rowindex={1}>
          {COLUMNS.map(([column, key]) => (
            <span key={column} role="columnheader" className={`cell-${column}`}>
              {t(key)}
            </span>
          ))}
        </div>
        <div className="packet-rows" role="rowgroup" style={{ height: elementHeight(scroll) }}>
          {indices.map((n) => (
            <Row
              key={first + n}
              index={first + n}
              row={rows.row(first + n)}
              previous={rows.row(first + n - 1)?.time}
              top={offsetOf(scroll, n)}
              selected={first + n === index}
              digits={size === "large" ? 9 : 6}
            />
          ))}
        </div>
      </div>
      {menu}
    </>
  );
}

type Move = (change: (s: ScrollState) => ScrollState) => void;

/** The element's scrolling and size, kept as {@link ScrollState}. */
function useScroll(first: number, matched: number) {
  const ref = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(1000);
  const size = width < COMPACT ? "compact" : width < SMALL ? "small" : width < LARGE ? "" : "large";
  const rowHeight = size === "compact" ? COMPACT_HEIGHT : ROW_HEIGHT;
  const head = size === "compact" ? 0 : HEAD_HEIGHT;
  const [scroll, setScroll] = useState(() => emptyScroll(rowHeight));
  const known = useRef(scroll);
  const before = useRef(first);
  const move: Move = useCallback((change) => {
    const next = change(known.current);
    if (next === known.current) return;
    known.current = next;
    setScroll(next);
  }, []);
  const viewport = useRef(0);
  useLayoutEffect(() => {
    move((s) => {
      const gone = (first - before.current) * s.rowHeight;
      const sized =
        s.rowHeight === rowHeight ? s : { ...s, rowHeight, top: (s.top / s.rowHeight) * rowHeight, rows: -1 };
      return resized(
        gone > 0 ? { ...sized, top: sized.top - gone, rows: -1 } : sized,
        Math.max(0, matched - first),
        viewport.current,
      );
    });
    before.current = first;
  }, [first, matched, rowHeight, move]);
  useLayoutEffect(() => {
    const element = ref.current;
    if (element === null) return;
    const measure = (): void => {
      viewport.current = Math.max(0, element.clientHeight - head);
      setWidth(element.clientWidth);
      move((s) => resized(s, s.rows, viewport.current));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    const stop = listenToScroll(element, move);
    return () => {
      observer.disconnect();
      stop();
    };
  }, [head, move]);
  // The element follows what was moved by anything but itself.
  useLayoutEffect(() => {
    const element = ref.current;
    if (element !== null && Math.abs(element.scrollTop - scroll.scrollTop) > 1) element.scrollTop = scroll.scrollTop;
  }, [scroll]);
  return { ref, scroll, move, size };
}

function listenToScroll(element: HTMLElement, move: Move): () => void {
  const onScroll = (): void => {
    move((s) => {
      if (Math.abs(s.scrollTop - element.scrollTop) <= 1) return s;
      const next = scrolled(s, element.scrollTop);
      const following = atEnd(next);
      if (usePackets.getState().following !== following) usePackets.setState({ following });
      return next;
    });
  };
  const onEnd = (): void => move(settled);
  element.addEventListener("scroll", onScroll, { passive: true });
  element.addEventListener("scrollend", onEnd);
  return () => {
    element.removeEventListener("scroll", onScroll);
    element.removeEventListener("scrollend", onEnd);
  };
}

function onListKey(
  event: KeyboardEvent,
  scroll: ScrollState,
  first: number,
  index: number | undefined,
  move: Move,
): void {
  if (event.ctrlKey && event.key !== "Home" && event.key !== "End") return;
  if (event.altKey || event.metaKey || scroll.rows === 0) return;
  const last = first + scroll.rows - 1;
  const here = index ?? (usePackets.getState().following ? last + 1 : first - 1);
  const page = pageRows(scroll);
  const steps: Readonly<Record<string, number>> = {
    ArrowUp: here - 1,
    ArrowDown: here + 1,
    PageUp: here - page,
    PageDown: here + page,
    Home: first,
    End: last,
  };
  if (event.key === "Enter" && index !== undefined) void openIndex(index);
  const to = steps[event.key];
  if (to === undefined) return;
  event.preventDefault();
  const at = Math.max(first, Math.min(last, to));
  move((s) => reveal(s, at - first));
  void selectIndex(at);
}

interface RowProps {
  readonly index: number;
  readonly row: PacketRow | undefined;
  readonly previous: number | undefined;
  readonly top: number;
  readonly selected: boolean;
  readonly digits: number;
}

const Row = memo(function Row({ index, row, previous, top, selected, digits }: RowProps): ReactNode {
  const t = useText();
  const reference = usePackets((all) => all.reference);
  const format = usePackets((all) => all.timeFormat);
  const epoch = useConnection((all) => all.network?.epoch ?? 0);
  const place = { transform: `translateY(${top}px)` };
  if (row === undefined) {
    return (
      <div id={rowId(index)} role="row" aria-rowindex={index + 2} className="packet-row waiting" style={place}>
        <span role="gridcell">…</span>
      </div>
    );
  }
  const base: TimeBase = {
    format,
    epoch,
    digits,
    ...(reference === undefined ? {} : { reference: reference.at }),
    ...(previous === undefined ? {} : { previous }),
  };
  const dropped = row.dropped === undefined ? undefined : t("packets.dropped", { reason: dropText(row.dropped) });
  return (
    <div
      id={rowId(index)}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={selected}
      className={`packet-row ${dropped === undefined ? "" : "dropped"}`}
      data-group={row.group}
      data-index={index}
      style={place}
    >
      <span role="gridcell" className="cell-number" data-column="number">
        {row.number}
        {reference?.event === row.event && <abbr title={t("packets.reference")}> ⏱</abbr>}
      </span>
      <span role="gridcell" className="cell-time" data-column="time">
        {timeText(row.time, base)}
      </span>
      <span role="gridcell" className="cell-source" data-column="source">
        {row.source}
      </span>
      <span role="gridcell" className="cell-destination" data-column="destination">
        {row.destination}
      </span>
      <span role="gridcell" className="cell-protocol protocol" data-column="protocol">
        {row.protocol}
      </span>
      <span role="gridcell" className="cell-length" data-column="length">
        {row.length}
      </span>
      <span
        role="gridcell"
        className="cell-info"
        data-column="info"
        title={dropped === undefined ? row.info : `${dropped} · ${row.info}`}
      >
        {dropped !== undefined && <span className="mark bad">✕ {dropped}</span>}
        {row.corrupted && <span className="mark bad">≠ {t("packets.corrupted")}</span>}
        {row.notes.map((note) => (
          <span key={note} className="mark warn">
            {noteText(note)}
          </span>
        ))}
        {infoText(row)}
      </span>
      <span role="gridcell" className="cell-where" data-column="where">
        {row.nic}
      </span>
    </div>
  );
});

/** Without what an analyser says in brackets in front, where it stands as labels already. */
const infoText = ({ info, notes }: PacketRow): string =>
  notes.length === 0 ? info : info.replace(/^(?:\[TCP [^\]]*\] ?)+/, "");
