import type { Field, FieldDefinition, FieldValue } from "../dissect/field.ts";
import { escaped, showOf } from "../dissect/field-text.ts";
import type { FieldNode } from "./types.ts";

/** Letters of a line, and of a value that is given for copying, and octets or letters that a filter compares. */
const LINE_LIMIT = 500;
const VALUE_LIMIT = 8192;
const FILTER_LIMIT = 256;
/** Letters of values and filters of one frame; fields behind them have none. */
const LETTERS_LIMIT = 2 ** 22;

/** A tree of fields as plain data, with what copying gives. What is for filters alone is left out. */
export function fieldNodes(fields: readonly Field[], room = { letters: LETTERS_LIMIT }): FieldNode[] {
  return fields.filter(({ hidden }) => !hidden).map((field) => fieldNode(field, room));
}

function fieldNode(field: Field, room: { letters: number }): FieldNode {
  const { definition, value, source, offset, length, text, generated, children } = field;
  const fits = room.letters > 0;
  const shown = fits && value !== undefined ? showOf(definition, beginningOf(value)).slice(0, VALUE_LIMIT) : "";
  const filter = fits ? filterOf(definition, value) : undefined;
  room.letters -= shown.length + (filter?.length ?? 0);
  const below = fieldNodes(children, room);
  // Dissectors that make a line of what a packet says may have left in it what moves a line.
  const line = escaped(text.length > LINE_LIMIT ? `${text.slice(0, LINE_LIMIT)}…` : text);
  return {
    ...{ name: definition.name, text: line, source, offset, length },
    ...(definition.mask !== undefined && length > 0 && { mask: definition.mask.toString(16) }),
    ...(generated && { generated }),
    ...(shown !== "" && { value: shown }),
    ...(filter !== undefined && { filter }),
    ...(below.length > 0 && { children: below }),
  };
}

const beginningOf = (value: FieldValue): FieldValue =>
  typeof value === "string" || value instanceof Uint8Array ? value.slice(0, VALUE_LIMIT) : value;

/** The display filter that finds frames with this field at this value; undefined for a line of text alone. */
export function filterOf(definition: FieldDefinition, value: FieldValue): string | undefined {
  const { name, type } = definition;
  if (name === "") return undefined;
  if (value === undefined || type === "none" || type === "protocol") return name;
  if (typeof value === "string") {
    if (value.length > FILTER_LIMIT) return `${name} contains ${quoted(value.slice(0, FILTER_LIMIT))}`;
    return `${name} == ${quoted(value)}`;
  }
  if (value instanceof Uint8Array) {
    if (value.length === 0) return name;
    if (type === "bytes" && value.length > FILTER_LIMIT) {
      return `${name}[0:${FILTER_LIMIT}] == ${showOf(definition, value.subarray(0, FILTER_LIMIT))}`;
    }
  }
  const shown = showOf(definition, value);
  return `${name} == ${type === "time" ? quoted(shown.replace(/ +UTC$/, "").replace(/ {2,}/g, " ")) : shown}`;
}

/** As a string of the filter language. */
function quoted(text: string): string {
  let written = "";
  for (const letter of text) {
    const code = letter.charCodeAt(0);
    if (letter === '"' || letter === "\\") written += `\\${letter}`;
    else if (code < 32 || code === 127) written += `\\x${code.toString(16).padStart(2, "0")}`;
    else written += letter;
  }
  return `"${written}"`;
}
