import { decodeLatin1 } from "../../../../base/latin1.ts";
import { text as line, type TreeBuilder } from "../../../../capture/dissect/dissector.ts";
import type { FieldDefinition, FieldType } from "../../../../capture/dissect/field.ts";
import { escaped } from "../../../../capture/dissect/field-text.ts";

const all: FieldDefinition[] = [];
function field(name: string, label: string, type: FieldType): FieldDefinition {
  const definition = { name: `mime_multipart${name}`, label, type };
  all.push(definition);
  return definition;
}

const MULTIPART = field("", "MIME Multipart Media Encapsulation", "protocol");
const TYPE = field(".type", "Type", "string");
const FIRST = field(".first_boundary", "First boundary", "string");
const BOUNDARY = field(".boundary", "Boundary", "string");
const LAST = field(".last_boundary", "Last boundary", "string");
const PART = field(".part", "Encapsulated multipart part", "string");
const HEADERS = new Map(
  ["Content-Description", "Content-Disposition", "Content-Id", "Content-Transfer-Encoding", "Content-Type"].map(
    (label) => [label.toLowerCase(), field(`.header.${label.toLowerCase()}`, label, "string")] as const,
  ),
);
const OTHER = line("");

export const MULTIPART_FIELDS: readonly FieldDefinition[] = all;

/** Parts of one body. */
const PARTS_LIMIT = 1_000;

/** Shows a part's body. @param type the part's; undefined when it has none */
export type DissectPart = (bytes: Uint8Array, at: number, type: string | undefined) => void;

/** A body in parts (RFC 2046 §5.1). @returns false when it has no boundary, or not where it should */
export function dissectMultipart(
  bytes: Uint8Array,
  at: number,
  contentType: string,
  tree: TreeBuilder,
  dissectPart: DissectPart,
): boolean {
  const boundary = /;\s*boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType);
  const name = boundary?.[1] ?? boundary?.[2];
  if (name === undefined) return false;
  const text = decodeLatin1(bytes);
  const first = boundaryAt(text, 0, `--${name}`);
  if (first === undefined) return false;
  const type = contentType.split(";", 1)[0]?.trim().toLowerCase() ?? "";
  const title = `MIME Multipart Media Encapsulation, Type: ${type}, Boundary: "${name}"`;
  tree.open(MULTIPART, at, bytes.length, undefined, title);
  tree.generated(TYPE, type, undefined, at, 0);
  addText(tree, FIRST, text, at, first.start, first.end);
  let from = first.end;
  for (let parts = 0; parts < PARTS_LIMIT; parts++) {
    const next = boundaryAt(text, from, `\n--${name}`);
    if (next === undefined) break;
    const start = text[next.start - 1] === "\r" ? next.start - 1 : next.start;
    dissectOnePart(bytes.subarray(from, start), at + from, tree, dissectPart);
    addText(tree, next.last ? LAST : BOUNDARY, text, at, start, next.end);
    from = next.end;
    if (next.last) break;
  }
  tree.close();
  return true;
}

function addText(tree: TreeBuilder, definition: FieldDefinition, text: string, at: number, from: number, to: number) {
  tree.add(definition, at + from, to - from, text.slice(from, to));
}

function boundaryAt(
  text: string,
  from: number,
  mark: string,
): { start: number; end: number; last: boolean } | undefined {
  const start = text.indexOf(mark, from);
  if (start < 0) return undefined;
  const behind = start + mark.length;
  const last = text.startsWith("--", behind);
  const end = text.indexOf("\n", behind);
  return { start, end: end < 0 ? text.length : end + 1, last };
}

function dissectOnePart(bytes: Uint8Array, at: number, tree: TreeBuilder, dissectPart: DissectPart): void {
  const text = decodeLatin1(bytes);
  const head = /^(?:[^\r\n]+\r?\n)*\r?\n/.exec(text)?.[0] ?? "";
  const lines = head.match(/[^\r\n]+\r?\n(?:\r?\n$)?/g) ?? [];
  tree.open(PART, at, bytes.length, "", "Encapsulated multipart part: ");
  let type: string | undefined;
  let from = 0;
  for (const each of lines) {
    const [name = "", ...rest] = each.split(":");
    const value = rest.join(":").trim();
    if (name.toLowerCase() === "content-type") type = value;
    const definition = HEADERS.get(name.toLowerCase());
    if (definition === undefined) tree.add(OTHER, at + from, each.length, undefined, escaped(each));
    else tree.add(definition, at + from, each.length, value.replace(/;\s+/g, ";"), escaped(each));
    from += each.length;
  }
  if (bytes.length > head.length) dissectPart(bytes.subarray(head.length), at + head.length, type);
  const short = type?.split(";", 1)[0]?.trim();
  tree.close(`Encapsulated multipart part: ${short === undefined ? "" : ` (${short})`}`);
}
