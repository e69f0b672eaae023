import { useEffect, useState } from "react";
import { request } from "../../connection/index.ts";

export interface Candidate {
  readonly name: string;
  readonly label: string;
  readonly type: string;
}

export interface Completion {
  /** The text that they complete, up to where the cursor was. */
  readonly of: string;
  /** Which letter of it they replace from. */
  readonly from: number;
  readonly candidates: readonly Candidate[];
}

/** Milliseconds. */
const PAUSE = 80;
const SHOWN = 12;

/** Names that may stand where the cursor is; none while it is not `wanted`. */
export function useCompletion(filter: string, at: number, wanted: boolean): Completion | undefined {
  const [completion, setCompletion] = useState<Completion>();
  useEffect(() => {
    if (!wanted || filter.slice(0, at).trim() === "") {
      setCompletion(undefined);
      return;
    }
    let over = false;
    const timer = setTimeout(() => {
      request("filter.complete", { filter, at })
        .then(({ from, candidates }) => {
          if (!over) setCompletion({ of: filter.slice(0, at), from, candidates: candidates.slice(0, SHOWN) });
        })
        .catch(() => !over && setCompletion(undefined));
    }, PAUSE);
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [filter, at, wanted]);
  return wanted ? completion : undefined;
}
