import type { DeviceWritten, DocumentCommand, Position } from "../../src/engine/protocol/index.ts";
import { freePlace } from "../canvas/free-place.ts";
import { layOut, type Point } from "../canvas/layout.ts";
import { wholeGraph } from "../canvas/topology.ts";
import { middleShown, useCanvasView } from "../canvas/view.ts";
import { useConnection } from "../connection/index.ts";
import { text } from "../i18n/index.ts";
import { selectCable, selectDevice, selectDevices, useSelection } from "../selection.ts";
import { numbering } from "./addressing.ts";
import { edit, say, useDocument } from "./document.ts";
import { ask, type Kind } from "./mode.ts";
import { freeName } from "./names.ts";
import { joining } from "./ports.ts";

const written = () => useDocument.getState().document?.network;
const network = () => useConnection.getState().network;

const positionOf = ({ x, y }: Point): Position => [Math.round(x), Math.round(y)];

/**
 * Writes down where everything stands that has no place in the document yet, so that nothing but what is edited moves: the page lays
 * out what has none by what there is.
 */
export function pinned(): DocumentCommand[] {
  const layout = written()?.layout ?? {};
  const names = new Set(network()?.devices.map(({ name }) => name));
  const loose = [...useCanvasView.getState().places].filter(([id]) => names.has(id) && layout[id] === undefined);
  if (loose.length === 0) return [];
  return [{ do: "layout.set", positions: Object.fromEntries(loose.map(([id, at]) => [id, positionOf(at)])) }];
}

const NEW: Readonly<Record<Exclude<Kind, "outside">, DeviceWritten>> = {
  host: { kind: "host" },
  router: { kind: "router" },
  switch: { kind: "switch" },
  hub: { kind: "hub" },
};

/** Puts a device there, or amid what is shown, and selects it. */
export async function place(kind: Kind, at?: Point): Promise<void> {
  if (kind === "outside") {
    ask({ what: "outside", host: hostAt(at) ?? chosenHost() });
    return;
  }
  const spot = freePlace(at ?? middleShown(), [...useCanvasView.getState().places.values()]);
  const taken = [...Object.keys(written()?.devices ?? {}), ...Object.keys(written()?.doors ?? {})];
  const name = freeName(kind, taken);
  const command = { do: "device.add", name, device: NEW[kind], at: positionOf(spot) } as const;
  const added = await edit([...pinned(), command]);
  if (added !== undefined) selectDevice(added[0] ?? name);
}

function hostAt(at: Point | undefined): string | undefined {
  if (at === undefined) return undefined;
  const near = [...useCanvasView.getState().places].find(([, { x, y }]) => Math.hypot(x - at.x, y - at.y) < 60)?.[0];
  return network()?.devices.find(({ name, kind }) => name === near && kind === "host")?.name;
}

function chosenHost(): string | undefined {
  const { device } = useSelection.getState();
  return network()?.devices.find(({ name, kind }) => name === device && kind === "host")?.name;
}

/** Joins two devices by a cable, and selects it. */
export async function connect(a: string, b: string): Promise<boolean> {
  const [info, now] = [network(), written()];
  if (info === undefined || now === undefined) return false;
  if (a === b) {
    say(text("edit.sameDevice"), true);
    return false;
  }
  const before = info.cables.length;
  const added = await edit([...pinned(), ...joining(a, b, info, now)]);
  if (added === undefined) return false;
  const cable = network()
    ?.cables.slice(before)
    .find(({ gone }) => !gone);
  if (cable !== undefined) selectCable(cable.index);
  return true;
}

/** The cable's place in the document. */
export const writtenCable = (index: number): number | undefined => network()?.cables[index]?.written;

const isSomething = (): boolean => {
  const { devices, cable } = useSelection.getState();
  return devices.length > 0 || cable !== undefined;
};

export const canRemove = isSomething;

/** Takes away what is selected. */
export async function remove(): Promise<void> {
  const { devices, cable } = useSelection.getState();
  const index = cable === undefined ? undefined : writtenCable(cable);
  if (devices.length === 0 && index === undefined) return;
  const command =
    index === undefined ? ({ do: "remove", devices } as const) : ({ do: "remove", cables: [index] } as const);
  if ((await edit([...pinned(), command])) !== undefined) selectDevice(undefined);
}

/** Keeps where things were moved to. */
export const move = (places: ReadonlyMap<string, Point>): Promise<unknown> => {
  const doors = written()?.doors ?? {};
  const positions: Record<string, Position> = {};
  for (const [id, at] of places) {
    const host = /^outside:(.*)$/.exec(id)?.[1];
    const names = host === undefined ? [id] : Object.keys(doors).filter((name) => entersAt(doors[name], host));
    for (const name of names) positions[name] = positionOf(at);
  }
  return edit([...pinned(), { do: "layout.set", positions }]);
};

const entersAt = (door: object | undefined, host: string): boolean =>
  door !== undefined && "from" in door && door.from === host;

/** Gives everything a place by how it is joined. */
export async function layOutAll(): Promise<void> {
  const info = network();
  if (info === undefined || info.devices.length === 0) return;
  const places = layOut(wholeGraph(info));
  const doors = Object.keys(written()?.doors ?? {}).filter((name) => written()?.layout?.[name] !== undefined);
  const positions: Record<string, Position | null> = Object.fromEntries(doors.map((name) => [name, null]));
  for (const [id, at] of places) if (!id.startsWith("outside:")) positions[id] = positionOf(at);
  await edit([{ do: "layout.set", positions }]);
}

/** Gives addresses and gateways to all that is cabled and has none. */
export async function numberAll(): Promise<void> {
  const [info, now] = [network(), written()];
  if (info === undefined || now === undefined) return;
  const commands = numbering(info, now);
  if (commands.length === 0) say(text("edit.numberNothing"));
  else if ((await edit(commands)) !== undefined) say(text("edit.numbered", { count: commands.length }));
}

export const selectAll = (): void => selectDevices((network()?.devices ?? []).map(({ name }) => name));
