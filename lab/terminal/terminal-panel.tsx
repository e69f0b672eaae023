import { type KeyboardEvent, type ReactNode, useState } from "react";
import { useConnection } from "../connection/index.ts";
import { ActionButton } from "../frame/action-button.tsx";
import { textOfCode, useText } from "../i18n/index.ts";
import { useSelection } from "../selection.ts";
import {
  closeTerminal,
  dismiss,
  focusTerminal,
  hostsOf,
  type OpenTerminal,
  openTerminal,
  setScreenReader,
  type,
  useTerminals,
} from "./terminals.ts";
import { XtermView } from "./xterm-view.tsx";

/** Terminals on hosts, one shown at a time. */
export default function TerminalPanel(): ReactNode {
  const { terminals, active } = useTerminals();
  const shown = terminals.find(({ terminal }) => terminal === active);
  return (
    <div className="terminal-panel">
      {terminals.length > 0 && <TerminalBar />}
      <Notices />
      {shown === undefined ? <Empty /> : <Shown key={shown.terminal} {...shown} />}
    </div>
  );
}

function Shown({ terminal, host }: OpenTerminal): ReactNode {
  const t = useText();
  return (
    <>
      <div id="terminal-shown" role="tabpanel" aria-label={t("terminal.on", { host })} className="terminal-shown">
        <XtermView terminal={terminal} host={host} />
      </div>
      <Keys terminal={terminal} />
      <p className="terminal-hint muted">{t("terminal.leave")}</p>
    </>
  );
}

function TerminalBar(): ReactNode {
  const t = useText();
  const { terminals, active, screenReader } = useTerminals();
  const onKeyDown = (event: KeyboardEvent): void => {
    const at = terminals.findIndex(({ terminal }) => terminal === active);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: terminals.length - 1 }[event.key];
    const next = to === undefined ? undefined : terminals.at(to % terminals.length);
    if (event.key === "Delete" && active !== undefined) closeTerminal(active);
    if (next === undefined) return;
    event.preventDefault();
    useTerminals.setState({ active: next.terminal, focused: 0 });
    document.getElementById(tabId(next.terminal))?.focus();
  };
  return (
    <div className="terminal-bar">
      <div role="tablist" aria-label={t("terminal.list")} className="terminal-tabs" onKeyDown={onKeyDown}>
        {terminals.map(({ terminal, host }) => (
          <button
            key={terminal}
            id={tabId(terminal)}
            type="button"
            role="tab"
            aria-selected={terminal === active}
            aria-controls={terminal === active ? "terminal-shown" : undefined}
            tabIndex={terminal === active ? 0 : -1}
            onClick={() => focusTerminal(terminal)}
          >
            {host}
          </button>
        ))}
      </div>
      <ActionButton id="terminal.close" icon={<span aria-hidden="true">×</span>} className="plain" />
      <OpenMore />
      <span className="grow" />
      <button
        type="button"
        className="button plain"
        aria-pressed={screenReader}
        title={t("terminal.screenReader")}
        onClick={() => setScreenReader(!screenReader)}
      >
        {t("terminal.screenReaderShort")}
      </button>
    </div>
  );
}

const tabId = (terminal: number): string => `terminal-tab-${terminal}`;

/** A list of hosts in one control, so that a network of a hundred fits. */
function OpenMore(): ReactNode {
  const t = useText();
  const hosts = useConnection((all) => all.network);
  const names = hosts === undefined ? [] : hostsOf(useConnection.getState());
  return (
    <select
      className="field terminal-more"
      aria-label={t("terminal.openOne")}
      title={t("terminal.openOne")}
      value=""
      onChange={({ target }) => void openTerminal(target.value)}
    >
      <option value="" disabled>
        +
      </option>
      {names.map((name) => (
        <option key={name}>{name}</option>
      ))}
    </select>
  );
}

function Empty(): ReactNode {
  const t = useText();
  const network = useConnection((all) => all.network);
  const selected = useSelection((all) => all.device);
  const names = network === undefined ? [] : hostsOf(useConnection.getState());
  const [all, setAll] = useState(false);
  const first = selected !== undefined && names.includes(selected) ? selected : undefined;
  const others = names.filter((name) => name !== first);
  const offered = all ? others : others.slice(0, SHOWN_HOSTS);
  return (
    <div className="empty">
      <strong>{t("terminal.emptyTitle")}</strong>
      <p>{names.length === 0 ? t("terminal.noHosts") : t("terminal.empty")}</p>
      {first !== undefined && (
        <button type="button" className="button primary" onClick={() => void openTerminal(first)}>
          {t("terminal.open", { host: first })}
        </button>
      )}
      {offered.length > 0 && (
        <fieldset className="terminal-hosts">
          <legend>{t("terminal.openOn")}</legend>
          {offered.map((name) => (
            <button key={name} type="button" className="button mono" onClick={() => void openTerminal(name)}>
              {name}
            </button>
          ))}
          {offered.length < others.length && (
            <button type="button" className="button plain" onClick={() => setAll(true)}>
              …
            </button>
          )}
        </fieldset>
      )}
    </div>
  );
}

/** Hosts that an empty panel names at first. */
const SHOWN_HOSTS = 12;

function Notices(): ReactNode {
  const t = useText();
  const problem = useTerminals((all) => all.problem);
  const isPaused = useConnection((all) => all.link.kind === "open" && all.state?.running === false);
  const isOpen = useTerminals(({ terminals }) => terminals.length > 0);
  return (
    <>
      {isPaused && isOpen && (
        <p className="terminal-notice" role="status">
          {t("terminal.paused")} <ActionButton id="time.playPause" />
        </p>
      )}
      {problem !== undefined && (
        <p className="terminal-notice bad" role="alert">
          {t("terminal.failed", { why: textOfCode("problems", problem.code, problem.params, problem.text) })}
          <button type="button" className="button icon plain" aria-label={t("frame.close")} onClick={dismiss}>
            ×
          </button>
        </p>
      )}
    </>
  );
}

const KEYS = [
  ["keyInterrupt", "\x03", "^C"],
  ["keyTab", "\t", "Tab"],
  ["keyUp", "\x1b[A", "↑"],
  ["keyDown", "\x1b[B", "↓"],
] as const;

/** Where there is only a keyboard on glass. */
function Keys({ terminal }: { readonly terminal: number }): ReactNode {
  const t = useText();
  return (
    <fieldset className="terminal-keys" aria-label={t("terminal.keys")}>
      {KEYS.map(([name, text, shown]) => (
        <button
          key={name}
          type="button"
          className="button"
          aria-label={t(`terminal.${name}`)}
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => type(terminal, text)}
        >
          {shown}
        </button>
      ))}
    </fieldset>
  );
}
