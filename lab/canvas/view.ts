import type { ReactFlowInstance } from "@xyflow/react";
import { create } from "zustand";
import type { Point } from "./layout.ts";
import type { Layer } from "./topology.ts";

interface CanvasView {
  readonly layer: Layer;
  /** Whether addresses stand at devices and at the ends of cables. */
  readonly addresses: boolean;
  /** Where the middle of each thing is. */
  readonly places: ReadonlyMap<string, Point>;
}

export const useCanvasView = create<CanvasView>(() => ({ layer: "all", addresses: false, places: new Map() }));

export const showLayer = (layer: Layer): void => useCanvasView.setState({ layer });

export const toggleAddresses = (): void => useCanvasView.setState(({ addresses }) => ({ addresses: !addresses }));

type Flow = Pick<ReactFlowInstance, "zoomIn" | "zoomOut" | "fitView" | "screenToFlowPosition">;

let flow: Flow | undefined;
let box: Element | undefined;

/** The canvas that is on the screen, for the actions that zoom it. */
export function setFlow(shown: Flow | undefined, element?: Element): void {
  flow = shown;
  box = element;
}

/** The place of the network that is shown at a point of the window. */
export const placeAt = (at: Point): Point => flow?.screenToFlowPosition(at) ?? { x: 0, y: 0 };

/** Whether a point of the window is on the canvas. */
export function isOnCanvas({ x, y }: Point): boolean {
  const edges = box?.getBoundingClientRect();
  return edges !== undefined && x >= edges.left && x < edges.right && y >= edges.top && y < edges.bottom;
}

/** The place of the network in the middle of what is shown. */
export function middleShown(): Point {
  const edges = box?.getBoundingClientRect();
  return edges === undefined
    ? { x: 0, y: 0 }
    : placeAt({ x: edges.x + edges.width / 2, y: edges.y + edges.height / 2 });
}

/** All of it, below the bars over it. */
export const fitting = (bars: number) =>
  ({ padding: { top: `${20 + 36 * bars}px`, bottom: "20px", x: "20px" }, maxZoom: 1.4 }) as const;

let bars = 1;

/** How many bars stand over the canvas from now on. */
export function setBars(count: number): void {
  if (bars === count) return;
  bars = count;
  fit();
}

export const zoomIn = (): void => void flow?.zoomIn();
export const zoomOut = (): void => void flow?.zoomOut();
/** Shows all of it. With nothing there React Flow would wait for something, and bring that to the middle. */
export function fit(): void {
  if (useCanvasView.getState().places.size > 0) void flow?.fitView(fitting(bars));
}
