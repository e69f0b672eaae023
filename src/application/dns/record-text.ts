import { toHex } from "../../base/hex.ts";
import { escapeByte, formatName, type Name } from "./name.ts";
import { type FieldKind, type FieldValue, fieldsOf, type OpaqueData, type ResourceRecord } from "./record.ts";

/** A record's data as a master file has it (RFC 1035 §5.1, RFC 3597 §5): `"10 mail.example.test."`. */
export function formatData({ type, data }: ResourceRecord): string {
  const fields = fieldsOf(type);
  if (fields === undefined) {
    const { bytes } = data as OpaqueData;
    const hex = toHex(bytes);
    return `\\# ${bytes.length}${hex === "" ? "" : ` ${hex}`}`;
  }
  const values = data as unknown as Readonly<Record<string, FieldValue>>;
  return fields.map(([field, kind]) => formatField(kind, values[field] as FieldValue)).join(" ");
}

function formatField(kind: FieldKind, value: FieldValue): string {
  if (kind === "name" || kind === "plain-name") return formatName(value as Name);
  return kind === "texts" ? (value as readonly string[]).map(quote).join(" ") : String(value);
}

const quote = (text: string): string => `"${text.replaceAll(/[^ !#-[\]-~]/g, escapeByte)}"`;

/** A record on one line of a master file: `"www.example.test. 3600 IN A 10.0.0.1"`. */
export function formatRecord(record: ResourceRecord): string {
  return `${formatName(record.name)} ${record.ttl} ${record.class} ${record.type} ${formatData(record)}`;
}
