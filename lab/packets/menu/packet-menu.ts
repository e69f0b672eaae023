import { text } from "../../i18n/index.ts";
import { setFilter, useSelection } from "../../selection.ts";
import { copyPacket, copyText } from "../copy.ts";
import { JOININGS, type Joining, joined } from "../filter/terms.ts";
import { drawSequence, follow } from "../session.ts";
import { usePackets } from "../store.ts";
import type { MenuItem } from "./menu.tsx";

const SHOWN = 48;
const clipped = (filter: string): string => (filter.length > SHOWN ? `${filter.slice(0, SHOWN)}…` : filter);

const TEXTS: Readonly<
  Record<Joining, "packets.asFilter" | "packets.andFilter" | "packets.orFilter" | "packets.notFilter">
> = {
  apply: "packets.asFilter",
  and: "packets.andFilter",
  or: "packets.orFilter",
  not: "packets.notFilter",
};

/** Ways to join a term to the filter that is there. */
export function filterItems(term: string | undefined): MenuItem[] {
  if (term === undefined) return [];
  const { filter } = useSelection.getState();
  const ways = filter === "" ? JOININGS.filter((way) => way === "apply" || way === "not") : JOININGS;
  return ways.map((way) => ({
    id: `filter-${way}`,
    text: text(TEXTS[way], { filter: clipped(term) }),
    run: () => setFilter(joined(filter, term, way)),
  }));
}

/** What can be done with a packet as a whole. @param at its virtual time */
export function packetItems(event: number, at: number | undefined): MenuItem[] {
  const reference = usePackets.getState().reference;
  return [
    { id: "follow", text: text("packets.follow"), run: () => follow(event), apart: true },
    { id: "sequence", text: text("packets.sequence"), run: () => drawSequence(event) },
    {
      id: "reference",
      text: text("packets.setReference"),
      enabled: at !== undefined && reference?.event !== event,
      run: () => {
        if (at !== undefined) usePackets.setState({ reference: { at, event }, timeFormat: "reference" });
      },
    },
  ];
}

/** Copies of a value, its filter, and the whole packet. */
export function copyItems(event: number, value: string | undefined, filter: string | undefined): MenuItem[] {
  const items: MenuItem[] = [];
  if (value !== undefined)
    items.push({ id: "value", text: text("packets.copyValue"), run: () => void copyText(value) });
  if (filter !== undefined) {
    items.push({ id: "as-filter", text: text("packets.copyFilter"), run: () => void copyText(filter) });
  }
  items.push(
    { id: "hex", text: text("packets.copyHex"), run: () => void copyPacket(event, "hex") },
    { id: "text", text: text("packets.copyText"), run: () => void copyPacket(event, "text") },
    { id: "json", text: text("packets.copyJson"), run: () => void copyPacket(event, "json") },
    { id: "curl", text: text("packets.copyCurl"), run: () => void copyPacket(event, "curl") },
  );
  return items.map((item, n) => (n === 0 ? { ...item, apart: true as const } : item));
}
