import type { Field, FieldDefinition, FieldValue } from "../dissect/field.ts";
import { showOf } from "../dissect/field-text.ts";
import type { FieldNode } from "./types.ts";

/** Letters of a value that are given for copying, and octets that a filter compares. */
const VALUE_LIMIT = 8192;
const FILTER_BYTES = 256;

/** A tree of fields as plain data, with what copying gives. What is for filters alone is left out. */
export function fieldNodes(fields: readonly Field[]): FieldNode[] {
  return fields.filter(({ hidden }) => !hidden).map(fieldNode);
}

function fieldNode(field: Field): FieldNode {
  const { definition, value, source, offset, length, text, generated, children } = field;
  const shown = value === undefined ? "" : showOf(definition, value).slice(0, VALUE_LIMIT);
  const filter = filterOf(definition, value);
  const below = fieldNodes(children);
  return {
    ...{ name: definition.name, text, source, offset, length },
    ...(definition.mask !== undefined && length > 0 && { mask: definition.mask.toString(16) }),
    ...(generated && { generated }),
    ...(shown !== "" && { value: shown }),
    ...(filter !== undefined && { filter }),
    ...(below.length > 0 && { children: below }),
  };
}

/** The display filter that finds frames with this field at this value; undefined for a line of text alone. */
export function filterOf(definition: FieldDefinition, value: FieldValue): string | undefined {
  const { name, type } = definition;
  if (name === "") return undefined;
  if (value === undefined || type === "none" || type === "protocol") return name;
  if (typeof value === "string") return `${name} == ${quoted(value)}`;
  if (value instanceof Uint8Array) {
    if (value.length === 0) return name;
    if (type === "bytes" && value.length > FILTER_BYTES) {
      return `${name}[0:${FILTER_BYTES}] == ${showOf(definition, value.subarray(0, FILTER_BYTES))}`;
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
