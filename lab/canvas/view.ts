import type { ReactFlowInstance } from "@xyflow/react";
import { create } from "zustand";
import type { Layer } from "./topology.ts";

interface CanvasView {
  readonly layer: Layer;
  /** Whether addresses stand at devices and at the ends of cables. */
  readonly addresses: boolean;
}

export const useCanvasView = create<CanvasView>(() => ({ layer: "all", addresses: false }));

export const showLayer = (layer: Layer): void => useCanvasView.setState({ layer });

export const toggleAddresses = (): void => useCanvasView.setState(({ addresses }) => ({ addresses: !addresses }));

type Flow = Pick<ReactFlowInstance, "zoomIn" | "zoomOut" | "fitView">;

let flow: Flow | undefined;

/** The canvas that is on the screen, for the actions that zoom it. */
export function setFlow(shown: Flow | undefined): void {
  flow = shown;
}

/** All of it, below the bar over it. */
export const FIT = { padding: { top: "56px", bottom: "20px", x: "20px" }, maxZoom: 1.4 } as const;

export const zoomIn = (): void => void flow?.zoomIn();
export const zoomOut = (): void => void flow?.zoomOut();
export const fit = (): void => void flow?.fitView(FIT);
