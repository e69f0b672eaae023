import type { ReactNode } from "react";
import type { DeviceInfo, DeviceWritten, NetworkWritten } from "../../../src/engine/protocol/index.ts";
import { useConnection } from "../../connection/index.ts";
import { ActionButton } from "../../frame/action-button.tsx";
import { useText } from "../../i18n/index.ts";
import { selectDevice, useSelection } from "../../selection.ts";
import { CommitField } from "../commit-field.tsx";
import { ConditionsTable } from "../conditions/conditions-table.tsx";
import { tryEdit, useDocument } from "../document.ts";
import { isStation } from "../ports.ts";
import { Doors } from "./doors.tsx";
import { Interfaces } from "./interfaces.tsx";
import { Programs } from "./programs.tsx";
import { Routes } from "./routes.tsx";
import { Section } from "./section.tsx";
import { listOf } from "./values.ts";

/** What the document says of what is selected, to be changed. */
export default function Settings(): ReactNode {
  const device = useSelection((state) => state.device);
  const cable = useSelection((state) => state.cable);
  const written = useDocument(({ document }) => document?.network);
  const place = useConnection(({ network }) => (cable === undefined ? undefined : network?.cables[cable]?.written));
  const info = useConnection(({ network }) => network?.devices.find(({ name }) => name === device));
  if (written === undefined) return null;
  const own = device === undefined ? undefined : written.devices[device];
  if (device !== undefined && own !== undefined) {
    return <DeviceSettings key={device} name={device} device={own} info={info} written={written} />;
  }
  const wire = place === undefined ? undefined : written.cables?.[place];
  if (place !== undefined && wire !== undefined) {
    return (
      <Section title="edit.conditionsSection">
        <ConditionsTable key={place} index={place} cable={wire} />
        <ActionButton id="edit.remove" />
      </Section>
    );
  }
  return <NetworkSettings written={written} />;
}

interface Props {
  readonly name: string;
  readonly device: DeviceWritten;
  readonly info: DeviceInfo | undefined;
  readonly written: NetworkWritten;
}

function DeviceSettings({ name, device, info, written }: Props): ReactNode {
  const t = useText();
  const rename = async (to: string) => {
    const outcome = await tryEdit([{ do: "device.rename", name, to }]);
    if (outcome.taken) selectDevice(to);
    return outcome;
  };
  return (
    <>
      <Section title="edit.device">
        <CommitField label={t("edit.name")} value={name} commit={rename} mono />
        {!isStation(device) && (
          <CommitField
            label={t("edit.ports")}
            value={device.ports === undefined ? "" : `${device.ports}`}
            placeholder={t("edit.portsAsNeeded")}
            commit={(typed) =>
              tryEdit([{ do: "device.set", name, set: { ports: typed === "" ? null : Number(typed) } }])
            }
          />
        )}
        <div className="edit-row">
          <ActionButton id="edit.connect" />
          <ActionButton id="edit.remove" />
        </div>
      </Section>
      {isStation(device) && (
        <>
          <Interfaces name={name} device={device} info={info} />
          <Routes name={name} device={device} />
          <Programs name={name} programs={device.programs ?? []} />
          <Doors host={name} doors={written.doors ?? {}} />
        </>
      )}
    </>
  );
}

function NetworkSettings({ written }: { readonly written: NetworkWritten }): ReactNode {
  const t = useText();
  const servers = written.nameServers?.join(", ") ?? "";
  return (
    <Section title="edit.network">
      <CommitField
        label={t("edit.name")}
        value={written.name ?? ""}
        commit={(name) => tryEdit([{ do: "network.set", set: { name: name === "" ? null : name } }])}
      />
      <CommitField
        label={t("edit.nameServers")}
        value={servers}
        mono
        suggestions={Object.keys(written.devices)}
        commit={(typed) => tryEdit([{ do: "network.set", set: { nameServers: listOf(typed) } }])}
      />
      <p className="muted">{t("edit.selectSomething")}</p>
      <div className="edit-row">
        <ActionButton id="edit.number" />
        <ActionButton id="edit.layout" />
      </div>
    </Section>
  );
}
