import { useEffect, useRef, useState } from "react";
import type { Method, Methods, Problem } from "../../src/engine/protocol/index.ts";
import { request } from "../connection/index.ts";
import { problemOf } from "./problem.ts";
import { usePackets } from "./store.ts";

/** Milliseconds between two askings while the view grows. */
const PAUSE = 1_000;

export type Asked<T> =
  | { readonly kind: "waiting" }
  | { readonly kind: "failed"; readonly problem: Problem }
  | { readonly kind: "here"; readonly answer: T };

type OfConversation = "packets.follow" | "packets.sequence";

/**
 * What a conversation is, asked again while the view grows. The last answer stays meanwhile.
 * @param layer of which bytes, where there is a choice
 */
export function useAnswer<M extends Method & OfConversation>(
  method: M,
  event: number | undefined,
  layer?: "tls" | "tcp",
): Asked<Methods[M]["result"]> {
  const view = usePackets((all) => all.view?.view);
  const total = usePackets((all) => all.view?.total ?? 0);
  const [asked, setAsked] = useState<Asked<Methods[M]["result"]>>({ kind: "waiting" });
  const at = useRef<{ view?: number; event?: number; layer?: string | undefined; when: number }>({ when: 0 });
  // biome-ignore lint/correctness/useExhaustiveDependencies: a view that has grown is asked again
  useEffect(() => {
    if (view === undefined || event === undefined) return;
    const isWanted = (): boolean =>
      at.current.view === view && at.current.event === event && at.current.layer === layer;
    const same = isWanted();
    const take = (taken: typeof asked): void => {
      if (isWanted()) setAsked(taken);
    };
    if (!same) {
      if (at.current.view !== view || at.current.event !== event) setAsked({ kind: "waiting" });
      at.current = { view, event, layer, when: Number.NEGATIVE_INFINITY };
    }
    const ask = (): void => {
      at.current = { view, event, layer, when: performance.now() };
      request(method, { view, event, ...(layer && { layer }) } as Methods[M]["params"])
        .then((answer) => take({ kind: "here", answer }))
        .catch((error: unknown) => take({ kind: "failed", problem: problemOf(error) }));
    };
    const timer = setTimeout(ask, Math.max(0, at.current.when + PAUSE - performance.now()));
    return () => clearTimeout(timer);
  }, [method, view, event, layer, total]);
  return asked;
}
