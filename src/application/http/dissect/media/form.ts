import { text as line, type TreeBuilder } from "../../../../capture/dissect/dissector.ts";
import type { FieldDefinition } from "../../../../capture/dissect/field.ts";
import { FIELDS_LIMIT } from "../../../../capture/dissect/tree.ts";

const FORM: FieldDefinition = { name: "urlencoded-form", label: "HTML Form URL Encoded", type: "protocol" };
const KEY: FieldDefinition = { name: "urlencoded-form.key", label: "Key", type: "string" };
const VALUE: FieldDefinition = { name: "urlencoded-form.value", label: "Value", type: "string" };
const ITEM = line("");

export const FORM_FIELDS: readonly FieldDefinition[] = [FORM, KEY, VALUE];

const [AND, PLUS, PERCENT, EQUALS] = [0x26, 0x2b, 0x25, 0x3d];

/** A form's names and values (application/x-www-form-urlencoded). */
export function dissectForm(bytes: Uint8Array, at: number, type: string, tree: TreeBuilder): void {
  tree.open(FORM, at, bytes.length, undefined, `HTML Form URL Encoded: ${type}`);
  let items = 0;
  for (let from = 0; from < bytes.length && items < FIELDS_LIMIT; items++) {
    const key = readUpTo(bytes, from, EQUALS);
    if (key === undefined) {
      tree.malformed("URL Encoded Form Data");
      return;
    }
    tree.open(ITEM, at + from, 0, undefined, `Form item: "${key.text}"`);
    tree.add(KEY, at + from, key.length, key.text);
    const valueAt = key.next;
    const value = readUpTo(bytes, valueAt, AND);
    if (value === undefined) {
      tree.malformed("URL Encoded Form Data");
      return;
    }
    tree.add(VALUE, at + valueAt, value.length, value.text);
    tree.close(`Form item: "${key.text}" = "${value.text}"`, value.next - from);
    from = value.next;
  }
  tree.close();
}

/** @returns undefined when a percent sign is not followed by two digits */
function readUpTo(
  bytes: Uint8Array,
  from: number,
  end: number,
): { text: string; length: number; next: number } | undefined {
  const found = bytes.indexOf(end, from);
  const to = found < 0 ? bytes.length : found;
  const decoded = new Uint8Array(to - from);
  let written = 0;
  let at = from;
  for (; at < to; at++) {
    let byte = bytes[at] as number;
    if (byte === PLUS) byte = 0x20;
    if (byte === PERCENT) {
      const digits = String.fromCharCode(bytes[at + 1] ?? 0, bytes[at + 2] ?? 0);
      if (!/^[\dA-Fa-f]{2}$/.test(digits)) return undefined;
      byte = Number.parseInt(digits, 16);
      at += 2;
    }
    decoded[written++] = byte;
  }
  return {
    text: new TextDecoder().decode(decoded.subarray(0, written)),
    length: at - from,
    next: Math.min(at + 1, bytes.length),
  };
}
