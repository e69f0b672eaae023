import { create } from "zustand";
import type { PacketDetail, Problem, Vantage, ViewState } from "../../src/engine/protocol/index.ts";
import type { TimeFormat } from "./list/time-text.ts";
import { NOTHING_VISITED, type Visited } from "./visited.ts";

/** What the panel shows. */
export type Screen = "list" | "stream" | "sequence";

/** On a narrow panel list and detail take turns, else they stand beside or below each other. */
export type Shape = "steps" | "beside" | "below";

/** What is said below the list for a while. */
export interface Notice {
  readonly text: string;
  readonly failed?: true;
}

export interface PacketsState {
  readonly vantage: Vantage;
  /** Undefined until the engine has opened it. */
  readonly view: ViewState | undefined;
  /** Why there is no view. */
  readonly problem: Problem | undefined;
  /** Counts comings of rows, so that the list is drawn again. */
  readonly rowsCame: number;
  /** Where the selected packet stands among the rows; undefined when it is not one of them. */
  readonly index: number | undefined;
  /** The row that is to be brought into sight: a new object each time. */
  readonly sought: { readonly index: number } | undefined;
  /** The newest row is kept in sight. */
  readonly following: boolean;
  readonly timeFormat: TimeFormat;
  /** Virtual time and event of the packet that times are counted from. */
  readonly reference: { readonly at: number; readonly event: number } | undefined;
  readonly screen: Screen;
  /** The packet whose stream or diagram is shown. */
  readonly conversation: number | undefined;
  /** What the filter was before following a stream set it to `filter`. */
  readonly streamFilter: { readonly filter: string; readonly before: string } | undefined;
  readonly detail: PacketDetail | undefined;
  readonly detailProblem: Problem | undefined;
  readonly shape: Shape;
  /** The detail is shown beside the list, or on a narrow screen in its place. */
  readonly detailShown: boolean;
  readonly visited: Visited;
  readonly asking: "find" | "number" | "wireshark" | undefined;
  readonly notice: Notice | undefined;
}

export const usePackets = create<PacketsState>(() => ({
  vantage: { kind: "cables" },
  view: undefined,
  problem: undefined,
  rowsCame: 0,
  index: undefined,
  sought: undefined,
  following: true,
  timeFormat: "relative",
  reference: undefined,
  screen: "list",
  conversation: undefined,
  streamFilter: undefined,
  detail: undefined,
  detailProblem: undefined,
  shape: "beside",
  detailShown: false,
  visited: NOTHING_VISITED,
  asking: undefined,
  notice: undefined,
}));

export const say = (text: string): void => usePackets.setState({ notice: { text } });
export const sayFailed = (text: string): void => usePackets.setState({ notice: { text, failed: true } });
