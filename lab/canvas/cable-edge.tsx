import { BaseEdge, type Edge, EdgeLabelRenderer, type EdgeProps, useInternalNode } from "@xyflow/react";
import { memo, type ReactNode } from "react";
import { type TextKey, useText } from "../i18n/index.ts";
import { type CableState, useCableStates } from "./cable-state.ts";
import { anchorOf } from "./geometry.ts";
import type { Point } from "./layout.ts";
import type { GraphEdge } from "./topology.ts";

export type CableEdgeType = Edge<{ readonly edge: GraphEdge; readonly detailed: boolean }, "cable">;

const STATES: Readonly<Record<CableState, TextKey>> = {
  "one-way": "canvas.cableOneWay",
  cut: "canvas.cableCut",
  unplugged: "canvas.cableUnplugged",
  full: "canvas.cableFull",
};

/** How far from a device the text of a cable's end stands. */
const END_AT = 54;

/** A cable: a straight line from device to device, what its ends are called, and whether it carries. */
export const CableEdge = memo(function CableEdge({
  id,
  source,
  target,
  data,
  selected,
}: EdgeProps<CableEdgeType>): ReactNode {
  const t = useText();
  const from = useInternalNode(source);
  const to = useInternalNode(target);
  const cable = data?.edge.cable;
  const state = useCableStates(({ states }) => (cable === undefined ? undefined : states.get(cable)));
  if (from === undefined || to === undefined || data === undefined) return null;
  const { edge, detailed } = data;
  const a = anchorOf(from.internals.positionAbsolute);
  const b = anchorOf(to.internals.positionAbsolute);
  const middle = { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
  return (
    <>
      <BaseEdge
        id={id}
        path={`M${a.x},${a.y} L${b.x},${b.y}`}
        interactionWidth={24}
        className={`cable ${edge.dashed ? "cable-dashed" : ""} ${state === undefined ? "" : `cable-${state}`} ${selected ? "cable-selected" : ""}`}
      />
      <EdgeLabelRenderer>
        {edge.label !== undefined && <Label at={middle} text={edge.label} className="cable-label" />}
        {state !== undefined && (
          <Label at={middle} text={t(STATES[state])} className={`cable-label cable-says-${state}`} />
        )}
        {detailed && edge.ends[0] !== "" && (
          <Label at={towards(a, b, END_AT)} text={edge.ends[0]} className="cable-end" />
        )}
        {detailed && edge.ends[1] !== "" && (
          <Label at={towards(b, a, END_AT)} text={edge.ends[1]} className="cable-end" />
        )}
      </EdgeLabelRenderer>
    </>
  );
});

function towards(from: Point, to: Point, distance: number): Point {
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
  const share = Math.min(0.4, distance / length);
  return { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share };
}

function Label({
  at,
  text,
  className,
}: {
  readonly at: Point;
  readonly text: string;
  readonly className: string;
}): ReactNode {
  return (
    <span className={className} style={{ transform: `translate(-50%, -50%) translate(${at.x}px, ${at.y}px)` }}>
      {text}
    </span>
  );
}
