import { useEffect } from "react";
import { create } from "zustand";
import type { NetworkSnapshot } from "../../src/network/network.ts";
import { request, useConnection } from "../connection/index.ts";

/** Milliseconds between two looks at the network. */
const EVERY = 1000;

interface Looks {
  /** How everything stood when it was last looked at; undefined before. */
  readonly snapshot: NetworkSnapshot | undefined;
}

const useLooks = create<Looks>(() => ({ snapshot: undefined }));
let watchers = 0;
let timer: ReturnType<typeof setInterval> | undefined;
let lookedAt = -1;

/** Looks now, whether time has moved or not. */
export async function look(): Promise<void> {
  const { state } = useConnection.getState();
  lookedAt = state?.now ?? -1;
  const { snapshot } = await request("snapshot", {});
  useLooks.setState({ snapshot: snapshot as NetworkSnapshot });
}

function lookAgain(): void {
  const { state, link } = useConnection.getState();
  if (link.kind !== "open" || state === undefined || state.now === lookedAt || document.hidden) return;
  look().catch(() => {});
}

/** How everything stood when it was last looked at, by anyone. */
export const lastLook = (): NetworkSnapshot | undefined => useLooks.getState().snapshot;

/** How everything stands, looked at once a second for as long as somebody is shown it. */
export function useSnapshot(): NetworkSnapshot | undefined {
  useEffect(() => {
    watchers++;
    lookAgain();
    timer ??= setInterval(lookAgain, EVERY);
    return () => {
      watchers--;
      if (watchers > 0) return;
      clearInterval(timer);
      timer = undefined;
    };
  }, []);
  return useLooks((state) => state.snapshot);
}
