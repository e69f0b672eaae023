import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { bracketMatching, HighlightStyle, indentOnInput, syntaxHighlighting } from "@codemirror/language";
import { lintGutter, setDiagnostics } from "@codemirror/lint";
import { EditorState, type Extension } from "@codemirror/state";
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { type ReactNode, useEffect, useRef } from "react";
import { lawfulStyles } from "../terminal/lawful-styles.ts";

/** Something wrong at a place of the text. */
export interface CodeProblem {
  /** Both from 1; without a column it is the whole line. */
  readonly line: number;
  readonly column?: number | undefined;
  readonly text: string;
}

interface Props {
  /** Its name for who cannot see it. */
  readonly label: string;
  readonly value: string;
  /** Of the language: what colours and indents it. */
  readonly language: Extension;
  readonly problems: readonly CodeProblem[];
  readonly onChange: (value: string) => void;
}

/** The page's own colours, which follow its theme. */
const COLOURS = HighlightStyle.define([
  { tag: [tags.keyword, tags.modifier, tags.operatorKeyword, tags.controlKeyword], color: "var(--protocol-tls)" },
  { tag: [tags.string, tags.special(tags.string), tags.regexp], color: "var(--protocol-http)" },
  { tag: [tags.number, tags.bool, tags.null, tags.atom], color: "var(--protocol-udp)" },
  { tag: [tags.comment, tags.meta], color: "var(--text-muted)", fontStyle: "italic" },
  { tag: [tags.typeName, tags.className, tags.namespace], color: "var(--protocol-dns)" },
  { tag: [tags.function(tags.variableName), tags.function(tags.propertyName)], color: "var(--protocol-arp)" },
  { tag: [tags.propertyName, tags.attributeName], color: "var(--accent)" },
]);

const LOOK = EditorView.theme({
  "&": { height: "100%", fontSize: "var(--size-small)", color: "var(--text)", backgroundColor: "var(--surface)" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.5" },
  ".cm-content": { caretColor: "var(--text)" },
  ".cm-cursor": { borderLeftColor: "var(--text)" },
  ".cm-gutters": { backgroundColor: "var(--raised)", color: "var(--text-muted)", borderRight: "1px solid var(--line)" },
  ".cm-activeLine": { backgroundColor: "transparent" },
  "&.cm-focused .cm-activeLine": { boxShadow: "inset 2px 0 var(--accent)" },
  ".cm-activeLineGutter": { backgroundColor: "var(--hover)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "var(--accent-soft)",
  },
  // In place of its pictures, which the page's policy lets nobody load.
  ".cm-lint-marker-error": { content: "normal", width: "1em", height: "auto" },
  ".cm-lint-marker-error::before": { content: '"●"', color: "var(--bad)" },
  ".cm-lintRange-error": { backgroundImage: "none", textDecoration: "underline wavy var(--bad)" },
  ".cm-tooltip": { color: "var(--text)", backgroundColor: "var(--raised)", border: "1px solid var(--line-strong)" },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "var(--accent-soft)" },
});

/**
 * What is typed over a selection. Left to itself the browser would write the styles that it finds there into attributes, which the
 * page's policy forbids.
 */
const REPLACED_TEXT = EditorView.domEventHandlers({
  beforeinput: ({ inputType, data, isComposing }, view) => {
    if (inputType !== "insertText" || data === null || isComposing) return false;
    if (view.state.selection.main.empty && data.length === 1) return false;
    view.dispatch(view.state.replaceSelection(data), { userEvent: "input.type", scrollIntoView: true });
    return true;
  },
});

/** A text as programmers write it. Tab leaves it, so that the keyboard is not caught; Ctrl-] and Ctrl-[ move lines in and out. */
export default function CodeEditor({ label, value, language, problems, onChange }: Props): ReactNode {
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(undefined);
  const changed = useRef(onChange);
  changed.current = onChange;
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is made once; what changes is told below
  useEffect(() => {
    const unlawful = lawfulStyles();
    const made = new EditorView({
      parent: place.current as HTMLDivElement,
      state: EditorState.create({
        doc: value,
        extensions: extensions(label, language, (text) => changed.current(text)),
      }),
    });
    view.current = made;
    return () => {
      made.destroy();
      unlawful();
    };
  }, [label, language]);
  useEffect(() => {
    const { current } = view;
    if (current === undefined || current.state.doc.toString() === value) return;
    current.dispatch({ changes: { from: 0, to: current.state.doc.length, insert: value } });
  }, [value]);
  useEffect(() => {
    const { current } = view;
    if (current !== undefined) current.dispatch(setDiagnostics(current.state, marksOf(current.state, problems)));
  }, [problems]);
  return <div ref={place} className="code-editor" translate="no" />;
}

function extensions(label: string, language: Extension, onChange: (text: string) => void): Extension {
  return [
    EditorView.cspNonce.of(document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.content ?? ""),
    EditorView.contentAttributes.of({ "aria-label": label }),
    [lineNumbers(), highlightActiveLineGutter(), highlightActiveLine(), drawSelection(), bracketMatching()],
    [history(), indentOnInput(), keymap.of([...defaultKeymap, ...historyKeymap])],
    [lintGutter(), language, syntaxHighlighting(COLOURS), LOOK],
    REPLACED_TEXT,
    EditorView.updateListener.of(({ docChanged, state }) => {
      if (docChanged) onChange(state.doc.toString());
    }),
  ];
}

/** Lines that are no longer there are left out. */
function marksOf({ doc }: EditorState, problems: readonly CodeProblem[]) {
  return problems
    .filter(({ line }) => line >= 1 && line <= doc.lines)
    .map(({ line, column, text: message }) => {
      const { from, to } = doc.line(line);
      return { from: Math.min(from + (column ?? 1) - 1, to), to, severity: "error" as const, message };
    });
}
