/** Edits of a network's document: pure functions on its text. */
export { type DocumentRead, type DocumentResult, type EditResult, editDocument, readText } from "./edit.ts";
export { fragmentOf } from "./fragment.ts";
