import type { ReactNode } from "react";
import type { DeviceInfo, HostWritten, InterfaceWritten } from "../../../src/engine/protocol/index.ts";
import { useConnection } from "../../connection/index.ts";
import { useText } from "../../i18n/index.ts";
import { suggestedAddress } from "../addressing.ts";
import { CommitField } from "../commit-field.tsx";
import { edit, type Outcome, tryEdit } from "../document.ts";
import { freeInterface } from "../ports.ts";
import { Section } from "./section.tsx";
import { oneOrList } from "./values.ts";

interface Props {
  readonly name: string;
  readonly device: HostWritten;
  readonly info: DeviceInfo | undefined;
}

/** The interfaces of a host, with their addresses. */
export function Interfaces({ name, device, info }: Props): ReactNode {
  const t = useText();
  const network = useConnection((state) => state.network);
  const own: readonly (readonly [string, InterfaceWritten])[] =
    device.interfaces === undefined
      ? [["eth0", device]]
      : Object.entries(device.interfaces).map(
          ([nic, written]) => [nic, typeof written === "string" ? { address: written } : written] as const,
        );
  const add = (): void => {
    const free = freeInterface(own.map(([nic]) => nic));
    void edit([{ do: "interface.set", device: name, interface: free, set: {} }]);
  };
  return (
    <Section title="edit.interfaces">
      {own.map(([nic, written]) => {
        const at = info?.interfaces.find((each) => each.name === nic)?.nic;
        const suggested = network === undefined || at === undefined ? undefined : suggestedAddress(network, at);
        return (
          <OneInterface
            key={nic}
            device={name}
            nic={nic}
            written={written}
            suggested={suggested}
            removable={own.length > 1}
          />
        );
      })}
      <div className="edit-row">
        <button type="button" className="button" onClick={add}>
          {t("edit.addInterface")}
        </button>
      </div>
    </Section>
  );
}

interface OneProps {
  readonly device: string;
  readonly nic: string;
  readonly written: InterfaceWritten;
  readonly suggested: string | undefined;
  readonly removable: boolean;
}

function OneInterface({ device, nic, written, suggested, removable }: OneProps): ReactNode {
  const t = useText();
  const set = (change: { readonly [Key in keyof InterfaceWritten]?: InterfaceWritten[Key] | null }): Promise<Outcome> =>
    tryEdit([{ do: "interface.set", device, interface: nic, set: change }]);
  const addresses = [written.address ?? []].flat().join(", ");
  return (
    <fieldset className="edit-part">
      <legend translate="no">{nic}</legend>
      <CommitField
        label={t("edit.address")}
        value={addresses}
        mono
        placeholder={suggested ?? "10.0.1.11/24"}
        {...(suggested !== undefined && addresses === "" && { suggestions: [suggested] })}
        commit={(typed) => set({ address: oneOrList(typed) })}
      />
      <div className="edit-pair">
        <CommitField
          label="MTU"
          value={written.mtu === undefined ? "" : `${written.mtu}`}
          mono
          placeholder="1500"
          commit={(typed) => set({ mtu: typed === "" ? null : Number(typed) })}
        />
        <CommitField
          label="MAC"
          value={written.mac ?? ""}
          mono
          placeholder={t("edit.macNumbered")}
          commit={(typed) => set({ mac: typed === "" ? null : typed })}
        />
      </div>
      {removable && (
        <button
          type="button"
          className="button"
          onClick={() => void edit([{ do: "interface.set", device, interface: nic, set: null }])}
        >
          {t("edit.removeInterface", { name: nic })}
        </button>
      )}
    </fieldset>
  );
}
