import type { Program } from "./program.ts";

/**
 * A program's parameters with its defaults filled in.
 * @throws RangeError when one without a default is missing
 */
export function completeParameters<Parameters extends object>(
  program: Program<Parameters>,
  given: Partial<Parameters> = {},
): Parameters {
  const complete: Partial<Parameters> = {};
  for (const name of Object.keys(program.parameters) as (keyof Parameters & string)[]) {
    const value = given[name] ?? (program.parameters[name].default as Parameters[typeof name] | undefined);
    if (value === undefined) throw new RangeError(`${program.name} needs the parameter ${name}`);
    complete[name] = value;
  }
  return complete as Parameters;
}
