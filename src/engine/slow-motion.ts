import { OUT } from "../capture/log/event-chunk.ts";
import type { EventLog } from "../capture/log/event-log.ts";
import type { CableDirection } from "../link/cable-direction.ts";
import type { Network } from "../network/network.ts";
import { MIN_FRAME_LENGTH, wireBits } from "../wire/ethernet.ts";

/** Wall nanoseconds that the shortest delay takes in slow motion. */
const SHOWN_FOR = 600e6;
/** Slower is no help. */
export const SLOWEST = 1e-6;
/** A cable that nothing has left for so long, in virtual nanoseconds, or for so many events, carries no traffic. */
const RECENT = 10e9;
const RECENT_EVENTS = 10_000;

/**
 * The speed at which the shortest delay of a cable with traffic takes 600 ms; of any cable, where there has been no traffic
 * lately.
 */
export function slowMotion(network: Network, log: EventLog): number {
  const busy = new Set<number>();
  const oldest = Math.max(log.first, log.next - RECENT_EVENTS);
  for (let event = log.next - 1; event >= oldest && log.at(event) >= network.now - RECENT; event--) {
    if (log.direction(event) === OUT) busy.add(log.nic(event));
  }
  const all = network.cables.flatMap(({ directions }) => directions);
  const active = all.filter(({ from }) => busy.has(from.index));
  const delay = Math.min(
    ...(active.length > 0 ? active : all).map((each) => crossing(each)).filter((each) => each > 0),
  );
  return delay === Number.POSITIVE_INFINITY ? 1 : Math.min(1, Math.max(SLOWEST, delay / SHOWN_FOR));
}

/** How long a frame is on its way, from its first bit's leaving to its last one's coming; the shortest frame unless told. Virtual nanoseconds. */
export const crossing = ({ conditions }: CableDirection, length = MIN_FRAME_LENGTH): number =>
  conditions.delay + Math.floor((wireBits(length) * 1e9) / conditions.rate);
