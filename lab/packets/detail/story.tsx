import type { ReactNode } from "react";
import type { PacketDetail, PathStep } from "../../../src/engine/protocol/index.ts";
import { useText } from "../../i18n/index.ts";
import { selectEvent } from "../../selection.ts";
import { secondsText } from "../list/time-text.ts";
import { dropText, noteText } from "../problem.ts";

/** What the engine knows of a packet, beside what an analyser would guess. */
export function Story({ detail }: { readonly detail: PacketDetail }): ReactNode {
  const t = useText();
  const { row, path, cause } = detail;
  return (
    <div className="story">
      <p className="muted">{t("packets.storyHint")}</p>
      <ol>
        {path.map((step) => (
          <Step key={step.event} step={step} here={step.event === row.event} />
        ))}
      </ol>
      {row.corrupted && <p className="mark bad">≠ {t("packets.corrupted")}</p>}
      {row.notes.length > 0 && (
        <p>
          {t("packets.wiresharkSays")}:{" "}
          {row.notes.map((note) => (
            <span key={note} className="mark warn">
              {noteText(note)}
            </span>
          ))}
        </p>
      )}
      <p>
        {cause === undefined ? (
          <span className="muted">{t("packets.causeNone")}</span>
        ) : (
          <>
            {t("packets.cause")}.{" "}
            <button type="button" className="button" onClick={() => selectEvent(cause)}>
              {t("packets.causeShow")}
            </button>
          </>
        )}
      </p>
    </div>
  );
}

const SIGNS: Readonly<Record<PathStep["direction"], string>> = { out: "→", in: "←", drop: "✕" };

function Step({ step, here }: { readonly step: PathStep; readonly here: boolean }): ReactNode {
  const t = useText();
  const { nic, direction, dropped } = step;
  const what =
    dropped !== undefined || direction === "drop"
      ? t("packets.storyDropped", { nic, reason: dropText(dropped ?? "") })
      : t(direction === "out" ? "packets.storySent" : "packets.storyReceived", { nic });
  return (
    <li className={direction === "drop" || dropped !== undefined ? "bad" : undefined}>
      <button
        type="button"
        className="step"
        aria-current={here ? "true" : undefined}
        onClick={() => selectEvent(step.event)}
      >
        <span className="mono">{secondsText(step.at)}</span>
        <span aria-hidden="true">{dropped !== undefined ? SIGNS.drop : SIGNS[direction]}</span>
        <span>{what}</span>
        {here && <span className="mark">{t("packets.storyHere")}</span>}
      </button>
    </li>
  );
}
