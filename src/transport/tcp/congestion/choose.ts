import type { Random } from "../../../base/random.ts";
import { Bbr } from "./bbr.ts";
import type { CongestionControl } from "./congestion-control.ts";
import { Cubic } from "./cubic.ts";
import { NewReno } from "./new-reno.ts";

/** The names by which a socket, a route or a network file chooses. */
export const CONGESTION_CONTROLS = ["cubic", "newreno", "bbr"] as const;
export type CongestionControlName = (typeof CONGESTION_CONTROLS)[number];

/** A new connection's congestion control (RFC 9293 §3.8.2, MAY-18). @param random of the connection's TCP: BBR draws from it, the others do not */
export function congestionControl(name: CongestionControlName, random: Random): CongestionControl {
  if (name === "bbr") return new Bbr(random);
  return name === "newreno" ? new NewReno() : new Cubic();
}
