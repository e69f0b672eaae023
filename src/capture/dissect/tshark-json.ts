import type { Dissection, Field } from "./field.ts";
import { showOf } from "./field-text.ts";

/**
 * A dissection as `tshark -T json` writes it, letter by letter: what is copied as JSON. Names come more than once in an
 * object where a frame has a field twice, as with tshark.
 */
export function toTsharkJson(dissection: Dissection, date: string): string {
  const lines = [
    "  {",
    `    "_index": "packets-${date}",`,
    '    "_type": "doc",',
    '    "_score": null,',
    '    "_source": {',
    '      "layers": {',
  ];
  members(dissection.layers, "        ", lines);
  lines.push("      }", "    }", "  }");
  return lines.join("\n");
}

function members(fields: readonly Field[], indent: string, lines: string[]): void {
  fields.forEach((field, index) => {
    const comma = index === fields.length - 1 ? "" : ",";
    member(field, indent, comma, lines);
  });
}

function member(field: Field, indent: string, comma: string, lines: string[]): void {
  const { definition, children } = field;
  const name = quoted(definition.name === "" ? field.text : definition.name);
  const bare = definition.type === "none" || definition.type === "protocol";
  const show = bare && children.length > 0 ? "" : showOf(definition, field.value);
  const valued = !bare || (field.value !== undefined && show !== "");
  if (children.length === 0) {
    lines.push(`${indent}${name}: ${quoted(show)}${comma}`);
    return;
  }
  if (valued) lines.push(`${indent}${name}: ${quoted(show)},`);
  lines.push(`${indent}${valued ? `${name.slice(0, -1)}_tree"` : name}: {`);
  members(children, `${indent}  `, lines);
  lines.push(`${indent}}${comma}`);
}

/** As it may stand in HTML. */
const quoted = (text: string): string => JSON.stringify(text).replaceAll("</", "<\\/");

/** The tree as text, a line a field, as Wireshark's "Print" writes it. */
export function toText(dissection: Dissection): string {
  const lines: string[] = [];
  const walk = (fields: readonly Field[], depth: number): void => {
    for (const field of fields) {
      if (field.hidden) continue;
      const { generated, text } = field;
      const shown = generated && !text.startsWith("[") ? `[${text}]` : text;
      lines.push("    ".repeat(depth) + shown);
      walk(field.children, depth + 1);
    }
  };
  walk(dissection.layers, 0);
  return lines.join("\n");
}
