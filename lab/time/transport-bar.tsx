import type { ReactNode } from "react";
import { useConnection } from "../connection/index.ts";
import { ActionButton } from "../frame/action-button.tsx";
import { useText } from "../i18n/index.ts";
import { isSlow, setSpeed, useTimeBar } from "./commands.ts";
import { PAUSE, PLAY, STEP_EVENT, STEP_PACKET } from "./icons.tsx";
import { RunUntil } from "./run-until.tsx";
import { HIGHEST, LOWEST, placeOf, type Speed, speedAt, speedText } from "./speed.ts";
import { splitClock } from "./time-text.ts";

/** Play, steps, the clock, and how fast. */
export function TransportBar(): ReactNode {
  const running = useConnection(({ state }) => state?.running === true);
  useConnection(({ link }) => link.kind); // the buttons ask it whether they can be used
  return (
    <div className="transport">
      <div className="transport-keys">
        <ActionButton id="time.playPause" icon={running ? PAUSE : PLAY} className="primary" />
        <ActionButton id="time.stepPacket" icon={STEP_PACKET} />
        <ActionButton id="time.stepEvent" icon={STEP_EVENT} />
      </div>
      <Clock />
      <SpeedControl />
      <RunUntil />
    </div>
  );
}

/** The virtual time of the engine. It is no live region: a clock that is read aloud would never stop. */
function Clock(): ReactNode {
  const t = useText();
  const now = useConnection(({ state }) => state?.now ?? 0);
  const running = useConnection(({ state }) => state?.running === true);
  const idle = useConnection(({ state }) => state?.idle === true);
  const [coarse, fine] = splitClock(now);
  return (
    <div className="clock" title={t("time.clock")}>
      <span className="clock-time mono">
        <span className="unseen">{t("time.clock")} </span>
        {coarse}
        <span className="muted">{fine}</span>
      </span>
      <span className="clock-state" data-running={running}>
        {t(idle ? "time.idle" : running ? "time.running" : "time.paused")}
      </span>
    </div>
  );
}

function SpeedControl(): ReactNode {
  const t = useText();
  const speed: Speed = useConnection(({ state }) => state?.speed ?? 1);
  const slow = useTimeBar((bar) => bar.slow);
  const name = (of: Speed): string => (of === "max" ? t("time.speedMax") : t("time.speedIs", { speed: speedText(of) }));
  return (
    <div className="speed">
      <ActionButton id="time.slowMotion" pressed={isSlow(speed, slow)} />
      <label className="speed-slider">
        <span className="unseen">{t("time.speed")}</span>
        <input
          type="range"
          min={LOWEST}
          max={HIGHEST}
          step={1}
          value={placeOf(speed)}
          aria-valuetext={name(speed)}
          onChange={({ target }) => setSpeed(speedAt(target.valueAsNumber))}
        />
      </label>
      <button
        type="button"
        className="button plain speed-value mono"
        title={t("time.realTime")}
        onClick={() => setSpeed(1)}
      >
        {speed === "max" ? t("time.max") : speedText(speed)}
      </button>
    </div>
  );
}
