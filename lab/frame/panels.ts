import type { ComponentType } from "react";
import { create } from "zustand";
import type { TextKey } from "../i18n/index.ts";

export type PanelId =
  | "canvas"
  | "packets"
  | "terminal"
  | "program"
  | "host"
  | "log"
  | "text"
  | "files"
  | "editing"
  | "time"
  | "status"
  | "guide";

/**
 * Where a panel stands on a wide screen: the network in the middle, what is below it, the tabs at the side with the first steps above them,
 * the line of time at the bottom, and what belongs into the bar at the top. On a narrow screen those of the middle, below and side take turns.
 */
export type Place = "canvas" | "below" | "side" | "time" | "top" | "guide";

export interface Panel {
  readonly id: PanelId;
  readonly place: Place;
  readonly title: TextKey;
  /** Lowest first. */
  readonly order: number;
  /** May be lazy (`React.lazy`): it is drawn within a Suspense, when it is first shown, and kept from then on. */
  readonly Component: ComponentType;
}

/** What takes turns on a narrow screen. */
export const TURNS: readonly Place[] = ["canvas", "below", "side"];

interface Panels {
  readonly panels: readonly Panel[];
  readonly side: PanelId;
  readonly sideShown: boolean;
  /** Without it, what is below has the whole height; with neither, it is shown all the same. */
  readonly canvasShown: boolean;
  readonly belowShown: boolean;
  /** The one that a narrow screen shows. */
  readonly narrow: PanelId;
}

export const usePanels = create<Panels>(() => ({
  panels: [],
  side: "terminal",
  sideShown: true,
  canvasShown: true,
  belowShown: true,
  narrow: "canvas",
}));

/** Called once for each panel, by the `register.ts` of its area. */
export function registerPanel(panel: Panel): void {
  const others = usePanels.getState().panels.filter(({ id }) => id !== panel.id);
  usePanels.setState({ panels: [...others, panel].sort((a, b) => a.order - b.order) });
}

/** The element of a panel, for what moves the focus there. */
export const panelElementId = (id: PanelId): string => `panel-${id}`;

/** Shows a panel, wherever it is. @param focus whether the keyboard goes there too */
export function openPanel(id: PanelId, focus = true): void {
  const panel = usePanels.getState().panels.find((each) => each.id === id);
  if (panel === undefined) return;
  if (panel.place === "side") usePanels.setState({ side: id, sideShown: true });
  if (panel.place === "canvas") usePanels.setState({ canvasShown: true });
  if (panel.place === "below") usePanels.setState({ belowShown: true });
  if (TURNS.includes(panel.place)) usePanels.setState({ narrow: id });
  if (focus) requestAnimationFrame(() => focusIn(panelElementId(id)));
}

/** The first thing of an element that wants the keyboard, else the element itself. */
function focusIn(id: string): void {
  const element = document.getElementById(id);
  const wanted = element?.querySelector<HTMLElement>("[data-autofocus]") ?? element;
  wanted?.focus();
}
