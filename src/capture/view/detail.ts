import { toBase64 } from "../../base/base64.ts";
import type { EventLog } from "../log/event-log.ts";
import { fieldNodes } from "./field-nodes.ts";
import type { NicPlaces } from "./nic-places.ts";
import type { PacketView } from "./packet-view.ts";
import type { PacketDetail, PathStep } from "./types.ts";

/** Events of a packet that are told. */
export const PATH_LIMIT = 1000;

/** All of a frame, which must be examined and still kept. */
export function detailOf(view: PacketView, number: number): PacketDetail {
  const { frames, dissection } = view;
  const { log, nics } = frames;
  const event = frames.event(number);
  const { packet, original, cause } = log.event(event);
  const { layers, sources } = dissection.dissect(number);
  const by = cause === 0 ? -1 : log.lastBefore(cause, event);
  return {
    row: view.row(number),
    tree: fieldNodes(layers),
    sources: sources.map(({ name, bytes }) => ({ name, bytes: toBase64(bytes) })),
    path: pathOf(log, nics, packet, original),
    ...(by >= 0 && { cause: by }),
  };
}

/** Where a packet, its copies and fragments have been. */
export function pathOf(log: EventLog, nics: NicPlaces, packet: number, original: number): PathStep[] {
  return log.path(packet, original, PATH_LIMIT).map((event): PathStep => {
    const { at, nic, direction, reason } = log.event(event);
    return { event, at, nic: nics[nic]?.name ?? "", direction, ...(reason !== undefined && { dropped: reason }) };
  });
}
