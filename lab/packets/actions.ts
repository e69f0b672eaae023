import { useConnection } from "../connection/index.ts";
import { type Action, registerActions } from "../frame/actions.ts";
import { openPanel } from "../frame/panels.ts";
import type { TextKey } from "../i18n/index.ts";
import { useSelection } from "../selection.ts";
import { type CopyForm, copyPacket } from "./copy.ts";
import { fileName, saveCapture } from "./export.ts";
import { FILTER_ID } from "./filter/filter-id.ts";
import { findNext } from "./find-next.ts";
import { drawSequence, follow, goThrough } from "./session.ts";
import { type PacketsState, usePackets } from "./store.ts";
import { turn } from "./visited.ts";

const chosen = (): number | undefined => useSelection.getState().event;
const hasChosen = (): boolean => chosen() !== undefined;
const isOpen = (): boolean => usePackets.getState().view !== undefined;
const captureName = (): string => fileName(useConnection.getState().network?.name ?? "", "pcapng");

/** Shows the panel and does something there. */
function there(run: () => void): () => void {
  return () => {
    openPanel("packets", false);
    run();
  };
}

function withChosen(run: (event: number) => void): () => void {
  return there(() => {
    const event = chosen();
    if (event !== undefined) run(event);
  });
}

const ask = (asking: PacketsState["asking"]): (() => void) => there(() => usePackets.setState({ asking }));

function focusFilter(): void {
  openPanel("packets", false);
  requestAnimationFrame(() => document.getElementById(FILTER_ID)?.focus());
}

type Rest = Pick<Action, "shortcut" | "enabled">;
const action = (id: string, text: TextKey, run: () => void, rest: Rest = {}): Action => ({
  id: `packets.${id}`,
  group: "packets",
  text,
  run,
  ...rest,
});

const copies: readonly (readonly [CopyForm, TextKey])[] = [
  ["hex", "packets.copyHex"],
  ["text", "packets.copyText"],
  ["json", "packets.copyJson"],
  ["curl", "packets.copyCurl"],
];

/** All that can be done with packets, for the palette, the shortcuts and the buttons. */
export function registerPacketActions(): void {
  registerActions([
    action("filter", "packets.focusFilter", focusFilter, { shortcut: "/" }),
    action("find", "packets.find", ask("find"), { shortcut: "Mod+F", enabled: isOpen }),
    action(
      "findNext",
      "packets.findNextOne",
      there(() => void findNext(false)),
      { shortcut: "F3", enabled: isOpen },
    ),
    action(
      "findPrevious",
      "packets.findPreviousOne",
      there(() => void findNext(true)),
      { shortcut: "Shift+F3", enabled: isOpen },
    ),
    action("goTo", "packets.goTo", ask("number"), { shortcut: "Mod+G", enabled: isOpen }),
    action(
      "newest",
      "packets.liveHint",
      there(() => usePackets.setState({ following: true, screen: "list" })),
      { enabled: isOpen },
    ),
    action(
      "back",
      "packets.back",
      there(() => goThrough(-1)),
      { shortcut: "<", enabled: () => turn(usePackets.getState().visited, -1) !== undefined },
    ),
    action(
      "forward",
      "packets.forward",
      there(() => goThrough(1)),
      { shortcut: ">", enabled: () => turn(usePackets.getState().visited, 1) !== undefined },
    ),
    action("follow", "packets.follow", withChosen(follow), { enabled: hasChosen }),
    action("sequence", "packets.sequence", withChosen(drawSequence), { enabled: hasChosen }),
    ...copies.map(([form, key]) =>
      action(
        `copy.${form}`,
        key,
        withChosen((event) => void copyPacket(event, form)),
        { enabled: hasChosen },
      ),
    ),
    action("exportAll", "packets.exportAll", () => void saveCapture(captureName(), undefined), { enabled: isOpen }),
    action(
      "exportShown",
      "packets.exportShown",
      () => void saveCapture(captureName(), usePackets.getState().view?.view),
      { enabled: isOpen },
    ),
    action("wireshark", "packets.wireshark", ask("wireshark")),
  ]);
}
