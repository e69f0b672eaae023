import type { Program } from "../program.ts";

/** Letters that the text of a script may have. */
export const SOURCE_LIMIT = 100_000;

export interface ScriptParameters {
  readonly source: string;
  readonly name: string;
}

/** A program whose text stands in the network file, or was written in the lab. */
export const script: Program<ScriptParameters> = {
  name: "script",
  summary: "Runs a program that you write, in TypeScript on the sockets API.",
  parameters: {
    source: { type: "text", summary: "The text of the program, in TypeScript or JavaScript." },
    name: { type: "text", summary: "What the program is called, in its log and in its errors.", default: "program.ts" },
  },
  messages: { output: "{line}", error: "{line}" },
  check: ({ source, name }) => [
    ...(source.length > SOURCE_LIMIT
      ? [{ parameter: "source", message: `${source.length} letters are more than the limit of ${SOURCE_LIMIT}` }]
      : []),
    ...(isScriptName(name)
      ? []
      : [
          {
            parameter: "name",
            message: "a name has letters, digits, dots, - and _, at most 64, and begins with a letter",
          },
        ]),
  ],
  titleOf: ({ name }) => name,
  run: async ({ scripts, log, ...context }, { source, name }) => {
    if (scripts === undefined) throw new Error("scripts cannot be run here");
    await scripts.run({ source, name }, { ...context, output: (line, level) => log(level, { line }) });
  },
};

/** Whether a script may be called so. */
export const isScriptName = (name: string): boolean => /^[A-Za-z][\w.-]{0,63}$/.test(name);
