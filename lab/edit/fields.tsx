import { type ReactNode, useId } from "react";
import type { DocumentProblem } from "../../src/engine/protocol/index.ts";
import { textOf } from "./document.ts";

/** What is wrong with what was typed above. */
export function Problems({
  problems,
  id,
}: {
  readonly problems: readonly DocumentProblem[];
  readonly id?: string;
}): ReactNode {
  return (
    <p className="field-problem" role="alert" id={id} hidden={problems.length === 0}>
      {textOf(problems)}
    </p>
  );
}

interface LineProps {
  readonly label: string;
  readonly value: string;
  readonly onType: (value: string) => void;
  readonly autoFocus?: boolean;
  readonly mono?: boolean;
  /** The label is a name of the document's, the same in every language. */
  readonly named?: true;
  readonly placeholder?: string;
}

/** A line of text with its name. */
export function Line({ label, value, onType, autoFocus, mono, named, placeholder }: LineProps): ReactNode {
  const id = useId();
  return (
    <div className="form-field">
      <label htmlFor={id} translate={named && "no"}>
        {label}
      </label>
      <input
        id={id}
        className={`field ${mono ? "mono" : ""}`}
        value={value}
        placeholder={placeholder}
        data-autofocus={autoFocus || undefined}
        spellCheck={false}
        autoComplete="off"
        onFocus={(event) => event.target.select()}
        onChange={(event) => onType(event.target.value)}
      />
    </div>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly value: string;
  readonly options: readonly (string | { readonly value: string; readonly text: string })[];
  readonly onChoose: (value: string) => void;
  readonly autoFocus?: boolean;
}

/** One of several, with its name. */
export function Choice({ label, value, options, onChoose, autoFocus }: ChoiceProps): ReactNode {
  const id = useId();
  return (
    <div className="form-field">
      <label htmlFor={id}>{label}</label>
      <select
        id={id}
        className="field"
        value={value}
        data-autofocus={autoFocus || undefined}
        onChange={(event) => onChoose(event.target.value)}
      >
        {options.map((option) => {
          const { value: each, text } = typeof option === "string" ? { value: option, text: option } : option;
          return (
            <option key={each} value={each} translate={typeof option === "string" ? "no" : undefined}>
              {text}
            </option>
          );
        })}
      </select>
    </div>
  );
}
