import { Handle, type Node, type NodeProps, Position } from "@xyflow/react";
import { memo, type ReactNode } from "react";
import { useNarrow } from "../frame/narrow.ts";
import { useText } from "../i18n/index.ts";
import { DeviceIcon } from "./icons.tsx";
import type { GraphNode } from "./topology.ts";

export type DeviceNodeType = Node<
  { readonly node: GraphNode; readonly detailed: boolean; readonly serves: boolean },
  "device"
>;

/** A device: its picture, its name, and its addresses when they are asked for. */
export const DeviceNode = memo(function DeviceNode({ data, selected }: NodeProps<DeviceNodeType>): ReactNode {
  const t = useText();
  const { node, detailed, serves } = data;
  // Where there is little room they would lie on what is below.
  const narrow = useNarrow();
  const details = detailed || (node.kind === "outside" && !narrow) ? node.details : [];
  return (
    <div className="device" data-kind={node.kind} data-selected={selected || undefined}>
      <Handle type="source" position={Position.Top} isConnectable={node.device === node.id} />
      <Handle type="target" position={Position.Top} isConnectable={false} />
      <span className="device-icon">
        <DeviceIcon kind={serves ? "server" : node.kind} />
      </span>
      <span className="device-name">{node.kind === "outside" ? t("canvas.outside") : node.name}</span>
      {details.map((detail) => (
        <span key={detail} className="device-detail" translate="no">
          {detail}
        </span>
      ))}
    </div>
  );
});
