import type { EditorView } from "@codemirror/view";
import { type ReactNode, useEffect, useRef } from "react";
import type { DocumentProblem } from "../../../src/engine/protocol/index.ts";
import { useText } from "../../i18n/index.ts";
import { textOf, useDocument } from "../document.ts";
import { makeEditor, showText } from "./editor.ts";
import { goToProblem, showProblems } from "./marks.ts";
import { apply, isOvertaken, leave, typed, useTyped } from "./typed.ts";

/** The document as text, beside the network. */
export default function TextPanel(): ReactNode {
  const t = useText();
  const has = useDocument(({ document }) => document !== undefined);
  if (has) return <TextEditor />;
  return (
    <div className="empty">
      <strong>{t("edit.noText")}</strong>
      <p>{t("edit.noTextRemedy")}</p>
    </div>
  );
}

function TextEditor(): ReactNode {
  const t = useText();
  const box = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(undefined);
  const text = useDocument(({ document }) => document?.text ?? "");
  const warnings = useDocument(({ document }) => document?.problems ?? NONE);
  const state = useTyped();
  const problems = state.text === undefined ? warnings : state.problems;
  const label = t("edit.textLabel");
  useEffect(() => {
    if (box.current === null) return;
    const first = useTyped.getState().text ?? useDocument.getState().document?.text ?? "";
    const editor = makeEditor({
      ...{ parent: box.current, text: first, label },
      onType: typed,
      onApply: () => void apply(),
    });
    view.current = editor;
    return () => editor.destroy();
  }, [label]);
  const shown = state.text ?? text;
  useEffect(() => {
    if (view.current !== undefined) showText(view.current, shown);
  }, [shown]);
  useEffect(() => {
    if (view.current !== undefined) showProblems(view.current, problems);
  }, [problems]);
  return (
    <div className="text-panel">
      <div className="text-bar">
        <span className="muted" role="status">
          {t(state.text === undefined ? "edit.textSame" : "edit.textTyped")}
        </span>
        <span className="grow" />
        <button type="button" className="button" disabled={state.text === undefined} onClick={leave}>
          {t("edit.textLeave")}
        </button>
        <button
          type="button"
          className="button primary"
          disabled={state.text === undefined}
          onClick={() => void apply()}
        >
          {t("edit.textApply")}
        </button>
      </div>
      {isOvertaken(state, text) && (
        <p className="text-overtaken" role="alert">
          {t("edit.textOvertaken")}
        </p>
      )}
      <div ref={box} className="text-editor" translate="no" />
      <ProblemList problems={problems} onGo={(problem) => view.current && goToProblem(view.current, problem)} />
    </div>
  );
}

const NONE: readonly DocumentProblem[] = [];

interface ListProps {
  readonly problems: readonly DocumentProblem[];
  readonly onGo: (problem: DocumentProblem) => void;
}

/** What is wrong, by its line; a click goes there. */
function ProblemList({ problems, onGo }: ListProps): ReactNode {
  const t = useText();
  if (problems.length === 0) return null;
  return (
    <ul className="text-problems" aria-label={t("edit.problems")}>
      {problems.map((problem, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two may be alike
        <li key={index} data-severity={problem.severity}>
          <button type="button" onClick={() => onGo(problem)}>
            <strong>
              {t(problem.severity === "error" ? "edit.errorAt" : "edit.warningAt", { number: problem.line ?? 1 })}
            </strong>{" "}
            {textOf([problem])}
          </button>
        </li>
      ))}
    </ul>
  );
}
