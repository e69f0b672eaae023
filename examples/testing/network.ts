import type { Network } from "netarium";

/** A device and a collector at the two ends of a slow line. */
export function line(network: Network): void {
  network.host("sensor", { address: "10.0.0.1/24" });
  network.host("collector", { address: "10.0.0.2/24" });
  network.cable("sensor", "collector", { delay: "20ms", rate: "1Mbit/s" });
}
