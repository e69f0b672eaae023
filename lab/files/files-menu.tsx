import "./files.css";
import type { ReactNode } from "react";
import { createPortal } from "react-dom";
import { useDocument } from "../edit/document.ts";
import { findAction, isEnabled } from "../frame/actions.ts";
import { Dialog } from "../frame/dialog.tsx";
import { useText } from "../i18n/index.ts";
import type { MenuItem } from "../packets/menu/menu.tsx";
import { below, useMenu } from "../packets/menu/use-menu.tsx";
import { dropKept, open, openNow, saveFile, takeKept, useFiles } from "./store.ts";

const MENU = ["files.new", "files.open", "files.examples", "files.save", "files.link"] as const;

/** What can be done with the network as a whole, at the top of the page. */
export function FilesMenu(): ReactNode {
  const t = useText();
  const changed = useDocument(({ document }) => document?.changed === true);
  const has = useDocument(({ document }) => document !== undefined);
  const { menu, open: openMenu } = useMenu();
  if (!has) return null;
  const items = MENU.flatMap((id): MenuItem[] => {
    const action = findAction(id);
    return action === undefined ? [] : [{ id, text: t(action.text), run: action.run, enabled: isEnabled(action) }];
  });
  return (
    <>
      <button
        type="button"
        className="button plain"
        aria-haspopup="menu"
        onClick={({ currentTarget }) => openMenu({ label: t("edit.files"), items, ...below(currentTarget) })}
      >
        {t("edit.files")} {changed && <span title={t("edit.unsaved")}>●</span>} ▾
      </button>
      {menu}
      {createPortal(<Asking />, document.body)}
      {createPortal(<Examples />, document.body)}
      <KeptNotice />
    </>
  );
}

/** Another network would take the place of one that is not saved. */
function Asking(): ReactNode {
  const t = useText();
  const asking = useFiles((files) => files.asking);
  const file = useDocument(({ document }) => document?.file ?? "");
  if (asking === undefined) return null;
  const leave = (): void => useFiles.setState({ asking: undefined });
  return (
    <Dialog title={t("edit.replaceTitle", { file: asking.file })} onClose={leave}>
      <p>{t("edit.replaceWhat", { file })}</p>
      <div className="dialog-actions">
        <button type="button" className="button" onClick={leave}>
          {t("edit.cancel")}
        </button>
        <button type="button" className="button" onClick={() => void openNow(asking)}>
          {t("edit.replaceAnyway")}
        </button>
        <button
          type="button"
          className="button primary"
          data-autofocus
          onClick={() => void saveFile().then(() => openNow(asking))}
        >
          {t("edit.replaceSave")}
        </button>
      </div>
    </Dialog>
  );
}

/** The networks that come with Netarium. */
function Examples(): ReactNode {
  const t = useText();
  const examples = useFiles((files) => files.examples);
  if (examples === undefined) return null;
  return (
    <Dialog title={t("edit.examples")} onClose={() => useFiles.setState({ examples: undefined })} className="examples">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a long list scrolls by the keyboard too */}
      <section className="examples-list" tabIndex={0} aria-label={t("edit.examples")}>
        {examples.map(({ name, title, about }) => (
          <article key={name} className="example">
            <h3>{title}</h3>
            <pre translate="no">{about}</pre>
            <button
              type="button"
              className="button"
              onClick={() => open({ example: name, file: title, play: true })}
              aria-label={t("edit.openExample", { name: title })}
            >
              {t("edit.openIt")}
            </button>
          </article>
        ))}
      </section>
    </Dialog>
  );
}

/** What an engine that ended had, and this browser has kept. */
function KeptNotice(): ReactNode {
  const t = useText();
  const kept = useFiles((files) => files.kept);
  if (kept === undefined) return null;
  return (
    <div className="kept-notice">
      <p role="status">{t("edit.kept", { file: kept.file, time: new Date(kept.at).toLocaleString() })}</p>
      <button type="button" className="button primary" onClick={() => void takeKept()}>
        {t("edit.keptOpen")}
      </button>
      <button type="button" className="button" onClick={dropKept}>
        {t("edit.keptDrop")}
      </button>
    </div>
  );
}
