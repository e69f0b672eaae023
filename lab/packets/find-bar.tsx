import { type FormEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { request } from "../connection/index.ts";
import { useText } from "../i18n/index.ts";
import { findNext, useSought, WAYS, type Way } from "./find-next.ts";
import { problemOf, problemText } from "./problem.ts";
import { selectIndex } from "./session.ts";
import { sayFailed, usePackets } from "./store.ts";

const WAY_TEXTS = { text: "packets.findByText", filter: "packets.findByFilter", hex: "packets.findByHex" } as const;

/** Looks for a text, a filter or bytes in the rows. */
export function FindBar(): ReactNode {
  const t = useText();
  const input = useRef<HTMLInputElement>(null);
  const { by, what } = useSought();
  useEffect(() => input.current?.select(), []);
  const close = (): void => usePackets.setState({ asking: undefined });
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    void findNext(false);
  };
  return (
    <search>
      <form className="find-bar" onSubmit={onSubmit} onKeyDown={({ key }) => key === "Escape" && close()}>
        <select
          className="field"
          aria-label={t("packets.findBy")}
          value={by}
          onChange={({ target }) => useSought.setState({ by: target.value as Way })}
        >
          {WAYS.map((way) => (
            <option key={way} value={way}>
              {t(WAY_TEXTS[way])}
            </option>
          ))}
        </select>
        <input
          ref={input}
          className="field grow"
          aria-label={t("packets.findWhat")}
          placeholder={t("packets.findWhat")}
          spellCheck={false}
          autoComplete="off"
          value={what}
          onChange={({ target }) => useSought.setState({ what: target.value })}
        />
        <button type="button" className="button" onClick={() => void findNext(true)}>
          {t("packets.findPrevious")}
        </button>
        <button type="submit" className="button">
          {t("packets.findNext")}
        </button>
        <button type="button" className="button plain icon" aria-label={t("packets.findClose")} onClick={close}>
          ✕
        </button>
      </form>
    </search>
  );
}

/** Goes to the packet of a number, or the next one that the filter lets through. */
export function NumberBar(): ReactNode {
  const t = useText();
  const input = useRef<HTMLInputElement>(null);
  const [number, setNumber] = useState("");
  useEffect(() => input.current?.focus(), []);
  const close = (): void => usePackets.setState({ asking: undefined });
  const onSubmit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const view = usePackets.getState().view;
    if (view === undefined || !/^\d{1,15}$/.test(number.trim())) return;
    const what = `frame.number >= ${number.trim()}`;
    try {
      const found = await request("packets.find", {
        view: view.view,
        from: view.first,
        backwards: false,
        by: "filter",
        what,
      });
      if (found.index < 0) sayFailed(t("packets.goToNone"));
      else {
        close();
        await selectIndex(found.index);
      }
    } catch (error) {
      sayFailed(problemText(problemOf(error)));
    }
  };
  return (
    <form
      className="find-bar"
      onSubmit={(event) => void onSubmit(event)}
      onKeyDown={({ key }) => key === "Escape" && close()}
    >
      <label>
        {t("packets.goToNumber")}{" "}
        <input
          ref={input}
          className="field"
          inputMode="numeric"
          pattern="[0-9]*"
          autoComplete="off"
          value={number}
          onChange={({ target }) => setNumber(target.value)}
        />
      </label>
      <button type="submit" className="button">
        {t("packets.go")}
      </button>
      <button type="button" className="button plain icon" aria-label={t("packets.findClose")} onClick={close}>
        ✕
      </button>
    </form>
  );
}
