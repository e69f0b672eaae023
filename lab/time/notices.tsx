import type { ReactNode } from "react";
import type { Problem } from "../../src/engine/protocol/index.ts";
import { useConnection } from "../connection/index.ts";
import { formatBytes, formatDuration } from "../i18n/format.ts";
import { textOfCode, useText } from "../i18n/index.ts";
import { useSelection } from "../selection.ts";
import { askToGoOnFromHere, interrupt, showNow, useTimeBar } from "./commands.ts";
import { clockText } from "./time-text.ts";

const problemText = ({ code, params, text }: Problem): string => textOfCode("problems", code, params, text);

/** What of time needs to be said: that the past is shown, how far a rewind is, what is lost or went wrong. */
export function Notices(): ReactNode {
  return (
    <>
      <Looking />
      <Rewinding />
      <Waiting />
      <Wrong />
      <Limits />
    </>
  );
}

function Looking(): ReactNode {
  const t = useText();
  const past = useSelection(({ time }) => time);
  if (past === undefined) return null;
  return (
    <div className="time-notice time-notice-past">
      <span>
        <strong>{t("time.looking", { time: clockText(past) })}</strong>{" "}
        <span className="muted">{t("time.lookingWhy")}</span>
      </span>
      <span className="time-notice-actions">
        <button type="button" className="button" onClick={askToGoOnFromHere}>
          {t("time.goOn")}
        </button>
        <button type="button" className="button primary" onClick={showNow}>
          {t("time.live")}
        </button>
      </span>
    </div>
  );
}

function Rewinding(): ReactNode {
  const t = useText();
  const part = useConnection(({ state }) => state?.replaying);
  if (part === undefined) return null;
  const label = t("time.rewinding", { percent: Math.floor(part * 100) });
  return (
    <div className="time-notice">
      <span role="status">{label}</span>
      <progress value={part} max={1} aria-label={label} />
      <span className="time-notice-actions">
        <button type="button" className="button" onClick={interrupt}>
          {t("time.stop")}
        </button>
      </span>
    </div>
  );
}

/** Time stands still for work outside the network. */
function Waiting(): ReactNode {
  const t = useText();
  const names = useConnection(({ state }) => state?.waitsFor);
  if (names === undefined) return null;
  return (
    <div className="time-notice time-notice-warn" role="status">
      {t("time.waitsFor", { names: names.join(", ") })}
    </div>
  );
}

function Wrong(): ReactNode {
  const t = useText();
  const problem = useTimeBar((bar) => bar.problem);
  const failed = useConnection(({ state }) => state?.failed);
  const differs = useConnection(({ state }) => state?.differs);
  return (
    <>
      {failed !== undefined && (
        <div className="time-notice time-notice-bad" role="alert">
          {t("time.failedRun", { why: problemText(failed) })}
        </div>
      )}
      {differs !== undefined && (
        <div className="time-notice time-notice-bad" role="alert">
          {t("time.differs", { event: differs.event, time: clockText(differs.at) })}
        </div>
      )}
      {problem !== undefined && (
        <div className="time-notice time-notice-bad" role="alert">
          <span>{t("time.failed", { why: problemText(problem) })}</span>
          <span className="time-notice-actions">
            <button type="button" className="button" onClick={() => useTimeBar.setState({ problem: undefined })}>
              {t("time.dismiss")}
            </button>
          </span>
        </div>
      )}
    </>
  );
}

/** Wall milliseconds that may be left out of real time before it is worth a word. */
const FORGIVEN_SAID = 1_000;

function Limits(): ReactNode {
  const t = useText();
  const capture = useConnection(({ state }) => state?.capture);
  const forgiven = useConnection(({ state }) => state?.forgiven ?? 0);
  const inputs = useConnection(({ state }) => state?.inputs);
  const read = useTimeBar((bar) => bar.limitsRead);
  const full = capture !== undefined && capture.first > 0;
  const slow = forgiven > FORGIVEN_SAID;
  const reach = inputs?.reach;
  if (read || !(full || slow || reach !== undefined)) return null;
  return (
    <div className="time-notice time-notice-warn">
      <span>
        {full && (
          <p>{t("time.earliestWhy", { limit: formatBytes(capture.limit), time: clockText(capture.earliest) })}</p>
        )}
        {reach !== undefined && (
          <p>{t("time.reachWhy", { limit: formatBytes(inputs?.limit ?? 0), time: clockText(reach) })}</p>
        )}
        {slow && <p>{t("time.forgiven", { span: formatDuration(forgiven * 1e6) })}</p>}
      </span>
      <span className="time-notice-actions">
        <button type="button" className="button" onClick={() => useTimeBar.setState({ limitsRead: true })}>
          {t("time.dismiss")}
        </button>
      </span>
    </div>
  );
}
