import { useSyncExternalStore } from "react";
import { useConnection } from "../connection/index.ts";
import { useSelection } from "../selection.ts";
import { type Action, isEnabled } from "./actions.ts";
import { usePanels } from "./panels.ts";

function listen(changed: () => void): () => void {
  const ends = [
    useConnection.subscribe(changed),
    useSelection.subscribe(changed),
    usePanels.subscribe(changed),
    listenToMore(changed),
  ];
  return () => {
    for (const end of ends) end();
  };
}

/** Stores of areas by which it is decided too whether something can be done. */
const more = new Set<(changed: () => void) => () => void>();

export const alsoDecidedBy = (subscribe: (changed: () => void) => () => void): void => void more.add(subscribe);

function listenToMore(changed: () => void): () => void {
  const ends = [...more].map((subscribe) => subscribe(changed));
  return () => {
    for (const end of ends) end();
  };
}

/** Whether an action can be done now: asked again when the engine, the selection or the panels have changed. */
export const useEnabled = (action: Action | undefined): boolean =>
  useSyncExternalStore(listen, () => action !== undefined && isEnabled(action));
