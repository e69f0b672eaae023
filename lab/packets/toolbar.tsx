import { type MouseEvent, type ReactNode, useState } from "react";
import { ActionButton } from "../frame/action-button.tsx";
import { findAction, isEnabled, runAction } from "../frame/actions.ts";
import { useNarrow } from "../frame/narrow.ts";
import { usePanels } from "../frame/panels.ts";
import { type TextKey, useText } from "../i18n/index.ts";
import { FilterBar } from "./filter/filter-bar.tsx";
import type { MenuItem } from "./menu/menu.tsx";
import { below, useMenu } from "./menu/use-menu.tsx";
import { usePackets } from "./store.ts";

/** The filter, and what else there is to do. */
export function Toolbar(): ReactNode {
  return (
    <div className="packets-bar">
      <FilterBar />
      <More />
    </div>
  );
}

/** Gives the packets the network's place too, or takes it back; a narrow screen shows one panel anyway. */
function Larger(): ReactNode {
  const narrow = useNarrow();
  const canvasShown = usePanels((all) => all.canvasShown);
  return narrow ? null : <ActionButton id="view.canvas" icon="⤢" className="plain" pressed={!canvasShown} />;
}

const MENU: readonly (readonly [id: string, text: TextKey])[] = [
  ["packets.find", "packets.find"],
  ["packets.goTo", "packets.goTo"],
  ["packets.back", "packets.back"],
  ["packets.forward", "packets.forward"],
  ["packets.follow", "packets.follow"],
  ["packets.sequence", "packets.sequence"],
  ["packets.exportAll", "packets.exportAll"],
  ["packets.exportShown", "packets.exportShown"],
  ["packets.wireshark", "packets.wireshark"],
];

function canRun(id: string): boolean {
  const action = findAction(id);
  return action !== undefined && isEnabled(action);
}

/** Back, forward, and a menu of the rest. */
function More(): ReactNode {
  const t = useText();
  const { menu, open } = useMenu();
  // Which of them can be done changes with these.
  usePackets((all) => all.visited);
  const [expanded, setExpanded] = useState(false);
  const show = ({ currentTarget }: MouseEvent): void => {
    setExpanded(true);
    const items = MENU.map(([id, key]): MenuItem => {
      const apart = id === "packets.follow" || id === "packets.exportAll" ? { apart: true as const } : {};
      return { id, text: t(key), run: () => runAction(id), enabled: canRun(id), ...apart };
    });
    open({ label: t("packets.more"), items, ...below(currentTarget) });
  };
  return (
    <div className="packets-more">
      <Larger />
      <ActionButton id="packets.back" icon="←" className="plain" />
      <ActionButton id="packets.forward" icon="→" className="plain" />
      <button
        type="button"
        className="button"
        aria-haspopup="menu"
        aria-expanded={menu !== undefined && expanded}
        onClick={show}
      >
        {t("packets.more")} <span aria-hidden="true">▾</span>
      </button>
      {menu}
    </div>
  );
}
