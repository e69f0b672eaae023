import { formatIp } from "../../address/ip.ts";
import { parsePrefix } from "../../address/prefix.ts";
import type { CommandContext } from "../shell/command.ts";
import { maskText } from "./ifconfig.ts";

/**
 * The routing table as net-tools show it, without what leads to the host itself.
 * @param numeric the default route is written as `0.0.0.0`, not as a word
 * @param columns what stands between flags and interface: `route`'s, or `netstat -r`'s
 */
export function routeLines({ host }: CommandContext, numeric: boolean, columns: "route" | "netstat"): string[] {
  const routes = host.snapshot().ipv4.routes.flatMap((route) => {
    const prefix = parsePrefix(route.prefix)?.prefix;
    return prefix === undefined || route.interface === "lo" ? [] : [{ ...route, prefix }];
  });
  routes.sort(
    (one, other) =>
      (one.prefix.address >>> 0) - (other.prefix.address >>> 0) ||
      one.prefix.length - other.prefix.length ||
      one.metric - other.metric,
  );
  const middle = (metric: number): string =>
    columns === "route" ? `${String(metric).padEnd(6)} 0        0` : "    0 0          0";
  const head = columns === "route" ? "Metric Ref    Use Iface" : "  MSS Window  irtt Iface";
  return [
    "Kernel IP routing table",
    `Destination     Gateway         Genmask         Flags ${head}`,
    ...routes.map(({ prefix, kind, gateway, metric, interface: nic }) => {
      const isHost = prefix.length === 32;
      const isRefused = kind !== "unicast";
      const flags = `${isRefused ? "!" : "U"}${gateway === undefined ? "" : "G"}${isHost ? "H" : ""}`;
      const to = prefix.length === 0 && !numeric ? "default" : formatIp(prefix.address);
      const by = isRefused ? "-" : (gateway ?? "0.0.0.0");
      const words = [to.padEnd(15), by.padEnd(15), maskText(prefix.length).padEnd(15), flags.padEnd(5)];
      return `${words.join(" ")} ${middle(metric)} ${isRefused ? "-" : nic}`;
    }),
  ];
}
