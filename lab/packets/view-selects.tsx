import type { ReactNode } from "react";
import type { Vantage } from "../../src/engine/protocol/index.ts";
import { useConnection } from "../connection/index.ts";
import { type TextKey, useText } from "../i18n/index.ts";
import { TIME_FORMATS, type TimeFormat } from "./list/time-text.ts";
import { seeFrom } from "./session.ts";
import { usePackets } from "./store.ts";

const FORMATS: Readonly<Record<TimeFormat, TextKey>> = {
  relative: "packets.timeRelative",
  delta: "packets.timeDelta",
  absolute: "packets.timeAbsolute",
  reference: "packets.timeReference",
};

const written = (vantage: Vantage): string =>
  vantage.kind === "cables" ? "cables" : vantage.kind === "device" ? `device ${vantage.device}` : `nic ${vantage.nic}`;

function read(text: string): Vantage {
  if (text.startsWith("device ")) return { kind: "device", device: text.slice(7) };
  return text.startsWith("nic ") ? { kind: "nic", nic: Number(text.slice(4)) } : { kind: "cables" };
}

/** Where the packets are seen. */
export function VantageSelect(): ReactNode {
  const t = useText();
  const vantage = usePackets((all) => all.vantage);
  const devices = useConnection((all) => all.network?.devices) ?? [];
  return (
    <select
      className="field vantage"
      aria-label={t("packets.vantage")}
      title={t("packets.vantage")}
      value={written(vantage)}
      onChange={({ target }) => seeFrom(read(target.value))}
    >
      <option value="cables">{t("packets.allCables")}</option>
      <optgroup label={t("packets.devices")}>
        {devices.map(({ name }) => (
          <option key={name} value={`device ${name}`}>
            {name}
          </option>
        ))}
      </optgroup>
      <optgroup label={t("packets.interfaces")}>
        {devices.flatMap(({ name: device, interfaces }) =>
          interfaces.map(({ nic, name }) => (
            <option key={nic} value={`nic ${nic}`}>
              {`${device}.${name}`}
            </option>
          )),
        )}
      </optgroup>
    </select>
  );
}

/** How their times are written. */
export function TimeSelect(): ReactNode {
  const t = useText();
  const format = usePackets((all) => all.timeFormat);
  const reference = usePackets((all) => all.reference);
  return (
    <select
      className="field time-format"
      aria-label={t("packets.timeFormat")}
      title={t("packets.timeFormat")}
      value={format}
      onChange={({ target }) => usePackets.setState({ timeFormat: target.value as TimeFormat })}
    >
      {TIME_FORMATS.map((each) => (
        <option key={each} value={each} disabled={each === "reference" && reference === undefined}>
          {t(FORMATS[each])}
        </option>
      ))}
    </select>
  );
}
