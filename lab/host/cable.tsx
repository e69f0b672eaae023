import type { ReactNode } from "react";
import type { CableSnapshot } from "../../src/link/cable.ts";
import { formatDuration, formatRate } from "../i18n/format.ts";
import { useText } from "../i18n/index.ts";
import { Table } from "./table.tsx";

/** The conditions of a cable, each way. JSON has no infinity: a rate without a limit is null. */
export function CableView({ cable }: { readonly cable: CableSnapshot }): ReactNode {
  const t = useText();
  const percent = (share: number): string => `${Number((share * 100).toPrecision(3))} %`;
  const rows = cable.directions.map(({ conditions, inFlight }, at) => {
    const { delay, rate, jitter, loss, duplication, reordering, corruption, cut } = conditions;
    const limit = rate as number | null;
    return [
      at === 0 ? `${cable.a} → ${cable.b}` : `${cable.b} → ${cable.a}`,
      t(!cable.plugged ? "host.unplugged" : cut ? "host.cut" : "host.up"),
      formatDuration(delay),
      limit === null || !Number.isFinite(limit) ? t("host.unlimited") : formatRate(limit),
      formatDuration(jitter),
      ...[loss, duplication, reordering, corruption].map(percent),
      inFlight,
    ];
  });
  const heads = [
    ...[t("host.direction"), t("host.state"), t("host.delay"), t("host.rate"), t("host.jitter")],
    ...[t("host.loss"), t("host.duplication"), t("host.reordering"), t("host.corruption"), t("host.inFlight")],
  ];
  return <Table title={t("host.conditions")} heads={heads} rows={rows} none="" />;
}
