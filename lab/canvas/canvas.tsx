import "@xyflow/react/dist/base.css";
import "./canvas.css";
import { ConnectionMode, ReactFlow, ReactFlowProvider, useReactFlow } from "@xyflow/react";
import { type ReactNode, useEffect, useMemo, useRef, useState } from "react";
import type { NetworkInfo } from "../../src/engine/protocol/index.ts";
import { useConnection } from "../connection/index.ts";
import { connect } from "../edit/commands.ts";
import { EditLayer } from "../edit/edit-layer.tsx";
import { useMode } from "../edit/mode.ts";
import { openPanel } from "../frame/panels.ts";
import { useSnapshot } from "../host/snapshot.ts";
import { useText } from "../i18n/index.ts";
import { useContextMenu, useMenu } from "../packets/menu/use-menu.tsx";
import { selectCable, selectDevice, selectEvent, useSelection } from "../selection.ts";
import { CableEdge, type CableEdgeType } from "./cable-edge.tsx";
import { DeviceNode } from "./device-node.tsx";
import { type Drawn, packetAt } from "./draw.ts";
import { graphOf } from "./graph.ts";
import { menuOf, packetMenu } from "./menu.ts";
import { useNodes } from "./nodes.ts";
import { PacketLayer } from "./packet-layer.tsx";
import { CanvasToolbar } from "./toolbar.tsx";
import type { Graph, GraphEdge } from "./topology.ts";
import { fit, fitting, setBars, setFlow, useCanvasView } from "./view.ts";

const NODE_TYPES = { device: DeviceNode };
const EDGE_TYPES = { cable: CableEdge };
/** Pixels from the middle of a device's picture: a cable that is let go nearer goes there. */
const CONNECTION_RADIUS = 48;
const MULTI_KEYS = ["Control", "Meta"];

/** The network, and what moves in it. */
export default function Canvas(): ReactNode {
  const t = useText();
  const network = useConnection((state) => state.network);
  if (network === undefined) {
    return (
      <div className="empty">
        <strong>{t("canvas.waiting")}</strong>
        <p>{t("canvas.waitingRemedy")}</p>
      </div>
    );
  }
  return (
    <ReactFlowProvider>
      <NetworkPicture network={network} />
    </ReactFlowProvider>
  );
}

function NetworkPicture({ network }: { readonly network: NetworkInfo }): ReactNode {
  const layer = useCanvasView((view) => view.layer);
  return layer === "transport" || layer === "application" ? (
    <LivePicture network={network} />
  ) : (
    <StillPicture network={network} />
  );
}

/** A picture of what the network is made of. */
function StillPicture({ network }: { readonly network: NetworkInfo }): ReactNode {
  const layer = useCanvasView((view) => view.layer);
  const graph = useMemo(() => graphOf(network, layer, undefined), [network, layer]);
  return <Picture network={network} graph={graph} />;
}

/** A picture of what changes as the network runs: it is looked at once a second. */
function LivePicture({ network }: { readonly network: NetworkInfo }): ReactNode {
  const layer = useCanvasView((view) => view.layer);
  const snapshot = useSnapshot();
  const graph = useMemo(() => graphOf(network, layer, snapshot), [network, layer, snapshot]);
  return <Picture network={network} graph={graph} />;
}

