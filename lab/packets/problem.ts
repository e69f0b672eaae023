import type { Problem } from "../../src/engine/protocol/index.ts";
import { RequestError } from "../connection/index.ts";
import { textOfCode } from "../i18n/index.ts";

/** What a rejected request came to. */
export function problemOf(error: unknown): Problem {
  if (error instanceof RequestError) return error.problem;
  return { code: "page-failed", text: error instanceof Error ? error.message : String(error) };
}

/** In the page's language where it knows the code, else as the engine says it. */
export const problemText = (problem: Problem): string =>
  textOfCode("problems", problem.code, problem.params ?? {}, problem.text);

export const dropText = (reason: string): string => textOfCode("drops", reason);

/** The label of an analyser's note, such as `"duplicateAck"`. */
export const noteText = (note: string): string => textOfCode("packets", `note-${note}`, {}, note);
