import { type KeyboardEvent, type ReactNode, useId, useRef, useState } from "react";
import type { DocumentProblem } from "../../src/engine/protocol/index.ts";
import type { Outcome } from "./document.ts";
import { Problems } from "./fields.tsx";

interface Props {
  readonly label: string;
  /** The name is for those who listen; others see where the field stands. */
  readonly unlabelled?: boolean;
  /** What the document says; empty for nothing. */
  readonly value: string;
  /** Edits the document. It is not called for what the document says already. */
  readonly commit: (value: string) => Promise<Outcome>;
  readonly placeholder?: string;
  readonly mono?: boolean;
  /** The label is a name of the document's, the same in every language. */
  readonly named?: true;
  /** What it means, in a line. */
  readonly hint?: string;
  /** What might be meant. */
  readonly suggestions?: readonly string[];
  readonly autoFocus?: boolean;
  /** Several lines; Enter begins one. */
  readonly lines?: boolean;
}

/**
 * A field of the document: what is typed is done by Enter or when the field is left, and Escape takes it back. What the engine
 * refuses stays there as it was typed, with the reason.
 */
export function CommitField({ label, named, unlabelled, value, commit, lines, ...look }: Props): ReactNode {
  const id = useId();
  const { placeholder, mono, hint, suggestions, autoFocus } = look;
  const [typed, setTyped] = useState<string>();
  const [problems, setProblems] = useState<readonly DocumentProblem[]>([]);
  const committing = useRef("");
  const leave = (): void => {
    setTyped(undefined);
    setProblems([]);
  };
  const done = async (): Promise<void> => {
    if (typed === undefined || typed.trim() === committing.current) return;
    const wanted = typed.trim();
    if (wanted === value) {
      leave();
      return;
    }
    committing.current = wanted;
    const outcome = await commit(wanted);
    committing.current = "";
    if (outcome.taken) leave();
    else setProblems(outcome.problems);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === "Enter" && !lines) {
      event.preventDefault();
      void done();
    } else if (event.key === "Escape" && typed !== undefined) {
      event.preventDefault();
      event.stopPropagation();
      leave();
    }
  };
  const isWrong = problems.length > 0;
  const common = {
    id,
    className: `field ${mono ? "mono" : ""}`,
    value: typed ?? value,
    placeholder,
    title: hint,
    translate: named && ("no" as const),
    spellCheck: false,
    autoComplete: "off",
    "data-autofocus": autoFocus || undefined,
    "aria-label": unlabelled ? label : undefined,
    "aria-invalid": isWrong || undefined,
    "aria-describedby": isWrong ? `${id}-problem` : undefined,
    onChange: (event: { readonly target: { readonly value: string } }) => setTyped(event.target.value),
    onBlur: () => void done(),
    onKeyDown,
  };
  return (
    <div className="form-field">
      {!unlabelled && (
        <label htmlFor={id} translate={named && "no"}>
          {label}
        </label>
      )}
      {lines ? <textarea rows={3} {...common} /> : <input list={suggestions && `${id}-list`} {...common} />}
      {suggestions && (
        <datalist id={`${id}-list`}>
          {suggestions.map((each) => (
            <option key={each} value={each} />
          ))}
        </datalist>
      )}
      <Problems problems={problems} id={`${id}-problem`} />
    </div>
  );
}
