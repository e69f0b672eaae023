import type { ReactNode } from "react";
import type { HostSnapshot } from "../../src/device/host.ts";
import type { NetworkSnapshot } from "../../src/network/network.ts";
import { formatBytes, formatDuration } from "../i18n/format.ts";
import { useText } from "../i18n/index.ts";
import { Table } from "./table.tsx";

/** What a host or router knows and does: programs, sockets, neighbours, routes. */
export function HostTables({
  host,
  snapshot,
}: {
  readonly host: HostSnapshot;
  readonly snapshot: NetworkSnapshot;
}): ReactNode {
  return (
    <>
      <Programs host={host} snapshot={snapshot} />
      <Sockets host={host} />
      <Neighbours host={host} />
      <Routes host={host} />
    </>
  );
}

function Programs({ host, snapshot }: { readonly host: HostSnapshot; readonly snapshot: NetworkSnapshot }): ReactNode {
  const t = useText();
  const rows = snapshot.programs
    .filter((program) => program.host === host.name)
    .map(({ name, state, sockets }) => [name.replace(`${host.name}/`, ""), state, sockets]);
  const heads = [t("host.program"), t("host.state"), t("host.sockets")];
  return <Table title={t("host.programs")} heads={heads} rows={rows} none={t("host.noPrograms")} />;
}

function Sockets({ host: { tcp, udp } }: { readonly host: HostSnapshot }): ReactNode {
  const t = useText();
  const heads = [
    ...[t("host.protocol"), t("host.local"), t("host.remote"), t("host.state")],
    ...["Recv-Q", "Send-Q", "cwnd", "RTT"],
  ];
  const rows = [
    ...tcp.listening.map(({ local, pending }) => ["TCP", local, "", "LISTEN", pending, "", "", ""]),
    ...tcp.connections.map((it) => [
      ...["TCP", it.local, it.remote, it.state, it.receiveQueue, it.sendQueue, formatBytes(it.congestionWindow)],
      it.roundTrip > 0 ? formatDuration(it.roundTrip) : "",
    ]),
    ...udp.endpoints.map(({ local, remote, waiting }) => ["UDP", local, remote ?? "", "", waiting.bytes, "", "", ""]),
  ];
  return <Table title={t("host.sockets")} heads={heads} rows={rows} none={t("host.noSockets")} />;
}

function Neighbours({ host: { ipv4 } }: { readonly host: HostSnapshot }): ReactNode {
  const t = useText();
  const rows = ipv4.interfaces.flatMap(({ name, neighbors }) =>
    neighbors.map(({ address, mac, state, parked }) => [address, mac ?? "", state, name, parked]),
  );
  const heads = [t("host.address"), "MAC", t("host.state"), t("host.interface"), t("host.parked")];
  return <Table title={t("host.arp")} heads={heads} rows={rows} none={t("host.noArp")} />;
}

function Routes({ host: { ipv4 } }: { readonly host: HostSnapshot }): ReactNode {
  const t = useText();
  const rows = ipv4.routes.map((route) => [
    route.prefix === "0.0.0.0/0" ? `default (${route.prefix})` : route.prefix,
    route.gateway ?? (route.kind === "unicast" ? t("host.direct") : route.kind),
    route.interface ?? "",
    route.metric,
  ]);
  const heads = [t("host.destination"), t("host.gateway"), t("host.interface"), t("host.metric")];
  return <Table title={t("host.routes")} heads={heads} rows={rows} none={t("host.noRoutes")} />;
}
