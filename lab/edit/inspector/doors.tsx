import type { ReactNode } from "react";
import type { DoorWritten } from "../../../src/engine/protocol/index.ts";
import { useText } from "../../i18n/index.ts";
import { CommitField } from "../commit-field.tsx";
import { edit, tryEdit } from "../document.ts";
import { ask } from "../mode.ts";
import { Section } from "./section.tsx";

type Publish = Extract<DoorWritten, { readonly publish: string }>;

/** Ports of the real machine whose clients come in at this host. */
export function Doors({
  host,
  doors,
}: {
  readonly host: string;
  readonly doors: Readonly<Record<string, DoorWritten>>;
}): ReactNode {
  const t = useText();
  const here = Object.entries(doors).filter((each): each is [string, Publish] => {
    const [, door] = each;
    return "publish" in door && door.from === host;
  });
  return (
    <Section title="edit.doors">
      {here.map(([name, door]) => {
        const set = (change: Partial<Publish>) => tryEdit([{ do: "door.set", name, door: { ...door, ...change } }]);
        return (
          <fieldset className="edit-part" key={name}>
            <legend translate="no">
              {name} ({door.publish.toUpperCase()})
            </legend>
            <div className="edit-pair">
              <CommitField label={t("edit.publishReal")} value={door.real} mono commit={(real) => set({ real })} />
              <CommitField label={t("edit.publishTo")} value={door.to} mono commit={(to) => set({ to })} />
            </div>
            <button type="button" className="button" onClick={() => void edit([{ do: "remove", devices: [name] }])}>
              {t("edit.removeDoor", { name })}
            </button>
          </fieldset>
        );
      })}
      <div className="edit-row">
        <button type="button" className="button" onClick={() => ask({ what: "outside", host })}>
          {t("edit.addDoor")}
        </button>
      </div>
    </Section>
  );
}
