import { type MouseEvent, type ReactNode, useState } from "react";
import type { Vantage } from "../../src/engine/protocol/index.ts";
import { useConnection } from "../connection/index.ts";
import { ActionButton } from "../frame/action-button.tsx";
import { runAction } from "../frame/actions.ts";
import { type TextKey, useText } from "../i18n/index.ts";
import { FilterBar } from "./filter/filter-bar.tsx";
import { TIME_FORMATS, type TimeFormat } from "./list/time-text.ts";
import type { MenuItem } from "./menu/menu.tsx";
import { below, useMenu } from "./menu/use-menu.tsx";
import { seeFrom } from "./session.ts";
import { usePackets } from "./store.ts";

const FORMATS: Readonly<Record<TimeFormat, TextKey>> = {
  relative: "packets.timeRelative",
  delta: "packets.timeDelta",
  absolute: "packets.timeAbsolute",
  reference: "packets.timeReference",
};

/** The filter, where the packets are seen, how times are written, and what else there is to do. */
export function Toolbar(): ReactNode {
  return (
    <div className="packets-bar">
      <FilterBar />
      <VantageSelect />
      <TimeSelect />
      <More />
    </div>
  );
}

const written = (vantage: Vantage): string =>
  vantage.kind === "cables" ? "cables" : vantage.kind === "device" ? `device ${vantage.device}` : `nic ${vantage.nic}`;

function read(text: string): Vantage {
  if (text.startsWith("device ")) return { kind: "device", device: text.slice(7) };
  return text.startsWith("nic ") ? { kind: "nic", nic: Number(text.slice(4)) } : { kind: "cables" };
}

function VantageSelect(): ReactNode {
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

function TimeSelect(): ReactNode {
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

const MENU: readonly (readonly [id: string, text: TextKey])[] = [
  ["packets.find", "packets.find"],
  ["packets.goTo", "packets.goTo"],
  ["packets.follow", "packets.follow"],
  ["packets.sequence", "packets.sequence"],
  ["packets.exportAll", "packets.exportAll"],
  ["packets.exportShown", "packets.exportShown"],
  ["packets.wireshark", "packets.wireshark"],
];

/** Back, forward, and a menu of the rest. */
function More(): ReactNode {
  const t = useText();
  const { menu, open } = useMenu();
  // Which of them can be done changes with these.
  usePackets((all) => all.visited);
  const [expanded, setExpanded] = useState(false);
  const show = ({ currentTarget }: MouseEvent): void => {
    setExpanded(true);
    const items = MENU.map(([id, key]): MenuItem => {
      const apart = id === "packets.follow" || id === "packets.exportAll" ? { apart: true as const } : {};
      return { id, text: t(key), run: () => runAction(id), ...apart };
    });
    open({ label: t("packets.more"), items, ...below(currentTarget) });
  };
  return (
    <div className="packets-more">
      <ActionButton id="packets.back" icon="←" className="plain" />
      <ActionButton id="packets.forward" icon="→" className="plain" />
      <button
        type="button"
        className="button"
        aria-haspopup="menu"
        aria-expanded={menu !== undefined && expanded}
        onClick={show}
      >
        {t("packets.more")} <span aria-hidden="true">▾</span>
      </button>
      {menu}
    </div>
  );
}
