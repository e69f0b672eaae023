import { create } from "zustand";
import { usePanels } from "../frame/panels.ts";

const KEPT = "netarium-first-steps";

/** Whether the first steps are shown: at first, and when they are asked for. */
export const useGuide = create<{ readonly shown: boolean }>(() => ({ shown: localStorage.getItem(KEPT) !== "seen" }));

export function showGuide(): void {
  localStorage.removeItem(KEPT);
  useGuide.setState({ shown: true });
  usePanels.setState({ sideShown: true });
}

export function dismissGuide(): void {
  localStorage.setItem(KEPT, "seen");
  useGuide.setState({ shown: false });
}
