import { type ReactNode, useEffect, useState } from "react";
import type { ProgramKind, ProgramWritten } from "../../../src/engine/protocol/index.ts";
import { request } from "../../connection/index.ts";
import { useText } from "../../i18n/index.ts";
import { CommitField } from "../commit-field.tsx";
import { edit, type Outcome, tryEdit } from "../document.ts";
import { Choice, Line, Problems } from "../fields.tsx";
import { Section } from "./section.tsx";
import { parameterOf, shownParameter } from "./values.ts";

type Given = Readonly<Record<string, unknown>>;
/** A program with all that can be said of it. */
interface Full {
  readonly run: string;
  readonly with: Given;
  readonly at: string | undefined;
}

const fullOf = (program: ProgramWritten): Full =>
  typeof program === "string"
    ? { run: program, with: {}, at: undefined }
    : { run: program.run, with: program.with ?? {}, at: program.at };

/** As short as a document writes it. */
function writtenOf({ run, with: given, at }: Full): ProgramWritten {
  const has = Object.keys(given).length > 0;
  return !has && at === undefined ? run : { run, ...(has && { with: given }), ...(at !== undefined && { at }) };
}

let known: Promise<readonly ProgramKind[]> | undefined;

/** The programs that there are, once they have been told. */
function useKinds(): readonly ProgramKind[] {
  const [kinds, setKinds] = useState<readonly ProgramKind[]>([]);
  useEffect(() => {
    known ??= request("program.kinds", {}).then((answer) => answer.kinds);
    known.then(setKinds, () => {
      known = undefined;
    });
  }, []);
  return kinds;
}

/** What runs on a host from the start, with its parameters. */
export function Programs({
  name,
  programs,
}: {
  readonly name: string;
  readonly programs: readonly ProgramWritten[];
}): ReactNode {
  const t = useText();
  const kinds = useKinds();
  return (
    <Section title="edit.programs">
      {programs.map((program, index) => {
        const full = fullOf(program);
        const kind = kinds.find((each) => each.name === full.run);
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: programs have no name but their place
          <fieldset className="edit-part" key={index}>
            <legend translate="no">{full.run}</legend>
            {kind !== undefined && (
              <p className="muted" lang="en" translate="no">
                {kind.summary}
              </p>
            )}
            <Parameters
              kind={kind}
              program={full}
              set={(next) => tryEdit([{ do: "program.set", host: name, index, program: writtenOf(next) }])}
            />
            <button
              type="button"
              className="button"
              onClick={() => void edit([{ do: "program.remove", host: name, index }])}
            >
              {t("edit.removeProgram", { name: full.run })}
            </button>
          </fieldset>
        );
      })}
      {kinds.length > 0 && <NewProgram host={name} kinds={kinds} />}
    </Section>
  );
}

interface ParametersProps {
  readonly kind: ProgramKind | undefined;
  readonly program: Full;
  readonly set: (program: Full) => Promise<Outcome>;
}

function Parameters({ kind, program, set }: ParametersProps): ReactNode {
  const t = useText();
  const specs = kind?.parameters ?? Object.keys(program.with).map((name) => ({ name, type: "text", summary: "" }));
  return (
    <>
      {specs.map((spec) => {
        const { name, type } = spec;
        const change = (typed: string): Promise<Outcome> => {
          const { [name]: _, ...others } = program.with;
          return set({ ...program, with: typed === "" ? others : { ...others, [name]: parameterOf(type, typed) } });
        };
        if (type === "sites")
          return (
            <p key={name} className="muted">
              {t("edit.inText", { name })}
            </p>
          );
        return (
          <CommitField
            key={name}
            label={name}
            named
            value={shownParameter(program.with[name])}
            mono
            hint={spec.summary}
            lines={type === "texts" || type === "files"}
            placeholder={"default" in spec ? shownParameter(spec.default) : ""}
            {...(type === "boolean" && { suggestions: ["true", "false"] })}
            commit={change}
          />
        );
      })}
      <CommitField
        label={t("edit.startsAt")}
        value={program.at ?? ""}
        mono
        placeholder="0s"
        commit={(typed) => set({ ...program, at: typed === "" ? undefined : typed })}
      />
    </>
  );
}

/** Adds a program: what it cannot do without is asked first. */
function NewProgram({ host, kinds }: { readonly host: string; readonly kinds: readonly ProgramKind[] }): ReactNode {
  const t = useText();
  const [run, setRun] = useState("");
  const [given, setGiven] = useState<Readonly<Record<string, string>>>({});
  const [outcome, setOutcome] = useState<Outcome>();
  const kind = kinds.find(({ name }) => name === run);
  const needed = kind?.parameters.filter((spec) => spec.default === undefined) ?? [];
  const add = async (): Promise<void> => {
    const parameters = needed.map(({ name, type }) => [name, parameterOf(type, given[name] ?? "")] as const);
    const program = writtenOf({ run, with: Object.fromEntries(parameters), at: undefined });
    const came = await tryEdit([{ do: "program.add", host, program }]);
    setOutcome(came);
    if (!came.taken) return;
    setRun("");
    setGiven({});
  };
  return (
    <form
      className="edit-form"
      onSubmit={(event) => {
        event.preventDefault();
        void add();
      }}
    >
      <Choice
        label={t("edit.newProgram")}
        value={run}
        options={[{ value: "", text: t("edit.choose") }, ...kinds.map(({ name }) => name)]}
        onChoose={setRun}
      />
      {kind !== undefined && (
        <p className="muted" lang="en" translate="no">
          {kind.summary}
        </p>
      )}
      {needed
        .filter(({ type }) => type !== "sites")
        .map(({ name }) => (
          <Line
            key={name}
            label={name}
            named
            value={given[name] ?? ""}
            mono
            onType={(value) => setGiven({ ...given, [name]: value })}
          />
        ))}
      <Problems problems={outcome?.taken === false ? outcome.problems : []} />
      {kind !== undefined && (
        <div className="edit-row">
          <button type="submit" className="button primary">
            {t("edit.addProgram")}
          </button>
        </div>
      )}
    </form>
  );
}
