import "./alone.css";
import { type ReactNode, useState } from "react";
import { useConnection } from "../connection/index.ts";
import { CopyLine } from "../first-run/recipes.tsx";
import { Dialog } from "../frame/dialog.tsx";
import { openOverlay } from "../frame/overlays.ts";
import { textOfCode, useText } from "../i18n/index.ts";
import { save } from "../packets/export.ts";

/** What is not to be had without Node, why, and how to have it. */
export function Alone(): ReactNode {
  const t = useText();
  const network = useConnection((all) => all.network);
  const lacks = network?.lacks ?? [];
  const file = network?.file ?? "network.yaml";
  return (
    <Dialog title={t("alone.title")} onClose={() => openOverlay(undefined)}>
      <div className="alone">
        <p>{t(lacks.length > 0 ? "alone.intro" : "alone.nothing")}</p>
        <ul>
          {lacks.map(({ code, params, text }) => (
            <li key={code}>{textOfCode("problems", code, params, text)}</li>
          ))}
        </ul>
        <p className="muted">{t("alone.always")}</p>
        <p>{t("alone.how")}</p>
        <CopyLine text={`npx netarium lab ${file}`} />
        <button
          type="button"
          className="button"
          onClick={() => save(file, [network?.document ?? ""], "application/yaml")}
        >
          {t("alone.save")}
        </button>
        <p className="muted">{t("alone.tab")}</p>
      </div>
    </Dialog>
  );
}

/** At the top of a page without a server: what the network misses there, or that it began anew with the page. */
export function AloneNotice({ anew }: { readonly anew: boolean }): ReactNode {
  const t = useText();
  const network = useConnection((all) => all.network);
  const welcome = useConnection((all) => all.welcome);
  const [dismissed, setDismissed] = useState<string>();
  const lacks = network?.lacks ?? [];
  if (welcome?.platform !== "worker" || dismissed === welcome.engine || (lacks.length === 0 && !anew)) return null;
  const shut = network?.doors.filter(({ problem }) => problem !== undefined).length ?? 0;
  return (
    <div className="page-notice alone-notice">
      <p role="status">
        {t(anew ? "alone.begunAnew" : "alone.here")} {shut > 0 && t("alone.shut", { count: shut })}{" "}
        {lacks.some(({ code }) => code === "lacks-tls") && <strong>{t("alone.waits")}</strong>}
      </p>
      <span className="grow" />
      <button type="button" className="button" onClick={() => openOverlay("alone")}>
        {t("alone.more")}
      </button>
      <button type="button" className="button" onClick={() => setDismissed(welcome.engine)}>
        {t("frame.dismiss")}
      </button>
    </div>
  );
}
