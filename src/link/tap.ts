import type { DropReason } from "../packet/drop-reason.ts";
import type { Packet } from "../packet/packet.ts";
import type { Instant } from "../time/instant.ts";
import type { Nic } from "./nic.ts";

/** Which way a frame went at the Nic that showed it, or that it died there. */
export type TapDirection = "in" | "out" | "drop";

/**
 * A capture point. It is shown every frame of a Nic, from the link header on, and copies what it wants to keep. It may
 * not change the frame, keep it, or do anything that the simulation could notice.
 */
export interface Tap {
  /**
   * @param packet the frame; for a drop above the link, where the layer that dropped it stood: `network` and `link` say
   *   where the headers are that were pulled
   * @param reason why it died; only with `"drop"`
   */
  saw(now: Instant, nic: Nic, direction: TapDirection, packet: Packet, reason?: DropReason): void;
}
