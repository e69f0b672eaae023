import { EXAMPLES } from "netarium:program-examples";
import { javascript } from "@codemirror/lang-javascript";
import { type ReactNode, useEffect, useMemo, useRef } from "react";
import type { LogEntry } from "../../src/engine/protocol/index.ts";
import { type RequestError, useConnection } from "../connection/index.ts";
import CodeEditor from "../editor/code-editor.tsx";
import { ActionButton } from "../frame/action-button.tsx";
import { formatClock } from "../i18n/format.ts";
import { textOfCode, useText } from "../i18n/index.ts";
import { useLog } from "../log/lines.ts";
import { hostsOf } from "../terminal/terminals.ts";
import { currentOf, hostOf, linesOf, problemsOf, useProgram, write } from "./store.ts";

const LANGUAGE = javascript({ typescript: true });

// Who has written nothing yet begins with an example.
if (useProgram.getState().source === "" && EXAMPLES[0] !== undefined) write(EXAMPLES[0]);

/** Where one writes a program, runs it on a host, and sees what it writes. */
export default function ProgramPanel(): ReactNode {
  const t = useText();
  const { source, ran, ...state } = useProgram();
  const all = useLog(({ lines }) => lines);
  const name = currentOf(state)?.name;
  const lines = useMemo(() => linesOf(all, name), [all, name]);
  const problems = useMemo(() => problemsOf(lines, ran === source), [lines, ran, source]);
  return (
    <div className="program-panel">
      <Bar />
      <CodeEditor
        label={t("program.text")}
        value={source}
        language={LANGUAGE}
        problems={problems}
        onChange={(text) => write({ source: text })}
      />
      <Output lines={lines} />
    </div>
  );
}

function Bar(): ReactNode {
  const t = useText();
  const state = useProgram();
  const connection = useConnection();
  const hosts = hostsOf(connection);
  return (
    <div className="program-bar">
      <select
        className="field"
        aria-label={t("program.examples")}
        value=""
        onChange={({ target }) => {
          const example = EXAMPLES.find(({ name }) => name === target.value);
          if (example !== undefined) write(example);
        }}
      >
        <option value="">{t("program.examples")}</option>
        {EXAMPLES.map(({ name }) => (
          <option key={name}>{name}</option>
        ))}
      </select>
      <input
        className="field program-name mono"
        aria-label={t("program.name")}
        spellCheck={false}
        maxLength={64}
        value={state.name}
        onChange={({ target }) => write({ name: target.value })}
      />
      <label className="program-host">
        {t("program.on")}
        <select
          className="field"
          value={hostOf(state) ?? ""}
          onChange={({ target }) => useProgram.setState({ host: target.value })}
        >
          {hosts.map((host) => (
            <option key={host}>{host}</option>
          ))}
        </select>
      </label>
      <ActionButton id="program.run" className="primary" />
      <ActionButton id="program.stop" />
    </div>
  );
}

const refusalOf = ({ problem }: RequestError): string =>
  textOfCode("problems", problem.code, problem.params, problem.text);

function Output({ lines }: { readonly lines: readonly LogEntry[] }): ReactNode {
  const t = useText();
  const state = useProgram();
  const running = useConnection(({ state: now }) => now?.running ?? true);
  const current = currentOf(state);
  const end = useRef<HTMLDivElement>(null);
  const last = lines.at(-1)?.n;
  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever another line is the last
  useEffect(() => {
    end.current?.scrollTo({ top: end.current.scrollHeight });
  }, [last]);
  const status =
    current === undefined
      ? state.run === undefined
        ? undefined
        : t(running ? "program.begins" : "program.paused")
      : t(`program.${current.state}`, { name: current.program, host: current.host });
  return (
    <section className="program-output" aria-label={t("program.output")}>
      {state.refused !== undefined && (
        <p className="program-refused" role="alert">
          {refusalOf(state.refused)}
        </p>
      )}
      <p className="program-status muted" role="status">
        {status ?? t("program.empty")}
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard */}
      <div ref={end} className="program-lines" tabIndex={0} role="log" aria-label={t("program.output")}>
        {lines.slice(-500).map(({ n, at, code, text }) => (
          <div key={n} className={code === "output" ? "" : "bad"} translate="no">
            <span className="muted">{formatClock(at)}</span> {text}
          </div>
        ))}
      </div>
    </section>
  );
}
