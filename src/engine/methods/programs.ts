import type { ParameterSpec, Program } from "../../application/program.ts";
import { PROGRAMS } from "../../application/registry.ts";
import type { LaunchRefusal } from "../../network/launcher.ts";
import { type Duration, formatDuration } from "../../time/instant.ts";
import type { Clockwork } from "../clockwork.ts";
import type { ProgramKind } from "../protocol/methods.ts";
import { RequestError } from "../request-error.ts";
import type { Handlers, MethodsOf } from "./handlers.ts";

const REFUSALS: Readonly<Record<LaunchRefusal, string>> = {
  "no-host": "there is no such host",
  "bad-name": "its name has to begin with a letter; letters, digits, dots, - and _ may follow, 64 in all",
  "too-long": "its text is too long",
  "too-many": "too many programs were started already",
  refused: "too much waits for the network already",
};

/** Scripts that people run on hosts. What is asked for is an input of the network: it comes when time goes on. */
export function programMethods(clockwork: Clockwork, hasScripts: boolean): Handlers<MethodsOf<"program">> {
  const launcher = () => {
    if (clockwork.replacing)
      throw new RequestError("replaying", "a rewind is under way: a program started now would be lost");
    return clockwork.course.network.launcher;
  };
  return {
    "program.run": ({ host, name, source }) => {
      if (!hasScripts) throw new RequestError("no-scripts", "this engine cannot run scripts");
      const run = launcher().run(host, { name, source });
      if (typeof run === "number") return { run };
      throw new RequestError(`program-${run}`, `${name} cannot be run on ${host}: ${REFUSALS[run]}`, { host, name });
    },
    "program.stop": ({ program }) => {
      if (!launcher().stop(program))
        throw new RequestError("no-program", `there is no program ${program}`, { program });
      return {};
    },
    "program.kinds": () => ({ kinds: [...PROGRAMS.values()].map(kindOf) }),
    "program.list": () => ({ programs: clockwork.course.network.launcher.list() }),
  };
}

/** What a program is, in plain data. */
function kindOf({ name, summary, parameters }: Program): ProgramKind {
  const specs = Object.entries(parameters as Readonly<Record<string, ParameterSpec>>);
  return {
    name,
    summary,
    parameters: specs.map(([parameter, { type, summary: what, default: otherwise }]) => ({
      ...{ name: parameter, type, summary: what },
      ...(otherwise !== undefined && { default: written(type, otherwise) }),
    })),
  };
}

const written = (type: ParameterSpec["type"], value: unknown): unknown =>
  type === "duration" && typeof value === "number" ? formatDuration(value as Duration) : value;
