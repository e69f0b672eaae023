import { useEffect, useState } from "react";
import type { FilterCheck } from "../../../src/engine/protocol/index.ts";
import { request, useConnection } from "../../connection/index.ts";

/** Milliseconds that one stops typing for before the filter is judged. */
const PAUSE = 120;

export type Verdict =
  | { readonly kind: "empty" | "checking" | "unknown" }
  | { readonly kind: "checked"; readonly of: string; readonly check: FilterCheck };

/** What the engine says of a filter while it is typed. The last verdict stays until there is another, so that nothing flickers. */
export function useCheck(filter: string): Verdict {
  const session = useConnection((all) => all.session);
  const [verdict, setVerdict] = useState<Verdict>({ kind: "empty" });
  useEffect(() => {
    if (filter.trim() === "") {
      setVerdict({ kind: "empty" });
      return;
    }
    if (session === 0) return;
    let over = false;
    const timer = setTimeout(() => {
      setVerdict((now) => (now.kind === "empty" ? { kind: "checking" } : now));
      request("filter.check", { filter })
        .then((check) => !over && setVerdict({ kind: "checked", of: filter, check }))
        .catch(() => !over && setVerdict({ kind: "unknown" }));
    }, PAUSE);
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [filter, session]);
  return verdict;
}

/** Whether a filter may be applied: Enter is often faster than the verdict on what was typed. Where nobody can tell, it may. */
export async function isLawful(filter: string): Promise<boolean> {
  if (filter === "") return true;
  try {
    return (await request("filter.check", { filter })).ok;
  } catch {
    return true;
  }
}
