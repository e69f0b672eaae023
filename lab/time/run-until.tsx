import { type FormEvent, type ReactNode, useId, useRef, useState } from "react";
import { useConnection } from "../connection/index.ts";
import { type TextKey, useText } from "../i18n/index.ts";
import { interrupt, runUntil, useTimeBar } from "./commands.ts";
import { parseTime } from "./parse-time.ts";

const FIELD = "time-run-until";

/** Brings the keyboard to the field, on a narrow screen the field too. */
export function openRunUntil(): void {
  const focus = (): void => document.getElementById(FIELD)?.focus();
  focus(); // at once, so that what is typed next gets there; what is hidden yet takes it when it is drawn
  useTimeBar.setState({ untilShown: true });
  requestAnimationFrame(focus);
}

/** A time to run to, as fast as the machine can, and what stops it on the way. */
export function RunUntil(): ReactNode {
  const t = useText();
  const asked = useTimeBar((bar) => bar.until);
  const until = useConnection(({ state }) => state?.until !== undefined) || asked;
  const shown = useTimeBar((bar) => bar.untilShown);
  const field = useRef<HTMLInputElement>(null);
  const [wrong, setWrong] = useState<TextKey>();
  const wrongId = useId();
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const now = useConnection.getState().state?.now ?? 0;
    const at = parseTime(field.current?.value ?? "", now);
    if (at === undefined) setWrong("time.runUntilBad");
    else if (at < now) setWrong("time.runUntilPast");
    else {
      field.current?.blur(); // so that keys are shortcuts again
      void runUntil(at);
    }
  };
  return (
    <form className="run-until" data-shown={shown} onSubmit={submit} noValidate>
      <label className="muted" htmlFor={FIELD}>
        {t("time.runUntil")}
      </label>
      <input
        ref={field}
        id={FIELD}
        className="field mono"
        placeholder={t("time.runUntilHint")}
        autoComplete="off"
        spellCheck={false}
        aria-invalid={wrong !== undefined}
        aria-describedby={wrong === undefined ? undefined : wrongId}
        onChange={() => setWrong(undefined)}
        onFocus={({ currentTarget }) => currentTarget.select()}
        onKeyDown={({ key, currentTarget }) => key === "Escape" && currentTarget.blur()}
      />
      {until ? (
        <button key="stop" type="button" className="button" onClick={interrupt}>
          {t("time.stop")}
        </button>
      ) : (
        <button key="run" type="submit" className="button">
          {t("time.run")}
        </button>
      )}
      {wrong !== undefined && (
        <span id={wrongId} className="run-until-wrong" role="alert">
          {t(wrong)}
        </span>
      )}
    </form>
  );
}
