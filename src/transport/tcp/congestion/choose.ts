import type { CongestionControl } from "./congestion-control.ts";
import { Cubic } from "./cubic.ts";
import { NewReno } from "./new-reno.ts";

/** The names by which a socket, a route or a network file chooses. */
export type CongestionControlName = "cubic" | "newreno";

/** A new connection's congestion control. */
export function congestionControl(name: CongestionControlName): CongestionControl {
  return name === "cubic" ? new Cubic() : new NewReno();
}
