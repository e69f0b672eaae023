import type { DocumentTools, Example } from "../../../engine/document/tools.ts";
import type { ReadOptions } from "../reading.ts";
import { editDocument, readText } from "./edit.ts";
import { fragmentOf } from "./fragment.ts";

/** What an engine is given to read and edit its document. @param examples that can be opened by their names */
export function documentTools(options: ReadOptions, examples: readonly Example[] = []): DocumentTools {
  const { readFile: _, ...without } = options;
  const of = (isForeign: boolean): ReadOptions => (isForeign ? without : options);
  return {
    read: (text, isForeign) => readText(text, of(isForeign)),
    edit: (before, commands, isForeign) => editDocument(before, commands, of(isForeign)),
    copy: fragmentOf,
    examples,
  };
}
