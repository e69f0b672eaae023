import { type EditorState, type Extension, StateEffect, StateField } from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView } from "@codemirror/view";
import type { DocumentProblem } from "../../../src/engine/protocol/index.ts";

const setProblems = StateEffect.define<readonly DocumentProblem[]>();

const MARKS = {
  error: Decoration.mark({ class: "text-wrong" }),
  warning: Decoration.mark({ class: "text-doubtful" }),
} as const;

/** From where to where a problem is: from its place to the end of what stands there. */
function rangeOf(state: EditorState, { line = 1, column = 1 }: DocumentProblem): { from: number; to: number } {
  const { from, to, text } = state.doc.line(Math.max(1, Math.min(line, state.doc.lines)));
  const start = Math.min(from + Math.max(0, column - 1), to);
  const length = /^\S*/.exec(text.slice(start - from))?.[0].length ?? 0;
  // What is missing at the end of a line is marked before it.
  return length > 0 ? { from: start, to: start + length } : { from: Math.max(from, start - 1), to: start };
}

const field = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(marks, { changes, effects, state }) {
    for (const effect of effects) {
      if (!effect.is(setProblems)) continue;
      const ranges = effect.value
        .filter(({ line }) => line !== undefined)
        .map((problem) => ({ ...rangeOf(state, problem), severity: problem.severity }))
        .filter(({ from, to }) => to > from);
      return Decoration.set(
        ranges.map(({ from, to, severity }) => MARKS[severity].range(from, to)),
        true,
      );
    }
    return marks.map(changes);
  },
  provide: (marks) => EditorView.decorations.from(marks),
});

/** Marks problems in the text. */
export const problemMarks: Extension = field;

export const showProblems = (view: EditorView, problems: readonly DocumentProblem[]): void =>
  view.dispatch({ effects: setProblems.of(problems) });

/** Goes to a problem. */
export function goToProblem(view: EditorView, problem: DocumentProblem): void {
  const { from } = rangeOf(view.state, problem);
  view.dispatch({ selection: { anchor: from }, effects: EditorView.scrollIntoView(from, { y: "center" }) });
  view.focus();
}
