import type { TreeBuilder } from "../../../../capture/dissect/dissector.ts";
import type { FieldDefinition, FieldType } from "../../../../capture/dissect/field.ts";
import { type JsonValue, readJson } from "./json-value.ts";
import { dissectTextLines } from "./text-lines.ts";

const all: FieldDefinition[] = [];
function field(name: string, label: string, type: FieldType): FieldDefinition {
  const definition = { name, label, type };
  all.push(definition);
  return definition;
}

const JSON_TEXT = field("json", "JavaScript Object Notation", "protocol");
const OBJECT = field("json.object", "Object", "none");
const ARRAY = field("json.array", "Array", "none");
const MEMBER = field("json.member", "Member", "string");
const KEY = field("json.key", "Key", "string");
const PATH = field("json.path", "Path", "string");
const PATH_WITH_VALUE = field("json.path_with_value", "Path with value", "string");
const MEMBER_WITH_VALUE = field("json.member_with_value", "Member with value", "string");
const STRING = field("json.value.string", "String value", "string");
const NUMBER = field("json.value.number", "Number value", "string");
const FALSE = field("json.value.false", "False value", "none");
const TRUE = field("json.value.true", "True value", "none");
const NULL = field("json.value.null", "Null value", "none");

export const JSON_FIELDS: readonly FieldDefinition[] = all;

/** What an element of an array is called. */
const ELEMENT = "[]";

/** An object or an array (RFC 8259), each value with its path; what is neither is shown as lines of text. */
export function dissectJson(bytes: Uint8Array, at: number, type: string, tree: TreeBuilder): void {
  const read = readJson(bytes);
  tree.open(JSON_TEXT, at, read?.end ?? 0, undefined, `JavaScript Object Notation: ${type}`);
  if (read !== undefined) addValue(read.value, at, "", "", tree);
  tree.close();
  const end = read?.end ?? 0;
  if (end < bytes.length) dissectTextLines(bytes.subarray(end), at + end, type, tree);
}

function addValue(value: JsonValue, at: number, path: string, name: string, tree: TreeBuilder): void {
  const { start, length } = value;
  if (value.kind === "object") {
    tree.open(OBJECT, at + start, length);
    for (const member of value.members) {
      const inner = `${path}/${member.name}`;
      tree.open(MEMBER, at + member.start, member.length, member.name);
      addValue(member.value, at, inner, member.name, tree);
      tree.add(KEY, at + member.start, member.nameLength, member.name);
      tree.generated(PATH, inner, undefined, at + member.start, member.length);
      tree.close();
    }
    tree.close();
    return;
  }
  if (value.kind === "array") {
    tree.open(ARRAY, at + start, length);
    for (const element of value.elements) addValue(element, at, `${path}/${ELEMENT}`, ELEMENT, tree);
    tree.close();
    return;
  }
  tree.generated(PATH_WITH_VALUE, `${path}:${value.text}`, undefined, at + start, length);
  tree.generated(MEMBER_WITH_VALUE, `${name}:${value.text}`, undefined, at + start, length);
  if (value.kind === "string") tree.add(STRING, at + start, length, value.text);
  else if (value.kind === "number") tree.add(NUMBER, at + start, length, value.text);
  else tree.add(LITERALS[value.kind], at + start, length, undefined);
}

const LITERALS = { true: TRUE, false: FALSE, null: NULL } as const;
