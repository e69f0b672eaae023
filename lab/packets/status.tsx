import { type ReactNode, useEffect } from "react";
import { useText } from "../i18n/index.ts";
import { useSelection } from "../selection.ts";
import { usePackets } from "./store.ts";
import { TimeSelect, VantageSelect } from "./view-selects.tsx";

/** Milliseconds that a notice stands. */
const STANDS = 6_000;

/** How many packets there are and are shown, what was done last, and the way to the newest. */
export function Status(): ReactNode {
  const t = useText();
  const view = usePackets((all) => all.view);
  const following = usePackets((all) => all.following);
  const notice = usePackets((all) => all.notice);
  const filter = useSelection((all) => all.filter);
  useEffect(() => {
    if (notice === undefined) return;
    const timer = setTimeout(() => usePackets.setState({ notice: undefined }), STANDS);
    return () => clearTimeout(timer);
  }, [notice]);
  const counted =
    view === undefined
      ? ""
      : filter === ""
        ? t("packets.counted", { count: view.total })
        : t("packets.countedOf", { shown: view.matched, total: view.total });
  const skipped = view?.skipped === true;
  const percent =
    view === undefined || view.total === 0 || skipped ? 100 : Math.floor((view.examined / view.total) * 100);
  return (
    <div className="packets-status">
      <span>{counted}</span>
      {percent < 100 && <span className="muted">{t("packets.examining", { percent })}</span>}
      {skipped && <span className="mark warn">{t("packets.skipped")}</span>}
      {view !== undefined && view.first > 0 && !skipped && (
        <span className="mark warn">{t("packets.limitReached", { count: view.first })}</span>
      )}
      <span className={notice?.failed ? "packets-notice bad" : "packets-notice"} role="status">
        {notice?.text}
      </span>
      <VantageSelect />
      <TimeSelect />
      <button
        type="button"
        className="button plain"
        aria-pressed={following}
        title={t(following ? "packets.following" : "packets.liveHint")}
        onClick={() => usePackets.setState({ following: !following })}
      >
        <span aria-hidden="true">⤓</span> {t("packets.live")}
      </button>
    </div>
  );
}
