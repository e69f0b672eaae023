import type { EngineState, NetworkInfo, Problem, Welcome } from "../../src/engine/protocol/index.ts";

/** How the page stands to its engine. */
export type Link =
  /** It has not answered yet. */
  | { readonly kind: "connecting" }
  | { readonly kind: "open" }
  /** It was there, or should be: tried again until it is. @property tries since it was last heard */
  | { readonly kind: "gone"; readonly tries: number }
  /** It is no more, and with it what ran in it; another begins when it is asked for. */
  | { readonly kind: "ended"; readonly problem: Problem }
  /** It will not have us, and trying again is of no use. */
  | { readonly kind: "refused"; readonly code: "version" | "token" | "busy"; readonly version: number };

/** All that is known of the engine at once. What the welcome told stays when the engine is gone. */
export interface ConnectionState {
  readonly link: Link;
  /**
   * Counts welcomes. Views and watches belong to one session: what opens one does so again when this changes (a React effect
   * that depends on it).
   */
  readonly session: number;
  readonly welcome: Omit<Welcome, "network" | "state"> | undefined;
  readonly network: NetworkInfo | undefined;
  readonly state: EngineState | undefined;
  /** Another engine than before answered: what was looked at is no more. */
  readonly engineChanged: boolean;
}

export const NO_CONNECTION: ConnectionState = {
  link: { kind: "connecting" },
  session: 0,
  welcome: undefined,
  network: undefined,
  state: undefined,
  engineChanged: false,
};
