import { cableItems, deviceItems as editDevice } from "../edit/menu.ts";
import { findAction } from "../frame/actions.ts";
import { openPanel } from "../frame/panels.ts";
import type { Translate } from "../i18n/index.ts";
import type { MenuItem } from "../packets/menu/menu.tsx";
import { packetItems } from "../packets/menu/packet-menu.ts";
import { seeFrom } from "../packets/session.ts";
import { selectCable, selectEvent } from "../selection.ts";
import type { Graph } from "./topology.ts";

/** What can be done with the device or cable that was pointed at; nothing for the ground. */
export function menuOf(target: Element, graph: Graph, t: Translate): { label: string; items: MenuItem[] } | undefined {
  const id = target.closest<HTMLElement>(".react-flow__node, .react-flow__edge")?.dataset.id;
  const device = graph.nodes.find((node) => node.id === id)?.device;
  if (device !== undefined) return { label: device, items: deviceItems(device, t) };
  const edge = graph.edges.find((each) => each.id === id);
  if (edge?.cable === undefined) return undefined;
  const { cable } = edge;
  const show = (): void => {
    selectCable(cable);
    openPanel("host");
  };
  const items = [{ id: "show", text: t("canvas.showCable"), run: show }, ...cableItems(cable, t)];
  return { label: edge.id, items };
}

/** What can be done with a packet that is on its way. */
export function packetMenu(event: number, t: Translate): { label: string; items: MenuItem[] } {
  const inspect = (): void => {
    selectEvent(event);
    openPanel("packets");
  };
  const there = (item: MenuItem): MenuItem => ({
    ...item,
    run: () => {
      inspect();
      item.run();
    },
  });
  const items = packetItems(event, undefined).filter(({ id }) => id !== "reference");
  return {
    label: t("canvas.packet"),
    items: [{ id: "inspect", text: t("canvas.inspect"), run: inspect }, ...items.map(there)],
  };
}

function deviceItems(device: string, t: Translate): MenuItem[] {
  const actions = [`host.show.${device}`, `terminal.open.${device}`].flatMap((id) => findAction(id) ?? []);
  const see = (): void => {
    seeFrom({ kind: "device", device });
    openPanel("packets");
  };
  return [
    ...actions.map(({ id, text, params, run }) => ({ id, text: t(text, params), run })),
    { id: "see", text: t("canvas.seeFrom", { device }), run: see },
    ...editDevice(device, t),
  ];
}
