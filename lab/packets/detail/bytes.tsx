import { type KeyboardEvent, type ReactNode, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { useText } from "../../i18n/index.ts";
import {
  drawn,
  elementHeight,
  emptyScroll,
  offsetOf,
  resized,
  reveal,
  type ScrollState,
  scrolled,
} from "../list/scroll.ts";
import type { Lit } from "./fields.ts";
import { byteText, hexLine, letterText, lineCount, moved, offsetText } from "./hex-lines.ts";

const LINE = 20;
/** Pixels that a line of 16 bytes takes; in less there are 8. */
const WIDE = 500;

interface Props {
  readonly bytes: Uint8Array;
  readonly lit: Lit | undefined;
  readonly onByte: (offset: number) => void;
}

/** Bytes in hexadecimal and letters; only the lines that are seen are in the page. */
export function Bytes({ bytes, lit, onByte }: Props): ReactNode {
  const t = useText();
  const ref = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(16);
  const [caret, setCaret] = useState(0);
  const [scroll, setScroll] = useState<ScrollState>(() => emptyScroll(LINE));
  const count = lineCount(bytes.length, width);
  useLayoutEffect(() => {
    const element = ref.current;
    if (element === null) return;
    const measure = (): void => {
      setWidth(element.clientWidth < WIDE ? 8 : 16);
      setScroll((s) => resized(s, count, element.clientHeight));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [count]);
  useEffect(() => {
    if (lit === undefined) return;
    setCaret((at) => (at >= lit.from && at < lit.end ? at : lit.from));
    setScroll((s) => reveal(reveal(s, Math.floor((lit.end - 1) / width)), Math.floor(lit.from / width)));
  }, [lit, width]);
  useLayoutEffect(() => {
    const element = ref.current;
    if (element !== null && Math.abs(element.scrollTop - scroll.scrollTop) > 1) element.scrollTop = scroll.scrollTop;
  }, [scroll]);
  const onKeyDown = (event: KeyboardEvent): void => {
    const to = moved(caret, event.key, bytes.length, width);
    if (to === undefined || bytes.length === 0 || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    setCaret(to);
    setScroll((s) => reveal(s, Math.floor(to / width)));
    onByte(to);
  };
  const { first, end } = drawn(scroll);
  const lines = Array.from({ length: Math.max(0, Math.min(end, count) - first) }, (_, n) => first + n);
  return (
    <div
      ref={ref}
      className={`bytes bytes-${width}`}
      role="grid"
      aria-label={t("packets.bytes")}
      aria-rowcount={count}
      aria-activedescendant={bytes.length > 0 ? `byte-${caret}` : undefined}
      tabIndex={0}
      onKeyDown={onKeyDown}
      onScroll={(event) => {
        const top = event.currentTarget.scrollTop;
        setScroll((s) => (Math.abs(s.scrollTop - top) <= 1 ? s : scrolled(s, top)));
      }}
      onClick={(event) => {
        const at = (event.target as HTMLElement).closest<HTMLElement>("[data-at]")?.dataset.at;
        if (at === undefined) return;
        setCaret(Number(at));
        onByte(Number(at));
      }}
    >
      <div role="presentation" style={{ height: elementHeight(scroll) }}>
        {lines.map((line) => (
          <Line
            key={line}
            bytes={bytes}
            line={line}
            width={width}
            top={offsetOf(scroll, line)}
            lit={lit}
            caret={caret}
          />
        ))}
      </div>
    </div>
  );
}

interface LineProps {
  readonly bytes: Uint8Array;
  readonly line: number;
  readonly width: number;
  readonly top: number;
  readonly lit: Lit | undefined;
  readonly caret: number;
}

function Line({ bytes, line, width, top, lit, caret }: LineProps): ReactNode {
  const { offset, bytes: part } = useMemo(() => hexLine(bytes, line, width), [bytes, line, width]);
  const look = (at: number): string | undefined => {
    const on = lit !== undefined && at >= lit.from && at < lit.end;
    return [on && "lit", at === caret && "caret"].filter(Boolean).join(" ") || undefined;
  };
  const all = [...part].map((byte, n) => ({ at: offset + n, byte }));
  return (
    <div role="row" aria-rowindex={line + 1} className="bytes-line" style={{ transform: `translateY(${top}px)` }}>
      <span role="rowheader" className="bytes-offset">
        {offsetText(offset, bytes.length)}
      </span>
      {all.map(({ at, byte }) => (
        <span key={at} id={`byte-${at}`} role="gridcell" className={`byte ${look(at) ?? ""}`} data-at={at}>
          {byteText(byte)}
        </span>
      ))}
      <span className="bytes-letters" aria-hidden="true">
        {all.map(({ at, byte }) => (
          <span key={at} className={look(at)} data-at={at}>
            {letterText(byte)}
          </span>
        ))}
      </span>
    </div>
  );
}
