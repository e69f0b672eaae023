import type { ReactNode } from "react";
import { useConnection } from "../../connection/index.ts";
import { Dialog } from "../../frame/dialog.tsx";
import { useText } from "../../i18n/index.ts";
import { useDocument } from "../document.ts";
import { ConditionsTable } from "./conditions-table.tsx";

interface Props {
  /** The cable's index in the network. */
  readonly index: number;
  readonly field: string | undefined;
  readonly onClose: () => void;
}

/** The conditions of one cable in a window. */
export function CableConditions({ index, field, onClose }: Props): ReactNode {
  const t = useText();
  const written = useConnection(({ network }) => network?.cables[index]?.written);
  const cable = useDocument(({ document }) =>
    written === undefined ? undefined : document?.network.cables?.[written],
  );
  if (written === undefined || cable === undefined) return null;
  return (
    <Dialog title={t("edit.conditionsTitle", { from: cable.between[0], to: cable.between[1] })} onClose={onClose}>
      <p className="muted">{t("edit.conditionsWhat")}</p>
      <ConditionsTable index={written} cable={cable} focused={field} />
      <div className="dialog-actions">
        <button type="button" className="button" onClick={onClose}>
          {t("frame.close")}
        </button>
      </div>
    </Dialog>
  );
}
