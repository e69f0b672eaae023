import type { Program } from "../../application/program.ts";
import { isSame } from "../../base/plain-data.ts";
import type { Duration } from "../../time/instant.ts";
import { startProgram } from "../build.ts";
import type { ProgramDocument } from "../document.ts";
import type { Network } from "../network.ts";
import type { RunningProgram } from "../programs.ts";

/** A program of a document, and the one that it is. */
export interface StartedProgram {
  readonly document: ProgramDocument;
  readonly run: RunningProgram;
}

/**
 * Stops the programs of a host that a new document does not have, and starts those that are new. One that is the same goes on, or has
 * ended and stays so. One whose parameters are others is killed for the new one, so that its ports are free.
 */
export function changePrograms(
  network: Network,
  host: string,
  was: readonly StartedProgram[],
  is: readonly ProgramDocument[],
  programs: ReadonlyMap<string, Program> | undefined,
): StartedProgram[] {
  const left = [...was];
  const kept = is.map((document) => {
    const index = left.findIndex((each) => isSame(each.document, document));
    return index < 0 ? undefined : left.splice(index, 1)[0];
  });
  const replaced = new Set(is.flatMap(({ program }, index) => (kept[index] === undefined ? [program] : [])));
  for (const { document, run } of left) {
    if (replaced.has(document.program)) run.kill();
    else run.stop();
  }
  return is.map((document, index) => {
    const at = Math.max(0, document.at - network.now) as Duration;
    return kept[index] ?? { document, run: startProgram(network, host, { ...document, at }, programs) };
  });
}
