import "./host.css";
import { lazy, type ReactNode } from "react";
import type { DeviceSnapshot } from "../../src/device/device.ts";
import type { DeviceInfo, NetworkInfo } from "../../src/engine/protocol/index.ts";
import type { NetworkSnapshot } from "../../src/network/network.ts";
import { DeviceIcon } from "../canvas/icons.tsx";
import { useConnection } from "../connection/index.ts";
import { useDocument } from "../edit/document.ts";
import { toggleSettings, useMode } from "../edit/mode.ts";
import { runAction, useActions } from "../frame/actions.ts";
import { formatDuration } from "../i18n/format.ts";
import { useText } from "../i18n/index.ts";
import { selectCable, selectDevice, useSelection } from "../selection.ts";
import { CableView } from "./cable.tsx";
import { isHost, isSwitch } from "./devices.ts";
import { HostTables } from "./host-tables.tsx";
import { Interfaces } from "./interfaces.tsx";
import { useSnapshot } from "./snapshot.ts";
import { Table } from "./table.tsx";

/** What the selected device or cable is, and how it stands. */
export default function HostPanel(): ReactNode {
  const network = useConnection((state) => state.network);
  const device = useSelection((state) => state.device);
  const cable = useSelection((state) => state.cable);
  const settings = useMode((mode) => mode.settings);
  if (network === undefined) return <Nothing />;
  const info = network.devices.find(({ name }) => name === device);
  if (info !== undefined) return <Device info={info} network={network} />;
  if (cable !== undefined && network.cables[cable] !== undefined) return <Cable index={cable} network={network} />;
  return settings ? (
    <div className="host" data-autofocus tabIndex={-1}>
      <header className="host-head">
        <h2>{network.name || network.file}</h2>
        <span className="grow" />
        <SettingsSwitch />
      </header>
      <Settings />
    </div>
  ) : (
    <Nothing network={network} />
  );
}

const Settings = lazy(() => import("../edit/inspector/settings.tsx"));

/** Between how it stands and what the document says of it. */
function SettingsSwitch(): ReactNode {
  const t = useText();
  const settings = useMode((mode) => mode.settings);
  const has = useDocument(({ document }) => document !== undefined);
  if (!has) return null;
  return (
    <button type="button" className="button" aria-pressed={settings} onClick={toggleSettings}>
      {t("edit.settings")}
    </button>
  );
}

function Nothing({ network }: { readonly network?: NetworkInfo }): ReactNode {
  const t = useText();
  return (
    <div className="empty">
      <strong>{t("host.nothing")}</strong>
      <p>{t("host.nothingRemedy")}</p>
      <p className="host-choices">
        {network?.devices.map(({ name, kind }) => (
          <button key={name} type="button" className="button" onClick={() => selectDevice(name)}>
            <DeviceIcon kind={kind} size={16} />
            {name}
          </button>
        ))}
      </p>
    </div>
  );
}

function Device({ info, network }: { readonly info: DeviceInfo; readonly network: NetworkInfo }): ReactNode {
  const t = useText();
  const snapshot = useSnapshot();
  const hasTerminal = useActions(({ actions }) => actions.some(({ id }) => id === `terminal.open.${info.name}`));
  const device = snapshot?.devices.find(({ name }) => name === info.name);
  const settings = useMode((mode) => mode.settings);
  return (
    <div className="host" data-autofocus tabIndex={-1}>
      <header className="host-head">
        <DeviceIcon kind={info.kind} />
        <div>
          <h2>{info.name}</h2>
          <p className="muted">{t(`canvas.${info.kind}`)}</p>
        </div>
        <span className="grow" />
        <SettingsSwitch />
        {hasTerminal && (
          <button type="button" className="button" onClick={() => runAction(`terminal.open.${info.name}`)}>
            {t("host.openTerminal")}
          </button>
        )}
      </header>
      {settings ? (
        <Settings />
      ) : snapshot === undefined || device === undefined ? (
        <p className="muted host-note">{t("frame.loading")}</p>
      ) : (
        <Tables device={device} info={info} snapshot={snapshot} network={network} />
      )}
    </div>
  );
}

interface TablesProps {
  readonly device: DeviceSnapshot;
  readonly info: DeviceInfo;
  readonly snapshot: NetworkSnapshot;
  readonly network: NetworkInfo;
}

function Tables({ device, info, snapshot, network }: TablesProps): ReactNode {
  return (
    <>
      <Interfaces device={device} info={info.interfaces} />
      {isHost(device) && <HostTables host={device} snapshot={snapshot} />}
      {isSwitch(device) && <MacTable table={device.table} network={network} />}
      <Cables info={info} network={network} />
    </>
  );
}

function MacTable({
  table,
  network,
}: {
  readonly table: readonly { readonly mac: string; readonly port: string; readonly age: number }[];
  readonly network: NetworkInfo;
}): ReactNode {
  const t = useText();
  const owners = new Map(
    network.devices.flatMap(({ name, interfaces }) => interfaces.map((it) => [it.mac, `${name}.${it.name}`])),
  );
  const rows = table.map(({ mac, port, age }) => [mac, owners.get(mac) ?? "", port, formatDuration(age)]);
  const heads = ["MAC", t("host.owner"), t("host.port"), t("host.age")];
  return <Table title={t("host.macs")} heads={heads} rows={rows} none={t("host.noMacs")} />;
}

/** The cables of a device, to go on to. */
function Cables({ info, network }: { readonly info: DeviceInfo; readonly network: NetworkInfo }): ReactNode {
  const t = useText();
  const nics = new Set(info.interfaces.map(({ nic }) => nic));
  const rows = network.cables
    .filter(({ a, b, gone }) => gone !== true && (nics.has(a) || nics.has(b)))
    .map(({ index, name }) => [
      <button key={name} type="button" className="button plain" onClick={() => selectCable(index)}>
        {name}
      </button>,
    ]);
  return <Table title={t("host.cables")} heads={[t("host.cable")]} rows={rows} none={t("host.noCables")} />;
}

function Cable({ index, network }: { readonly index: number; readonly network: NetworkInfo }): ReactNode {
  const t = useText();
  const snapshot = useSnapshot();
  const cable = snapshot?.cables[index];
  const info = network.cables[index];
  const settings = useMode((mode) => mode.settings);
  const ends = network.devices.filter(({ interfaces }) =>
    interfaces.some(({ nic }) => nic === info?.a || nic === info?.b),
  );
  return (
    <div className="host" data-autofocus tabIndex={-1}>
      <header className="host-head">
        <div>
          <h2>{info?.name}</h2>
          <p className="muted">{t("host.cable")}</p>
        </div>
        <span className="grow" />
        <SettingsSwitch />
        {ends.map(({ name }) => (
          <button key={name} type="button" className="button" onClick={() => selectDevice(name)}>
            {name}
          </button>
        ))}
      </header>
      {settings ? (
        <Settings />
      ) : cable === undefined ? (
        <p className="muted host-note">{t("frame.loading")}</p>
      ) : (
        <CableView cable={cable} />
      )}
    </div>
  );
}
