import { registerActions } from "../frame/actions.ts";
import { registerPanel } from "../frame/panels.ts";
import Canvas from "./canvas.tsx";
import { LAYERS } from "./topology.ts";
import { fit, showLayer, toggleAddresses, zoomIn, zoomOut } from "./view.ts";

registerPanel({ id: "canvas", place: "canvas", title: "frame.canvas", order: 0, Component: Canvas });

registerActions([
  { id: "canvas.addresses", group: "canvas", text: "canvas.addresses", shortcut: "A", run: toggleAddresses },
  { id: "canvas.zoomIn", group: "canvas", text: "canvas.zoomIn", shortcut: "Z", run: zoomIn },
  { id: "canvas.zoomOut", group: "canvas", text: "canvas.zoomOut", shortcut: "Shift+Z", run: zoomOut },
  { id: "canvas.fit", group: "canvas", text: "canvas.fit", shortcut: "0", run: fit },
  ...LAYERS.map(
    (layer) =>
      ({
        id: `canvas.layer.${layer}`,
        group: "canvas",
        text: `canvas.layer_${layer}`,
        run: () => showLayer(layer),
      }) as const,
  ),
]);
