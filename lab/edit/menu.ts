import { useConnection } from "../connection/index.ts";
import type { Translate } from "../i18n/index.ts";
import type { MenuItem } from "../packets/menu/menu.tsx";
import { selectCable, selectDevices, useSelection } from "../selection.ts";
import { copy, cut } from "./clipboard.ts";
import { remove, writtenCable } from "./commands.ts";
import { CONDITIONS, conditionOf, isCut, setCut, type Way } from "./conditions/written.ts";
import { edit, useDocument } from "./document.ts";
import { ask, isEditing } from "./mode.ts";

/** What an edit can do with a cable: each condition with what it is now. */
export function cableItems(index: number, t: Translate): MenuItem[] {
  const place = writtenCable(index);
  const cable = place === undefined ? undefined : useDocument.getState().document?.network.cables?.[place];
  if (place === undefined || cable === undefined) return [];
  const conditions = CONDITIONS.map((field, at): MenuItem => {
    const value = conditionOf(cable, "both", field);
    const name = t(`edit.${field}`);
    return {
      id: field,
      text: value === "" ? `${name} …` : `${name} (${value}) …`,
      run: () => ask({ what: "conditions", cable: index, field }),
      ...(at === 0 && { apart: true }),
    };
  });
  const [a, b] = cable.between;
  const cut = (way: Way, from: string, to: string): MenuItem => {
    const is = isCut(cable, way);
    const texts =
      way === "both" ? (["edit.joinBoth", "edit.cutBoth"] as const) : (["edit.joinWay", "edit.cutWay"] as const);
    return {
      id: `cut-${way}`,
      text: t(is ? texts[0] : texts[1], { from, to }),
      run: () => void edit(setCut(place, cable, way, !is)),
      ...(way === "both" && { apart: true }),
    };
  };
  return [
    ...conditions,
    ...[cut("both", a, b), cut(0, a, b), cut(1, b, a)],
    {
      id: "remove",
      text: t("edit.removeCable"),
      apart: true,
      run: () => {
        selectCable(index);
        void remove();
      },
    },
  ];
}

/** What an edit can do with a device, while the network is edited. */
export function deviceItems(device: string, t: Translate): MenuItem[] {
  if (!isEditing() || useConnection.getState().network?.devices.every(({ name }) => name !== device)) return [];
  const { devices } = useSelection.getState();
  const all = devices.includes(device) ? devices : [device];
  return [
    { id: "copy", text: t("edit.copy"), apart: true, run: () => select(all, copy) },
    { id: "cut", text: t("edit.cutDevices"), run: () => select(all, cut) },
    { id: "connect", text: t("edit.connectFrom"), apart: true, run: () => ask({ what: "connect", from: device }) },
    { id: "rename", text: t("edit.rename"), run: () => ask({ what: "rename", device }) },
    {
      id: "remove",
      text: t("edit.removeDevices", { count: all.length, device }),
      run: () => select(all, remove),
    },
  ];
}

function select(devices: readonly string[], run: () => Promise<unknown>): void {
  selectDevices(devices);
  void run();
}
