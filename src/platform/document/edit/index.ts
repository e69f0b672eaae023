/** Edits of a network's document: pure functions on its text. */
export { editDocument, readText } from "./edit.ts";
export { fragmentOf } from "./fragment.ts";
export { documentTools } from "./tools.ts";
