import { create } from "zustand";
import { request } from "../connection/index.ts";
import { text } from "../i18n/index.ts";
import { problemOf, problemText } from "./problem.ts";
import { selectIndex } from "./session.ts";
import { say, sayFailed, usePackets } from "./store.ts";

export const WAYS = ["text", "filter", "hex"] as const;
export type Way = (typeof WAYS)[number];

/** What was looked for last; F3 goes on with it. */
export const useSought = create<{ readonly by: Way; readonly what: string }>(() => ({ by: "text", what: "" }));

/** Goes to the next row, or the one before, that has what is sought, from the selected one on. */
export async function findNext(backwards: boolean): Promise<void> {
  const { by, what } = useSought.getState();
  const { view, index } = usePackets.getState();
  if (view === undefined) return;
  if (what.trim() === "") {
    usePackets.setState({ asking: "find" });
    return;
  }
  const from = index === undefined ? (backwards ? view.matched - 1 : view.first) : index + (backwards ? -1 : 1);
  try {
    const found = await request("packets.find", { view: view.view, from, backwards, by, what });
    if (found.index < 0) say(text("packets.findNone"));
    else {
      usePackets.setState({ notice: undefined });
      await selectIndex(found.index);
    }
  } catch (error) {
    sayFailed(problemText(problemOf(error)));
  }
}
