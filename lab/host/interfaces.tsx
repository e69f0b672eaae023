import type { ReactNode } from "react";
import type { DeviceSnapshot } from "../../src/device/device.ts";
import type { InterfaceInfo } from "../../src/engine/protocol/index.ts";
import { formatBytes, formatCount } from "../i18n/format.ts";
import { textOfCode, useText } from "../i18n/index.ts";
import { Table } from "./table.tsx";

interface Props {
  readonly device: DeviceSnapshot;
  readonly info: readonly InterfaceInfo[];
}

/** The Nics of a device: what they are called, whether they have a carrier, what went through them and what did not. */
export function Interfaces({ device, info }: Props): ReactNode {
  const t = useText();
  const rows = device.nics.map((nic) => {
    const addresses = info.find(({ name }) => name === nic.name)?.addresses ?? [];
    const { receivedFrames, receivedBytes, sentFrames, sentBytes, drops } = nic.counters;
    const dropped = Object.values(drops).reduce((sum: number, count) => sum + count, 0);
    return [
      nic.name,
      t(nic.carrier || nic.medium === "loopback" ? "host.up" : "host.noCarrier"),
      addresses.join(" "),
      nic.mac,
      `${formatCount(receivedFrames)} · ${formatBytes(receivedBytes)}`,
      `${formatCount(sentFrames)} · ${formatBytes(sentBytes)}`,
      formatCount(dropped),
      nic.mtu,
    ];
  });
  const heads = [
    ...[t("host.interface"), t("host.state"), t("host.addresses"), "MAC"],
    ...[t("host.received"), t("host.sent"), t("host.dropped"), "MTU"],
  ];
  return (
    <>
      <Table title={t("host.interfaces")} heads={heads} rows={rows} none={t("host.noInterfaces")} />
      <Drops device={device} />
    </>
  );
}

/** Why frames died at this device, most often first. */
function Drops({ device }: { readonly device: DeviceSnapshot }): ReactNode {
  const t = useText();
  const counts = device.nics
    .flatMap(({ name, counters }) => Object.entries(counters.drops).map(([reason, count]) => ({ name, reason, count })))
    .sort((one, other) => other.count - one.count);
  if (counts.length === 0) return null;
  const rows = counts.map(({ name, reason, count }) => [textOfCode("drops", reason), name, formatCount(count)]);
  const heads = [t("host.reason"), t("host.interface"), t("host.frames")];
  return <Table title={t("host.drops")} heads={heads} rows={rows} none="" />;
}
