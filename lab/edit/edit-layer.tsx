import "./edit.css";
import { type ReactNode, useState } from "react";
import { createPortal } from "react-dom";
import { ActionButton } from "../frame/action-button.tsx";
import { useText } from "../i18n/index.ts";
import { DevicePalette } from "./device-palette.tsx";
import { say, shown, useDocument } from "./document.ts";
import { ask, useMode } from "./mode.ts";
import { Questions } from "./questions.tsx";

/** What stands over the canvas while the network is edited: what can be put there. */
export function EditLayer(): ReactNode {
  const editing = useMode((mode) => mode.editing);
  return editing ? <DevicePalette /> : null;
}

/** What is asked before an edit, and what the engine says of it: whichever panel is shown. */
export function EditOverlays(): ReactNode {
  const asking = useMode((mode) => mode.asking);
  return (
    <>
      <EditNotice />
      {asking !== undefined &&
        createPortal(<Questions asking={asking} onClose={() => ask(undefined)} />, document.body)}
    </>
  );
}

/** What was done or could not be done, until it is read. */
function EditNotice(): ReactNode {
  const t = useText();
  const notice = useDocument((all) => all.notice);
  const anew = useDocument((all) => all.anew);
  const undoable = useDocument(({ document }) => (document?.undo.length ?? 0) > 0);
  const [busy, setBusy] = useState(false);
  if (anew !== undefined) {
    const leave = (): void => useDocument.setState({ anew: undefined });
    const again = async (): Promise<void> => {
      setBusy(true);
      leave();
      shown(await anew.again());
      setBusy(false);
    };
    return (
      <div className="edit-notice edit-notice-bad">
        <p role="alert">{t("edit.beginsAnew")}</p>
        <button type="button" className="button primary" disabled={busy} onClick={() => void again()}>
          {t("edit.beginAnew")}
        </button>
        <button type="button" className="button" onClick={leave}>
          {t("edit.cancel")}
        </button>
      </div>
    );
  }
  if (notice === undefined) return null;
  return (
    <div className={`edit-notice ${notice.bad ? "edit-notice-bad" : ""}`}>
      <p role={notice.bad ? "alert" : "status"}>{notice.text}</p>
      {!notice.bad && undoable && <ActionButton id="edit.undo" />}
      <button
        type="button"
        className="button plain icon"
        aria-label={t("frame.dismiss")}
        onClick={() => say(undefined)}
      >
        ✕
      </button>
    </div>
  );
}
