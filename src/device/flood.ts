import type { Nic } from "../link/nic.ts";
import type { Packet } from "../packet/packet.ts";

/**
 * Sends a frame out by every port that has a cable but the one it came in by: the frame itself by the last of them,
 * copies by the others. With nowhere to go it is dropped as "no-carrier".
 */
export function flood(packet: Packet, arrival: Nic, ports: readonly Nic[]): void {
  let last: Nic | undefined;
  for (const port of ports) {
    if (port === arrival || !port.carrier) continue;
    last?.transmit(packet.copy());
    last = port;
  }
  if (last === undefined) arrival.drop(packet, "no-carrier");
  else last.transmit(packet);
}
