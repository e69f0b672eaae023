import type { NodeChange } from "@xyflow/react";
import { useEffect, useMemo, useRef, useState } from "react";
import type { NetworkInfo } from "../../src/engine/protocol/index.ts";
import { move } from "../edit/commands.ts";
import { useDocument } from "../edit/document.ts";
import { isEditing } from "../edit/mode.ts";
import { useNarrow } from "../frame/narrow.ts";
import { type Translate, useText } from "../i18n/index.ts";
import { selectDevices, useSelection } from "../selection.ts";
import type { DeviceNodeType } from "./device-node.tsx";
import { anchorOf, cornerOf, NODE_WIDTH } from "./geometry.ts";
import { placeOf, usePlaces } from "./graph.ts";
import type { Point } from "./layout.ts";
import type { Graph, GraphNode } from "./topology.ts";
import { useCanvasView } from "./view.ts";

const NOT_MOVED: ReadonlyMap<string, Point> = new Map();
/** What is moved by keys is kept when no key was pressed for so long. Milliseconds. */
const REST = 400;

/** The devices for React Flow, where they stand, and what becomes of moving and selecting them. */
export function useNodes(network: NetworkInfo, graph: Graph) {
  const t = useText();
  const layout = useDocument(({ document }) => document?.network.layout);
  const places = usePlaces(network, layout, useNarrow());
  const selected = useSelection((state) => state.devices);
  const { layer, addresses } = useCanvasView();
  const { moved, onMove } = useMoves(places, graph);
  useEffect(() => useCanvasView.setState({ places }), [places]);
  const detailed = addresses || layer !== "all";
  // React Flow has no handles of a node whose size it is not told, and draws the node's edges anew once it has measured it.
  const sizes = useRef(new Map<string, { readonly width: number; readonly height: number }>());
  const nodes = useMemo(
    () =>
      graph.nodes.map((node): DeviceNodeType => {
        const serves = network.devices.some(
          ({ name, programs }) => name === node.id && programs.some((program) => /server|receiver/.test(program)),
        );
        const size = sizes.current.get(node.id);
        return {
          id: node.id,
          type: "device",
          position: moved.get(node.id) ?? cornerOf(placeOf(node.id, graph, network, places)),
          data: { node, detailed, serves: serves && node.kind === "host" },
          selected: node.device === node.id && selected.includes(node.id),
          ariaLabel: nameOf(t, node),
          width: NODE_WIDTH,
          ...(size && { measured: size }),
        };
      }),
    [graph, network, places, moved, detailed, selected, t],
  );
  const onNodesChange = (changes: NodeChange<DeviceNodeType>[]): void => {
    onMove(changes);
    for (const change of changes) {
      if (change.type === "dimensions" && change.dimensions !== undefined) {
        sizes.current.set(change.id, change.dimensions);
      }
    }
    const now = select(useSelection.getState().devices, changes, graph);
    if (now !== undefined) selectDevices(now);
  };
  return { nodes, onNodesChange };
}

/** Which devices are selected after changes; undefined if it is those that were. */
function select(
  before: readonly string[],
  changes: readonly NodeChange<DeviceNodeType>[],
  graph: Graph,
): readonly string[] | undefined {
  const now = new Set(before);
  for (const change of changes) {
    if (change.type !== "select") continue;
    const device = graph.nodes.find(({ id }) => id === change.id)?.device;
    if (device === undefined) continue;
    if (!change.selected) {
      if (device === change.id) now.delete(device);
    } else {
      now.delete(device);
      now.add(device);
    }
  }
  return now.size === before.length && before.every((name) => now.has(name)) ? undefined : [...now];
}

/** What was moved by hand: kept in the document while it is edited, and until other places come while it is watched. */
function useMoves(places: ReadonlyMap<string, Point>, graph: Graph) {
  const [{ of, moved }, setMoved] = useState({ of: places, moved: NOT_MOVED });
  if (of !== places) setMoved({ of: places, moved: NOT_MOVED });
  const waiting = useRef(new Map<string, Point>());
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const keep = (): void => {
    const ids = new Set(graph.nodes.filter(({ kind }) => kind !== "network").map(({ id }) => id));
    const kept = new Map([...waiting.current].filter(([id]) => ids.has(id)));
    waiting.current = new Map();
    if (kept.size > 0) void move(kept);
  };
  const onMove = (changes: readonly NodeChange<DeviceNodeType>[]): void => {
    for (const change of changes) {
      if (change.type !== "position" || change.position === undefined) continue;
      const { id, position, dragging } = change;
      setMoved((before) => ({ ...before, moved: new Map(before.moved).set(id, position) }));
      if (!isEditing()) continue;
      waiting.current.set(id, anchorOf(position));
      clearTimeout(timer.current);
      if (!dragging) timer.current = setTimeout(keep, REST);
    }
  };
  return { moved, onMove };
}

function nameOf(t: Translate, { kind, name, details }: GraphNode): string {
  const said = details.join(", ");
  if (kind === "outside") return said === "" ? t("canvas.outside") : `${t("canvas.outside")}: ${said}`;
  return `${t(`canvas.${kind}`)} ${name}${said === "" ? "" : `, ${said}`}`;
}
