import { useEffect, useRef, useState } from "react";
import { request, useConnection } from "../connection/index.ts";
import type { TimeWindow } from "./window.ts";

export interface Histogram extends TimeWindow {
  readonly frames: readonly number[];
  readonly drops: readonly number[];
}

/** Bars across the line. */
const SLICES = 160;
/** Milliseconds between questions while time goes on. */
const PACE = 500;

/** How many frames and drops each slice of a window had; asked again while the window moves, never twice at once. */
export function useHistogram(window: TimeWindow): Histogram | undefined {
  const [histogram, setHistogram] = useState<Histogram>();
  const session = useConnection((all) => all.session);
  const branch = useConnection(({ state }) => state?.branch);
  const wanted = useRef(window);
  useEffect(() => {
    wanted.current = window;
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: another branch had other frames
  useEffect(() => {
    if (session === 0) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let over = false;
    let last: TimeWindow | undefined;
    const ask = async (): Promise<void> => {
      const { from, to } = wanted.current;
      if (last?.from !== from || last.to !== to) {
        last = { from, to };
        // Without an engine what is shown stays, until the next session asks again.
        const counts = await request("traffic.histogram", { from, to, slices: SLICES }).catch(() => undefined);
        if (!over && counts !== undefined) setHistogram({ from, to, ...counts });
      }
      if (!over) timer = setTimeout(ask, PACE);
    };
    void ask();
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [session, branch]);
  return histogram;
}