function Picture({ network, graph }: { readonly network: NetworkInfo; readonly graph: Graph }): ReactNode {
  const t = useText();
  const flow = useReactFlow();
  const box = useRef<HTMLDivElement>(null);
  const drawn = useRef<readonly Drawn[]>([]);
  const { nodes, onNodesChange } = useNodes(network, graph);
  const edges = useEdges(graph);
  const { editing, tool } = useMode();
  // Else what is first put on an empty canvas would be brought to its middle.
  const [someAtFirst] = useState(graph.nodes.length > 0);
  useEffect(() => {
    setFlow(flow, box.current ?? undefined);
    return () => setFlow(undefined);
  }, [flow]);
  useFitting(box);
  useEffect(() => setBars(editing ? 2 : 1), [editing]);
  const { menu, open } = useMenu();
  const pressed = useContextMenu((target, x, y) => {
    const { left, top } = (box.current as HTMLDivElement).getBoundingClientRect();
    const packet = target.closest(".react-flow__node") ? undefined : packetAt(drawn.current, x - left, y - top);
    const of = packet === undefined ? menuOf(target, graph, t) : packetMenu(packet, t);
    if (of !== undefined) open({ ...of, x, y });
  });
  /** The packet under a click, if there is one: it lies above cables and the ground. */
  const pickPacket = (event: { readonly clientX: number; readonly clientY: number }): boolean => {
    const { left, top } = (box.current as HTMLDivElement).getBoundingClientRect();
    const packet = packetAt(drawn.current, event.clientX - left, event.clientY - top);
    if (packet !== undefined) selectEvent(packet);
    return packet !== undefined;
  };
  return (
    <div
      ref={box}
      className="canvas"
      data-editing={editing || undefined}
      data-tool={editing ? tool : undefined}
      {...pressed}
    >
      <ReactFlow
        nodes={nodes}
        edges={edges}
        nodeTypes={NODE_TYPES}
        edgeTypes={EDGE_TYPES}
        onNodesChange={onNodesChange}
        onNodeDoubleClick={() => openPanel("host")}
        onEdgesChange={(changes) => {
          for (const change of changes) {
            if (change.type === "select" && change.selected) selectEdge(graph, change.id);
          }
        }}
        onEdgeClick={(event, { id }) => {
          if (!pickPacket(event)) selectEdge(graph, id);
        }}
        onPaneClick={(event) => {
          if (!pickPacket(event)) selectDevice(undefined);
        }}
        nodesConnectable={editing}
        connectionMode={ConnectionMode.Loose}
        connectionRadius={CONNECTION_RADIUS}
        onConnect={({ source, target }) => void connect(source, target)}
        deleteKeyCode={null}
        multiSelectionKeyCode={editing ? MULTI_KEYS : null}
        selectionKeyCode={editing ? "Shift" : null}
        minZoom={0.15}
        maxZoom={3}
        fitView={someAtFirst}
        fitViewOptions={fitting(1)}
        ariaLabelConfig={{
          "node.a11yDescription.default": t("canvas.nodeKeys"),
          "node.a11yDescription.keyboardDisabled": t("canvas.nodeKeys"),
          "node.a11yDescription.ariaLiveMessage": ({ x, y }) => t("canvas.moved", { x, y }),
          "edge.a11yDescription.default": t("canvas.edgeKeys"),
        }}
        proOptions={{ hideAttribution: true }}
      />
      <PacketLayer edges={graph.edges} drawn={drawn} />
      <CanvasToolbar />
      <EditLayer />
      {menu}
      <Note graph={graph} />
    </div>
  );
}

/** Says what would be seen here. */
function Note({ graph }: { readonly graph: Graph }): ReactNode {
  const t = useText();
  const layer = useCanvasView((view) => view.layer);
  const live = layer === "transport" || layer === "application";
  if (graph.nodes.length === 0 && !live) {
    return (
      <div className="canvas-note">
        <strong>{t("canvas.noDevices")}</strong>
        <p>{t("canvas.noDevicesRemedy")}</p>
      </div>
    );
  }
  return live && graph.edges.length === 0 ? <p className="canvas-note">{t("canvas.noConnections")}</p> : null;
}

function selectEdge(graph: Graph, id: string): void {
  const edge = graph.edges.find((each) => each.id === id);
  if (edge?.cable !== undefined) selectCable(edge.cable);
}

/** Shows the whole network again when the panel has got another shape. */
function useFitting(box: React.RefObject<HTMLDivElement | null>): void {
  useEffect(() => {
    let before = 0;
    const observer = new ResizeObserver(([entry]) => {
      const { width, height } = entry?.contentRect ?? { width: 0, height: 0 };
      if (width === 0 || Math.abs(width * height - before) < before * 0.02) return;
      before = width * height;
      requestAnimationFrame(fit);
    });
    if (box.current !== null) observer.observe(box.current);
    return () => observer.disconnect();
  }, [box]);
}

function useEdges(graph: Graph): CableEdgeType[] {
  const t = useText();
  const selected = useSelection((state) => state.cable);
  const { layer, addresses } = useCanvasView();
  const detailed = addresses || layer === "link";
  return useMemo(() => {
    const names = new Map(
      graph.nodes.map(({ id, name, kind }) => [id, kind === "outside" ? t("canvas.outside") : name]),
    );
    return graph.edges.map(
      (edge: GraphEdge): CableEdgeType => ({
        id: edge.id,
        type: "cable",
        source: edge.a,
        target: edge.b,
        data: { edge, detailed },
        selected: edge.cable !== undefined && edge.cable === selected,
        focusable: edge.cable !== undefined,
        ariaLabel: `${t("canvas.cable", { from: names.get(edge.a) ?? "", to: names.get(edge.b) ?? "" })} ${edge.label ?? ""}`,
      }),
    );
  }, [graph, selected, detailed, t]);
}
