import type { ReactNode } from "react";
import { useConnection } from "../connection/index.ts";
import { Dialog } from "../frame/dialog.tsx";
import { useText } from "../i18n/index.ts";
import { branchNumber } from "./branches.tsx";
import { cancelGoOn, goOn, useTimeBar } from "./commands.ts";
import { clockText } from "./time-text.ts";

/** Says what going on from the past does before it is done: real programs outside lose their connections. */
export function GoOn(): ReactNode {
  const t = useText();
  const from = useTimeBar((bar) => bar.goOn);
  const current = useConnection(({ state }) => state?.branch ?? 0);
  if (from === undefined) return null;
  const time = clockText(from.at);
  const title =
    from.branch === current
      ? t("time.goOnTitle", { time })
      : t("time.branchTitle", { branch: branchNumber(from.branch) });
  return (
    <Dialog title={title} onClose={cancelGoOn}>
      <p>{t("time.goOnWhat", { time, branch: branchNumber(current) })}</p>
      <p className="time-notice time-notice-warn">{t("time.goOnReset")}</p>
      <div className="dialog-actions">
        <button type="button" className="button" onClick={cancelGoOn}>
          {t("time.cancel")}
        </button>
        <button type="button" className="button primary" onClick={() => void goOn()}>
          {t("time.goOnDo")}
        </button>
      </div>
    </Dialog>
  );
}
