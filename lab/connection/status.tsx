import "./status.css";
import type { ReactNode } from "react";
import { PROTOCOL_VERSION } from "../../src/engine/protocol/index.ts";
import { type TextKey, textOfCode, useText } from "../i18n/index.ts";
import { connect, useConnection } from "./index.ts";

/** Which network it is, and whether its engine is there; what is wrong stands below the bar, with its remedy. */
export function Status(): ReactNode {
  const t = useText();
  const network = useConnection((all) => all.network);
  const kind = useConnection(({ link }) => link.kind);
  const isAlone = useConnection(({ welcome }) => welcome?.platform === "worker");
  const watchers = useConnection(({ state }) => state?.watchers ?? 1);
  const words: TextKey =
    kind === "open"
      ? isAlone
        ? "connection.alone"
        : "connection.open"
      : kind === "connecting"
        ? "connection.connecting"
        : "connection.goneShort";
  return (
    <div className="status">
      {network !== undefined && (
        <span className="status-name" title={network.file}>
          {network.name || network.file}{" "}
          <span className="muted">{t("connection.seed", { seed: `${network.seed}` })}</span>
        </span>
      )}
      <span className="status-link" data-link={kind}>
        <span className="status-words">{t(words)}</span>
      </span>
      {watchers > 1 && <span className="status-tabs muted">{t("connection.tabs", { count: watchers })}</span>}
      <Trouble />
    </div>
  );
}

/** What keeps the page from its engine. */
function Trouble(): ReactNode {
  const t = useText();
  const link = useConnection((all) => all.link);
  if (link.kind === "gone") {
    return (
      <Banner title={t("connection.gone")} remedy={t("connection.goneRemedy")}>
        <span className="muted">{t("connection.tries", { count: link.tries })}</span>
      </Banner>
    );
  }
  if (link.kind === "ended") {
    const { code, params, text } = link.problem;
    const why = textOfCode("problems", code, params, text);
    return (
      <Banner
        title={t("connection.ended", { why })}
        remedy={t("connection.endedRemedy")}
        again={t("connection.endedAgain")}
      />
    );
  }
  if (link.kind !== "refused") return <Changed />;
  const versions = { theirs: link.version, ours: PROTOCOL_VERSION };
  return <Banner title={t(`connection.${link.code}`, versions)} remedy={t(`connection.${link.code}Remedy`)} />;
}

function Changed(): ReactNode {
  const t = useText();
  const changed = useConnection((all) => all.engineChanged);
  return changed ? (
    <p className="unseen" role="status">
      {t("connection.changed")}
    </p>
  ) : null;
}

interface BannerProps {
  readonly title: string;
  readonly remedy: string;
  /** What the button says. */
  readonly again?: string;
  readonly children?: ReactNode;
}

function Banner({ title, remedy, again, children }: BannerProps): ReactNode {
  const t = useText();
  return (
    <div className="trouble">
      <div role="alert">
        <strong>{title}</strong>
        <p>{remedy}</p>
      </div>
      {children}
      <button type="button" className="button primary" onClick={connect}>
        {again ?? t("connection.again")}
      </button>
    </div>
  );
}
